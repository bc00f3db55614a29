"""Tell after waking how the night was against the usual, and what comes first today."""

from collections.abc import Sequence
from datetime import timedelta

from pydantic import BaseModel

from agent.config import Section
from agent.context import Context
from agent.events import FACT_MAX, Fact, Meeting
from agent.fusion.night import Compared
from agent.fusion.sleep import Night, Sleep
from agent.phrases import clock, duration, moment, plural, short
from agent.ports import Recall
from agent.skill import (
    GLANCE_MAX,
    Answer,
    Evidence,
    NoArguments,
    Proposal,
    Skill,
    Tool,
    Window,
    sayings,
)

STILL_MORNING = timedelta(hours=3)
DAY = timedelta(hours=16)
NIGHT_AGO_MAX = timedelta(hours=30)
UNUSUAL = 1.5  # spreads: one night of seven is as far from the middle by chance
AFTER_WAKING = timedelta(hours=1)
SAME = timedelta(minutes=10)  # a smaller difference from the usual is none


class Settings(Section):
    """The morning skill has no settings of its own."""


class Slept(BaseModel):
    """Which night; the last one by default."""

    window: Window | None = None


def last_night(asked: Slept, __: Recall, context: Context) -> Answer:
    """Return how long the last night was, against the usual."""
    sleep = context.sleep
    if asked.window is not None and sleep.nights and not _within(sleep.nights[-1], asked.window):
        return Answer("I can tell that only of last night.", known=False)
    if not sleep.nights or context.now - sleep.nights[-1].wake > NIGHT_AGO_MAX:
        return Answer("I can't tell: I have no measurements of last night.", known=False)
    night = sleep.nights[-1]
    start, end = clock(night.onset, context.local), clock(night.wake, context.local)
    against = _against(night, sleep.usual_asleep())
    text = f"You slept {duration(night.asleep)}, from {start} to {end}: {against}."
    return Answer(text, _of_night(sleep, night, context))


def night_quality(_: NoArguments, __: Recall, context: Context) -> Answer:
    """Return how restful the last night was, as far as it was measured: all of it estimates."""
    sleep = context.sleep
    if not sleep.nights or context.now - sleep.nights[-1].wake > NIGHT_AGO_MAX:
        return Answer("I can't tell: I have no measurements of last night.", known=False)
    found = _quality(sleep)
    if not found:
        return Answer("I can't tell: too little of last night was measured for that.", known=False)
    told = "; ".join(one.value for one in found)
    return Answer(f"By estimate, last night: {told}.", found)


def next_meeting(_: NoArguments, __: Recall, context: Context) -> Answer:
    """Return what comes next in the calendar within a day."""
    if not context.calendar.sources:
        return Answer("I can't tell: no calendar is connected.", known=False)
    meeting = context.calendar.next_after(context.now, within=timedelta(hours=24))
    if meeting is None:
        return Answer("Nothing more in your calendar for the next 24 hours.")
    when = moment(meeting.start, context.now, context.local)
    where = f" at {meeting.place}" if meeting.place else ""
    return Answer(f"Next is {meeting.title} at {when}{where}.", _of_meeting(meeting, context))


class Morning(Skill):
    """Notice waking."""

    name = "morning"
    fresh_min = 60
    settings = Settings
    theme = "wellbeing"
    reads = frozenset(("calendar", "shown", "sleep"))
    wakes = frozenset(("minute",))
    tools = (
        Tool(
            name="last_night",
            what="how you slept",
            own=True,
            examples=sayings("""
                how did I sleep | how did I sleep last night | how long did I sleep
                did I sleep enough | when did I wake up | was my night shorter than usual
                when did I fall asleep | how many hours did I sleep | was it a good night
                tell me about last night | how was my night's rest | did I sleep longer than usual
                what time did I get up | how much sleep did I get | what time did I go to bed
                was I late to bed | when did I turn in | bedtime last night | my sleep | sleep
                sleep last night | hours of sleep | how was my sleep | did I sleep well
                did I sleep badly | did I get a proper night | was last night short
                how does my night compare with normal | how much kip did I get
                did I get my eight hours | how many hours was I out | was I up early
                I feel wrecked, how long did I sleep | I'm so tired, was it the night
                how was the night | when was I out like a light | from when to when did I sleep
                what time did I wake this morning | did I oversleep today | did I sleep in
                how rested should I be | give me my sleep summary
                would you tell me how I slept please | sleep report
                how long have I slept this night | how long was I in bed asleep
                how well have I slept | what about my sleep
                did I drop off late | um how how did I sleep | any good, last night
                how late did I get to sleep | was my sleep okay | how much shut-eye was that
                did I wake up earlier than normal | how long do I usually sleep
                less sleep than usual
            """),
            arguments=Slept,
            answer=last_night,
        ),
        Tool(
            name="night_quality",
            what="how restful your night was",
            own=True,
            exact=True,
            examples=sayings("""
                what share of the night was deep sleep | how restless was I
                was I restless last night | how much deep sleep did I get
                how much deep sleep did I have | how much rem sleep did I get
                how long did I dream | sleep stages | what were my sleep stages
                how efficient was my sleep | sleep efficiency | what is my sleep efficiency
                how often did I wake up | how often was I awake | did I wake up a lot
                did I toss and turn | how much light sleep was there | was I awake in the night
                how long was I awake in the night | what about my rem sleep | sleep quality
                my sleep quality | how many minutes of rem sleep did I get
                how many minutes of deep sleep did I get | how broken was my sleep
                was my sleep broken | did I sleep through | how long was my deep sleep
                how much of it was deep sleep | how much of the night was deep
                light sleep and deep sleep | how much of the time in bed did I sleep
                tell me the stages of my sleep
            """),
            arguments=NoArguments,
            answer=night_quality,
        ),
        Tool(
            name="next_meeting",
            what="what is next in your calendar",
            own=True,
            examples=sayings("""
                what is next | what is my next meeting | when is my next meeting
                what is next in my calendar | when do I have to be where
                what is my first appointment | what comes after this | where do I have to be next
                when does my next appointment start | is there a meeting coming up
                what is the next event | who is my next meeting with | do I have anything soon
                what time is my next meeting | next meeting | next appointment | what's up next
                what now | where is my next meeting | which room is my next meeting in
                how long until my next meeting | how much time do I have before the next one
                am I about to be late for something
                what's the next thing on my calendar | where should I be going
                what am I supposed to be doing next | do I need to run somewhere
                what have I got coming up | do I have time for a coffee before the next meeting
                when's the next call | next call | tell me my next appointment please
                is something on soon | when does it start, the next meeting
                which meeting is coming | what room am I in next | what's on after this
                after this, what is | how soon is my next meeting
                could you check what I've got next | next event | next up | until when am I free
                have I anything else on today | what's waiting for me next
                um next meeting when is it | in how many minutes is my next meeting
                the following appointment is when
                where must I go next
            """),
            arguments=NoArguments,
            answer=next_meeting,
            now_only=True,
        ),
    )

    def consider(self, context: Context, settings: Settings) -> Sequence[Proposal]:
        """Propose one report a morning."""
        woke = context.sleep.awake_since
        if woke is None or context.now - woke > STILL_MORNING or not context.sleep.nights:
            return ()
        night = context.sleep.nights[-1]
        topic = f"night to {night.wake.astimezone(context.local):%Y-%m-%d}"
        shown = context.answer(self.name, topic)
        if shown is not None and shown.answer != "snoozed":
            return ()
        first = context.calendar.next_after(context.now, within=DAY)
        slept, usual = duration(night.asleep), context.sleep.usual_asleep()
        against = _against(night, usual)
        begin = f", first {clock(first.start, context.local)}" if first else ", a free day"
        return (
            Proposal(
                topic=topic,
                glance=short(f"Slept {slept}{begin}", GLANCE_MAX),
                text=(
                    f"You slept {slept}, {against}"
                    f"{_striking(context.sleep)}; {_first(first, context)}."
                ),
                evidence=_evidence(context, night, usual),
                evidence_at=context.now,
                situation="good morning",
                facts=_facts(slept, against if usual else "", first, context),
            ),
        )


def _of_night(sleep: Sleep, night: Night, context: Context) -> tuple[Evidence, ...]:
    start, end = clock(night.onset, context.local), clock(night.wake, context.local)
    asleep = duration(night.asleep)
    found = [
        Evidence(role="asleep", value=asleep, kind="duration", since=night.onset, until=night.wake),
        Evidence(role="bedtime", value=start, kind="time", since=night.onset),
        Evidence(role="wake time", value=end, kind="time", since=night.wake),
    ]
    usual = sleep.usual_asleep()
    if usual is not None:
        against = _against(night, usual)
        found.insert(1, Evidence(role="compared with usual", value=against, kind="comparison"))
        found.append(Evidence(role="usual sleep", value=duration(usual), kind="duration"))
    return tuple(found)


def _of_meeting(meeting: Meeting, context: Context) -> tuple[Evidence, ...]:
    start, end = (moment(at, context.now, context.local) for at in (meeting.start, meeting.end))
    left = duration(meeting.start - context.now)
    found = [
        Evidence(
            role="meeting",
            value=meeting.title,
            kind="name",
            since=meeting.start,
            until=meeting.end,
        ),
        Evidence(role="start", value=start, kind="time", since=meeting.start),
        Evidence(role="end", value=end, kind="time", since=meeting.end),
        Evidence(role="time until", value=left, kind="duration", until=meeting.start),
    ]
    if meeting.place:
        found.append(Evidence(role="room", value=meeting.place, kind="name"))
    return tuple(found)


def _facts(slept: str, against: str, first: Meeting | None, context: Context) -> tuple[Fact, ...]:
    found = [("asleep", slept)]
    if against:
        found.append(("compared with usual", against))
    if first is not None:
        start = clock(first.start, context.local)
        found.append(("first meeting", f"{first.title} at {start}"))
        found += [("room", first.place)] if first.place else []
    return tuple(Fact(name=name, value=short(value, FACT_MAX)) for name, value in found)


def _within(night: Night, window: Window) -> bool:
    """Return whether *window* names *night*: one day at most, and the waking or the sleep in it."""
    short_enough = window.until - window.since <= timedelta(hours=25)
    ends_after = window.since <= night.wake and night.wake <= window.until + AFTER_WAKING
    return short_enough and (ends_after and night.onset < window.until)


def _against(night: Night, usual: timedelta | None) -> str:
    if usual is None:
        return "and I do not know your usual yet"
    more = night.asleep - usual
    if abs(more) < SAME:
        return "about your usual"
    return f"{duration(more)} {'more' if more > timedelta() else 'less'} than usual"


def _first(meeting: Meeting | None, context: Context) -> str:
    if meeting is not None:
        return f"first is {meeting.title} at {clock(meeting.start, context.local)}"
    if context.calendar.sources:
        return "nothing is in your calendar today"
    return "no calendar is connected"


def _evidence(context: Context, night: Night, usual: timedelta | None) -> tuple[str, ...]:
    zone = context.local
    nights = len(context.sleep.nights) - 1
    before = plural(nights, "night")
    known = f"usual {duration(usual)}, of {before}" if usual else f"{before} before"
    told = (one.value for one in _quality(context.sleep))
    return (f"asleep from {clock(night.onset, zone)} to {clock(night.wake, zone)}", known, *told)


def _quality(sleep: Sleep) -> tuple[Evidence, ...]:
    """Return what is known of how the last night was, each against the usual where that is known.

    Heart rate and motion tell stages coarsely: how sure they are is said with them.
    """
    night, found = sleep.nights[-1], []
    if night.efficiency is not None:
        usual = _beside_usual(sleep.efficiency_against_usual())
        told = f"asleep for {night.efficiency:.0%} of the time in bed{usual}"
        found.append(Evidence(role="efficiency", value=told, kind="figure"))
    if night.restless is not None:
        usual = _beside_usual(sleep.restless_against_usual())
        told = f"restless for {night.restless:.0%} of it{usual}"
        found.append(Evidence(role="restless", value=told, kind="figure"))
    if night.awakenings is not None:
        told = f"awake {plural(night.awakenings, 'time')}, {night.awake_min} min in all"
        found.append(Evidence(role="awakenings", value=told, kind="count"))
    if night.stages is not None:
        minutes = (night.stages.deep_min, night.stages.rem_min)
        deep, rem = (duration(timedelta(minutes=one)) for one in minutes)
        sure = f"{night.stages.confidence:.0%} sure"
        told = f"about {deep} deep and {rem} of dreams ({sure})"
        found.append(Evidence(role="stages", value=told, kind="caveat", said=True))
    return tuple(found)


def _beside_usual(compared: Compared | None) -> str:
    return "" if compared is None else f" (usually {compared.usual:.0%})"


def _striking(sleep: Sleep) -> str:
    """Return what of the night was far from the usual, if anything was."""
    restless = sleep.restless_against_usual()
    if restless is not None and restless.deviation >= UNUSUAL:
        return ", and more restlessly than usual"
    calm = restless is not None and restless.deviation <= -UNUSUAL
    return ", and more calmly than usual" if calm else ""
