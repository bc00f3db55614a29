"""The same skills and policy on a true context: what the estimators would say if they never erred.

Once a minute place, motion, stress, sleep and speech are set from what truly is; calendar, lists,
reminders and wishes are as they were told.  What is measured of the body is not seen at all.
"""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from operator import attrgetter

from agent.config import KnownPlace
from agent.context import Context, Latest
from agent.evaluate.month_lived import Life, Told
from agent.evaluate.truth import MINUTE
from agent.events import Input, SourceSynced
from agent.fusion.motion import Motion, MotionState
from agent.fusion.place import Place
from agent.fusion.seated import Seated
from agent.fusion.sleep import NIGHT_MIN, NIGHTS_MAX, Night, Sleep
from agent.fusion.stress import RAISED, Stress
from agent.fusion.trips import Trips
from agent.sensor import measured
from agent.signals import HEART_RATE, SPEECH_SHARE
from agent.skill import Skill
from sensors.simulated.body import MANNERS
from sensors.simulated.diary import Activity
from sensors.simulated.latent import RAISED as STRAINED
from sensors.simulated.latent import Span
from sensors.simulated.month import Month
from sensors.simulated.worn_month import told

ORACLE = "oracle"
RESTING_BPM = 65.0
STATES: dict[Activity, MotionState] = {
    Activity.WALKING: "walking",
    Activity.RUNNING: "running",
    Activity.CYCLING: "cycling",
    Activity.DRIVING: "driving",
    Activity.RIDING: "driving",
}


@dataclass
class Truth:
    """What truly is, as a context says it; asked minute by minute, in order."""

    month: Month
    places: dict[str, KnownPlace]
    strained_since: datetime | None = None
    trips: Trips = field(default_factory=Trips)
    place: Place = field(default_factory=Place)
    motion: Motion = field(default_factory=Motion)
    seated: Seated = field(default_factory=Seated)
    nights: tuple[Night, ...] = ()
    awake_since: datetime | None = None
    slept: Span | None = None
    """The sleep that goes on."""

    def over(self, context: Context, at: datetime) -> Context:
        """Return *context* with all that is estimated as it truly is at *at*."""
        self._arrive(at)
        self._move(at)
        self.seated = self.seated.look(
            at,
            state=self.motion.state,
            effort_at=self.motion.effort_at,
            asleep=self.month.latent.asleep(at),
            zone=self.month.zone,
        )
        talks = 0.5 if self.month.latent.talking(at) else 0.0
        latest = {
            **context.latest,
            SPEECH_SHARE.id: Latest(talks, at, ORACLE),
            HEART_RATE.id: Latest(RESTING_BPM, at, ORACLE),
        }
        return replace(
            context,
            now=at,
            place=self.place,
            trips=self.trips,
            motion=self.motion,
            seated=self.seated,
            stress=self._stress(at),
            sleep=self._sleep(at),
            latest=latest,
        )

    def _arrive(self, at: datetime) -> None:
        visit, before = self.month.latent.visit(at), self.place
        here = self.places[visit.place] if visit is not None else None
        spot = here or before.here
        after = replace(
            before,
            measured_at=at,
            latitude_deg=spot.latitude_deg if spot else before.latitude_deg,
            longitude_deg=spot.longitude_deg if spot else before.longitude_deg,
        )
        if here is not None and (before.here is None or here.name != before.here.name):
            came = visit.start if visit is not None else at
            if before.last is not None:
                last, left = before.last.name, before.left_at
                self.trips = self.trips.fold(last, here.name, left=left, came=came)
            after = replace(after, here=here, since=came)
        if here is None and before.here is not None:
            left_at = self.month.latent.spell(at).start
            after = replace(after, here=None, last=before.here, left_at=left_at)
        self.place = after

    def _move(self, at: datetime) -> None:
        spell = self.month.latent.spell(at)
        state = STATES.get(spell.activity, "still")
        since = self.motion.since if state == self.motion.state else spell.start
        effort = state in ("walking", "running", "cycling")
        self.motion = replace(
            self.motion,
            state=state,
            since=since,
            measured_at=at,
            motion_mg=MANNERS[spell.activity].motion_mg,
            motion_at=at,
            effort_at=at if effort else self.motion.effort_at,
        )

    def _stress(self, at: datetime) -> Stress:
        strain = self.month.latent.strain(at)
        score = min(100.0, 30 + (RAISED - 30) * strain / STRAINED)
        if strain < STRAINED:
            self.strained_since = None
        elif self.strained_since is None:
            self.strained_since = at
        since = self.strained_since
        return Stress(
            score=score,
            confidence=1.0,
            measured_at=at,
            raised_since=since,
            raised_min=0 if since is None else int((at - since) / MINUTE) + 1,
        )

    def _sleep(self, at: datetime) -> Sleep:
        beat = measured(HEART_RATE.id, RESTING_BPM, at=at, source=ORACLE)
        known = Sleep(awake_since=self.awake_since, nights=self.nights).fold(beat)
        asleep = self.month.latent.sleep_at(at)
        if asleep is not None:
            self.slept = asleep
            return replace(known, asleep_since=asleep.start)
        if self.slept is None:
            return known
        night, self.slept = Night(onset=self.slept.start, wake=self.slept.end), None
        if night.wake - night.onset >= NIGHT_MIN:
            self.nights = (*self.nights, night)[-NIGHTS_MAX:]
            self.awake_since = night.wake
        return replace(known, awake_since=self.awake_since, nights=self.nights)


def true_context(month: Month, skills: Sequence[Skill]) -> Told:
    """Return what is said where nothing has to be estimated."""
    return live_truly(Life(month, skills).settle()).told


def live_truly(life: Life, asked: Sequence[Input] = ()) -> Life:
    """Live the month of *life*, its context made true each minute; return it.

    *asked*: what the wearer wishes besides, in order of time.
    """
    month = life.month
    places = {one.name: one for one in life.state.context.places}
    truth = Truth(month, places)
    events = heapq.merge(told(month), asked, key=attrgetter("at"))
    coming = next(events, None)
    at, end = month.midnight(0), month.midnight(month.days)
    while at < end:
        while coming is not None and coming.at <= at:
            life.live([coming])
            coming = next(events, None)
        life.answer(at)
        life.state = replace(life.state, context=truth.over(life.state.context, at))
        life.live([SourceSynced(at=at, source=ORACLE)])
        at += MINUTE
    return life
