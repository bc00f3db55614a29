"""What a minute of the body comes to, before it is judged.  Pure."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import log
from typing import NamedTuple

from agent.events import EPOCH, SampleMeasured
from agent.fusion.beats import Beat, Variability, measure
from agent.signals import ELECTRODERMAL, HEART_RATE, IBI, SKIN_TEMPERATURE

MINUTE = timedelta(minutes=1)
BEATS_MIN = 20  # fewer clean beats in a minute than this do not give its rate
PAIRS_MIN = 10
BEATS_MAX = 300  # what is beyond is no heart, and the state is bounded
# Below this the electrodes touch no skin (Kleckner et al. 2018, IEEE Trans Biomed Eng 65, rule 1).
DRY_US = 0.05


class Look(NamedTuple):
    """One closed minute: what the judgement rests on."""

    minute: int
    """Minutes since the epoch."""
    heart_bpm: float
    log_electrodermal: float | None = None
    """Natural logarithm of the mean conductance in uS."""
    log_rmssd: float | None = None
    """Natural logarithm of RMSSD in ms, from clean beats alone."""
    skin_degc: float | None = None


class Mean(NamedTuple):
    """A sum and its count."""

    total: float = 0.0
    number: int = 0

    def add(self, value: float) -> "Mean":
        """Return the sum with one more *value*."""
        return Mean(self.total + value, self.number + 1)

    @property
    def value(self) -> float | None:
        """Return the mean, None of nothing."""
        return self.total / self.number if self.number else None


NOTHING = Mean()


@dataclass(frozen=True, slots=True)
class Minute:
    """What came in during one minute."""

    start: datetime = EPOCH
    rate: Mean = NOTHING
    electrodermal: Mean = NOTHING
    skin: Mean = NOTHING
    beats: tuple[Beat, ...] = ()
    gated: bool = False

    def add(self, sample: SampleMeasured) -> "Minute":
        """Return the minute with one more sample of any signal that stress is read from."""
        match sample.signal:
            case HEART_RATE.id:
                return replace(self, rate=self.rate.add(sample.value))
            case ELECTRODERMAL.id:
                return replace(self, electrodermal=self.electrodermal.add(sample.value))
            case SKIN_TEMPERATURE.id:
                return replace(self, skin=self.skin.add(sample.value))
            case IBI.id if len(self.beats) < BEATS_MAX:
                beat = Beat((sample.at - self.start).total_seconds(), sample.value)
                return replace(self, beats=(*self.beats, beat))
            case _:
                return self

    @property
    def has_beats(self) -> bool:
        """Return whether there are beats enough for its rate, artefacts counted."""
        return len(self.beats) >= BEATS_MIN

    @property
    def look(self) -> Look | None:
        """Return what the minute comes to; None without a heart rate.

        The rate is that of the beats where there are enough, else what the device says.
        """
        found = measure(self.beats)
        counted = found is not None and found.beats >= BEATS_MIN
        rate = found.rate_bpm if found is not None and counted else self.rate.value
        if rate is None:
            return None
        return Look(
            minute=int(self.start.timestamp()) // 60,
            heart_bpm=rate,
            log_electrodermal=_log_conductance(self.electrodermal.value),
            log_rmssd=_log_rmssd(found),
            skin_degc=self.skin.value,
        )


def _log_conductance(mean_us: float | None) -> float | None:
    return None if mean_us is None or mean_us < DRY_US else log(mean_us)


def _log_rmssd(found: Variability | None) -> float | None:
    if found is None or found.pairs < PAIRS_MIN or not found.rmssd_ms:
        return None
    return log(found.rmssd_ms)
