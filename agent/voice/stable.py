"""Text while it is still being said: what two successive readings agree on is shown.  Pure.

A growing sound is read again and again from its beginning, and its last words change.
LocalAgreement with n = 2 (Macháček, Dabre & Bojar 2023, "Turning Whisper into Real-Time
Transcription System", section 3.1): the longest common prefix of the newest two readings is stable.
"""

from dataclasses import dataclass

WORDS_MAX = 400


@dataclass(frozen=True, slots=True)
class StablePrefix:
    """What was agreed on so far, and the newest reading's words."""

    agreed: tuple[str, ...] = ()
    newest: tuple[str, ...] = ()

    def heard(self, reading: str) -> "StablePrefix":
        """Return it after one more *reading* of the whole sound so far."""
        words = tuple(reading.split()[:WORDS_MAX])
        common = 0
        for mine, other in zip(self.newest, words, strict=False):
            if _bare(mine) != _bare(other):
                break
            common += 1
        # What was shown is not taken back, though a later reading may differ in it.
        agreed = (*self.agreed, *words[len(self.agreed) : common])
        return StablePrefix(agreed, words)

    @property
    def text(self) -> str:
        """Return what may be shown."""
        return " ".join(self.agreed)

    @property
    def rest(self) -> str:
        """Return what the newest reading says behind that: it may change yet."""
        return " ".join(self.newest[len(self.agreed) :])


def _bare(word: str) -> str:
    return word.strip(".,;:!?\"'").lower()
