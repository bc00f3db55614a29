"""Write the entry of a day from what was measured, planned and said, and tell any day of it."""

from collections.abc import Sequence
from datetime import timedelta

from pydantic import BaseModel, Field

from agent.config import Section
from agent.context import Context
from agent.phrases import plural, short
from agent.ports import Recall
from agent.skill import (
    GLANCE_MAX,
    RECALL,
    Answer,
    Evidence,
    Proposal,
    Skill,
    Tool,
    Window,
    sayings,
    when,
)
from skills.journal.entry import PARTS, bounds, entry, lines_of, stays_of

__all__ = ["Journal", "entry"]

A_DAY_MAX = timedelta(hours=25)  # one in autumn is as long
LASTS = timedelta(hours=14)  # after midnight: until the digest of the next noon
SAID_MAX = 12
KNOWN_MIN = 60


class Settings(Section):
    """When the entry of the day is offered."""

    from_hour: int = Field(
        default=21, ge=12, le=23, description="The entry is offered from this hour on, local time."
    )


class Of(BaseModel):
    """Which day; today by default."""

    window: Window | None = None


def journal_entry(asked: Of, recall: Recall, context: Context) -> Answer:
    """Return what is known of a day, in order."""
    window = asked.window
    if window is not None and window.until - window.since > A_DAY_MAX:
        return Answer("I can tell one day at a time; `carpal journal` writes many.", known=False)
    day = (window.since if window else context.now).astimezone(context.local).date()
    if day > context.local_now.date():
        return Answer("I can't tell of a day that is still to come.", known=False)
    found = list(lines_of(day, context, recall))
    words = window.words if window else "today"
    if not found:
        return Answer(f"I can't tell: nothing is known of {words}.", known=False)
    kept = found[:SAID_MAX]
    evidence = tuple(
        Evidence(
            role=part.lower(),
            value=" ".join(one.text for one in kept if one.part == part),
            kind="list",
        )
        for part in PARTS
        if any(one.part == part for one in kept)
    )
    since, until = bounds(day, context)
    of = when(Window(since=since, until=until, words=words))
    more = len(found) - len(kept)
    rest = f" And {plural(more, 'more line')}: `carpal journal`." if more else ""
    return Answer(" ".join(one.text for one in kept) + rest, (*evidence, of))


class Journal(Skill):
    """Offer the day's entry once each evening, from 21 o'clock on, where there is something in it.

    Only in a digest: it is no news that could not wait.
    """

    name = "journal"
    fresh_min = 60 * 24
    settings = Settings
    theme = "wellbeing"
    reads = frozenset(("calendar", "place", "seated", "sleep", "stays", "waiting", RECALL))
    wakes = frozenset(("minute",))
    tools = (
        Tool(
            name="journal_entry",
            what="what a day was like",
            own=True,
            exact=True,
            examples=sayings("""
                write my journal | what did my day look like | how was my day | my journal
                what did I do {window} | what was {window} like | what happened {window}
                tell me about my day | sum up my day | summary of my day | my day in short
                write the journal of {window} | my journal of {window} | journal for {window}
                tell me the story of my day | the day in my journal | what have I done today
                where was I and what did I do {window} | show me my journal | read me my journal
                write today's entry | what's in my journal | journal | diary | my diary
                write my diary | read my diary of {window} | diary of {window}
                give me a summary of {window} | sum up {window} for me | recap of {window}
                recap my day | review my day | what did I get up to {window}
                tell me what I did {window} | what was I doing {window}
                the story of my day | how was {window} for me
            """),
            arguments=Of,
            answer=journal_entry,
        ),
    )

    def consider(self, context: Context, settings: Settings) -> Sequence[Proposal]:
        """Propose the entry of the day, from an hour of the evening on."""
        local = context.local_now
        if local.hour < settings.from_hour:
            return ()
        topic = f"entry of {local:%Y-%m-%d}"
        if any(one.topic == topic for one in context.waiting):
            return ()
        span = bounds(local.date(), context)
        meetings = len(context.calendar.between(*span))
        stays, moved = len(stays_of(span, context)), context.seated.known_min
        if not meetings and not stays and moved < KNOWN_MIN:
            return ()
        counted = [plural(meetings, "meeting"), plural(stays, "stay")]
        return (
            Proposal(
                topic=topic,
                glance=short(f"The journal of {local:%A} is written", GLANCE_MAX),
                text=f"The journal of {local:%A} is written: `carpal journal` shows it.",
                evidence=tuple(counted),
                evidence_at=context.now,
                expires=span.until + LASTS,
                urgency="low",
                worth=0.3,
            ),
        )
