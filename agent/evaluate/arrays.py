"""One-dimensional arrays in NumPy's file format, read without NumPy."""

import ast
import struct
from pathlib import Path

from agent.errors import DecodeError

SIZE_MAX = 64 * 1024 * 1024
HEADER_MAX = 4096
MAGIC = b"\x93NUMPY"
CODES = {"f4": "f", "f8": "d", "i2": "h", "i4": "i", "i8": "q", "u2": "H", "u4": "I", "u8": "Q"}


def read_array(path: Path) -> tuple[float, ...]:
    """Return the numbers of the array in *path*; raise DecodeError if it is none of one axis."""
    try:
        if path.stat().st_size > SIZE_MAX:
            raise DecodeError(str(path), f"is longer than {SIZE_MAX} bytes")
        return decode_array(path.read_bytes(), name=str(path))
    except OSError as error:
        raise DecodeError(str(path), f"cannot be read: {error}") from error


def decode_array(payload: bytes, *, name: str) -> tuple[float, ...]:
    """Return the numbers of a `.npy` file of version 1 to 3; raise DecodeError.

    The format: magic, version (2 bytes), length of the header (2 bytes, 4 from version 2 on), a
    Python dictionary with `descr`, `fortran_order` and `shape`, then the numbers.
    """
    head, start = _header(payload, name)
    descr, shape = head.get("descr"), head.get("shape")
    if not isinstance(descr, str) or descr[:1] not in "<>|=" or descr[1:] not in CODES:
        raise DecodeError(name, f"an array of {str(descr)[:32]!r} is none of plain numbers")
    if not (isinstance(shape, tuple) and len(shape) == 1 and isinstance(shape[0], int)):
        raise DecodeError(name, f"an array of the shape {str(shape)[:32]} is no series")
    count, size = shape[0], int(descr[2:])
    if count < 0 or len(payload) - start < count * size:
        raise DecodeError(name, f"is cut off: {len(payload) - start} bytes for {count} numbers")
    order = ">" if descr[0] == ">" else "<"
    numbers = struct.unpack_from(f"{order}{count}{CODES[descr[1:]]}", payload, start)
    return tuple(float(number) for number in numbers)


def _header(payload: bytes, name: str) -> tuple[dict[object, object], int]:
    if payload[:6] != MAGIC or len(payload) < 12 or payload[6] not in (1, 2, 3):
        raise DecodeError(name, "is no array in NumPy's file format")
    wide = payload[6] > 1
    (length,) = struct.unpack_from("<I" if wide else "<H", payload, 8)
    begin = 12 if wide else 10
    if length > HEADER_MAX:
        raise DecodeError(name, f"has a header of {length} bytes")
    try:
        head = ast.literal_eval(payload[begin : begin + length].decode().strip())
    except (ValueError, SyntaxError, RecursionError, MemoryError) as error:
        raise DecodeError(name, f"has no header: {error!r}") from error
    if not isinstance(head, dict):
        raise DecodeError(name, "has no header")
    return head, begin + length
