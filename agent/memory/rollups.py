"""Rollups: what was measured in each minute and hour, kept when the samples are gone."""

from collections.abc import Iterable

from agent.events import SampleMeasured
from agent.store import Database, to_us

MINUTE_S = 60
HOUR_S = 3600
GRAINS_S = (MINUTE_S, HOUR_S)
_ADD = """
    insert into rollup values (?, ?, ?, ?, ?, ?, ?)
    on conflict do update set
        count = count + excluded.count, total = total + excluded.total,
        low = min(low, excluded.low), high = max(high, excluded.high)
"""


def add(db: Database, samples: Iterable[SampleMeasured]) -> None:
    """Add *samples*, late ones too, to the rollups; implausible ones do not count."""
    sums: dict[tuple[str, int, int], list[float]] = {}
    for sample in samples:
        if sample.quality != "good":
            continue
        at_us, value = to_us(sample.at), sample.value
        for grain_s in GRAINS_S:
            key = (sample.signal, grain_s, at_us - at_us % (grain_s * 1_000_000))
            known = sums.get(key)
            if known is None:
                sums[key] = [1, value, value, value]
            else:
                known[0] += 1
                known[1] += value
                known[2] = min(known[2], value)
                known[3] = max(known[3], value)
    db.conn.executemany(_ADD, [(*key, *figures) for key, figures in sums.items()])
