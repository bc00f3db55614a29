"""The situation: what is believed of now, part by part, each with what it rests on.  Pure.

A part that cannot be told says what is missing.  Nothing here is new: it is the context, said.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from agent.config import KnownPlace
from agent.context import Context
from agent.events import EPOCH, Meeting
from agent.fusion.baseline import Activity
from agent.fusion.sleep import Night, Sleep
from agent.fusion.trips import named_in
from agent.phrases import clock, duration, moment, ordinal, plural
from agent.signals import (
    CADENCE,
    ELECTRODERMAL,
    HEART_RATE,
    IBI,
    LOCATION,
    MOTION,
    MOTION_PEAK,
    SIGNALS,
    SKIN_TEMPERATURE,
    SPEED,
    SPO2,
)

DAY = timedelta(days=1)
UNUSUAL = 1.5  # spreads: one value of seven is as far from the middle by chance
FREE_MIN = timedelta(minutes=30)
STRESS_OVER = timedelta(minutes=10)
MOTION_OVER = timedelta(minutes=2)
PLACE_OVER = timedelta(minutes=15)
SIGNS_OVER = timedelta(minutes=15)
SIGNS_NEED = "minutes at rest with heart rate, beats or blood oxygen"
SIGNS = {
    "fast_heart": "fast heart at rest",
    "slow_heart": "slow heart at rest",
    "low_oxygen": "low blood oxygen",
}
RIDES = {"cycling": "cycling", "driving": "in a vehicle"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """The samples behind a part: a signal, and the time they are of."""

    signal: str
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One thing that is believed of now, or that cannot be told."""

    name: str
    value: str
    """A spoken phrase: `stress 78`; empty where it cannot be told."""
    missing: str = ""
    """What would be needed, where it cannot be told; empty too where there is nothing to tell."""
    confidence: float | None = None
    """0-1; None where the part is certain or has none."""
    since: datetime | None = None
    bases: tuple[Basis, ...] = ()
    because: tuple[str, ...] = ()
    """What else it rests on, a line each: meetings, learned places, the usual."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """All parts of one moment."""

    at: datetime
    parts: tuple[Part, ...]

    @property
    def sentence(self) -> str:
        """Return all that can be told in one line: `third meeting in a row, stress 78, office`."""
        told = ", ".join(part.value for part in self.parts if part.value)
        return told or "nothing is known of now: no source has delivered anything that still holds"


def situation(context: Context) -> Situation:
    """Return the situation at `context.now`."""
    return Situation(
        at=context.now,
        parts=(
            _meetings(context),
            _stress(context),
            _place(context),
            _motion(context),
            _rest(context),
            _heart(context),
            _signs(context),
            _next(context),
        ),
    )


def travel(context: Context, meeting: Meeting) -> tuple[KnownPlace, timedelta] | None:
    """Return where *meeting* is and how long the way there usually takes, by past trips.

    None where its place is no known one, the wearer is at no known one, or the trips are too few.
    """
    there = place_of(context, meeting)
    here = context.place.here if context.place.known_at(context.now) else None
    if there is None or here is None or there.name == here.name:
        return None
    spent = context.trips.safe(here.name, there.name)
    return None if spent is None else (there, spent)


def place_of(context: Context, meeting: Meeting) -> KnownPlace | None:
    """Return the known place that the location of *meeting* names."""
    return named_in(meeting.place, context.places)


def _meetings(context: Context) -> Part:
    calendar, now, zone = context.calendar, context.now, context.local
    if not calendar.sources:
        return Part(name="meetings", value="", missing="a calendar: a file, a folder or CalDAV")
    meeting, count = calendar.meeting_at(now), calendar.in_a_row(now)
    load = calendar.load(now, window=timedelta(hours=4))
    because = [f"{duration(load)} of the last 4 h in meetings"] if load else []
    because += [f"all day: {one.title}" for one in calendar.all_day(now)]
    if meeting is None:
        return Part(name="meetings", value="no meeting now", because=tuple(because))
    run = calendar.run_at(now)
    because += [
        f"{clock(one.start, zone)}-{clock(one.end, zone)} {one.title}"
        for one in (run.meetings if run else ())
        if one.start <= now
    ]
    what = f"{ordinal(count)} meeting in a row" if count > 1 else "in a meeting"
    value = f"{what} ({meeting.title}, until {clock(meeting.end, zone)})"
    return Part(name="meetings", value=value, since=meeting.start, because=tuple(because))


def _stress(context: Context) -> Part:
    stress, now = context.stress, context.now
    score = stress.at(now)
    if score is None:
        return Part(name="stress", value="", missing=_stress_missing(context))
    since = stress.measured_at - STRESS_OVER
    used = (HEART_RATE, IBI, ELECTRODERMAL, SKIN_TEMPERATURE, MOTION)
    raised = stress.raised_since
    because = [f"raised since {clock(raised, context.local)}"] if raised else []
    return Part(
        name="stress",
        value=f"stress {score:.0f}",
        confidence=stress.confidence,
        since=raised,
        bases=_bases(context, tuple(one.id for one in used), since=since),
        because=tuple(because),
    )


def _stress_missing(context: Context) -> str:
    now = context.now
    if context.value(HEART_RATE.id) is None and context.value(IBI.id) is None:
        return "a heart rate of the last minutes"
    if context.sleep.asleep_at(now):
        return "being awake"
    if context.motion.at(now) in ("walking", "running", "cycling"):
        return "some minutes at rest: the heart still works for the legs"
    return "more minutes at rest to know what is usual for you, or after moving"


def _place(context: Context) -> Part:
    place, now = context.place, context.now
    if not place.known_at(now):
        return Part(name="place", value="", missing="a location of the last quarter of an hour")
    bases = (Basis(signal=LOCATION.id, since=place.measured_at - PLACE_OVER, until=now),)
    if place.here is not None:
        stayed = f"since {moment(place.since, now, context.local)}"
        learned = any(one.name == place.here.name for one in context.visits.anchors)
        because = (stayed, "learned from where your nights and days are") if learned else (stayed,)
        return Part(
            name="place",
            value=f"at {place.here.name}",
            since=place.since,
            bases=bases,
            because=because,
        )
    spot = context.visits.here(now)
    known = f"you have stayed here {plural(spot.stays, 'time')}" if spot else "no stay here before"
    how = "`carpal place NAME` names it"
    return Part(name="place", value="elsewhere", bases=bases, because=(known, how))


def _motion(context: Context) -> Part:
    motion, now = context.motion, context.now
    state = motion.at(now)
    if state == "unknown":
        return Part(name="motion", value="", missing="acceleration, steps or speed just now")
    asleep = context.sleep.asleep_at(now)
    seated = "lying" if asleep else "still"
    value = seated if state == "still" else RIDES.get(state, state)
    used = (MOTION.id, CADENCE.id, SPEED.id)
    since = motion.measured_at - MOTION_OVER
    bases = _bases(context, used, since=since)
    if not bases:  # two fixes told the speed
        bases = (Basis(signal=LOCATION.id, since=since, until=motion.measured_at),)
    return Part(name="motion", value=value, since=motion.since, bases=bases)


def _rest(context: Context) -> Part:
    sleep, now = context.sleep, context.now
    if sleep.asleep_at(now) and sleep.asleep_since is not None:
        since = sleep.asleep_since
        bases = _bases(context, (HEART_RATE.id, MOTION.id), since=since)
        return Part(name="sleep", value="asleep", since=since, bases=bases)
    nights = [night for night in sleep.nights if now - night.wake <= DAY]
    if not nights:
        return Part(name="sleep", value="", missing="a night with heart rate or motion")
    last = nights[-1]
    return Part(
        name="sleep",
        value=f"slept {duration(last.asleep)}",
        since=last.wake,
        bases=(Basis(signal=HEART_RATE.id, since=last.onset, until=last.wake),),
        because=tuple(_of_night(last, sleep, context.local)),
    )


def _of_night(night: Night, sleep: Sleep, zone: ZoneInfo) -> Iterator[str]:
    """Yield what is known of *night*, the last one, and how it lies to those before."""
    yield f"{clock(night.onset, zone)} to {clock(night.wake, zone)}"
    if night.efficiency is not None:
        yield f"{night.efficiency:.0%} of the time in bed"
    if night.stages is not None:
        stages = night.stages
        deep, rem = plural(stages.deep_min, "minute"), plural(stages.rem_min, "minute")
        yield f"about {deep} deep and {rem} of dreams ({stages.confidence:.0%} sure)"
    usual = sleep.asleep_against_usual()
    if usual is None:
        yield "not enough nights yet to say what is usual for you"
    else:
        yield f"usually {duration(timedelta(minutes=usual.usual))} ({usual.deviation:+.1f} spreads)"


def _heart(context: Context) -> Part:
    value, newest = context.value(HEART_RATE.id), context.latest.get(HEART_RATE.id)
    if value is None or newest is None:
        return Part(name="heart", value="", missing="a heart rate of the last five minutes")
    at = clock(newest.at, context.local)
    return Part(
        name="heart",
        value=f"heart rate {value:.0f} bpm",
        bases=_bases(context, (HEART_RATE.id,), since=newest.at),
        because=(f"{newest.source} at {at}", _against_usual(context, value)),
    )


def _against_usual(context: Context, rate_bpm: float) -> str:
    """Return how a heart rate of now lies to the wearer's own, or that this is not known yet."""
    activity: Activity = "still" if context.motion.at(context.now) == "still" else "moving"
    if context.sleep.asleep_at(context.now):
        activity = "asleep"
    hour = context.local_now.hour
    usual = context.baseline.usual("heart_rate", hour=hour, activity=activity)
    if usual is None:
        return "not enough data yet to say what is usual for you"
    far = (rate_bpm - usual.middle) / usual.spread
    if abs(far) < UNUSUAL:
        return f"as usual for you ({usual.of}: {usual.middle:.0f} bpm)"
    side = "above" if far > 0 else "below"
    return f"{abs(far):.1f} spreads {side} your usual ({usual.of}: {usual.middle:.0f} bpm)"


def _signs(context: Context) -> Part:
    now, fell, rhythm = context.now, context.fall.open_at(context.now), context.rhythm
    held = [("maybe fallen", fell)] if fell is not None else []
    held += [(SIGNS[one.name], one.since) for one in context.acute.at(now)]
    if rhythm.at(now) in ("watch", "doctor") and rhythm.since is not None:
        held.append(("irregular pulse", rhythm.since))
    if not held:
        looked = max(context.acute.heart_at, context.acute.oxygen_at, rhythm.measured_at)
        missing = "" if looked > EPOCH and now - looked <= SIGNS_OVER else SIGNS_NEED
        return Part(name="body signs", value="", missing=missing)
    since = min(at for _, at in held)
    used = (HEART_RATE.id, IBI.id, SPO2.id, MOTION_PEAK.id)
    return Part(
        name="body signs",
        value=", ".join(what for what, _ in held),
        since=since,
        bases=_bases(context, used, since=since),
        because=tuple(f"{what} since {moment(at, now, context.local)}" for what, at in held),
    )


def _next(context: Context) -> Part:
    calendar, now, zone = context.calendar, context.now, context.local
    meeting = calendar.next_after(now, within=DAY)
    if meeting is None:
        return Part(name="next", value="", missing="a meeting in the next 24 h")
    way, because = travel(context, meeting), []
    if way is not None:
        there, spent = way
        leave = clock(meeting.start - spent, zone)
        because.append(f"leave at {leave}: {duration(spent)} to {there.name} by your past trips")
    free = calendar.next_free(now, at_least=FREE_MIN, within=DAY)
    if free is not None:
        start, end = free
        since = "now" if start == now else moment(start, now, zone)
        because.append(f"free from {since} until {moment(end, now, zone)}")
    value = f"next {moment(meeting.start, now, zone)} {meeting.title}"
    return Part(name="next", value=value, since=meeting.start, because=tuple(because))


def _bases(context: Context, signals: tuple[str, ...], *, since: datetime) -> tuple[Basis, ...]:
    return tuple(_known(context, signals, since=max(since, EPOCH)))


def _known(context: Context, signals: tuple[str, ...], *, since: datetime) -> Iterator[Basis]:
    for signal in signals:
        newest = context.latest.get(signal)
        if newest is not None and signal in SIGNALS and newest.at >= since:
            yield Basis(signal=signal, since=since, until=newest.at)
