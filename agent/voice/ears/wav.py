"""Pushed sound: bare samples, or a WAV chunk that says what its samples are.  Pure."""

import struct
from dataclasses import dataclass

from agent.errors import DecodeError
from agent.voice.ears.events import RATE_HZ

SOUND_MAX_BYTES = 1 << 20  # 32 s at 16 kHz: a microphone sends a tenth of a second
RATES_HZ = range(4_000, 384_001)
CHANNELS_MAX = 8
PCM, EXTENSIBLE = 1, 0xFFFE
_HEAD = struct.Struct("<4sI4s")
_CHUNK = struct.Struct("<4sI")
_FORMAT = struct.Struct("<HHIIHH")
CHUNKS_MAX = 32


@dataclass(frozen=True, slots=True)
class Sound:
    """Interleaved samples, signed 16 bit little endian."""

    pcm: bytes
    rate_hz: int = RATE_HZ
    channels: int = 1


def decode(payload: bytes, *, source: str, rate_hz: int = RATE_HZ, channels: int = 1) -> Sound:
    """Return the sound in *payload*, a WAV chunk or bare samples; raise DecodeError.

    An empty one is the end of what is said.  What a cut chunk lacks is not missed.
    """
    if len(payload) > SOUND_MAX_BYTES:
        raise DecodeError(source, f"sent {len(payload)} bytes; {SOUND_MAX_BYTES} are allowed")
    if payload[:4] == b"RIFF":
        return _wav(payload, source)
    if rate_hz not in RATES_HZ or not 1 <= channels <= CHANNELS_MAX:
        raise DecodeError(source, f"sent sound of {rate_hz} Hz with {channels} channels")
    return Sound(payload[: len(payload) // (2 * channels) * 2 * channels], rate_hz, channels)


def _wav(payload: bytes, source: str) -> Sound:
    if len(payload) < _HEAD.size or payload[8:12] != b"WAVE":
        raise DecodeError(source, "sent a RIFF file that is no WAV")
    at, told = _HEAD.size, None
    for _ in range(CHUNKS_MAX):
        if at + _CHUNK.size > len(payload):
            break
        name, size = _CHUNK.unpack_from(payload, at)
        at += _CHUNK.size
        if name == b"fmt ":
            told = _format(payload[at : at + size], source)
        if name == b"data":
            if told is None:
                raise DecodeError(source, "sent a WAV whose samples come before their format")
            rate_hz, channels = told
            # A stream does not know its size beforehand: what is there counts.
            body = payload[at : at + size] if size else payload[at:]
            return decode(body, source=source, rate_hz=rate_hz, channels=channels)
        at += size + size % 2
    raise DecodeError(source, "sent a WAV without samples")


def _format(chunk: bytes, source: str) -> tuple[int, int]:
    if len(chunk) < _FORMAT.size:
        raise DecodeError(source, "sent a WAV whose format is cut off")
    code, channels, rate_hz, _, _, bits = _FORMAT.unpack_from(chunk)
    if code not in (PCM, EXTENSIBLE) or bits != 16:
        raise DecodeError(source, f"sent a WAV of {bits} bits, code {code}; 16 bits PCM is known")
    return rate_hz, channels
