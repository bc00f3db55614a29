"""The sound around the wearer as figures, a few a minute; no sound is kept."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time

from agent.app.pipeline import Pipeline
from agent.control import Reply
from agent.events import Input, SampleMeasured
from agent.memory.recall import Memory
from agent.ports import Clock
from agent.signals import NOISE_SHARE, SOUND_LEVEL, SPEECH_SHARE
from agent.voice.ears.events import Loudness
from agent.voice.ears.level import FLOOR_DB, Exposure
from agent.voice.settings import Settings

SOURCE = "ears"
EVERY_S = 60.0
SIGNALS = (SOUND_LEVEL, SPEECH_SHARE, NOISE_SHARE)


class Ambient:
    """Levels of a minute, and the exposure over the wearer's day."""

    def __init__(self, settings: Settings) -> None:
        self._offset_db = settings.full_scale_db
        self._minute, self._day = Exposure(), Exposure()
        self._today: date | None = None

    def resume(self, today: date, minutes: Iterable[Sequence[float]]) -> None:
        """Go on from what was kept of *today*: a row of level, speech and noise for each minute."""
        self._today, self._day = today, Exposure()
        for level_db, speech, noise in minutes:
            dbfs = level_db - self._offset_db
            self._day = self._day.add(EVERY_S, dbfs, peak_dbfs=dbfs, speech=speech, noise=noise)

    def add(self, loudness: Loudness, *, at: datetime) -> Sequence[Input]:
        """Take in a level, *at* the wearer's local time; return what is due, once a minute."""
        if at.date() != self._today:
            self._today, self._day = at.date(), Exposure()
        self._minute, self._day = _with(self._minute, loudness), _with(self._day, loudness)
        if self._minute.seconds < EVERY_S:
            return ()
        minute, self._minute = self._minute, Exposure()
        level_db = max(SOUND_LEVEL.low, min(SOUND_LEVEL.high, self._level(minute)))
        shares = (minute.speech_s / minute.seconds, minute.noise_s / minute.seconds)
        values = (round(level_db, 1), *(round(share, 3) for share in shares))
        return [
            SampleMeasured(at=at, source=SOURCE, signal=signal.id, value=value)
            for signal, value in zip(SIGNALS, values, strict=True)
        ]

    def shown(self) -> Reply:
        """Return the day's sound so far, for `carpal status`."""
        day = self._day
        if not day.seconds:
            return {}
        speech, noise = day.speech_s / day.seconds, day.noise_s / day.seconds
        return {
            "day_hours": round(day.seconds / 3600, 2),
            "day_leq_db": round(self._level(day), 1),
            "day_noise_dose": round(day.dose(self._offset_db), 4),
            "day_speech_share": round(speech, 3),
            "day_noise_share": round(noise, 3),
            "day_quiet_share": round(max(0.0, 1 - speech - noise), 3),
        }

    def _level(self, exposure: Exposure) -> float:
        return max(0.0, exposure.leq_dbfs + self._offset_db) if exposure.seconds else FLOOR_DB


class Day:
    """The wearer's day of sound: goes on from what was kept, and keeps what is heard now."""

    def __init__(
        self,
        ambient: Ambient,
        pipeline: Pipeline,
        clock: Clock,
        keep: Callable[[Sequence[Input]], None],
    ) -> None:
        self._ambient, self._pipeline = ambient, pipeline
        self._clock, self._keep = clock, keep

    def resume(self) -> None:
        """Go on from what an earlier run heard today."""
        now = self._now()
        self._ambient.resume(now.date(), minutes(self._pipeline.memory, now))

    def heard(self, loudness: Loudness) -> None:
        """Take in a level, and keep what is due."""
        samples = self._ambient.add(loudness, at=self._now())
        if samples:
            self._keep(samples)

    def shown(self) -> Reply:
        """Return the day's sound so far, for `carpal status`."""
        return self._ambient.shown()

    def _now(self) -> datetime:
        return self._clock.now().astimezone(self._pipeline.present().local)


def minutes(memory: Memory, now: datetime) -> Iterable[Sequence[float]]:
    """Return what was heard since midnight by the clock of *now*: a row for each minute."""
    since = datetime.combine(now, time(), now.tzinfo)
    found = [dict(memory.values(signal.id, SOURCE, since=since, until=now)) for signal in SIGNALS]
    whole = set.intersection(*(set(one) for one in found))
    return [[one[at] for one in found] for at in sorted(whole)]


def _with(exposure: Exposure, loudness: Loudness) -> Exposure:
    return exposure.add(
        loudness.seconds,
        loudness.dbfs,
        peak_dbfs=loudness.peak_dbfs,
        speech=loudness.speech,
        noise=loudness.noise,
    )
