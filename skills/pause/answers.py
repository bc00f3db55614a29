"""How stressed the wearer is, and how full the day of meetings.  Pure."""

from collections.abc import Sequence
from datetime import timedelta

from pydantic import BaseModel

from agent.context import Context
from agent.events import Meeting
from agent.fusion.stress import RAISED
from agent.phrases import clock, duration, listing, plural
from agent.ports import Recall
from agent.skill import Answer, Evidence, NoArguments, Window, when

CALM_MAX = 30.0  # at or below this the wearer is calmer than usual
SURE_MIN = 0.6
UNSURE = "though I am not very sure"


class Meetings(BaseModel):
    """When the meetings are that are asked for; today by default."""

    period: Window | None = None


def stress_now(_: NoArguments, __: Recall, context: Context) -> Answer:
    """Return the stress estimate, with its confidence, or what is missing for it."""
    stress = context.stress
    score = stress.at(context.now)
    if score is None:
        return Answer(f"I can't tell: {_missing(context)}.", known=False)
    level = "raised" if score >= RAISED else "about your usual"
    sure = "" if stress.confidence >= SURE_MIN else f", {UNSURE}"
    evidence = [
        Evidence(
            role="stress",
            value=f"{score:.0f} of 100",
            unit="of 100",
            kind="figure",
            until=stress.measured_at,
        ),
        Evidence(role="level", value=_level(score), kind="comparison"),
    ]
    if stress.confidence < SURE_MIN:
        evidence.append(Evidence(role="sure", value=UNSURE, kind="caveat", said=True))
    return Answer(f"Your stress is {score:.0f} of 100, {level}{sure}.", tuple(evidence))


def meetings_today(asked: Meetings, __: Recall, context: Context) -> Answer:
    """Return how many meetings the calendar has, today or when asked for, and how long they are."""
    day = context.local_now.replace(hour=0, minute=0, second=0, microsecond=0)
    today = Window(since=day, until=day + timedelta(days=1), words="today")
    period = asked.period or today
    sources = context.calendar.sources.values()
    if not sources:
        return Answer("I can't tell: no calendar is connected.", known=False)
    read = any(one.since <= period.since and period.until <= one.until for one in sources)
    if asked.period is not None and not read:
        asked_for = period.words.removeprefix("on ")
        return Answer(f"I can't tell: no calendar was read for {asked_for}.", known=False)
    meetings = context.calendar.between(period.since, period.until)
    if not meetings:
        none = Evidence(role="meetings", value="no meetings", kind="count")
        return Answer(f"No meetings {period.words}.", (none, when(period)))
    total = sum((one.end - one.start for one in meetings), timedelta())
    count = plural(len(meetings), "meeting")
    evidence = (
        Evidence(role="meetings", value=count, kind="count"),
        Evidence(role="time in meetings", value=duration(total), kind="duration"),
        when(period),
        *_of_day(meetings, period, context),
    )
    return Answer(f"{count} {period.words}, {duration(total)} in all.", evidence)


def _level(score: float) -> str:
    if score >= RAISED:
        return "above your usual"
    return "about your usual" if score > CALM_MAX else "below your usual"


def _of_day(meetings: Sequence[Meeting], period: Window, context: Context) -> tuple[Evidence, ...]:
    """Return the titles in order, the longest, and when the wearer is free next."""
    zone, longest = context.local, max(meetings, key=lambda one: one.end - one.start)
    told = f"{longest.title} ({duration(longest.end - longest.start)})"
    titles = listing([one.title for one in meetings])
    found = (
        Evidence(role="titles", value=titles, kind="list"),
        Evidence(role="longest", value=told, kind="name", since=longest.start, until=longest.end),
    )
    if not period.since <= context.now < period.until:
        return found
    run = context.calendar.run_at(context.now)
    start = run.end if run else context.now
    after = context.calendar.next_after(start, within=period.until - start)
    free = f"from {clock(start, zone)}" if run else "now"
    if after is not None:
        free = f"{free} until {clock(after.start, zone)}"
    return (*found, Evidence(role="next free", value=free, kind="time", since=start))


def _missing(context: Context) -> str:
    if context.sleep.asleep_since is not None:
        return "while you sleep your stress is not estimated"
    if context.stress.usual.rate.count == 0:
        return "there is no heart rate at rest yet"
    return "there was no heart rate at rest in the last minutes, or too few to know your usual"
