"""The worker that opens PDFs: `python -m agent.notes.pdf_child DESCRIPTOR`, sealed.

A PDF is a program of sorts, and may be made to take for ever: here that costs a process.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from agent.errors import ModelError
from agent.models.serving import serve

Message = dict[str, Any]  # what a frame holds
FILE_MAX_MB = 200
AGAIN_PAGES = 50  # then it is opened anew: what it has read of a document it keeps
TEXT_MAX = 200_000


class PdfHandler:
    """Gives the text of one page after another."""

    def __init__(self, begin: Message) -> None:
        del begin  # there is nothing to be told
        self._reader: PdfReader | None = None
        self._path, self._read = "", 0

    def handle(self, op: str, arguments: Message, cancelled: Callable[[], bool]) -> Message:
        """Answer `page`: {path, number} gives {text, is_last}; behind the end it is the last."""
        if op != "page":
            raise ModelError(f"a reader of PDFs cannot {op[:64]!r}")
        path, number = str(arguments["path"]), int(arguments["number"])
        try:
            pages = self._open(path).pages
            if number >= len(pages):
                return {"text": "", "is_last": True}
            text = pages[number].extract_text()
        except OSError as error:
            raise ModelError(f"cannot read {path}: {error.strerror or error}") from error
        except (
            *(PyPdfError, ValueError, TypeError, KeyError, IndexError, AttributeError),
            *(AssertionError, RecursionError, NotImplementedError, ZeroDivisionError),
        ) as error:
            raise ModelError(
                f"{path} is no PDF, is locked, or is damaged: {error}"[:300]
            ) from error
        self._read += 1
        return {"text": text[:TEXT_MAX], "is_last": False}

    def _open(self, path: str) -> PdfReader:
        if self._reader is None or path != self._path or self._read >= AGAIN_PAGES:
            size = Path(path).stat().st_size
            if size > FILE_MAX_MB << 20:
                raise ModelError(f"{path} has {size >> 20} MB; {FILE_MAX_MB} are read at most")
            self._reader, self._path, self._read = PdfReader(path, strict=False), path, 0
        return self._reader


if __name__ == "__main__":
    serve(PdfHandler)
