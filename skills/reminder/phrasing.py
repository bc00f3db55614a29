"""How it is said when a reminder comes: "every weekday at 08:00", "when you get home".  Pure."""

from datetime import timedelta

from agent.context import Context
from agent.events import Again, Occasion, ReminderSet
from agent.phrases import clock, listing, occasion, ordinal

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
WEEKDAYS, WEEKEND = (0, 1, 2, 3, 4), (5, 6)


def when_due(one: ReminderSet, context: Context) -> str:
    """Return when *one* is due, and how it comes again: `every day at 08:00`."""
    if one.again is not None:
        return repeated(one.again, context)
    return occasion(one.due, context.now, context.local)


def repeated(again: Again, context: Context) -> str:
    """Return how it comes again."""
    until = f" until {clock(again.until, context.local)}" if again.until else ""
    if again.until is not None and again.until - context.now > timedelta(days=1):
        last = again.until.astimezone(context.local)
        until = f" until {last.day} {last:%B}"
    if again.unit == "minute":
        return f"{_each(again.step)}{until}"
    times = listing([f"{one:%H:%M}" for one in again.times] or ["08:00"])
    return f"{_on_days(again)} at {times}{until}"


def upon(occasion_: Occasion) -> str:
    """Return the occasion: `when you leave work`."""
    name = occasion_.name
    match occasion_.happens:
        case "with":
            return f"when you are with {name}"
        case "leave":
            return f"when you leave {_the(name)}"
        case "arrive":
            return "when you get home" if name == "home" else f"when you get to {_the(name)}"


def _the(name: str) -> str:
    return name if name in ("home", "work") or not name.islower() else f"the {name}"


def _each(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    if rest:
        return f"every {minutes} minutes"
    return "every hour" if hours == 1 else f"every {hours} hours"


def _on_days(again: Again) -> str:
    match again.unit:
        case "month":
            return f"{_nth_of(again)} of every {_so_many(again.step)}month{_s(again.step)}"
        case "year":
            month = _MONTHS[(again.month or 1) - 1]
            return f"every {_so_many(again.step)}year{_s(again.step)} on {again.day} {month}"
        case _:
            return f"every {_named(again)}"


def _named(again: Again) -> str:
    days = tuple(sorted(again.weekdays))
    known = {WEEKDAYS: "weekday", WEEKEND: "weekend day"}
    if days in known and again.step == 1:
        return known[days]
    if days:
        other = {1: "", 2: "other "}.get(again.step, f"{ordinal(again.step)} ")
        return f"{other}{listing([_DAYS[one] for one in days])}"
    return f"{_so_many(again.step)}{again.unit}{_s(again.step)}"


def _nth_of(again: Again) -> str:
    day = again.nth if again.nth is not None else again.day or 1
    nth = "last" if day < 0 else ordinal(day)
    named = f" {_DAYS[again.weekdays[0]]}" if again.nth is not None and again.weekdays else " day"
    return f"on the {nth}{named if again.nth is not None or day < 0 else ''}"


def _so_many(step: int) -> str:
    return f"{step} " if step > 1 else ""


def _s(step: int) -> str:
    return "s" if step > 1 else ""
