"""A wake phrase of the wearer's own, learnt on this device in a sealed process of its own."""

import base64
import re
from collections.abc import Callable, Sequence
from pathlib import Path

from pydantic import BaseModel

from agent.errors import ConfigError, ModelError
from agent.models import fetch, kept
from agent.models.worker import Limits, Worker
from agent.voice.coaching.syllables import of_all
from agent.voice.pronounced import Pronunciations

COMMAND = ("agent.voice.wake_training.child",)
LIMITS = Limits(memory_max_mb=1024, load_s=60, call_s=300)
SYLLABLES_MIN = 3  # "hey you" is in every talk; "okay nabu" and "hey jarvis" have four and three
LETTERS_MAX = 40
WORDS = re.compile(r"[a-z][a-z']*(?: [a-z][a-z']*)*")
OWN_MAX = 50
ENDING = ".wav"
QUICK = 0.1  # of the clips: to see that it works

Progress = Callable[[float], None]
"""Told the share (0-1) of the work that is done."""


class Taught(BaseModel):
    """What was learnt, and how good it is with voices that it never heard."""

    phrase: str
    wake: str
    """The file: what `voice.ears.wake` may be set to."""
    threshold: float
    own: int
    """How many of the wearer's recordings were learnt."""
    hits: int
    trials: int
    false: int
    minutes: float
    """Of other words, in which so many were taken for the phrase."""


def checked(phrase: str) -> str:
    """Return *phrase* in small letters; raise ConfigError where it cannot be a wake phrase."""
    plain = " ".join(phrase.lower().split())
    if len(plain) > LETTERS_MAX or not WORDS.fullmatch(plain):
        reason = f"a phrase is English words of letters, {LETTERS_MAX} at most in all"
        raise ConfigError("PHRASE", phrase[:64], reason)
    count = of_all(plain.split(), Pronunciations().of)
    if count < SYLLABLES_MIN:
        reason = (
            f"too short: it has {count} syllable{'s' * (count > 1)}, and so few are in every talk; "
            f"take {SYLLABLES_MIN} or more, such as 'hey robin' or 'good evening robin'"
        )
        raise ConfigError("PHRASE", phrase, reason)
    return plain


def recordings(own: Sequence[Path]) -> list[Path]:
    """Return the WAV files that *own*, files and folders, name; raise ConfigError."""
    found = list[Path]()
    for one in own:
        inside = sorted(one.glob(f"*{ENDING}")) if one.is_dir() else [one]
        if not inside or not all(path.is_file() for path in inside):
            raise ConfigError("--own", str(one), "no WAV file, and no folder with some in it")
        found += inside
    if len(found) > OWN_MAX:
        raise ConfigError("--own", len(found), f"{OWN_MAX} recordings are enough")
    return found


def place(folder: Path, phrase: str) -> Path:
    """Return where the head of *phrase* lies in *folder* if nothing else is said."""
    return folder / f"wake-{re.sub('[^a-z]+', '_', phrase)}.npz"


async def teach(
    phrase: str, own: Sequence[Path], into: Path, *, quick: bool, progress: Progress
) -> Taught:
    """Learn *phrase* and write it into the file *into*; raise ModelError.

    It takes minutes of one core.  *own* are recordings by the wearer, read and not kept.
    """
    model = fetch.find("wake", fetch.models_folder())
    if model is None:
        raise ModelError("the wake model is not set up: `carpal models get wake` brings it")
    begin = {"phrase": phrase, "folder": str(model), "part": QUICK if quick else 1.0}
    worker = Worker("wake phrase", list(COMMAND), begin=begin, limits=LIMITS)
    try:
        for path in own:
            await worker.call("own", {"path": str(path.absolute())})
        share = 0.0
        while share < 1:
            done = await worker.call("step", {})
            if worker.starts > 1:  # the new one knows nothing of what was done
                raise ModelError("the process that learns ended in the middle of it: try again")
            share = float(done["share"])
            progress(share)
        head = await worker.call("head", {})
    finally:
        await worker.close()
    if not kept.write(into, base64.b64decode(head.pop("head"))):
        raise ModelError(f"cannot write {into}: is there room, and is the folder yours?")
    return Taught.model_validate({"phrase": phrase, "wake": str(into), **head})
