"""While we speak ourselves: is there someone louder than our own voice in the microphone?"""

from collections import deque

REMEMBERED = 96  # frames, 3 s
SHARE = 0.8  # of what is heard while we speak lies below: the loud part of our own voice
KNOWN = 8  # frames, before which our own voice is not known, and nobody interrupts


class Echo:
    """Learns the level of our own voice from the frames since we began to speak."""

    def __init__(self, over_db: float) -> None:
        self._over = 10 ** (over_db / 10)
        self._energies: deque[float] = deque(maxlen=REMEMBERED)
        self.speaking = False

    def duck(self, *, speaking: bool) -> None:
        """Note that we begin or end to speak."""
        if speaking != self.speaking:
            self._energies.clear()
        self.speaking = speaking

    def add(self, energy: float) -> bool:
        """Take the energy of a frame; return whether it may be someone else's voice."""
        if not self.speaking:
            return True
        known = sorted(self._energies)
        self._energies.append(energy)
        if len(known) < KNOWN:
            return False
        return energy > self._over * known[int(len(known) * SHARE)]
