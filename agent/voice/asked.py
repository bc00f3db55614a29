"""What a speech worker is asked: a sound and its hints, out of a frame.  Pure."""

import binascii
from base64 import b64decode
from typing import Any

from pydantic import TypeAdapter, ValidationError

from agent.errors import ModelError
from agent.ports import Hints

_hints = TypeAdapter(Hints)


def read_hints(arguments: dict[str, Any]) -> Hints:
    """Return the hints of a call; raise ModelError."""
    try:
        return _hints.validate_python(arguments.get("hints", {}))
    except ValidationError as error:
        raise ModelError(f"no hints: {error.errors()[0]['msg']}") from error


def pcm_of(arguments: dict[str, Any]) -> bytes:
    """Return the samples of a call; raise ModelError."""
    try:
        return b64decode(arguments["pcm"], validate=True)
    except (binascii.Error, ValueError, TypeError) as error:
        raise ModelError("the sound is not in base 64") from error
