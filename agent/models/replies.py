"""Bytes of tokens become the text of a reply, which ends before a stop.  Pure."""

import codecs
from collections.abc import Sequence


class Reply:
    """Collects a reply: what `push` gives back, one after the other, is its text."""

    def __init__(self, stop: Sequence[str] = ()) -> None:
        self._stop = [text for text in stop if text]
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._held = ""
        self.text = ""
        self.stopped = False

    def push(self, piece: bytes, *, last: bool = False) -> str:
        """Return what of the text is certain now; nothing once it has stopped."""
        if self.stopped:
            return ""
        self._held += self._decoder.decode(piece, last)
        places = [self._held.find(stop) for stop in self._stop]
        found = [place for place in places if place >= 0]
        if found:
            self.stopped = True
            return self._give(min(found))
        return self._give(len(self._held) - (0 if last else self._doubtful()))

    def _give(self, count: int) -> str:
        given, self._held = self._held[:count], self._held[count:]
        self.text += given
        return given

    def _doubtful(self) -> int:
        """Return how many characters at the end may be the beginning of a stop."""
        longest = max((len(stop) for stop in self._stop), default=1) - 1
        for count in range(min(longest, len(self._held)), 0, -1):
            end = self._held[-count:]
            if any(stop.startswith(end) for stop in self._stop):
                return count
        return 0
