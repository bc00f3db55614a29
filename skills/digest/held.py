"""What came in at a bad moment, and how a stranger's text is quoted.  Pure."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from agent.context import Context
from agent.events import NotificationReceived
from agent.phrases import listing, short

NAME = "digest"
LATE_MAX = timedelta(hours=12)  # who was away for longer has seen the phone since
NAME_MAX = 40
QUOTED_MAX = 120
SENDERS_MAX = 3


class Held(NamedTuple):
    """One notification that came in at a bad moment."""

    source: str
    id: str
    app: str
    sender: str
    at: datetime
    during: str


def occasion(context: Context) -> str:
    """Return what the wearer is not to be disturbed in, as it is spoken of; empty if nothing."""
    if context.sleep.asleep_at(context.now):
        return "asleep"
    if context.focus_until > context.now:
        return "focused"
    meeting = context.calendar.meeting_at(context.now)
    return f"in {short(meeting.title, NAME_MAX)}" if meeting is not None else ""


def untold(context: Context) -> list[Held]:
    """Return what was held since the last digest of this kind."""
    told = [one.at for one in context.shown if one.skill == NAME and "held" in one.topic]
    last = max(told, default=context.now - LATE_MAX)
    return [one for one in held_of(context) if one.at > max(last, context.now - LATE_MAX)]


def held_of(context: Context) -> list[Held]:
    """Return what is held, oldest first."""
    rows = context.own(NAME).get("held", [])
    kept = (
        [[str(part) for part in row] for row in rows if isinstance(row, list)]
        if isinstance(rows, list)
        else []
    )
    return [
        Held(s, i, app, who, datetime.fromisoformat(at), during)
        for s, i, app, who, at, during in kept
    ]


def by_app(held: Sequence[Held]) -> str:
    """Return `3 Signal ("Anna", "Tom") and 2 Mail ("School")`."""
    parts = []
    for app, number in Counter(one.app for one in held).most_common():
        named = list(dict.fromkeys(one.sender for one in held if one.app == app and one.sender))
        senders = ", ".join(f'"{name}"' for name in named[:SENDERS_MAX])
        more = ", …" if len(named) > SENDERS_MAX else ""
        parts.append(f"{number} {app} ({senders}{more})" if named else f"{number} {app}")
    return listing(parts)


def during_of(held: Sequence[Held]) -> str:
    """Return what the wearer was not to be disturbed in: `in Budget and asleep`."""
    return listing(list(dict.fromkeys(one.during for one in held))[:SENDERS_MAX])


def is_from(one: NotificationReceived, name: str) -> bool:
    """Return whether *name* is among the words of a notification's app or title."""
    said = f" {_words(one.app)} {_words(one.title)} "
    return f" {_words(name)} " in said


def is_listed(one: NotificationReceived, names: Sequence[str]) -> bool:
    """Return whether a notification is from one of *names*."""
    return any(_words(name) and is_from(one, name) for name in names)


def _words(text: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in text.casefold()).split())


def app_name(app: str) -> str:
    """Return how an app is called: `org.thoughtcrime.Signal` is Signal."""
    return plain(app.rsplit(".", 1)[-1]) or "another app"


def quoted(one: NotificationReceived) -> str:
    """Return what a notification says, in quotation marks."""
    return f'"{short(plain(f"{one.title}: {one.text}" if one.text else one.title), QUOTED_MAX)}"'


def plain(text: str) -> str:
    """Return a stranger's text in one line, without what could end a quotation."""
    kept = "".join(letter if letter.isprintable() else " " for letter in text.replace('"', "'"))
    return short(" ".join(kept.split()), 4 * NAME_MAX)
