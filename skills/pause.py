"""Suggest a walk when hours of meetings without a pause have raised the stress."""

from collections.abc import Sequence
from datetime import timedelta

from pydantic import BaseModel, Field

from agent.config import Section
from agent.context import Context
from agent.events import Fact, Meeting
from agent.fusion.meetings import Run
from agent.fusion.stress import RAISED
from agent.phrases import clock, duration, listing, plural
from agent.ports import Recall
from agent.skill import Answer, Evidence, NoArguments, Proposal, Skill, Tool, Window, sayings, when

AFTER_RUN = timedelta(minutes=20)  # a pause is no longer news once it is being taken
WALK_MIN = 10
WORTH = 0.8  # help with strain, not a wish that costs some
CALM_MAX = 30.0  # at or below this the wearer is calmer than usual
SURE_MIN = 0.6
UNSURE = "though I am not very sure"


class Settings(Section):
    """When meetings have been too many."""

    run_min: int = Field(
        default=240, ge=30, le=720, description="Back-to-back meetings this long, in minutes."
    )
    raised_min: int = Field(
        default=10, ge=1, le=120, description="Stress raised for this long, in minutes at rest."
    )


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


class Pause(Skill):
    """Notice four hours of meetings together with raised stress."""

    name = "break"
    fresh_min = 10
    settings = Settings
    theme = "wellbeing"
    reads = frozenset(("calendar", "sleep", "stress"))
    wakes = frozenset(("minute",))
    tools = (
        Tool(
            name="stress_now",
            what="how stressed you are",
            own=True,
            examples=sayings("""
                how stressed am I | am I stressed | what is my stress level
                how is my stress right now | do I need a break | is my stress up | am I tense
                am I calm | should I take a break | how high is my stress
                do I look stressed to you | am I under pressure | is my stress higher than usual
                can I relax | stress | stress level | my stress | stress score | what's my stress at
                how wound up am I | am I overdoing it | am I pushing too hard
                do you think I should rest | do I need to slow down | is it time for a pause
                time for a breather | should I step out for a minute | am I getting worked up
                how am I holding up | am I frazzled | how am I doing stress-wise | am I on edge
                I feel tense, is it so | is this stressing me | would a walk do me good now
                tell me how stressed I am please | do I have too much stress | I'm stressed or not
                is my body stressed | how relaxed am I | am I at ease | do I need to calm down
                my head is bursting, how bad is my stress | check my stress
                could I do with a break | um am I am I stressed | how much stress have I now
                am I okay or am I stressed | should I have a rest now | is my stress down again
                how's the pressure
            """),
            arguments=NoArguments,
            answer=stress_now,
            now_only=True,
        ),
        Tool(
            name="meetings_today",
            what="how many meetings you have today",
            own=True,
            examples=sayings("""
                how many meetings do I have today | how many meetings did I have today
                how long was I in meetings today | how busy is my day
                what meetings are there today | how full is my calendar today
                list my meetings today | what is on my calendar today | what is my schedule today
                which appointments do I have today | how many hours of meetings do I have today
                is today a busy day | do I have many meetings today
                how many meetings do I have tomorrow | how many meetings are there this afternoon
                how many meetings did I have yesterday | how many meetings {period}
                what meetings do I have {period} | am I busy {period}
                what's on my calendar {period} | what is in my diary {period} | my schedule {period}
                meetings {period} | calendar {period} | how does {period} look
                what does {period} look like | how full is {period}
                how much of {period} is meetings | how many calls do I have {period}
                list my appointments for {period} | anything on {period}
                do I have anything {period} | what have I got on {period} | am I free {period}
                is {period} packed | what's planned for {period}
                how long will I sit in meetings {period} | which meetings are on {period}
                {period}'s meetings | how many hours in meetings {period}
                show me my agenda for {period} | agenda {period} | my agenda
                read me my calendar for {period} | give me an overview of {period} | meetings
                my meetings | what's my longest meeting {period} | total time in meetings {period}
                when am I free {period} | so what's the damage meeting-wise {period}
                please tell my appointments {period} | do I have a lot on {period}
                how stuffed is my diary {period} | what's the plan {period}
                number of meetings {period} | how much time did I lose in meetings {period}
                um how many how many meetings {period}
            """),
            arguments=Meetings,
            answer=meetings_today,
        ),
    )

    def consider(self, context: Context, settings: Settings) -> Sequence[Proposal]:
        """Propose a walk once for each long run of meetings under stress."""
        stress = context.stress
        if stress.raised_since is None or stress.raised_min < settings.raised_min:
            return ()
        score = stress.at(context.now)
        run = context.calendar.busy_run(context.now, since=AFTER_RUN)
        if score is None or run is None:
            return ()
        lasted = min(run.end, context.now) - run.start
        if lasted < timedelta(minutes=settings.run_min):
            return ()
        return (_walk(context, run, lasted=lasted, score=score),)


def _walk(context: Context, run: Run, *, lasted: timedelta, score: float) -> Proposal:
    begun = sum(meeting.start <= context.now for meeting in run.meetings)
    since = clock(run.start, context.local)
    return Proposal(
        topic=f"meetings since {run.start:%Y-%m-%dT%H:%MZ}",
        glance=f"{duration(lasted)} of meetings: a walk?",
        text=(
            f"You have been in back-to-back meetings for {duration(lasted)} and your stress is "
            f"up: {WALK_MIN} minutes' walk?"
        ),
        evidence=(
            f"{plural(begun, 'meeting')} without a pause since {since}",
            f"stress {score:.0f} of 100, raised for {context.stress.raised_min} min at rest",
            f"confidence {context.stress.confidence:.2f}",
        ),
        evidence_at=context.stress.measured_at,
        confidence=context.stress.confidence,
        worth=WORTH,
        about="a pause",
        haptic="double",
        situation="meetings and stress",
        facts=(
            Fact(name="time in meetings", value=duration(lasted)),
            Fact(name="level", value="up"),
            Fact(name="walk", value=f"{WALK_MIN} minutes"),
        ),
    )


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
