"""`carpal evaluate notes`: planted facts that notes keep, what they invent, and what they cost.

Ten talks with planted facts (`data/notes`) are read as text, and heard as a synthetic voice says
them; so are five that were kept back while the notes were tuned.  What is "invented" is against
what the notes were made of; what was misheard on the way is a row of its own, against the talk as
it was written.
"""

import io
import json
import re
import sys
import tempfile
import wave
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from agent.app.noting import HINTS
from agent.errors import ModelError
from agent.evaluate.noted import Fact, invented, kept
from agent.evaluate.peak import peak_mb
from agent.figures import Figure, Table, at_least, at_most, shown, table
from agent.notes import heard
from agent.notes.sentences import Sentence, split
from agent.notes.taking import Models, write
from agent.ports import Transcriber
from agent.shipped import shipped
from agent.voice.recorded import heard_in
from agent.voice.speaking import Synthesizer

KEPT = "facts kept"
KEPT_AIM = 0.8
INVENTED_AIM = 0
GROWTH_AIM = 1.1  # sixty times the sound in no more memory: what is beyond is the measuring
SHORT_MIN, LONG_MIN = 1, 60
HELD = "held"
KEPT_BACK = "kept back"
SPOKEN_SHARE = 3  # a third of a long recording is speech: most of an hour may be pauses
SPOKEN_MAX_S = 20
PAGE_WORDS = 350
SHORT_PAGES, LONG_PAGES = 10, 1000


@dataclass(frozen=True, slots=True)
class Talk:
    """What was said, and what notes of it should hold."""

    name: str
    text: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Noted:
    """What became of one talk."""

    talk: Talk
    notes: str
    source: str
    audio_s: float = 0.0
    spent_s: float = 0.0
    """What it took to transcribe."""

    @property
    def kept(self) -> int:
        """Return how many facts are kept."""
        return len(kept(self.talk.facts, self.notes))

    @property
    def length(self) -> float:
        """Return the facts' length as a share of the talk's."""
        lines = [line for line in self.notes.splitlines() if line.startswith("- ")]
        return sum(len(line.split()) - 1 for line in lines) / len(self.talk.text.split())


def talks(kind: str = ".") -> list[Talk]:
    """Return the talks that ship, or those that were kept back (`held`)."""
    found = []
    for path in sorted((shipped("notes") / kind).glob("*.json")):
        facts = tuple(tuple(map(str, fact)) for fact in json.loads(path.read_text("utf-8")))
        text = path.with_suffix(".md").read_text("utf-8")
        found.append(Talk(path.stem, " ".join(text.split()), facts))
    return found


async def evaluate(
    models: Models,
    transcriber: Transcriber | None,
    voices: Mapping[str, Synthesizer],
    *,
    short: bool = False,
    command: Callable[[Path], Sequence[str]],
) -> Table:
    """Return the figures; *command* takes the notes of a file, in a process of its own."""
    every = talks()[:2] if short else talks()
    held = talks(HELD)[:1] if short else talks(HELD)
    figures = _figures("text", [await _read(talk, models) for talk in every], own=True)
    figures += _figures(f"{KEPT_BACK}, text", [await _read(talk, models) for talk in held])
    with tempfile.TemporaryDirectory(prefix="carpal-") as name:
        folder = Path(name)
        said: list[Path] = []
        for voice, speaks in voices.items() if transcriber is not None else ():
            sounds = [await _spoken(speaks, talk, folder) for talk in (*every, *held)]
            is_first, said = not said, said or sounds[: len(every)]
            noted = [
                await _listened(talk, sound, transcriber, models)
                for talk, sound in zip((*every, *held), sounds, strict=True)
            ]
            figures += _figures(f"sound, {voice}", noted[: len(every)], own=is_first)
            figures += _figures(f"{KEPT_BACK}, sound, {voice}", noted[len(every) :])
        figures += await _memory_of_text(folder, every, command, short=short)
        if said:
            figures += await _memory_of_sound(folder, said, command, short=short)
    facts, kept_back = (sum(len(talk.facts) for talk in some) for some in (every, held))
    data = f"{len(every)} talks with {facts} planted facts; {len(held)} with {kept_back} kept back"
    return table("notes", data, len(every), [_worst(figures), *figures])


def _worst(figures: Sequence[Figure]) -> Figure:
    """Return the lesser of what is kept from text and from sound."""
    own = [one for one in figures if one["group"] is None and one["name"].startswith(KEPT)]
    least = min(own, key=lambda one: one["value"])
    return at_least("notes", least["value"], KEPT_AIM, unit="fraction", n=least["n"])


def by_itself(path: Path) -> list[str]:
    """Return what takes plain notes of *path*: `carpal notes`."""
    return [sys.executable, "-m", "agent", "notes", "--plain", str(path)]


def _figures(kind: str, noted: Sequence[Noted], *, own: bool = False) -> list[Figure]:
    """Return the figures of one kind of source; *own* ones have an aim."""
    facts = sum(len(one.talk.facts) for one in noted)
    share = sum(one.kept for one in noted) / facts
    strange = [word for one in noted for word in invented(one.notes, one.source)]
    misheard = [word for one in noted for word in invented(one.notes, one.talk.text)]
    length = sum(one.length for one in noted) / len(noted)
    name = kind.partition(",")[0]
    found = [
        at_least(f"{KEPT}, {name}", share, KEPT_AIM, unit="fraction", n=facts)
        if own
        else shown(KEPT, share, unit="fraction", n=facts, group=kind),
        at_most(f"invented, {name}", len(strange), INVENTED_AIM, unit="count", n=len(noted))
        if own
        else shown("invented", len(strange), unit="count", n=len(noted), group=kind),
        shown("length of the facts", length, unit="fraction", n=len(noted), group=kind),
    ]
    if "sound" in kind:
        rtf = sum(one.spent_s for one in noted) / max(1.0, sum(one.audio_s for one in noted))
        found.append(shown("transcribing, rtf", rtf, unit="ratio", n=len(noted), group=kind))
        there = sum(len(kept(one.talk.facts, f"\n## {one.source}")) for one in noted)
        of_heard = sum(one.kept for one in noted) / max(1, there)
        found.append(shown("facts heard", there / facts, unit="fraction", n=facts, group=kind))
        found.append(shown("kept of those heard", of_heard, unit="fraction", n=there, group=kind))
        found.append(
            shown("misheard figures and names", len(misheard), unit="count", n=facts, group=kind)
        )
    for one in noted:
        share = one.kept / len(one.talk.facts)
        group = f"{kind}, {one.talk.name}"
        found.append(
            shown("facts kept", share, unit="fraction", n=len(one.talk.facts), group=group)
        )
    return found


async def _read(talk: Talk, models: Models) -> Noted:
    async def sentences() -> AsyncIterator[Sentence]:
        for one in split(talk.text):
            yield Sentence(one)

    to = io.StringIO()
    await write(sentences(), to, title=talk.name, source="", models=models)
    return Noted(talk, to.getvalue(), talk.text)


async def _listened(
    talk: Talk, sound: Path, transcriber: Transcriber | None, models: Models
) -> Noted:
    said: list[str] = []
    audio_s = spent_s = 0.0

    async def parts() -> AsyncIterator[heard.Part]:
        nonlocal audio_s, spent_s
        async for piece in heard_in(transcriber, sound, HINTS):
            audio_s, spent_s = audio_s + piece.heard.audio_s, spent_s + piece.heard.spent_s
            said.append(heard.mended(piece.heard.text))
            yield heard.Part(piece.since_s, piece.heard.text)

    to = io.StringIO()
    await write(heard.sentences(parts()), to, title=talk.name, source="", models=models)
    return Noted(talk, to.getvalue(), " ".join(said), audio_s, spent_s)


async def _spoken(voice: Synthesizer, talk: Talk, folder: Path) -> Path:
    """Write *talk* as *voice* says it."""
    await voice.warm()
    path = folder / f"{talk.name}.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        begun = False
        for sentence in split(_unpointed(talk.text)):
            async for piece in voice.sound(sentence):
                if not begun:
                    file.setframerate(piece.rate_hz)
                    begun = True
                file.writeframes(piece.pcm)
            file.writeframes(bytes(file.getframerate() // 3 * 2))  # a breath
    return path


def _unpointed(text: str) -> str:
    """Return *text* without signs in its numbers: a voice may take a breath at each."""
    return re.sub(r"(?<=\d):(?=\d)", " ", re.sub(r"(?<=\d),(?=\d{3})", "", text))


async def _memory_of_sound(
    folder: Path, sounds: Sequence[Path], command: Callable[[Path], Sequence[str]], *, short: bool
) -> list[Figure]:
    minutes = (SHORT_MIN, LONG_MIN // 10 if short else LONG_MIN)
    peaks = [
        await peak_mb(command(_repeated(sounds, folder / f"{length}.wav", 60 * length)))
        for length in minutes
    ]
    return _growth("of sound", [f"{length} min of sound" for length in minutes], peaks)


async def _memory_of_text(
    folder: Path, every: Sequence[Talk], command: Callable[[Path], Sequence[str]], *, short: bool
) -> list[Figure]:
    pages = (SHORT_PAGES, LONG_PAGES // 10 if short else LONG_PAGES)
    peaks = []
    for count in pages:
        path = folder / f"{count}.txt"
        with path.open("w") as file:
            written = 0
            while written < count * PAGE_WORDS:
                talk = every[written % len(every)]
                file.write(talk.text + "\n\n")
                written += len(talk.text.split())
        peaks.append(await peak_mb(command(path)))
    return _growth("of text", [f"{count} pages of text" for count in pages], peaks)


def _growth(what: str, kinds: Sequence[str], peaks: Sequence[float]) -> list[Figure]:
    found = [
        shown("peak memory", peak, unit="MB", n=1, group=kind)
        for kind, peak in zip(kinds, peaks, strict=True)
    ]
    if not all(peaks):
        raise ModelError("a program ended before its memory could be looked at")
    growth = peaks[-1] / peaks[0]
    return [at_most(f"peak memory grows, {what}", growth, GROWTH_AIM, unit="ratio", n=2), *found]


def _repeated(sounds: Sequence[Path], path: Path, seconds: float) -> Path:
    """Write *sounds* again and again, with silence between, until they last so long."""
    with wave.open(str(path), "wb") as to:
        for number in range(1_000_000):
            with wave.open(str(sounds[number % len(sounds)])) as file:
                if not number:
                    to.setparams(file.getparams())
                rate_hz = file.getframerate()
                left = int(seconds * rate_hz) - to.tell()
                if left <= 0:
                    return path
                told = file.readframes(min(left, SPOKEN_MAX_S * rate_hz))
            to.writeframes(told)
            quiet = min(left - len(told) // 2, (SPOKEN_SHARE - 1) * len(told) // 2)
            to.writeframes(bytes(2 * quiet))
    raise ModelError("a recording that never ends")
