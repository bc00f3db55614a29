"""Visits to a shop, as a phone tells of them: each is worth one nudge.  Pure."""

import json
from datetime import datetime, timedelta

SHOP = (52.5200, 13.4050)
ELSEWHERE = (52.5000, 13.4050)
APART = timedelta(seconds=2)  # a visit is named by the second in which it began
LIST = ("carpal/me/list/grocery", b'{"items": ["milk"]}')


def away(begun: datetime, number: int) -> tuple[str, bytes]:
    """Return the message of a fix outside, before visit *number*."""
    return _fix(ELSEWHERE, begun + number * APART, 2 * number)


def arrival(begun: datetime, number: int) -> tuple[str, bytes]:
    """Return the message of the fix inside with which visit *number* begins."""
    return _fix(SHOP, begun + number * APART + APART / 2, 2 * number + 1)


def _fix(where: tuple[float, float], at: datetime, sequence: int) -> tuple[str, bytes]:
    content = {
        "time": at.isoformat(),
        "latitude": where[0],
        "longitude": where[1],
        "accuracy": 5,
        "sequence": sequence,
    }
    return "carpal/me/phone/location", json.dumps(content).encode()
