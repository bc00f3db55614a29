"""XML that comes in pieces, of which no length is ever held at once.  Pure."""

from collections.abc import Callable
from xml.parsers import expat

from agent.errors import DecodeError

TEXT_LENGTH_MAX = 256
PIECE_BYTES_MAX = 1 << 20
"""No tag, comment or declaration may be longer."""
Opened = Callable[[str, dict[str, str]], None]
"""Is told the name of an element, without its prefix, and its attributes."""
Closed = Callable[[str, str], None]
"""Is told the name of an element and the beginning of the text directly before its end."""


class Markup:
    """Tell of each element of a document as it goes by.

    A document type is passed over; one that declares entities is refused, for a few of those can
    stand for gigabytes or for a file of this machine.
    """

    def __init__(self, source: str, *, opened: Opened, closed: Closed) -> None:
        self._source = source
        self._opened = opened
        self._closed = closed
        self._text = ""
        self._fed = self._reached = 0
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.specified_attributes = True  # what a document type adds to all is not wanted
        self._parser.StartElementHandler = self._open
        self._parser.EndElementHandler = self._close
        self._parser.CharacterDataHandler = self._say
        self._parser.EntityDeclHandler = self._refuse

    @property
    def line(self) -> int:
        """Return the line that is being read."""
        return self._parser.CurrentLineNumber

    def feed(self, piece: bytes, *, last: bool = False) -> None:
        """Read on in *piece*; raise DecodeError, naming the line, where this is no XML."""
        try:
            self._parser.Parse(piece, last)
        except expat.ExpatError as error:
            what = expat.errors.messages[error.code]
            raise DecodeError(f"{self._source}, line {error.lineno}", f"{what}") from error
        except (ValueError, LookupError) as error:
            reason = f"its encoding cannot be read: {error}"
            raise DecodeError(f"{self._source}, line {self.line}", reason[:200]) from error
        self._fed += len(piece)
        if self._fed - self._reached > PIECE_BYTES_MAX + len(piece):
            reason = f"something is longer than {PIECE_BYTES_MAX} bytes"
            raise DecodeError(f"{self._source}, line {self.line}", reason)

    def _open(self, name: str, attributes: dict[str, str]) -> None:
        self._reached = self._parser.CurrentByteIndex
        self._text = ""
        self._opened(name.rpartition(":")[2], attributes)

    def _close(self, name: str) -> None:
        self._reached = self._parser.CurrentByteIndex
        self._closed(name.rpartition(":")[2], self._text.strip())
        self._text = ""

    def _say(self, text: str) -> None:
        self._reached = self._parser.CurrentByteIndex
        if len(self._text) < TEXT_LENGTH_MAX:
            self._text = (self._text + text)[:TEXT_LENGTH_MAX]

    def _refuse(self, *declared: object) -> None:
        name = str(declared[0])[:32]
        raise DecodeError(
            f"{self._source}, line {self.line}", f"declares an entity ({name}): it is not read"
        )
