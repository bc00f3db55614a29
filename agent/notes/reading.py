"""Written documents as sentences: text, Markdown, and the text of PDFs, however long."""

import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import IO, Any, Protocol

from agent.errors import DecodeError, ModelError
from agent.notes.sentences import Sentence, Sentences

WRITTEN = frozenset((".txt", ".text", ".md", ".markdown", ".pdf"))
LINE_MAX = 65_536
PAGES_MAX = 20_000
PDF_COMMAND = ("agent.notes.pdf_child",)
_HEADING = re.compile(r"#{1,6}\s+(.+?)\s*#*$")
_RULE = re.compile(r"\s*(?:[-*_]\s*){3,}$|\s*[=-]{3,}$")
_LEAD = re.compile(r"^\s*(?:[-*+]\s+|\d{1,3}[.)]\s+|>\s?)+")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_EMPHASIS = re.compile(r"(\*\*|__|\*|`|~~)(?=\S)(.+?)(?<=\S)\1")


class Worker(Protocol):
    """What opens a PDF in a process of its own: `agent.models.worker.Worker`, joined above."""

    async def call(
        self, op: str, arguments: dict[str, Any], *, deadline_s: float | None = None
    ) -> dict[str, Any]:
        """Return what the worker answers; raise ModelError."""


def is_written(path: Path) -> bool:
    """Return whether *path* is read and not heard."""
    return path.suffix.lower() in WRITTEN


async def read(path: Path, pdf: Worker) -> AsyncIterator[Sentence]:
    """Yield the sentences of a document; raise DecodeError or ModelError.

    *pdf* is asked only for a PDF.
    """
    if path.suffix.lower() == ".pdf":
        async for one in _pages(path, pdf):
            yield one
        return
    try:
        with path.open(encoding="utf-8-sig", errors="replace") as file:
            for one in _lines(file, marked=path.suffix.lower() in (".md", ".markdown")):
                yield one
    except OSError as error:
        raise DecodeError(str(path), error.strerror or "cannot be read") from error


def _lines(file: IO[str], *, marked: bool) -> Iterator[Sentence]:
    cutter = Sentences()
    fenced = False
    while line := file.readline(LINE_MAX):
        if marked and line.lstrip().startswith(("```", "~~~")):
            fenced = not fenced
            continue
        if fenced:  # code is no talk
            continue
        heading = _HEADING.match(line.strip()) if marked else None
        if heading or not line.strip() or (marked and (_LEAD.match(line) or _RULE.match(line))):
            yield from cutter.end()
        if heading:
            yield Sentence(unmarked(heading[1]), is_heading=True)
        elif not (marked and _RULE.match(line)):
            yield from cutter.feed(unmarked(line) if marked else line)
    yield from cutter.end()


def unmarked(line: str) -> str:
    """Return a line of Markdown as it is read."""
    plain = _LINK.sub(r"\1", _LEAD.sub("", line))
    return _EMPHASIS.sub(r"\2", plain)


async def _pages(path: Path, pdf: Worker) -> AsyncIterator[Sentence]:
    cutter = Sentences()
    empty = True
    for number in range(PAGES_MAX):
        answer = await pdf.call("page", {"path": str(path), "number": number})
        if answer.get("is_last"):
            break
        text = str(answer.get("text", ""))
        empty = empty and not text.strip()
        for one in cutter.feed(joined(text), f"p. {number + 1}"):
            yield one
    for one in cutter.end():
        yield one
    if empty:
        raise ModelError(f"{path} has no text in it: pictures of pages are not read")


def joined(text: str) -> str:
    """Return the text of a page without the hyphens at its lines' ends."""
    return re.sub(r"(?<=[a-z])-\n(?=[a-z])", "", text)
