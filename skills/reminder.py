"""Say what the wearer asked to be reminded of, when it is due, or late and marked so."""

from collections.abc import Sequence
from datetime import timedelta

from pydantic import BaseModel

from agent.config import Section
from agent.context import Context
from agent.events import ReminderSet
from agent.phrases import clock, listing, plural, short
from agent.ports import Recall
from agent.skill import GLANCE_MAX, Answer, Evidence, Proposal, Tool, Window

LATE = timedelta(seconds=120)


class Settings(Section):
    """The reminder skill has no settings of its own."""


class Coming(BaseModel):
    """When the reminders are due that are asked for; at any time by default."""

    period: Window | None = None


def open_reminders(asked: Coming, __: Recall, context: Context) -> Answer:
    """Return the reminders that are still to come."""
    coming = sorted(context.reminders.values(), key=lambda one: (one.due, one.id))
    if asked.period is not None:
        if asked.period.until <= context.now:
            return Answer("I can tell only of reminders that are still to come.", known=False)
        coming = [one for one in coming if asked.period.since <= one.due < asked.period.until]
        if not coming:
            return Answer(f"No reminders are set for {asked.period.words}.", _none(asked.period))
    if not coming:
        return Answer("You have no reminders set.", _none(asked.period))
    told = [f"{one.text} at {clock(one.due, context.local)}" for one in coming]
    count, first = plural(len(coming), "reminder"), coming[0]
    evidence = (
        Evidence(role="reminders", value=count, kind="count"),
        Evidence(role="reminder list", value=listing([one.text for one in coming]), kind="list"),
        Evidence(role="next reminder", value=told[0], kind="name", since=first.due),
        *_when(asked.period),
    )
    return Answer(f"{count}: {listing(told)}.", evidence)


class Reminder:
    """Notice that a reminder has come due."""

    name = "reminder"
    fresh_min = 60 * 24 * 7
    settings = Settings
    tools = (
        Tool(
            name="open_reminders",
            what="which reminders are set",
            examples=(
                "what are my reminders",
                "which reminders do I have",
                "what did I ask you to remind me of",
                "do I have any reminders",
                "list my reminders",
                "show me my reminders",
                "what will you remind me about",
                "is there a reminder set",
                "is a reminder due soon",
                "how many reminders are still to come",
                "when is my next reminder",
                "what was I supposed to remember",
                "what do you have to remind me of",
            ),
            arguments=Coming,
            answer=open_reminders,
        ),
    )

    def consider(self, context: Context, settings: Settings) -> Sequence[Proposal]:
        """Propose each that came due."""
        return tuple(_say(one, context) for one in context.due) if context.due else ()


def _none(period: Window | None) -> tuple[Evidence, ...]:
    return (Evidence(role="reminders", value="no reminders", kind="count"), *_when(period))


def _when(period: Window | None) -> tuple[Evidence, ...]:
    if period is None:
        return ()
    found = Evidence(role="when", value=period.words, kind="window", said=True)
    return (found,)


def _say(reminder: ReminderSet, context: Context) -> Proposal:
    due = clock(reminder.due, context.local)
    late = f" (late: it was for {due})" if context.now - reminder.due > LATE else ""
    return Proposal(
        topic=f"reminder {reminder.id}",
        glance=short(reminder.text, GLANCE_MAX),
        text=f"{reminder.text}{late}",
        evidence=(f"asked for at {due}",),
        evidence_at=reminder.due,
        urgency="promised",
        haptic="long",
        due=reminder.due,
    )
