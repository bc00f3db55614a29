"""The FIT protocol: files of messages, each defined before it comes.  Pure.

Flexible and Interoperable Data Transfer Protocol, revision 2.4 (Dynastream 2019): file header and
CRC (section 3.3), records (4.1), compressed timestamps (4.1.2), definitions (4.2), base types
(4.2.1.4.1).  Developer fields are passed over: what they mean is another matter for each program.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from math import isfinite
from struct import Struct
from typing import NamedTuple

HEADER_BYTES_MIN = 12
TIMESTAMP = 253
MAGIC = b".FIT"
_BYTES = 13  # the base type of packed bits: only all of them together can be invalid
Values = Mapping[int, tuple[float, ...]]
Wanted = Mapping[int, Collection[int]]


class Message(NamedTuple):
    """One data message: its global number, and its valid values by the number of their field."""

    number: int
    values: Values
    byte: int


class Damage(NamedTuple):
    """What is wrong at a byte; nothing after it, up to the next file inside, can be read."""

    byte: int
    reason: str


class _Base(NamedTuple):
    """A base type: its code in `struct`, its width, and the value that means that there is none."""

    code: str
    width: int
    invalid: int | None


_BASES = {
    0: _Base("B", 1, 0xFF),
    1: _Base("b", 1, 0x7F),
    2: _Base("B", 1, 0xFF),
    3: _Base("h", 2, 0x7FFF),
    4: _Base("H", 2, 0xFFFF),
    5: _Base("i", 4, 0x7FFFFFFF),
    6: _Base("I", 4, 0xFFFFFFFF),
    8: _Base("f", 4, None),
    9: _Base("d", 8, None),
    10: _Base("B", 1, 0),
    11: _Base("H", 2, 0),
    12: _Base("I", 4, 0),
    _BYTES: _Base("B", 1, None),
    14: _Base("q", 8, 0x7FFFFFFFFFFFFFFF),
    15: _Base("Q", 8, 0xFFFFFFFFFFFFFFFF),
    16: _Base("Q", 8, 0),
}


class _Slot(NamedTuple):
    """Where the values of one field lie among all that are unpacked."""

    field: int
    first: int
    length: int
    invalid: int | None
    packed: bool


@dataclass(frozen=True, slots=True)
class _Definition:
    number: int
    layout: Struct
    slots: tuple[_Slot, ...]

    def values(self, data: bytes, byte: int) -> dict[int, tuple[float, ...]]:
        """Return the valid values of the message at *byte*."""
        cells = self.layout.unpack_from(data, byte)
        found = dict[int, tuple[float, ...]]()
        for field, first, length, invalid, packed in self.slots:
            given = cells[first : first + length]
            if packed:
                valid = given if any(cell != 0xFF for cell in given) else ()
            else:
                valid = tuple(cell for cell in given if cell != invalid and isfinite(cell))
            if valid:
                found[field] = valid
        return found


class _DamagedError(Exception):
    """Something at a byte is not as the protocol says."""

    def __init__(self, byte: int, reason: str) -> None:
        super().__init__(reason)
        self.damage = Damage(byte, reason)


def messages(data: bytes, wanted: Wanted) -> Iterator[Message | Damage]:
    """Yield every message of the kinds in *wanted*, with those fields and its timestamp.

    *data* may be several files, one behind the other.
    """
    start = 0
    while start < len(data):
        try:
            begin, end = _header(data, start)
        except _DamagedError as error:
            yield error.damage
            return
        try:
            yield from _records(data, begin, min(end, len(data)), wanted)
        except _DamagedError as error:
            yield error.damage
        yield from _checked(data, start, end)
        start = end + 2


def _header(data: bytes, start: int) -> tuple[int, int]:
    """Return where the records of the file at *start* begin and end."""
    size = data[start]
    if size < HEADER_BYTES_MIN or data[start + 8 : start + 12] != MAGIC:
        raise _DamagedError(start, "there is no header of a FIT file")
    begin = start + size
    return begin, begin + int.from_bytes(data[start + 4 : start + 8], "little")


def _checked(data: bytes, start: int, end: int) -> Iterator[Damage]:
    """Yield what is wrong with the length and the checksum of the file at *start*."""
    if end + 2 > len(data):
        yield Damage(len(data), f"it is cut off: {end + 2 - len(data)} bytes are missing")
        return
    told = int.from_bytes(data[end : end + 2], "little")
    if told not in (0, _crc(data, start, end)):  # 0: it was not computed
        yield Damage(end, "its checksum does not match: some values may be wrong")


def _records(data: bytes, byte: int, end: int, wanted: Wanted) -> Iterator[Message]:
    known, last = dict[int, _Definition](), 0
    while byte < end:
        head = data[byte]
        if head & 0xC0 == 0x40:
            known[head & 0x0F], byte = _defined(data, byte, end, wanted)
            continue
        compressed = bool(head & 0x80)
        local = head >> 5 & 3 if compressed else head & 0x0F
        definition = known.get(local)
        if definition is None:
            raise _DamagedError(byte, f"a message of type {local} comes before its definition")
        if byte + 1 + definition.layout.size > end:
            raise _DamagedError(byte, "a message is cut off")
        values = definition.values(data, byte + 1)
        if compressed:
            values[TIMESTAMP] = (last + ((head & 0x1F) - last & 0x1F),)
        last = int(values.get(TIMESTAMP, (last,))[0])
        if definition.number in wanted:
            yield Message(definition.number, values, byte)
        byte += 1 + definition.layout.size


def _defined(data: bytes, byte: int, end: int, wanted: Wanted) -> tuple[_Definition, int]:
    """Return the definition at *byte*, and where it ends."""
    head = data[byte : byte + 6]
    triples, after = _triples(data, byte + 5, end)
    number = int.from_bytes(head[3:5], "big" if head[2] else "little")
    extra = b""
    if head[0] & 0x20:
        extra, after = _triples(data, after, end)
    code, slots = _laid_out(triples, wanted.get(number, ()))
    layout = Struct(f"{'>' if head[2] else '<'}{code}{sum(extra[1::3])}x")
    return _Definition(number, layout, slots), after


def _triples(data: bytes, byte: int, end: int) -> tuple[bytes, int]:
    """Return the fields whose count is at *byte*, three bytes each, and where they end."""
    after = byte + 1 + 3 * data[byte] if byte < end else end + 1
    if after > end:
        raise _DamagedError(byte, "a definition is cut off")
    return data[byte + 1 : after], after


def _laid_out(triples: bytes, wanted: Collection[int]) -> tuple[str, tuple[_Slot, ...]]:
    """Return the layout of fields of number, size and base type, and where the *wanted* lie."""
    layout, slots, cells = list[str](), list[_Slot](), 0
    for field, size, kind in zip(triples[::3], triples[1::3], triples[2::3], strict=True):
        base = _BASES.get(kind & 0x1F)
        if base is None or size % base.width or (field != TIMESTAMP and field not in wanted):
            layout.append(f"{size}x")  # a text, of an odd size, or not wanted
            continue
        count = size // base.width
        layout.append(f"{count}{base.code}")
        slots.append(_Slot(field, cells, count, base.invalid, kind & 0x1F == _BYTES))
        cells += count
    return "".join(layout), tuple(slots)


def _table() -> tuple[int, ...]:
    table = []
    for value in range(256):
        for _ in range(8):
            value = value >> 1 ^ (0xA001 if value & 1 else 0)  # noqa: PLW2901  # eight shifts
        table.append(value)
    return tuple(table)


_CRC = _table()


def _crc(data: bytes, start: int, end: int) -> int:
    """Return the CRC-16 of the reversed polynomial 0x8005, as FIT uses it."""
    crc = 0
    for byte in memoryview(data)[start:end]:
        crc = crc >> 8 ^ _CRC[(crc ^ byte) & 0xFF]
    return crc
