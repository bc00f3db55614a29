"""What `carpal journal` does: the entries of days, collected from memory."""

from collections.abc import Mapping
from datetime import date, timedelta

from pydantic import JsonValue

from agent.app.pipeline import Pipeline
from agent.control import Reply
from agent.errors import ControlError
from skills.journal import entry

DAYS_MAX = 366
DAY = timedelta(days=1)


async def journal(pipeline: Pipeline, arguments: Mapping[str, JsonValue]) -> Reply:
    """Return the entries from the day `since` on, oldest first; of today where none is named.

    Raise ControlError where that is no day, is still to come, or lies over a year back.
    """
    context = pipeline.present()
    today = context.local_now.date()
    first = _day(arguments.get("since"), today)
    days = (today - first).days
    if not 0 <= days <= DAYS_MAX:
        raise ControlError(f"since {first} is not within the last {DAYS_MAX} days")
    every = [first + back * DAY for back in range(days + 1)]
    entries: list[JsonValue] = [
        {"day": day.isoformat(), "text": entry(day, context, pipeline.memory)} for day in every
    ]
    return {"entries": entries}


def _day(said: JsonValue, today: date) -> date:
    if said is None:
        return today
    try:
        return date.fromisoformat(str(said))
    except ValueError as error:
        raise ControlError(f"since {str(said)[:32]!r} is no date such as 2026-03-03") from error
