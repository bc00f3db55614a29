"""`carpal transcribe`: what is said in a recording of any length, as text, subtitles or JSON."""

import asyncio
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import IO, Annotated, Literal, Protocol

import typer

from agent.app.brains import Brains
from agent.app.likely import check_whole
from agent.app.settings import Settings, load
from agent.cli.draft import Draft, drafted
from agent.cli.root import ConfigOption, JsonOption, commands
from agent.errors import AgentError, ModelError
from agent.models.worker import Worker
from agent.ports import Hints
from agent.voice import subtitles
from agent.voice.recorded import heard_in, moved, words_of
from agent.voice.transcriber import Piece

Format = Literal["txt", "srt", "vtt", "json"]
LENGTH = ("agent.voice.length",)  # the worker that looks at headers
ENGLISH_ONLY = (
    "(this model hears English in everything: run `carpal models get speech_many` and set "
    '`voice.model = "many"`)'
)
STOPPED = 130  # as a shell has it for Ctrl-C


@commands.command()
def transcribe(  # noqa: PLR0913, PLR0917 (options of the command line)
    file: Annotated[Path, typer.Argument(help="A sound file of any usual format and length.")],
    config: ConfigOption = None,
    json_: JsonOption = False,
    format_: Annotated[
        Format, typer.Option("--format", help="txt, srt, vtt (subtitles), or json (word times).")
    ] = "txt",
    out: Annotated[Path | None, typer.Option(help="Write it into this file instead.")] = None,
    language: Annotated[str, typer.Option(help="What is spoken, as in ISO 639 (`de`).")] = "",
    translate: Annotated[
        bool, typer.Option("--translate", help="Into English; takes a multilingual model.")
    ] = False,
    prompt: Annotated[
        str, typer.Option(help="A sentence in the words that are likely to be heard.")
    ] = "",
) -> None:
    """Print what is said in a sound file, piece by piece; Ctrl-C keeps what was written."""
    wanted: Format = "json" if json_ else format_
    hints = Hints(
        prompt=prompt,
        language=language,
        task="translate" if translate else "transcribe",
        words=wanted != "txt" and not translate,
    )
    settings = load(config).settings
    check_whole(settings.voice)
    with drafted(out, sys.stdout, source=file) as draft:
        writer = WRITERS[wanted](file, draft)
        try:
            asyncio.run(_write(settings, file.absolute(), hints, writer))
            writer.end()
        except KeyboardInterrupt:
            _end(writer, draft)
            until = f"what was said until {subtitles.clock(writer.until_s)} is written"
            typer.echo(f"(stopped: {until if draft.kept else 'nothing is written'})", err=True)
            raise typer.Exit(STOPPED) from None
        except AgentError:
            _end(writer, draft)
            raise


def _end(writer: "Writer", draft: Draft) -> None:
    """End what was written well, if anything was."""
    if draft.kept:
        writer.end()
        draft.flush()


class Writer(Protocol):
    """Writes one piece after another; what was written stays, whatever comes."""

    until_s: float

    def add(self, piece: Piece) -> None:
        """Write what *piece* says."""

    def end(self) -> None:
        """Write what belongs to the end."""


class _Text:
    """Plain text, a line for each piece."""

    def __init__(self, _: Path, to: IO[str]) -> None:
        self._to = to
        self.until_s, self._said = 0.0, False

    def add(self, piece: Piece) -> None:
        self.until_s = piece.until_s
        if piece.heard.text:
            self._said = True
            self._to.write(f"{piece.heard.text}\n")
            self._to.flush()

    def end(self) -> None:
        if not self._said and self.until_s:
            self._to.write("(nothing was said)\n")


class _Cues:
    """Subtitles; a cue ends with its piece, which was cut where nobody speaks."""

    def __init__(self, _: Path, to: IO[str]) -> None:
        self._to = to
        self.until_s, self._count = 0.0, 0

    def add(self, piece: Piece) -> None:
        self.until_s = piece.until_s
        for cue in subtitles.cues(words_of(piece)):
            self._count += 1
            self._to.write(self.shape(cue, self._count))
        self._to.flush()

    def shape(self, cue: subtitles.Cue, number: int) -> str:
        return subtitles.srt(cue, number)

    def end(self) -> None:
        """Write nothing: a subtitle file just ends."""


class _WebVtt(_Cues):
    def __init__(self, file: Path, to: IO[str]) -> None:
        super().__init__(file, to)
        to.write(subtitles.VTT_HEAD)

    def shape(self, cue: subtitles.Cue, number: int) -> str:
        del number
        return subtitles.vtt(cue)


class _Json:
    """One object: its pieces as they come, then the whole text; valid wherever it is stopped."""

    def __init__(self, file: Path, to: IO[str]) -> None:
        self._to = to
        self.until_s = self._spent_s = 0.0
        self._texts: list[str] = []
        self._language, self._language_p = "", 0.0
        to.write(f'{{"file": {json.dumps(str(file), ensure_ascii=False)}, "pieces": [')

    def add(self, piece: Piece) -> None:
        heard = piece.heard
        self._to.write(", " if self.until_s else "")
        self.until_s = piece.until_s
        self._spent_s += heard.spent_s
        if heard.text:
            self._texts.append(heard.text)
            self._language, self._language_p = heard.language, heard.language_p
        shown = {
            "since_s": round(piece.since_s, 3),
            "until_s": round(piece.until_s, 3),
            "text": heard.text,
            "language": heard.language,
            "language_p": heard.language_p,
            "words": [asdict(word) for word in moved(heard.words, piece.since_s)],
        }
        self._to.write(json.dumps(shown, ensure_ascii=False))
        self._to.flush()

    def end(self) -> None:
        rest = {
            "text": " ".join(self._texts),
            "audio_s": round(self.until_s, 3),
            "spent_s": round(self._spent_s, 3),
            "language": self._language,
            "language_p": self._language_p,
        }
        self._to.write(f"], {json.dumps(rest, ensure_ascii=False)[1:]}\n")


WRITERS: dict[Format, type[_Text] | type[_Cues] | type[_Json]] = {
    "txt": _Text,
    "srt": _Cues,
    "vtt": _WebVtt,
    "json": _Json,
}


async def _write(settings: Settings, file: Path, hints: Hints, writer: Writer) -> None:
    brains = Brains(settings.models, settings.voice)
    try:
        with Bar(await seconds_of(file) if sys.stderr.isatty() else 0.0) as bar:
            async for piece in heard_in(brains.transcriber, file, hints):
                bar.clear()
                if not writer.until_s:
                    _warn(hints, piece)
                writer.add(piece)
                bar.reach(piece.until_s)
        if not writer.until_s:
            raise ModelError(f"{file} has no sound in it")
    finally:
        await brains.close()


def _warn(hints: Hints, piece: Piece) -> None:
    """Say so where another language was asked for and the model knows but one: it is sure of it."""
    english_only = piece.heard.language == "en" and piece.heard.language_p >= 1.0
    if english_only and (hints.task == "translate" or hints.language not in ("", "en")):
        typer.echo(ENGLISH_ONLY, err=True)


async def seconds_of(file: Path) -> float:
    """Return how long *file* says that it is; 0 where it does not."""
    worker = Worker("length", LENGTH, begin={})
    try:
        answer = await worker.call("length", {"path": str(file)})
        return float(answer.get("seconds", 0.0))
    except ModelError:  # it is no sound, or ends who opens it: that is told when it is heard
        return 0.0
    finally:
        await worker.close()


class Bar:
    """A progress bar on a terminal; none for a recording of unknown length."""

    WIDTH = 30

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def __enter__(self) -> "Bar":
        self.reach(0.0)
        return self

    def __exit__(self, *_: object) -> None:
        self.clear()

    def reach(self, done_s: float) -> None:
        """Show that *done_s* of it are done."""
        if self._seconds <= 0:
            return
        share = min(1.0, done_s / self._seconds)
        full = int(share * self.WIDTH)
        times = f"{subtitles.clock(done_s)} of {subtitles.clock(self._seconds)}"
        typer.echo(f"[{'#' * full:<{self.WIDTH}}] {share:4.0%}  {times}", nl=False, err=True)

    def clear(self) -> None:
        """Take it off the line, so that text can be written there."""
        if self._seconds > 0:
            typer.echo("\r\x1b[K", nl=False, err=True)
