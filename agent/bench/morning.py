"""A morning that can be asked about: a heart rate, steps, a meeting to come, a list."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from agent.events import CalendarChanged, Input, Item, ListChanged, Meeting, SampleMeasured
from agent.signals import HEART_RATE, STEPS

SOURCE = "bench"
MINUTES = 30


def morning(now: datetime) -> Iterator[Input]:
    """Yield what was measured and planned up to *now*."""
    day = timedelta(days=1)
    start, end = now + timedelta(hours=2), now + timedelta(hours=3)
    meeting = Meeting(uid="1", title="Garden plans", start=start, end=end)
    yield CalendarChanged(
        at=now, source=SOURCE, since=now - day, until=now + day, meetings=(meeting,)
    )
    items = tuple(Item(name=name) for name in ("bread", "apples", "soap"))
    yield ListChanged(at=now, source=SOURCE, name="grocery", items=items)
    for minute in range(MINUTES):
        at = now - timedelta(minutes=MINUTES - minute)
        for signal, value in ((HEART_RATE, 64.0 + minute % 7), (STEPS, 40.0)):
            yield SampleMeasured(at=at, source=SOURCE, signal=signal.id, value=value)
