"""Keep reminders and timers, and say each when it is due, or late and marked so."""

from collections.abc import Sequence
from datetime import timedelta

from pydantic import BaseModel

from agent.config import Section
from agent.context import Context
from agent.events import ReminderSet
from agent.phrases import TOLD_LATE, listing, plural
from agent.ports import Recall
from agent.skill import (
    RECALL,
    Answer,
    Evidence,
    NoArguments,
    Proposal,
    Skill,
    Tool,
    Window,
    when,
)
from skills.reminder import sentences, timers, wishes
from skills.reminder.phrasing import upon, when_due
from skills.reminder.saying import TOGETHER, proposals

MISSED = timedelta(days=7)
LISTED_MAX = 100


class Settings(Section):
    """The reminder skill has no settings of its own."""


class Coming(BaseModel):
    """When the reminders are due that are asked for; at any time by default."""

    period: Window | None = None


def open_reminders(asked: Coming, __: Recall, context: Context) -> Answer:
    """Return the reminders that are still to come."""
    coming = in_order(context)
    awaited = [] if asked.period else [*context.awaited.values()]
    if asked.period is not None:
        if asked.period.until <= context.now:
            return Answer("I can tell only of reminders that are still to come.", known=False)
        coming = [one for one in coming if asked.period.since <= one.due < asked.period.until]
        if not coming:
            return Answer(f"No reminders are set for {asked.period.words}.", _none(asked.period))
    if not coming and not awaited:
        return Answer("You have no reminders set.", _none(asked.period))
    told = [f"{one.text} {when_due(one, context)}" for one in coming]
    told += [f"{one.text} {upon(one.occasion)}" for one in awaited]
    count = plural(len(told), "reminder")
    listed = listing(told[:LISTED_MAX])
    evidence = (
        Evidence(role="reminders", value=count, kind="count"),
        Evidence(role="reminder list", value=listed, kind="list", said=True),
        Evidence(
            role="next reminder",
            value=told[0],
            kind="name",
            since=coming[0].due if coming else None,
        ),
        *_when(asked.period),
    )
    texts = (*(one.text for one in coming), *(one.text for one in awaited))
    return Answer(f"{count}: {listed}.", evidence, listed=texts)


def missed(_: NoArguments, recall: Recall, context: Context) -> Answer:
    """Return the reminders that were told together in the last week, each by its name."""
    judged = recall.judgements(since=context.now - MISSED)
    told = [
        line
        for one in judged
        if one.skill == "reminder" and one.topic.startswith(f"{TOGETHER} ")
        for line in one.evidence
        if line != TOLD_LATE
    ]
    if not told:
        return Answer("No reminders were gathered in the last week.", _none(None))
    count = plural(len(told), "reminder")
    evidence = (Evidence(role="missed", value=count, kind="count"),)
    return Answer(f"{count} came together: {listing(told)}.", evidence, listed=tuple(told))


def in_order(context: Context) -> list[ReminderSet]:
    """Return the reminders to come, the next one first; timers are none."""
    every = (context.reminders[id_] for _, id_ in context.queue)
    return [one for one in every if not one.timer]


class Reminder(Skill):
    """Notice that a reminder has come due."""

    name = "reminder"
    fresh_min = 60 * 24
    settings = Settings
    theme = "promised"
    reads = frozenset(
        ("awaited", "calendar", "due", "entities", "named", "order", "reminders", "shown",
         "visits", RECALL)
    )  # fmt: skip
    wakes = frozenset(("minute", "schedule_due"))
    does = frozenset(("promise",))
    tools = (
        Tool(
            name="open_reminders",
            what="which reminders are set",
            examples=sentences.OPEN,
            arguments=Coming,
            answer=open_reminders,
        ),
        Tool(
            name="remind",
            what="setting a reminder",
            examples=sentences.REMIND,
            arguments=wishes.Wanted,
            answer=wishes.remind,
            acts=True,
            frames=sentences.REMINDS,
            asks={
                "text": "What shall I remind you of?",
                "due": "When shall I remind you?",
            },
        ),
        Tool(
            name="cancel",
            what="taking a reminder back",
            examples=sentences.CANCEL,
            arguments=wishes.Unwanted,
            answer=wishes.cancel,
            acts=True,
            removes=True,
            frames=sentences.CANCELS,
            asks={"text": "Which reminder shall I cancel?"},
        ),
        Tool(
            name="change",
            what="moving a reminder to another time",
            examples=sentences.CHANGE,
            arguments=wishes.Moved,
            answer=wishes.change,
            acts=True,
            frames=sentences.CHANGES,
            asks={
                "text": "Which reminder shall I move?",
                "due": "To when shall I move it?",
            },
        ),
        Tool(
            name="again",
            what="saying the last reminder again later",
            examples=sentences.SNOOZE,
            arguments=wishes.Later,
            answer=wishes.snooze,
            acts=True,
            frames=sentences.SNOOZES,
            asks={"due": "When shall I remind you again?"},
        ),
        Tool(
            name="missed",
            what="which reminders came together, late",
            examples=sentences.MISSED,
            arguments=NoArguments,
            answer=missed,
            exact=True,
        ),
        Tool(
            name="timer",
            what="starting a timer",
            examples=sentences.TIMER,
            arguments=timers.Started,
            answer=timers.start,
            acts=True,
            frames=sentences.TIMERS,
            asks={"length": "How long shall the timer run?"},
        ),
        Tool(
            name="time_left",
            what="how long a timer still runs",
            examples=sentences.LEFT,
            arguments=timers.Which,
            answer=timers.left,
        ),
        Tool(
            name="stop_timer",
            what="stopping a timer",
            examples=sentences.STOP,
            arguments=timers.Which,
            answer=timers.stop,
            acts=True,
            removes=True,
            frames=sentences.STOPS,
            asks={"label": "Which timer shall I stop?"},
        ),
    )

    def consider(self, context: Context, settings: Settings) -> Sequence[Proposal]:
        """Propose each that came due."""
        return proposals(context) if context.due else ()


def _none(period: Window | None) -> tuple[Evidence, ...]:
    return (Evidence(role="reminders", value="no reminders", kind="count"), *_when(period))


def _when(period: Window | None) -> tuple[Evidence, ...]:
    return () if period is None else (when(period),)
