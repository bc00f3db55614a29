"""Sound that comes in chunks of any rate, as carpal hears it: 16 kHz, one channel, 16 bit."""

from wyoming.audio import AudioChunk, AudioChunkConverter, AudioStart
from wyoming.event import Event

from agent.voice.wyoming import WyomingError

RATE_HZ = 16_000
LENGTH_MAX_S = 90.0
RATES_HZ = range(8_000, 192_001)


class Gathering:
    """What one speaker sent, up to a length."""

    def __init__(self) -> None:
        self._convert = AudioChunkConverter(rate=RATE_HZ, width=2, channels=1)
        self._pcm = bytearray()

    @property
    def pcm(self) -> bytes:
        """Return all of it."""
        return bytes(self._pcm)

    def pass_on(self, event: Event) -> bytes:
        """Return an audio-chunk at 16 kHz without keeping it; raise WyomingError."""
        return self._convert.convert(_chunk(event)).audio

    def add(self, event: Event) -> None:
        """Take in an audio-chunk; raise WyomingError."""
        heard = self.pass_on(event)
        if len(self._pcm) + len(heard) > LENGTH_MAX_S * 2 * RATE_HZ:
            raise WyomingError(f"the sound is longer than {LENGTH_MAX_S:g} s")
        self._pcm += heard


def _chunk(event: Event) -> AudioChunk:
    rate, width, channels = (_number(event, name) for name in ("rate", "width", "channels"))
    audio = event.payload or b""
    if rate not in RATES_HZ or width not in (1, 2, 3, 4) or channels not in (1, 2):
        raise WyomingError("a chunk of sound has a rate of 8 to 192 kHz, 1-4 bytes, 1-2 channels")
    if len(audio) % (width * channels):
        raise WyomingError("a chunk of sound ends inside a sample")
    return AudioChunk(rate=rate, width=width, channels=channels, audio=audio)


def _number(event: Event, name: str) -> int:
    value = event.data.get(name)
    return value if isinstance(value, int) else 0


def is_sound(event: Event) -> bool:
    """Return whether *event* is a chunk of sound."""
    return AudioChunk.is_type(event.type)


def begins(event: Event) -> bool:
    """Return whether sound begins with *event*."""
    return AudioStart.is_type(event.type)
