"""Keep account of the sleep that is missing, and suggest to wind down before the usual bedtime."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from statistics import median

from pydantic import BaseModel, Field

from agent.config import Section
from agent.context import Context
from agent.events import Fact
from agent.fusion.sleep import Night
from agent.phrases import clock, duration, listing, plural
from agent.ports import Recall
from agent.skill import GLANCE_MAX, Answer, Evidence, NoArguments, Proposal, Skill, Tool, sayings

DEBT_NIGHTS = 3
USUAL_NIGHTS_MIN = 5  # nights before those, of which the usual is the median
BEDTIME_NIGHTS_MIN, BEDTIME_NIGHTS = 5, 14
LEAD = timedelta(minutes=45)
BEFORE_QUIET = timedelta(minutes=30)  # where quiet hours begin before that, it is said before them
LATER = timedelta(hours=3)  # quiet hours that begin longer before bed than this are not about it
LASTS = timedelta(hours=1)
LAST_NIGHT_MAX = timedelta(hours=36)  # without the last night the debt is not known
WEEK = 7
DAY = timedelta(days=1)
DAY_MIN = 1440
GROWS_MIN = timedelta(minutes=15)  # the last night was short too: the debt grows, not shrinks
MINUTE = timedelta(minutes=1)


class Settings(Section):
    """How much missing sleep is worth a word."""

    debt_min: int = Field(
        default=90, ge=15, le=600, description="Sleep missing over three nights, in minutes."
    )


class Debt(BaseModel):
    """The sleep missing over the last nights."""

    missing: timedelta
    usual: timedelta
    last: timedelta
    """How much of it is of the last night."""


def sleep_debt(_: NoArguments, __: Recall, context: Context) -> Answer:
    """Return how much sleep is missing over the last three nights, against the own usual."""
    debt = debt_of(context)
    if debt is None:
        return Answer(f"I can't tell: {_missing(context)}.", known=False)
    nights = plural(DEBT_NIGHTS, "night")
    evidence = [
        Evidence(role="usual sleep", value=duration(debt.usual), kind="duration"),
        Evidence(role="nights", value=nights, kind="count"),
    ]
    if debt.missing < MINUTE:
        told = f"None: over the last {nights} you slept as long as usual, or longer."
        return Answer(told, tuple(evidence))
    missing = duration(debt.missing)
    evidence.insert(0, Evidence(role="sleep debt", value=missing, kind="duration"))
    text = f"You are {missing} short over the last {nights}; usual is {duration(debt.usual)}."
    return Answer(text, tuple(evidence))


def bedtime(_: NoArguments, __: Recall, context: Context) -> Answer:
    """Return when the wearer usually falls asleep."""
    usual = bedtime_min(context)
    if usual is None:
        return Answer(f"I can't tell: {_missing(context)}.", known=False)
    hour, minute = divmod(usual, 60)
    told, count = f"{hour:02d}:{minute:02d}", min(len(context.sleep.nights), BEDTIME_NIGHTS)
    evidence = (
        Evidence(role="usual bedtime", value=told, kind="time"),
        Evidence(role="nights", value=plural(count, "night"), kind="count"),
    )
    return Answer(f"You usually fall asleep at about {told}, by the last {count} nights.", evidence)


def nights_of_week(_: NoArguments, __: Recall, context: Context) -> Answer:
    """Return the nights of the last seven days, and their mean."""
    nights = [one for one in context.sleep.nights if context.now - one.wake <= WEEK * DAY]
    if not nights:
        return Answer("I can't tell: no night was measured in the last seven days.", known=False)
    told = [f"{one.wake.astimezone(context.local):%A} {duration(one.asleep)}" for one in nights]
    mean = sum((one.asleep for one in nights), timedelta()) / len(nights)
    shortest = min(nights, key=lambda one: one.asleep)
    evidence = (
        Evidence(role="nights", value=listing(told), kind="list", since=nights[0].onset),
        Evidence(role="average sleep", value=duration(mean), kind="duration"),
        Evidence(
            role="shortest night",
            value=f"{shortest.wake.astimezone(context.local):%A}, {duration(shortest.asleep)}",
            kind="name",
        ),
    )
    return Answer(f"The nights to {listing(told)}: {duration(mean)} on average.", evidence)


def debt_of(context: Context) -> Debt | None:
    """Return the sleep missing over the last three nights; None of too few, or old ones."""
    nights = context.sleep.nights
    if len(nights) < DEBT_NIGHTS + USUAL_NIGHTS_MIN:
        return None
    if context.now - nights[-1].wake > LAST_NIGHT_MAX:
        return None
    usual = median(one.asleep / MINUTE for one in nights[:-DEBT_NIGHTS]) * MINUTE
    short = [usual - one.asleep for one in nights[-DEBT_NIGHTS:]]
    return Debt(missing=max(sum(short, timedelta()), timedelta()), usual=usual, last=short[-1])


def bedtime_min(context: Context) -> int | None:
    """Return the usual onset of sleep as minutes after local midnight; None of too few nights.

    The clock is round: each onset counts by its nearest distance to the last one.
    """
    nights = context.sleep.nights[-BEDTIME_NIGHTS:]
    if len(nights) < BEDTIME_NIGHTS_MIN:
        return None
    clocks = [_clock_min(night, context) for night in nights]
    around = [(one - clocks[-1] + DAY_MIN / 2) % DAY_MIN - DAY_MIN / 2 for one in clocks]
    return round(clocks[-1] + median(around)) % DAY_MIN


class SleepDebt(Skill):
    """Suggest to wind down, once an evening, while sleep is missing and the debt grows.

    The debt is what the last three nights were shorter than the wearer's own usual (the median of
    at least five nights before those).  It is said 45 minutes before the usual bedtime, or half an
    hour before quiet hours where those begin earlier, and is no news an hour later.
    """

    name = "sleep"
    fresh_min = 60
    settings = Settings
    theme = "wellbeing"
    reads = frozenset(("rules", "sleep"))
    wakes = frozenset(("minute",))
    tools = (
        Tool(
            name="sleep_debt",
            what="how much sleep you are short of",
            own=True,
            examples=sayings("""
                what is my sleep debt | do I have a sleep debt | how much sleep am I missing
                am I short of sleep | how much sleep do I have to catch up on | sleep debt
                am I behind on sleep | how far behind on sleep am I | my sleep debt
                how much sleep do I owe myself | do I need to catch up on sleep
                have I been sleeping too little | is my sleep deficit big | sleep deficit
                how big is my sleep deficit | am I getting too little sleep lately
                how sleep deprived am I | did the short nights add up
                how much rest do I have to make up for | should I go to bed early
                do I need an early night | is an early night due | am I running low on sleep
                how many hours of sleep am I lacking | what sleep do I still owe
                is my sleep account in the red | tell me my sleep debt please
                how tired should I be by now | am I undersleeping | sleep backlog
                have I had enough sleep these nights
            """),
            arguments=NoArguments,
            answer=sleep_debt,
        ),
        Tool(
            name="bedtime",
            what="when you usually go to sleep",
            own=True,
            examples=sayings("""
                when do I usually go to bed | what is my usual bedtime | my usual bedtime
                when do I normally fall asleep | at what time do I usually sleep
                what time do I tend to go to bed | when do I typically turn in
                what's my bedtime | when is my bedtime | when should I go to bed
                when would I normally be asleep | usual bedtime | my bedtime
                at what hour do I usually turn in | what time should I be in bed
                how late do I usually go to sleep | when do I go to sleep as a rule
                when am I asleep usually | normal bedtime | when do I mostly fall asleep
                what is the usual time for me to sleep | is it bedtime | is it my bedtime yet
                when is it time for bed | how late do I stay up usually
                tell me my usual bedtime please | when do I nod off normally
                which bedtime is normal with me | do I go to bed late as a rule
                by when am I usually asleep
            """),
            arguments=NoArguments,
            answer=bedtime,
        ),
        Tool(
            name="nights_of_week",
            what="your nights of the last week",
            own=True,
            examples=sayings("""
                how were my nights | list my nights | show me my nights
                my nights one by one | how have I been sleeping lately
                how long were my nights | my nights | which was my shortest night
                list the last nights | what is my average sleep
                average night | my sleep average | which night was the worst
                sleep history | my sleep history | show my sleep history | list of my nights
                how many hours did I sleep each night | how regular is my sleep
                which night did I sleep the least | which night was the longest
                give me an overview of my nights | how did the nights go
                sleep overview | overview of my sleep | compare my nights
                sleep by night | my sleep night by night | nights overview
                list my last nights please | what were my nights like
            """),
            arguments=NoArguments,
            answer=nights_of_week,
        ),
    )

    def consider(self, context: Context, settings: Settings) -> Sequence[Proposal]:
        """Propose to wind down in the hour that it is for."""
        if len(context.sleep.nights) < DEBT_NIGHTS + USUAL_NIGHTS_MIN:
            return ()
        bed = _coming_bedtime(context)
        start = None if bed is None else _start(bed, context)
        if bed is None or start is None or not start <= context.now < start + LASTS:
            return ()
        debt = debt_of(context)
        if debt is None or debt.last < GROWS_MIN:
            return ()
        if debt.missing < settings.debt_min * MINUTE:
            return ()
        return (_wind_down(context, debt, bed, until=start + LASTS),)


def _wind_down(context: Context, debt: Debt, bed: datetime, *, until: datetime) -> Proposal:
    missing, usual = duration(debt.missing), clock(bed, context.local)
    glance = f"{missing} of sleep short: wind down"
    return Proposal(
        topic=f"wind down {bed.astimezone(context.local):%Y-%m-%d}",
        glance=glance[:GLANCE_MAX],
        text=(
            f"You are {missing} of sleep short over the last {DEBT_NIGHTS} nights; your usual "
            f"bedtime is {usual}: time to wind down?"
        ),
        evidence=(
            f"usual sleep {duration(debt.usual)}, the last night {duration(debt.last)} less",
            f"usual bedtime {usual}",
        ),
        evidence_at=context.now,
        expires=until,
        about="wind down",
        situation="short of sleep",
        facts=(Fact(name="sleep debt", value=missing), Fact(name="usual bedtime", value=usual)),
    )


def _coming_bedtime(context: Context) -> datetime | None:
    """Return the usual bedtime that is nearest to now, of the last hours or to come."""
    usual = bedtime_min(context)
    if usual is None:
        return None
    local = context.local_now
    bed = local.replace(hour=usual // 60, minute=usual % 60, second=0, microsecond=0)
    return min((bed + days * DAY for days in (-1, 0, 1)), key=lambda one: abs(one - local))


def _start(bed: datetime, context: Context) -> datetime:
    """Return when to speak: so long before *bed*, and not in the quiet hours before it."""
    quiet = context.rules.policy.quiet_from
    begins = bed.replace(hour=quiet.hour, minute=quiet.minute)
    if begins > bed:
        begins -= DAY
    early = bed - begins <= LATER
    return min(bed - LEAD, begins - BEFORE_QUIET) if early else bed - LEAD


def _clock_min(night: Night, context: Context) -> int:
    local = night.onset.astimezone(context.local)
    return local.hour * 60 + local.minute


def _missing(context: Context) -> str:
    nights = len(context.sleep.nights)
    if nights < DEBT_NIGHTS + USUAL_NIGHTS_MIN:
        return "too few nights were measured so far to know your usual"
    return "the last night was not measured"
