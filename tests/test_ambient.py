"""The sound of a day: figures by the minute, over a restart too, new at the wearer's midnight."""

import asyncio
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from agent.app import alone
from agent.app.ambient import Ambient, minutes
from agent.signals import NOISE_SHARE, SOUND_LEVEL, SPEECH_SHARE
from agent.voice.ears.events import Loudness
from agent.voice.settings import Settings
from tests.test_hearing import plain

NOON = datetime(2026, 11, 20, 12, tzinfo=timezone(timedelta(hours=2)))


def second(at_s: float, *, speech: float = 0.0, noise: float = 0.0) -> Loudness:
    return Loudness(at_s=at_s, seconds=1, dbfs=-30, peak_dbfs=-10, speech=speech, noise=noise)


def ambient() -> Ambient:
    return Ambient(Settings(full_scale_db=115))


def test_a_minute_is_three_figures_and_no_more() -> None:
    day, told = ambient(), []
    for number in range(150):
        loud = second(number, speech=float(number % 4 == 0), noise=float(number % 4 == 1))
        told.append(day.add(loud, at=NOON + timedelta(seconds=number)))
    assert [place for place, samples in enumerate(told) if samples] == [59, 119]
    values = {one.signal: one.value for one in told[59] if one.kind == "sample_measured"}
    assert values == {SOUND_LEVEL.id: 85.0, SPEECH_SHARE.id: 0.25, NOISE_SHARE.id: 0.25}
    shown = day.shown()
    assert shown["day_leq_db"] == 85.0
    assert shown["day_noise_dose"] == pytest.approx(150 / (8 * 3600), abs=1e-4)
    assert shown["day_quiet_share"] == pytest.approx(0.493, abs=0.01)


def test_a_day_ends_at_midnight() -> None:
    day = ambient()
    day.add(second(0), at=NOON.replace(hour=23, minute=59, second=59))
    assert day.shown()["day_hours"] == 0.0
    for number in range(36):
        day.add(second(number), at=NOON + timedelta(hours=12, seconds=number))
    assert day.shown()["day_hours"] == 0.01


def test_a_day_goes_on_after_a_restart(tmp_path: Path) -> None:
    async def run() -> None:
        async with alone.opened(plain(tmp_path, {"model": "none"})) as (pipeline, _):
            now = pipeline.present().now.astimezone(UTC)
            now = max(now, now.replace(hour=1))  # not within the first hour after midnight
            before = ambient()
            for number in range(300):
                at = now - timedelta(seconds=600 - number)
                samples = before.add(second(number, speech=1.0), at=at)
                await pipeline.persist(samples)
            yesterday = ambient()
            for number in range(60):
                at = now - timedelta(days=1, seconds=60 - number)
                await pipeline.persist(yesterday.add(second(number), at=at))
            after = ambient()
            after.resume(now.date(), minutes(pipeline.memory, now))
            assert after.shown() == before.shown()
            assert minutes(pipeline.memory, now + timedelta(days=2)) == []

    asyncio.run(run())
