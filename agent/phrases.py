"""How times, durations and lists are worded, everywhere alike.  Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")
ENDINGS = {1: "st", 2: "nd", 3: "rd"}
NAME_WORDS_MAX = 4  # "extra virgin olive oil"
TOLD_LATE = "said to be late"
"""Among the evidence of a promise: its own words say that it is late."""
TALK = frozenset(
    "so again because need needs needed buying finished we i they he she you is are was were that "
    "this those these would could please erm um uh well like stick okay".split()
)
"""Words that no name of a thing has."""


def duration(length: timedelta) -> str:
    """Return *length* to the minute: `7 h 05 min`, `38 min`."""
    minutes = round(length / MINUTE)
    hours, rest = divmod(abs(minutes), 60)
    return f"{hours} h {rest:02d} min" if hours else f"{rest} min"


def clock(at: datetime, zone: ZoneInfo) -> str:
    """Return the wearer's time of day."""
    return f"{at.astimezone(zone):%H:%M}"


def moment(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """Return the time of *at*, with its day where that is not today: `17:00`, `09:00 tomorrow`."""
    day, time = at.astimezone(zone).date(), clock(at, zone)
    if day == now.astimezone(zone).date():
        return time
    return f"{time} {occasion(at, now, zone).rpartition(' at ')[0]}"


def occasion(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """Return when *at* is, seen from *now*: `tomorrow at 08:00`, `on 3 March at 09:00`."""
    then, today = at.astimezone(zone), now.astimezone(zone)
    days = (then.date() - today.date()).days
    if days == 0:
        return f"at {then:%H:%M}"
    if abs(days) == 1:
        return f"{'tomorrow' if days > 0 else 'yesterday'} at {then:%H:%M}"
    if 1 < days < 7:
        return f"on {then:%A} at {then:%H:%M}"
    year = f" {then.year}" if then.year != today.year else ""
    return f"on {then.day} {then:%B}{year} at {then:%H:%M}"


def listing(names: Sequence[str]) -> str:
    """Return `a, b and c`."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def short(text: str, most: int) -> str:
    """Return *text* in at most so many characters, cut at a word."""
    if len(text) <= most:
        return text
    cut = text[: most - 1]
    return f"{cut.rsplit(' ', 1)[0] or cut}…"


def plural(count: int, noun: str) -> str:
    """Return `1 meeting`, `3 meetings`."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def ordinal(count: int) -> str:
    """Return `third`, `21st`, `112th`."""
    if 0 < count <= len(ORDINALS):
        return ORDINALS[count - 1]
    ending = "th" if count // 10 % 10 == 1 else ENDINGS.get(count % 10, "th")
    return f"{count}{ending}"


def half_said(name: str) -> bool:
    """Return whether *name* reads like a piece of a sentence rather than the name of a thing."""
    words = name.lower().split()
    return len(words) > NAME_WORDS_MAX or not TALK.isdisjoint(words)
