"""What the watch on that body and the phone in that pocket measure, each with its noise.  Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import cos, hypot, pi, sin
from random import Random

from agent.events import LocationMeasured, SampleMeasured
from agent.sensor import measured
from sensors.simulated.body import (
    SLOW_WAVE_HZ,
    Body,
    Breath,
    Pulse,
    breath,
    cadence,
    motion_mg,
    skin_degc,
)
from sensors.simulated.chance import drift, stream
from sensors.simulated.diary import Activity, Diary, Segment
from sensors.simulated.town import Ground, Point

WATCH, PHONE = "watch", "phone"
HALF_MIN_S = 30
BATTERY_S = 1800
OUTLIER_M, OUTLIER_ACCURACY_M = 700.0, 900.0
GPS_DEVIATION_M, GPS_LASTS_S, GPS_MAX_M = 5.5, 120.0, 15.0
WANDER_M = 10.0


@dataclass(frozen=True)
class Worn:
    """One day of one wearer, and how often the watch measures."""

    seed: int
    diary: Diary
    own: Body
    ground: Ground
    heart_rate_every_s: int
    beats_for_s: int
    beats_every_s: int

    def stream(self, what: str) -> Random:
        """Return this day's random numbers for *what*."""
        return stream(self.seed, self.diary.midnight.date(), what)

    def at(self, at_s: float) -> datetime:
        """Return the time *at_s* after midnight, in whole milliseconds."""
        return self.diary.midnight + timedelta(milliseconds=round(at_s * 1000))

    def sample(self, signal: str, value: float, at_s: float) -> SampleMeasured:
        """Return one sample of the watch."""
        return measured(signal, round(value, 1), at=self.at(at_s), source=WATCH)

    def pulse(self) -> Pulse:
        """Return the true heart rate of the day."""
        return Pulse(self.own, self.diary, self.stream("pulse"))


def heart_rates(worn: Worn, pulse: Pulse) -> Iterator[SampleMeasured]:
    """Yield averaged heart rate."""
    random = worn.stream("heart_rate")
    for at_s in range(0, int(worn.diary.length_s), worn.heart_rate_every_s):
        yield worn.sample("heart_rate", pulse.at(at_s) + random.gauss(0, 0.8), at_s)


def beats(worn: Worn, pulse: Pulse) -> Iterator[SampleMeasured]:
    """Yield the intervals between beats, a stretch of them at a time."""
    for start_s in range(0, int(worn.diary.length_s), worn.beats_every_s):
        random = stream(worn.seed, worn.diary.midnight.date(), "beats", start_s)
        yield from _stretch(worn, pulse, start_s=start_s, random=random)


def _stretch(worn: Worn, pulse: Pulse, *, start_s: int, random: Random) -> Iterator[SampleMeasured]:
    end_s = min(start_s + worn.beats_for_s, worn.diary.length_s)
    activity = worn.diary.segment(start_s).activity
    rmssd_ms = worn.own.rmssd_ms(worn.diary, start_s)
    waves = breath(activity, rmssd_ms, 60_000 / pulse.at(start_s), random)
    phase = random.uniform(0, 2 * pi)
    at_ms = start_s * 1000 + random.randint(0, 400)
    while True:
        interval_ms = _interval_ms(pulse.at(at_ms / 1000), waves, at_ms / 1000, phase)
        interval_ms += random.gauss(0, waves.jitter_ms)
        whole_ms = round(max(260.0, min(2390.0, interval_ms)))
        at_ms += whole_ms
        if at_ms >= end_s * 1000:
            return
        yield worn.sample("ibi", whole_ms, at_ms / 1000)


def _interval_ms(rate_bpm: float, waves: Breath, at_s: float, phase: float) -> float:
    swing = waves.swing_ms * sin(2 * pi * waves.hz * at_s + phase)
    return 60_000 / rate_bpm + swing + waves.slow_ms * sin(2 * pi * SLOW_WAVE_HZ * at_s)


def movements(worn: Worn) -> Iterator[SampleMeasured]:
    """Yield acceleration beyond gravity, cadence and steps, of each half minute, at its end."""
    acceleration, steps = worn.stream("motion"), worn.stream("cadence")
    for at_s in range(HALF_MIN_S, int(worn.diary.length_s), HALF_MIN_S):
        activity = worn.diary.segment(at_s - HALF_MIN_S / 2).activity
        yield worn.sample("motion", motion_mg(activity, acceleration), at_s)
        pace = cadence(activity, steps)
        yield worn.sample("cadence", pace, at_s)
        if pace > 0:
            yield worn.sample("steps", round(pace * HALF_MIN_S / 60), at_s)


def temperatures(worn: Worn) -> Iterator[SampleMeasured]:
    """Yield the skin's temperature, every minute."""
    noise = drift(worn.stream("skin"), deviation=0.15, lasts_s=600, step_s=60)
    values = zip(skin_degc(worn.diary, step_s=60), noise, strict=False)
    for minute, (value, error) in enumerate(values):
        yield worn.sample("skin_temperature", value + error, minute * 60)


def charges(worn: Worn) -> Iterator[SampleMeasured]:
    """Yield the watch's charge: it falls evenly from midnight and is full again the next."""
    for at_s in range(0, int(worn.diary.length_s), BATTERY_S):
        yield worn.sample("battery", 97 - at_s / 3600 * 2.1, at_s)


def locations(worn: Worn) -> Iterator[LocationMeasured]:
    """Yield the phone's position every minute, with drop-outs and one that is far off."""
    random = worn.stream("location")
    east, north = (
        drift(random, deviation=GPS_DEVIATION_M, lasts_s=GPS_LASTS_S, step_s=60) for _ in "xy"
    )
    silent = [random.uniform(1, 16) * 3600 for _ in range(2)]  # never on the way home
    silent_s = random.uniform(180, 480)
    far_off, turn = int(random.uniform(10, 12) * 60), random.uniform(0, 2 * pi)
    for minute in range(int(worn.diary.length_s) // 60):
        point, accuracy_m = _fix(worn.diary.segment(minute * 60), minute * 60, random)
        point = _shifted(point, _limited((next(east), next(north))))
        if minute == far_off:
            point = _shifted(point, (OUTLIER_M * cos(turn), OUTLIER_M * sin(turn)))
            accuracy_m = OUTLIER_ACCURACY_M
        if not any(start <= minute * 60 < start + silent_s for start in silent):
            yield _location(worn, point, accuracy_m=accuracy_m, at_s=minute * 60)


def _fix(segment: Segment, at_s: float, random: Random) -> tuple[Point, float]:
    share = (at_s - segment.start_s) / (segment.end_s - segment.start_s)
    point = segment.way.at(share)
    strays = random.uniform(-WANDER_M, WANDER_M), random.uniform(-WANDER_M, WANDER_M)
    accuracy_m = round(max(6.0, random.gauss(15, 3)), 1)
    return (_shifted(point, strays) if segment.activity is Activity.SHOPPING else point), accuracy_m


def _shifted(point: Point, by: Point) -> Point:
    return point[0] + by[0], point[1] + by[1]


def _limited(error: Point) -> Point:
    size = hypot(*error)
    return (
        error if size <= GPS_MAX_M else (error[0] * GPS_MAX_M / size, error[1] * GPS_MAX_M / size)
    )


def _location(worn: Worn, point: Point, *, accuracy_m: float, at_s: float) -> LocationMeasured:
    latitude, longitude = worn.ground.degrees(point)
    return LocationMeasured(
        at=worn.at(at_s),
        latitude_deg=round(latitude, 6),
        longitude_deg=round(longitude, 6),
        accuracy_m=accuracy_m,
        source=PHONE,
    )
