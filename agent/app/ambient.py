"""The sound around the wearer as figures, a few a minute; no sound is kept.  Pure."""

from collections.abc import Sequence
from datetime import date, datetime

from agent.control import Reply
from agent.events import Input, SampleMeasured
from agent.signals import SOUND_LEVEL, SPEECH_SHARE
from agent.voice.ears.events import Loudness
from agent.voice.ears.level import FLOOR_DB, Exposure
from agent.voice.settings import Settings

SOURCE = "ears"
EVERY_S = 60.0


class Ambient:
    """Levels of a minute, and the exposure over a day."""

    def __init__(self, settings: Settings) -> None:
        self._offset_db = settings.full_scale_db
        self._minute, self._day = Exposure(), Exposure()
        self._today: date | None = None

    def add(self, loudness: Loudness, *, at: datetime) -> Sequence[Input]:
        """Take in a level and return the samples that are due, at most once a minute."""
        if at.date() != self._today:
            self._today, self._day = at.date(), Exposure()
        self._minute, self._day = _with(self._minute, loudness), _with(self._day, loudness)
        if self._minute.seconds < EVERY_S:
            return ()
        minute, self._minute = self._minute, Exposure()
        level_db = max(SOUND_LEVEL.low, min(SOUND_LEVEL.high, self._level(minute)))
        return (
            _sample(SOUND_LEVEL.id, round(level_db, 1), at),
            _sample(SPEECH_SHARE.id, round(minute.speech_s / minute.seconds, 3), at),
        )

    def shown(self) -> Reply:
        """Return the day's sound so far (UTC), for `carpal status`."""
        if not self._day.seconds:
            return {}
        return {
            "day_leq_db": round(self._level(self._day), 1),
            "day_noise_dose": round(self._day.dose(self._offset_db), 4),
            "day_speech_share": round(self._day.speech_s / self._day.seconds, 3),
        }

    def _level(self, exposure: Exposure) -> float:
        return max(0.0, exposure.leq_dbfs + self._offset_db) if exposure.seconds else FLOOR_DB


def _with(exposure: Exposure, loudness: Loudness) -> Exposure:
    return exposure.add(
        loudness.seconds,
        loudness.dbfs,
        peak_dbfs=loudness.peak_dbfs,
        speech=loudness.speech,
        noise=loudness.noise,
    )


def _sample(signal: str, value: float, at: datetime) -> Input:
    return SampleMeasured(at=at, source=SOURCE, signal=signal, value=value)
