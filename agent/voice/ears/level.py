"""How loud a day was: equivalent level and noise dose.  Pure.

A microphone tells dB of its own full scale.  What that is in the air differs from one to another:
*offset_db* is what must be added (a telephone or a wrist: about 110 to 125 dB), measured once
beside a sound level meter.  Without it levels can be compared with one another, and no more.
"""

from dataclasses import dataclass
from math import log10
from typing import Self

FLOOR_DB = -120.0
DAY_S = 8 * 3600.0
CRITERION_DB = 85.0  # NIOSH 98-126 (1998), section 1.1: eight hours at 85 dB(A) are a whole dose
EXCHANGE_DB = 3.0  # the same: 3 dB more halve the time that is allowed


@dataclass(frozen=True, slots=True)
class Exposure:
    """The sound of a while: how long, and its energy relative to full scale."""

    seconds: float = 0.0
    energy_s: float = 0.0
    peak_dbfs: float = FLOOR_DB
    speech_s: float = 0.0
    noise_s: float = 0.0

    def add(
        self, seconds: float, dbfs: float, *, peak_dbfs: float, speech: float, noise: float
    ) -> Self:
        """Return this and *seconds* more at the level *dbfs*, with these shares of them."""
        return type(self)(
            self.seconds + seconds,
            self.energy_s + seconds * 10 ** (dbfs / 10),
            max(self.peak_dbfs, peak_dbfs),
            self.speech_s + seconds * speech,
            self.noise_s + seconds * noise,
        )

    @property
    def leq_dbfs(self) -> float:
        """Return the level of the steady sound with the same energy.

        Leq = 10 lg((1/T) sum(t_i 10^(L_i/10))): ISO 1996-1:2016, 3.1.7.
        """
        if self.seconds <= 0 or self.energy_s <= 0:
            return FLOOR_DB
        return max(FLOOR_DB, 10 * log10(self.energy_s / self.seconds))

    def dose(self, offset_db: float) -> float:
        """Return the share of a day's noise dose; 1 is what a worker may have.

        D = T / T_allowed, T_allowed = 8 h / 2^((L - 85) / 3): NIOSH 98-126 (1998), section 1.1.1.
        """
        allowed_s = DAY_S / 2 ** ((self.leq_dbfs + offset_db - CRITERION_DB) / EXCHANGE_DB)
        return self.seconds / allowed_s


def dbfs(mean_square: float) -> float:
    """Return the level of a mean square of samples in [-1, 1]; a full square wave is 0 dB."""
    return max(FLOOR_DB, 10 * log10(mean_square)) if mean_square > 0 else FLOOR_DB
