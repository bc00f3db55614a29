"""Which detector belongs to what the wearer set."""

from pathlib import Path

from agent.errors import ModelError
from agent.voice.ears.head import Embedder, HeadWake, head_from
from agent.voice.ears.heard import Heard
from agent.voice.ears.wake import BUILT_IN, WakeDetector, built_in, from_file

NONE = "none"


def detector_of(heard: Heard) -> WakeDetector | None:
    """Return the detector that is set, None for a button only; raise ModelError."""
    if heard.wake == NONE:
        return None
    if heard.wake in BUILT_IN:
        return built_in(heard.wake, heard.threshold)
    path = Path(heard.wake)
    if path.suffix == ".json":
        return from_file(path, heard.threshold)
    if path.suffix == ".npz":
        if not heard.folder:
            raise ModelError("the wake model is not set up: `carpal models get wake` brings it")
        return HeadWake(Embedder(Path(heard.folder)), head_from(path), heard.threshold)
    known = ", ".join(BUILT_IN)
    raise ModelError(
        f"there is no wake phrase {heard.wake[:64]!r}: it is one of {known}, or a file"
    )
