"""Is there anything but silence?  The cheapest question, asked of every frame."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

FRAME = 512  # 32 ms: what the voice activity model takes
PARTS = 2  # each half of a frame may open it: a click of 16 ms is already a consonant
REMEMBERED = 128  # frames, 4 s: a room's own noise, whatever is said in between
FLOOR_SHARE = 0.2  # in every 4 s of talk a fifth is pause
SETTLED = 16  # frames, before which nothing is known of the room, and all is heard
OPEN_OVER = 2.0  # 3 dB over the floor: in steady noise 16 ms vary by 0.4 dB
QUIET_MIN = 1e-9  # of full scale, squared: the last bit of 16 is louder
HOLD = 16  # frames, 0.5 s: the pause inside a word keeps it open
FINE = 128  # samples, 8 ms
VOICE_OVER = 4.0  # 6 dB over the floor
FAINT = 10**-3.5
LATE_MAX = 8_000  # half a second: a voice is not that late to be seen as gone
LEAN_EVERY = 8  # frames between two looks at the floor


class Gate:
    """Opens where the energy rises over the floor, which is learnt from the last seconds.

    The floor is a low quantile of the energy (Stahl, Fischer and Bippus 2000, ICASSP, section 3);
    the difference of neighbours takes away hum and offset.
    """

    def __init__(self) -> None:
        self._energies = np.zeros(REMEMBERED, dtype=np.float64)
        self._count = 0
        self._last = np.float32(0)
        self._since_loud = HOLD
        self.floor = QUIET_MIN
        self.energy = 0.0
        """Of the louder half of the last frame."""

    @property
    def open(self) -> bool:
        """Return whether there may be something to hear."""
        return self._since_loud < HOLD or self._count < SETTLED

    def add(self, frame: Floats) -> None:
        """Take one frame of samples in [-1, 1]."""
        parts = self.halves(frame)
        self._last = frame[-1]
        self.energy = max(parts)
        self._energies[self._count % REMEMBERED] = sum(parts) / PARTS
        self._count += 1
        if self._count % LEAN_EVERY == 0 or self._count < SETTLED:
            self._lean()
        self._since_loud = 0 if self.energy > OPEN_OVER * self.floor else self._since_loud + 1

    def halves(self, frame: Floats) -> tuple[float, float]:
        """Return the energies of the halves of the frame that comes next."""
        steps = np.empty_like(frame)
        steps[0] = frame[0] - self._last
        np.subtract(frame[1:], frame[:-1], out=steps[1:])
        half = len(steps) // PARTS
        first, second = steps[:half], steps[half:]
        return float(first @ first) / half, float(second @ second) / half

    def _lean(self) -> None:
        known = self._energies[: min(self._count, REMEMBERED)]
        place = int(len(known) * FLOOR_SHARE)
        self.floor = max(QUIET_MIN, float(np.partition(known, place)[place]))


def quiet_after(said: Floats, floor: float) -> int:
    """Return how many samples at the end of *said* are no voice any more.

    The voice activity model goes on for a tenth of a second after a voice: the energy tells where
    it ended, where it fell to the room's *floor* or 35 dB below the loudest of the sentence.
    """
    steps = len(said) // FINE
    if steps < 2:
        return 0
    rises = np.diff(said[len(said) - steps * FINE :], prepend=np.float32(0))
    energies = (rises * rises).reshape(steps, FINE).mean(axis=1)
    loud = np.nonzero(energies > max(VOICE_OVER * floor, FAINT * float(energies.max())))[0]
    late = (steps - 1 - int(loud[-1])) * FINE if len(loud) else 0
    return min(late, LATE_MAX)
