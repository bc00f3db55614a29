"""Make a model file smaller, and say first what that costs: in a sealed child, measured."""

import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ValidationError

from agent.errors import ModelError
from agent.models import speeds
from agent.models.files import check_file
from agent.models.sentences import SENTENCES
from agent.models.worker import Limits, Worker

Kind = Literal["q4_0", "q4_k", "q5", "q8"]
RATIO_MAX = 1.1
"""A file that foretells our text so much worse is only kept if the wearer says so."""
WORK_MAX_S = 4 * 3600.0
MEMORY_MAX_MB = 32_768
TEXT_MAX_CHARACTERS = 200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be made of which file."""

    source: Path
    target: Path
    kind: Kind
    calibrate: bool = False
    text: str = ""
    """The wearer's own language, to calibrate with and to measure by; else our sentences."""
    even_if_bad: bool = False


class Measured(BaseModel):
    """How good, fast and large a model file is."""

    bytes: int
    perplexity: float
    tokens: int
    tokens_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What it cost, and whether the new file was kept."""

    before: Measured
    after: Measured
    calibrated: bool
    kept: bool

    @property
    def ratio(self) -> float:
        """Return how much worse the text is foretold: 1 is as well as before."""
        return self.after.perplexity / self.before.perplexity


async def quantize(wanted: Wanted) -> Outcome:
    """Return what came of it; raise ModelError, with the old files as they were."""
    size = check_file(wanted.source)
    new = wanted.target.with_name(f".{wanted.target.name}.new")
    _check_place(wanted, size)
    limits = Limits(memory_max_mb=MEMORY_MAX_MB, call_s=WORK_MAX_S)
    command = ["agent.models.quantizing"]
    worker = Worker("quantizer", command, begin={"threads": speeds.cores()}, limits=limits)
    try:
        return await _carried_out(worker, wanted, new)
    except OSError as error:
        raise ModelError(f"{wanted.target} cannot be written: {error.strerror}") from error
    finally:
        await worker.close()
        with suppress(OSError):
            new.unlink(missing_ok=True)


async def _carried_out(worker: Worker, wanted: Wanted, new: Path) -> Outcome:
    learn, judge = _halves(wanted.text)
    source, target = _absolute(wanted.source), _absolute(new)
    before = _measured(await worker.call("measure", {"path": source, "text": judge}))
    if wanted.calibrate:
        await worker.call("calibrate", {"path": source, "text": learn})
    await worker.call("quantize", {"path": source, "to": target, "kind": wanted.kind})
    after = _measured(await worker.call("measure", {"path": target, "text": judge}))
    kept = wanted.even_if_bad or after.perplexity <= RATIO_MAX * before.perplexity
    if kept:
        _keep(new, wanted.target)
    return Outcome(before=before, after=after, calibrated=wanted.calibrate, kept=kept)


def _halves(text: str) -> tuple[str, str]:
    # What a file was calibrated with would flatter it: every second sentence only measures.
    lines = [line for line in text[:TEXT_MAX_CHARACTERS].splitlines() if line.strip()]
    lines = lines or list(SENTENCES)
    if len(lines) == 1:
        middle = len(lines[0]) // 2
        lines = [lines[0][:middle], lines[0][middle:]]
    return "\n".join(lines[1::2]), "\n".join(lines[::2])


def _measured(answer: dict[str, object]) -> Measured:
    try:
        return Measured.model_validate(answer)
    except ValidationError as error:
        raise ModelError("the quantizer answered without figures") from error


def _absolute(path: Path) -> str:
    return str(path.absolute())


def _check_place(wanted: Wanted, size: int) -> None:
    folder = wanted.target.absolute().parent
    if wanted.target.absolute() == wanted.source.absolute():
        raise ModelError("the new file would take the place of the old one: name another")
    try:
        free = shutil.disk_usage(folder).free
    except OSError as error:
        raise ModelError(f"cannot write to {folder}: {error.strerror}") from error
    if free < 2 * size:
        raise ModelError(f"{folder} has {free >> 20} MB free, and {2 * size >> 20} may be needed")


def _keep(new: Path, target: Path) -> None:
    with new.open("rb") as file:
        os.fsync(file.fileno())
    new.replace(target)
