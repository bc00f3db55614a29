"""JSON as a border reads it: the size first, and nothing that could mean two things.  Pure.

What is refused raises one of `WRONG`, which `because` makes into a reason; the callers know the
topic to blame.
"""

import json
import math
import re
from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from pydantic import JsonValue, ValidationError

from agent.events import EPOCH

PAYLOAD_BYTES_MAX = (
    256 * 1024
)  # a batch of 2,000 to 3,000 samples; a day's calendar many times over
REASON_LENGTH_MAX = 240
DIGITS_MAX = 19  # what a 64-bit number can have
WHOLE_MAX = 2**63 - 1
SECONDS_MAX = 253_402_300_799  # the end of year 9999

WRONG = (ValueError, OverflowError, RecursionError)
"""What reading a foreign payload may raise: the callers turn these into DecodeError."""


class WrongError(ValueError):
    """A payload says what it must not; the text says what."""


_RFC3339 = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?"
    r"([Zz]|[+-][0-9]{2}:[0-9]{2})"
)


def because(error: Exception) -> str:
    """Return why, in one bounded line that can be printed anywhere."""
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        text = f"{'.'.join(map(str, first['loc']))}: {first['msg']}".removeprefix(": ")
    elif isinstance(error, RecursionError):
        text = "nested too deeply"
    else:
        text = str(error)
    return shown(text, REASON_LENGTH_MAX)


def shown(value: object, length_max: int = 40) -> str:
    """Return *value* cut to *length_max* characters, all of them printable."""
    text = str(value)[:length_max]
    return "".join(one if one.isprintable() else "?" for one in text)


def text_of(payload: bytes) -> str:
    """Return *payload* as text; raise WrongError if it is too large or no UTF-8."""
    if len(payload) > PAYLOAD_BYTES_MAX:
        raise WrongError(f"{len(payload)} bytes, more than {PAYLOAD_BYTES_MAX}: send less at once")
    try:
        return payload.decode()
    except UnicodeDecodeError as error:
        raise WrongError(f"not UTF-8 at byte {error.start}") from error


def parse(payload: bytes) -> JsonValue:
    """Return what *payload* says; raise one of WRONG.

    Refused are NaN, infinities, repeated keys, numbers of more than 64 bits, half characters.
    """
    text = text_of(payload)
    value: JsonValue = json.loads(
        text,
        object_pairs_hook=_pairs,
        parse_int=_integer,
        parse_float=_real,
        parse_constant=_constant,
    )
    if "\\u" in text:
        json.dumps(value, ensure_ascii=False).encode()  # half a surrogate pair cannot be stored
    return value


def table(
    value: JsonValue, *, needs: Collection[str] = (), may: Collection[str] = ()
) -> dict[str, JsonValue]:
    """Return *value* if it is an object with all keys of *needs* and none beyond *may*."""
    if not isinstance(value, dict):
        raise WrongError(f"{shown(value)} is not a JSON object")
    for key in needs:
        if key not in value:
            raise WrongError(f"{key} is missing")
    for key in value:
        if key not in needs and key not in may:
            raise WrongError(f"{shown(key)} is not a key of this message")
    return value


def number(value: JsonValue, name: str) -> float:
    """Return *value* if it is a finite number and no boolean."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise WrongError(f"{name} is {shown(value)!r}, not a number")
    return float(value)


def whole(value: JsonValue, name: str) -> int:
    """Return *value* if it is a whole number of at most 64 bits, not below zero."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= WHOLE_MAX:
        raise WrongError(f"{name} is {shown(value)!r}, not a whole number from 0 to {WHOLE_MAX}")
    return value


def string(value: JsonValue, name: str, length_max: int) -> str:
    """Return *value* if it is a text of at most *length_max* characters."""
    if not isinstance(value, str):
        raise WrongError(f"{name} is {shown(value)!r}, not a text")
    if len(value) > length_max:
        raise WrongError(f"{name} has {len(value)} characters, more than {length_max}")
    return value


def instant(value: JsonValue, name: str = "time") -> datetime:
    """Return the time, in UTC, that an RFC 3339 text or a number of Unix seconds names."""
    if isinstance(value, str):
        if not _RFC3339.fullmatch(value):
            raise WrongError(f"{name} is {shown(value)!r}, not RFC 3339 with an offset")
        return datetime.fromisoformat(value.upper()).astimezone(UTC)
    seconds = number(value, name)
    if not 0 <= seconds <= SECONDS_MAX:
        raise WrongError(f"{name} is {seconds:g}: Unix seconds are wanted, not milliseconds")
    return EPOCH + timedelta(seconds=seconds)


def _pairs(pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise WrongError("a key comes twice in one object")
    return found


def _integer(text: str) -> int:
    if len(text) > DIGITS_MAX + 1:
        raise WrongError(f"a number of {len(text)} digits")
    return int(text)


def _real(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise WrongError(f"{shown(text)} is too large a number")
    return value


def _constant(text: str) -> float:
    raise WrongError(f"{text} is not a number in JSON")
