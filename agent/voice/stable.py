"""Text while it is still being said: what two successive readings agree on is shown.  Pure.

A growing sound is read again and again, and its last words change.  LocalAgreement with n = 2
(Macháček, Dabre & Bojar 2023, "Turning Whisper into Real-Time Transcription System", section 3.1):
the longest common prefix of the newest two readings is stable.  Where the sound becomes long, the
window that is read slides on behind what is stable.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from agent.ports import Word

WORDS_MAX = 400


@dataclass(frozen=True, slots=True)
class StablePrefix:
    """What was agreed on so far, and the newest reading's words."""

    agreed: tuple[str, ...] = ()
    newest: tuple[str, ...] = ()
    settled: tuple[str, ...] = ()
    """What the window has left behind."""
    begin_s: float = 0.0
    """Where the window begins, in the sound."""

    def heard(self, reading: str) -> "StablePrefix":
        """Return it after one more *reading* of the window as far as it goes."""
        words = tuple(reading.split()[:WORDS_MAX])
        common = 0
        for mine, other in zip(self.newest, words, strict=False):
            if _bare(mine) != _bare(other):
                break
            common += 1
        # What was shown is not taken back, though a later reading may differ in it.
        agreed = (*self.agreed, *words[len(self.agreed) : common])
        return replace(self, agreed=agreed, newest=words)

    def slid(self, words: Sequence[Word]) -> "StablePrefix":
        """Return it with the window behind what is agreed, as far as *words* of it agree too.

        *words* are those of the window, with their times in it.
        """
        count, end_s = 0, 0.0
        for mine, word in zip(self.agreed, words, strict=False):
            if _bare(mine) != _bare(word.text):
                break
            count, end_s = count + 1, word.until_s
        return StablePrefix(
            agreed=self.agreed[count:],
            newest=self.newest[count:],
            settled=(*self.settled, *self.agreed[:count])[:WORDS_MAX],
            begin_s=self.begin_s + end_s,
        )

    @property
    def text(self) -> str:
        """Return what may be shown."""
        return " ".join((*self.settled, *self.agreed))

    @property
    def rest(self) -> str:
        """Return what the newest reading says behind that: it may change yet."""
        return " ".join(self.newest[len(self.agreed) :])


def _bare(word: str) -> str:
    return word.strip().strip(".,;:!?\"'").lower()
