"""The Heart Rate Measurement (0x2A37), as a belt notifies it.  Pure."""

from collections.abc import Sequence
from typing import NamedTuple

from agent.errors import DecodeError

SOURCE = "ble_heart_rate"
BYTES_MAX = 512  # no attribute of Bluetooth Low Energy is longer
WIDE, DETECTED, CONTACT, ENERGY, INTERVALS = 1, 2, 4, 8, 16
TICKS_A_S = 1024


class Measurement(NamedTuple):
    """What one notification says."""

    rate_bpm: int
    worn: bool | None
    """Whether the electrodes touch skin; None where the belt cannot tell."""
    intervals_ms: Sequence[float]
    """The intervals between the beats since the notification before, oldest first."""


def decode(payload: bytes) -> Measurement:
    """Return what *payload* says; raise DecodeError if it is cut off or too long.

    Layout: Bluetooth SIG, GATT Specification Supplement, Heart Rate Measurement: flags, rate of 8
    or 16 bits, energy (passed over), RR intervals in 1/1024 s; all little-endian.
    """
    if not 2 <= len(payload) <= BYTES_MAX:
        raise DecodeError(SOURCE, f"a measurement of {len(payload)} bytes: 2 to {BYTES_MAX} are")
    flags = payload[0]
    rate_end = 3 if flags & WIDE else 2
    begin = rate_end + (2 if flags & ENERGY else 0)
    if begin > len(payload):
        raise DecodeError(SOURCE, f"a measurement is cut off after {len(payload)} bytes")
    rest = payload[begin:] if flags & INTERVALS else b""
    if len(rest) % 2:
        raise DecodeError(SOURCE, "a measurement ends within an interval")
    ticks = (int.from_bytes(rest[i : i + 2], "little") for i in range(0, len(rest), 2))
    return Measurement(
        rate_bpm=int.from_bytes(payload[1:rate_end], "little"),
        worn=bool(flags & DETECTED) if flags & CONTACT else None,
        intervals_ms=tuple(one * 1000 / TICKS_A_S for one in ticks),
    )
