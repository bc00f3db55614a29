"""Speaking: text becomes sound on this device, and the sound can be stopped in the middle."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol

RATE_HZ_MAX = 48_000


@dataclass(frozen=True, slots=True)
class Piece:
    """Some sound: one channel, signed 16 bit, little endian."""

    pcm: bytes
    rate_hz: int


class Synthesizer(Protocol):
    """A voice."""

    @property
    def ready(self) -> bool:
        """Return whether it speaks at once; another voice goes first while this one loads."""

    async def warm(self) -> None:
        """Load it; raise DeliveryError where it cannot be."""

    def sound(self, text: str) -> AsyncIterator[Piece]:
        """Yield *text* as sound, the first of it as soon as may be; raise DeliveryError."""
