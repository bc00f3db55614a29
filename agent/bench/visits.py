"""Visits to a shop, as a phone tells of them: each is worth one nudge.  Pure."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

SHOP = (52.5200, 13.4050)
ELSEWHERE = (52.5000, 13.4050)
APART = timedelta(seconds=2)  # a visit is named by the second in which it began
LIST = ("carpal/me/list/grocery", b'{"items": ["milk"]}')


def away(begun: datetime, number: int, *, standing: bool = False) -> Sequence[tuple[str, bytes]]:
    """Return the messages of two fixes outside before visit *number*: one alone may be an error.

    *standing*: a device that measures its own speed says that nobody drives, however far the fixes
    lie apart.
    """
    start = begun + number * APART
    fixes = [_fix(ELSEWHERE, start + APART / 4 * n, 3 * number + n) for n in range(2)]
    content = {"time": start.isoformat(), "value": 0, "unit": "m/s"}
    stands = ("carpal/me/watch/speed", json.dumps(content).encode())
    return [stands, *fixes] if standing else fixes


def arrival(begun: datetime, number: int) -> tuple[str, bytes]:
    """Return the message of the fix inside with which visit *number* begins."""
    return _fix(SHOP, begun + number * APART + APART / 2, 3 * number + 2)


def _fix(where: tuple[float, float], at: datetime, sequence: int) -> tuple[str, bytes]:
    content = {
        "time": at.isoformat(),
        "latitude": where[0],
        "longitude": where[1],
        "accuracy": 5,
        "sequence": sequence,
    }
    return "carpal/me/phone/location", json.dumps(content).encode()
