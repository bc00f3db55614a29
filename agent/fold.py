"""How one input changes what the agent believes: each family of events is folded here.  Pure."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar, assert_never

from agent.config import KnownPlace
from agent.context import REMINDER, SKILL, WAKE, Context, Latest, because
from agent.events import (
    Around,
    CalendarChanged,
    EntityChanged,
    GapDetected,
    ListChanged,
    ListEdited,
    LocationMeasured,
    NotificationCleared,
    NotificationReceived,
    PlaceForgotten,
    PlaceNamed,
    Plan,
    RegionCrossed,
    ReminderAwaited,
    ReminderCancelled,
    ReminderSet,
    SampleMeasured,
    ScheduleDue,
    SourceSynced,
    Where,
    World,
    ZoneChanged,
)
from agent.fusion.baseline import Activity, Baseline, Measure
from agent.fusion.lists import Edits
from agent.fusion.motion import Motion
from agent.fusion.parking import Fix, Parking
from agent.fusion.place import Place, is_same
from agent.fusion.reminders import ALL, Reminders
from agent.fusion.stress.minute import Minute
from agent.signals import RESPIRATION, SPEECH_SHARE, SPEED

ValueT = TypeVar("ValueT")
WEARER = "wearer"
"""The source of what the wearer says by hand."""
AFTER_EFFORT = timedelta(minutes=4)  # the heart rate after walking falls within some minutes
AFTER_VIGOROUS = timedelta(minutes=45)  # after running it takes most of an hour
MINUTE = timedelta(minutes=1)
HAND_MG_MAX = 50  # a hand that works shakes what light measures at its wrist
NAMED_MAX, NOTIFICATIONS_MAX, ENTITIES_MAX = 200, 40, 200


def fold_world(context: Context, event: World) -> Context:
    """Return the context after what the body or the place said."""
    now = max(context.now, event.at)
    match event:
        case SampleMeasured():
            return _fold_sample(context, event, now)
        case LocationMeasured():
            return _fold_fix(context, event, now)
        case SourceSynced() | GapDetected():
            return _placed(replace(context, now=now), context.place.look(now))
        case _:
            assert_never(event)


def fold_where(context: Context, event: Where) -> Context:
    """Return the context after what told where the wearer is in words."""
    context = replace(context, now=max(context.now, event.at))
    match event:
        case ZoneChanged(zone=zone):
            told = replace(context, zone=zone)
            return _reminding(told, _reminders(told).rezoned(told.local, told.now))
        case PlaceNamed(name=name):
            place = KnownPlace(
                name=name,
                kind=event.place,
                latitude_deg=event.latitude_deg,
                longitude_deg=event.longitude_deg,
                radius_m=event.radius_m,
            )
            named = _newest(context.named, name, place, most=NAMED_MAX)
            found = replace(context, named=named)
            return _named_here(found, place, event.at) if event.source == WEARER else found
        case PlaceForgotten(name=name):
            left = {key: one for key, one in context.named.items() if key != name}
            after = replace(context, named=left)
            known = any(place.name == name for place in after.places)
            return after if known else replace(after, place=context.place.forget(name))
        case RegionCrossed():
            return _placed(context, context.place.crossed(event, context.places))
        case _:
            assert_never(event)


def fold_around(context: Context, event: Around) -> Context:
    """Return the context after what another device said."""
    context = replace(context, now=max(context.now, event.at))
    match event:
        case NotificationReceived() | NotificationCleared():
            key = (event.source, event.id)
            others = [one for one in context.notifications if (one.source, one.id) != key]
            if isinstance(event, NotificationReceived):
                others.append(event)
            return replace(context, notifications=tuple(others[-NOTIFICATIONS_MAX:]))
        case EntityChanged(entity=entity):
            after = _newest(context.entities, entity, event, most=ENTITIES_MAX)
            return replace(context, entities=after)
        case _:
            assert_never(event)


def fold_plan(context: Context, event: Plan) -> Context:
    """Return the context after what the calendar, a list or the clock said."""
    context = replace(context, now=max(context.now, event.at))
    match event:
        case CalendarChanged():
            told = replace(context, calendar=context.calendar.fold(event))
            return _reminding(told, _reminders(context).moved(event))
        case ListChanged() | ListEdited():
            return _fold_list(context, event)
        case ReminderSet() | ReminderAwaited() | ReminderCancelled():
            return _reminding(context, _reminders(context).fold(event))
        case ScheduleDue():
            return _fold_due(context, event)
        case _:
            assert_never(event)


def _fold_fix(context: Context, fix: LocationMeasured, now: datetime) -> Context:
    sources = context.sources.fold(fix)
    if fix.quality != "good":
        return replace(context, now=now, sources=sources)
    place = context.place.fold(fix, context.places)
    motion = context.motion
    if place is not context.place and place.speed_ms is not None and not _has_speed(context, fix):
        motion = motion.moved(place.speed_ms, fix.at)
    visits = context.visits.fold(fix, context.local)
    told = replace(
        context,
        now=now,
        sources=sources,
        visits=visits,
        motion=motion,
        parking=_parking(context, motion, place, now),
    )
    return _placed(told, place)


def _parking(context: Context, motion: Motion, place: Place, now: datetime) -> Parking:
    if motion.state != "driving" and context.parking.driving_since is None:
        return context.parking
    fix = Fix(place.latitude_deg, place.longitude_deg, place.measured_at)
    return context.parking.fold(motion.state, now, fix=fix, speed_ms=motion.speed_ms)


def _has_speed(context: Context, fix: LocationMeasured) -> bool:
    """Return whether a device measures the speed itself: better than two fixes tell it."""
    newest = context.latest.get(SPEED.id)
    return newest is not None and (fix.at - newest.at).total_seconds() <= SPEED.fresh_s


def _placed(context: Context, place: Place) -> Context:
    """Return the context with *place*; who came from one known place to another made a trip.

    Not who stayed somewhere on the way: that tells nothing of how long the way takes.
    """
    context = _stayed(context, place)
    here, last, trips = place.here, place.last, context.trips
    if here is None or last is None or here is context.place.here:
        return replace(context, place=place)
    if not context.visits.stayed(place.left_at, place.since, besides=(last, here)):
        trips = trips.fold(last.name, here.name, left=place.left_at, came=place.since)
    return replace(context, place=place, trips=trips)


def _stayed(context: Context, place: Place) -> Context:
    """Return the context with the stay noted that ended when *place* became what is believed."""
    before = context.place
    if before.here is None or place.here is before.here or is_same(before.here, place.here):
        return context
    # A name that was taken back ends no stay: nobody left.
    if place.left_at <= before.since:
        return context
    told = context.stays.fold(before.here.name, since=before.since, until=place.left_at)
    return replace(context, stays=told)


def _named_here(context: Context, place: KnownPlace, at: datetime) -> Context:
    """Return the context after the wearer named the place where they are: they are there."""
    since = context.visits.since if context.visits.fixes else at
    return replace(context, place=context.place.named(place, at, since=since))


def _newest(
    known: Mapping[str, ValueT], key: str, value: ValueT, *, most: int
) -> Mapping[str, ValueT]:
    kept = {name: one for name, one in known.items() if name != key}
    if len(kept) >= most:
        kept.pop(next(iter(kept)))
    return {**kept, key: value}


def _fold_sample(context: Context, sample: SampleMeasured, now: datetime) -> Context:
    sources = context.sources.fold(sample)
    if sample.quality != "good":
        return replace(context, now=now, sources=sources)
    newest = context.latest.get(sample.signal)
    latest = context.latest
    if newest is None or sample.at >= newest.at:
        latest = {**latest, sample.signal: Latest(sample.value, sample.at, sample.source)}
    motion, sleep = context.motion.fold(sample), context.sleep.fold(sample)
    parking, seated = context.parking, context.seated
    if motion is not context.motion:
        parking = _parking(context, motion, context.place, sample.at)
    asleep, still = sleep.asleep_since is not None, _still(motion, sample.at)
    gated = asleep or _moved(motion, sample.at)
    known = motion.at(sample.at) != "unknown"
    held = known and motion.motion_mg is not None  # a speed says nothing of the hand
    stress = context.stress.fold(sample, gated=gated, known=known)
    baseline = context.baseline
    if stress.open.start != context.stress.open.start:
        baseline = _learned(context, context.stress.open)
    if sample.at - seated.looked_at >= MINUTE:
        state = motion.at(sample.at)
        seated = seated.look(
            sample.at, state=state, effort_at=motion.effort_at, asleep=asleep, zone=context.local
        )
    heard = sample.signal == SPEECH_SHARE.id and sample.value > 0
    return replace(
        context,
        now=now,
        sources=sources,
        latest=latest,
        heard_at=max(context.heard_at, sample.at) if heard else context.heard_at,
        fall=context.fall.fold(sample),
        motion=motion,
        parking=parking,
        seated=seated,
        training=context.training.fold(sample, context.local),
        sleep=sleep,
        stress=stress,
        rhythm=context.rhythm.fold(sample, gated=not still, known=held),
        acute=context.acute.fold(
            sample, gated=not still, known=held, asleep=asleep, own=sleep.rate
        ),
        baseline=baseline,
        illness=context.illness.fold(sample, asleep=asleep, zone=context.local),
    )


def _learned(context: Context, closed: Minute) -> Baseline:
    """Return what is usual after the minute that has just ended, as it was lived."""
    look = closed.look
    if look is None:
        return context.baseline
    activity: Activity = "moving" if closed.gated else "still"
    if context.sleep.asleep_since is not None:
        activity = "asleep"
    measures: dict[Measure, float | None] = {
        "heart_rate": look.heart_bpm,
        "log_rmssd": look.log_rmssd,
        "log_electrodermal": look.log_electrodermal,
        "skin_temperature": look.skin_degc,
        "respiration": context.value(RESPIRATION.id),
    }
    hour = closed.start.astimezone(context.local).hour
    baseline = context.baseline
    for measure, value in measures.items():
        if value is not None:
            baseline = baseline.add(measure, value, hour=hour, activity=activity)
    return baseline


def _fold_list(context: Context, event: ListChanged | ListEdited) -> Context:
    told, edits = context.lists.get(event.name), context.edits.get(event.name)
    if isinstance(event, ListEdited):
        after = (edits or Edits()).fold(event, told)
        return replace(context, edits={**context.edits, event.name: after})
    lists = {**context.lists, event.name: event}
    if edits is None:
        return replace(context, lists=lists)
    after = edits.told(told, event)
    return replace(context, lists=lists, edits={**context.edits, event.name: after})


def _moved(motion: Motion, at: datetime) -> bool:
    return at - motion.effort_at < AFTER_EFFORT or at - motion.vigorous_at < AFTER_VIGOROUS


def _still(motion: Motion, at: datetime) -> bool:
    return not _moved(motion, at) and (motion.motion_mg or 0.0) <= HAND_MG_MAX


def _fold_due(context: Context, event: ScheduleDue) -> Context:
    if event.name.startswith(SKILL):
        return _woken(context, event.name.removeprefix(SKILL))
    if not event.name.startswith((REMINDER, ALL)):
        return _placed(context, context.place.look(context.now))
    told = because(context, event.name.removeprefix(REMINDER)) if context.awaited else ""
    after = _reminders(context).came_due(event, zone=context.local, because=told)
    return _reminding(context, after)


def _woken(context: Context, skill: str) -> Context:
    """Return the context in which *skill* has been woken: it says itself when again."""
    rest = {key: value for key, value in context.own(skill).items() if key != WAKE}
    return replace(context, memories={**context.memories, skill: rest})


def _reminders(context: Context) -> Reminders:
    return Reminders(context.reminders, context.queue, context.awaited, context.due)


def _reminding(context: Context, kept: Reminders) -> Context:
    return replace(
        context, reminders=kept.timed, order=kept.order, awaited=kept.awaited, due=kept.due
    )
