"""What the child is told of the settings: plain, for pydantic would cost it 10 MB.  Pure."""

from dataclasses import dataclass, fields
from typing import Any

from agent.errors import ModelError


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """The settings of `settings.Settings` that the child needs, by the same names."""

    source: str = "mqtt"
    listen_s: float = 6.0
    end_silence_s: float = 0.55
    speech_max_s: float = 20.0
    preroll_s: float = 0.5
    partial_s: float = 0.8
    voiced_min: float = 0.5
    barge_in_db: float = 9.0
    loudness_s: float = 1.0
    continuous: bool = False
    real_time: bool = False
    wake: str = "none"
    """A phrase of the wheel, a file, or `none`."""
    threshold: float | None = None
    folder: str = ""
    """Where the models of the speech embedding lie."""


NAMES = frozenset(field.name for field in fields(Heard))


def heard_from(told: dict[str, Any]) -> Heard:
    """Return the settings in *told*; raise ModelError if they are others."""
    try:
        return Heard(**told)
    except TypeError as error:
        raise ModelError("the ears were told settings that they do not know") from error
