"""When something comes again, by the wearer's wall clock, across every change of it.  Pure.

A time that the clock leaps over in spring is the first moment after the leap; one that it shows
twice in autumn is the first of the two.
"""

from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from agent.events import Again

ONE_DAY = timedelta(days=1)
MORNING = time(8)  # of what comes again on days, and was given no time
DAYS_MAX = 366 * 9  # 29 February comes again within eight years
MISSED_MAX = 1000


def wall(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Return the moment (UTC) at which the clock of *zone* shows *at* on *day*."""
    shown = datetime.combine(day, at, tzinfo=zone)
    first = shown.astimezone(UTC)
    if first.astimezone(zone).replace(tzinfo=None) == shown.replace(tzinfo=None):
        return first
    return _leap(shown.replace(fold=1).astimezone(UTC), first, zone)


def first_after(again: Again, *, asked: datetime, zone: ZoneInfo) -> datetime | None:
    """Return when what was *asked* for comes for the first time; None if never."""
    if again.unit == "minute":
        due = asked + timedelta(minutes=again.step)
        return due if again.until is None or due <= again.until else None
    return following(again, asked, after=asked, zone=zone)


def following(again: Again, due: datetime, *, after: datetime, zone: ZoneInfo) -> datetime | None:
    """Return the first time later than *after* of what was *due*; None if it comes no more."""
    found = _by_minutes(again, due, after) if again.unit == "minute" else None
    if again.unit != "minute":
        begun, start = due.astimezone(zone).date(), after.astimezone(zone).date() - ONE_DAY
        times = sorted(again.times) or [MORNING]
        moments = (wall(day, at, zone) for day in _days(again, start, begun) for at in times)
        found = next((one for one in moments if one > after), None)
    return found if found is None or again.until is None or found <= again.until else None


def missed(again: Again, due: datetime, *, until: datetime, zone: ZoneInfo) -> int:
    """Return how often it came after *due* up to *until*; at most MISSED_MAX."""
    count, one = 0, following(again, due, after=due, zone=zone)
    while one is not None and one <= until and count < MISSED_MAX:
        count, one = count + 1, following(again, one, after=one, zone=zone)
    return count


def _by_minutes(again: Again, due: datetime, after: datetime) -> datetime:
    step = timedelta(minutes=again.step)
    return due + max(1, (after - due) // step + 1) * step


def _days(again: Again, start: date, begun: date) -> Iterator[date]:
    """Yield the days on which it comes, from *start*; *begun* is one of them."""
    for away in range(DAYS_MAX):
        try:
            day = start + away * ONE_DAY
        except OverflowError:
            return
        if _is_on(again, day, begun):
            yield day


def _is_on(again: Again, day: date, begun: date) -> bool:
    match again.unit:
        case "minute":
            return False
        case "day":
            fits = not again.weekdays or day.weekday() in again.weekdays
            return fits and (day - begun).days % again.step == 0
        case "week":
            weeks = (_monday(day) - _monday(begun)).days // 7
            return day.weekday() in (again.weekdays or (begun.weekday(),)) and (
                weeks % again.step == 0
            )
        case "month":
            months = (day.year - begun.year) * 12 + day.month - begun.month
            return months % again.step == 0 and _is_in_month(again, day, begun)
        case "year":
            right = day.month == (again.month or begun.month)
            return (
                right
                and (day.year - begun.year) % again.step == 0
                and _is_in_month(again, day, begun)
            )


def _is_in_month(again: Again, day: date, begun: date) -> bool:
    length = monthrange(day.year, day.month)[1]
    if again.nth is not None and again.weekdays:
        place = (day.day - 1) // 7 + 1 if again.nth > 0 else -((length - day.day) // 7 + 1)
        return day.weekday() in again.weekdays and place == again.nth
    wanted = again.day or begun.day
    return day.day == (length if wanted < 0 else min(wanted, length))


def _monday(day: date) -> date:
    return day - day.weekday() * ONE_DAY


def _leap(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """Return the first second after *before* at which the clock has leapt."""
    leapt = after.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) // 2
        middle = middle.replace(microsecond=0)
        if middle <= before:
            break
        if middle.astimezone(zone).utcoffset() == leapt:
            after = middle
        else:
            before = middle
    return after.replace(microsecond=0)
