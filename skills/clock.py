"""Tell the time and the date, where the wearer is."""

from collections.abc import Sequence

from agent.config import Section
from agent.context import Context
from agent.events import EPOCH
from agent.phrases import clock
from agent.ports import Recall
from agent.skill import Answer, Evidence, NoArguments, Proposal, Skill, Tool, sayings


class Settings(Section):
    """The clock has no settings of its own: the zone is the wearer's."""


def tell(_: NoArguments, __: Recall, context: Context) -> Answer:
    """Return the time of day, the date, and the week of the year (ISO 8601)."""
    if context.now == EPOCH:
        return Answer("I can't tell: the clock of this device is not set.", known=False)
    now = context.local_now
    time, date = clock(context.now, context.local), f"{now:%A}, {now.day} {now:%B %Y}"
    week = str(now.isocalendar().week)
    return Answer(
        f"It is {time} on {date}, in week {week}.",
        (
            Evidence(role="time", value=time, kind="time", said=True),
            Evidence(role="date", value=date, kind="time", said=True),
            Evidence(role="week", value=week, kind="count"),
        ),
    )


class Clock(Skill):
    """Answers, and never speaks by itself."""

    name = "clock"
    theme = "plans"
    settings = Settings
    reads = frozenset(())
    wakes = frozenset(())
    tools = (
        Tool(
            name="tell",
            what="the time and the date",
            by_clock=True,
            now_only=True,
            exact=True,
            examples=sayings("""
                what time is it | what's the time | what is the time | tell me the time
                what time do we have | how late is it | have you got the time
                can you tell me the time | what does the clock say | what hour is it
                what's the current time | what is the local time | tell me what time it is
                do you know what time it is | read me the clock | what o'clock is it
                what day is it | what day is it today | what's the date | what is the date
                what's today's date | what date is it | which day of the week is it
                what weekday is it | tell me the date | which date is today
                which week is it | can you tell me today's date
                give me the date | um what time is is it
            """),
            arguments=NoArguments,
            answer=tell,
        ),
    )

    def consider(self, context: Context, settings: Settings) -> Sequence[Proposal]:
        """Propose nothing."""
        return ()
