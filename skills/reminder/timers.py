"""Timers: how long from now, how long still, and none of it.  Pure."""

from datetime import timedelta

from pydantic import BaseModel, Field

from agent.context import Context, reminder_id
from agent.events import ReminderCancelled, ReminderSet
from agent.phrases import listing, plural
from agent.ports import Recall
from agent.skill import Answer, Evidence

LENGTH_MAX = timedelta(days=7)
LABEL_MAX = 40


class Started(BaseModel):
    """How long a timer runs, and what it is for."""

    length: timedelta = Field(gt=timedelta(), le=LENGTH_MAX)
    label: str = Field(default="", max_length=LABEL_MAX)


class Which(BaseModel):
    """Which timer is meant; all, where none is named."""

    label: str = Field(default="", max_length=LABEL_MAX)


def start(started: Started, _: Recall, context: Context) -> Answer:
    """Start a timer."""
    told = spoken(started.length)
    name = started.label or told
    due = context.now + started.length
    id_ = reminder_id(context.now, due=due, text=f"timer {name}")
    return Answer(
        f"The {name} timer runs: {told}.",
        (Evidence(role="timer", value=told, kind="duration", since=context.now, until=due),),
        events=(ReminderSet(at=context.now, id=id_, due=due, text=name, timer=True),),
        undo=(ReminderCancelled(at=context.now, id=id_),),
        offer=f"start a timer of {told}",
    )


def left(which: Which, _: Recall, context: Context) -> Answer:
    """Return how long each timer still runs."""
    running = _named(which, context)
    if not running:
        none = Evidence(role="timers", value="no timers", kind="count")
        return Answer(_no(which), (none,))
    told = [f"{spoken(one.due - context.now)} on the {one.text} timer" for one in running]
    evidence = tuple(
        Evidence(role="timer", value=text, kind="duration", until=one.due)
        for one, text in zip(running, told, strict=True)
    )
    verb = "is" if len(told) == 1 else "are"
    return Answer(f"There {verb} {listing(told)} left.", evidence)


def stop(which: Which, _: Recall, context: Context) -> Answer:
    """Stop the timer that is named, or all."""
    running = _named(which, context)
    if not running:
        return Answer(_no(which), known=False)
    names = listing([one.text for one in running])
    return Answer(
        f"Stopped the {names} {'timer' if len(running) == 1 else 'timers'}.",
        (Evidence(role="stopped", value=names, kind="list"),),
        events=tuple(ReminderCancelled(at=context.now, id=one.id) for one in running),
        undo=tuple(running),
        offer=f"stop {plural(len(running), 'timer')}",
        weighty=len(running) > 1,
    )


def spoken(length: timedelta) -> str:
    """Return a length of time in words: `1 h 30 min`, `45 s`."""
    seconds = max(0, round(length.total_seconds()))
    hours, rest = divmod(seconds, 3600)
    minutes, rest = divmod(rest, 60)
    parts = [(hours, "h"), (minutes, "min"), (rest, "s")]
    return " ".join(f"{count} {unit}" for count, unit in parts if count) or "0 s"


def _no(which: Which) -> str:
    return f"No {which.label} timer runs." if which.label else "No timer runs."


def _named(which: Which, context: Context) -> list[ReminderSet]:
    timers = (context.reminders[id_] for _, id_ in context.queue)
    running = [one for one in timers if one.timer]
    wanted = which.label.lower()
    return [one for one in running if not wanted or one.text.lower() == wanted]
