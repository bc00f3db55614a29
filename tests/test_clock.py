"""The time and the date are the clock's, whatever came in last."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.app import alone
from agent.app.clocks import WorldClock
from agent.app.settings import Settings
from agent.context import Context
from agent.ports import Nothing
from agent.skill import NoArguments
from skills.clock import tell
from tests.days import sample


def settings(folder: Path, zone: str) -> Settings:
    off = {"words": "none", "chat": "none", "embedding": "none"}
    where = {"folder": folder}
    told = {"zone": zone, "store": where, "control": where, "models": off}
    return Settings.model_validate({**told, "voice": {"model": "none"}})


def test_the_time_is_told_where_the_wearer_is() -> None:
    now = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    answer = tell(NoArguments(), Nothing(), Context(now=now, zone="Europe/Berlin"))
    assert answer.text == "It is 00:30 on Friday, 1 January 2027, in week 53."


@pytest.mark.parametrize("question", ["What time is it?", "what's the date"])
def test_a_memory_of_long_ago_does_not_stop_the_clock(tmp_path: Path, question: str) -> None:
    async def run() -> str:
        async with alone.opened(settings(tmp_path, "UTC")) as (pipeline, _):
            await pipeline.keep([sample(0, "heart_rate", 60)])
            return (await pipeline.ask(question)).reply.answer.text

    before = WorldClock().now()
    told = asyncio.run(run())
    assert f"{before:%B %Y}" in told
    assert "As of" not in told
