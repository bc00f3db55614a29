"""How a worker and the daemon talk: frames of JSON behind their length.  Pure."""

import json
import struct
from typing import Any

from agent.errors import ModelError

HEAD = struct.Struct(">I")
FRAME_MAX_BYTES = 4 << 20  # 15,000 example sentences are 0.9 MB; nothing said is longer

Message = dict[str, Any]  # JSON: its values are checked where they are used


def pack(message: Message) -> bytes:
    """Return *message* as one frame; raise ModelError if it is too long or no JSON."""
    try:
        body = json.dumps(message, ensure_ascii=False, allow_nan=False).encode()
    except (TypeError, ValueError) as error:
        raise ModelError(f"a worker cannot be told this: {type(error).__name__}") from error
    if len(body) > FRAME_MAX_BYTES:
        raise ModelError(f"a message of {len(body)} bytes is longer than {FRAME_MAX_BYTES}")
    return HEAD.pack(len(body)) + body


def length(head: bytes) -> int:
    """Return the length of the frame that begins with *head*; raise ModelError."""
    if len(head) != HEAD.size:
        raise ModelError("a frame ended in its head")
    (bytes_,) = HEAD.unpack(head)
    if bytes_ > FRAME_MAX_BYTES:
        raise ModelError(f"a frame of {bytes_} bytes is longer than {FRAME_MAX_BYTES}")
    return int(bytes_)


def unpack(body: bytes) -> Message:
    """Return the message in *body*; raise ModelError if it is not a JSON object."""
    try:
        message = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ModelError(f"a frame is no JSON: {type(error).__name__}") from error
    if not isinstance(message, dict):
        raise ModelError("a frame is no JSON object")
    return message
