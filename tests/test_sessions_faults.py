"""Sessions whose models are slow: what waits is bounded, and nothing fails for it."""

import asyncio
from collections.abc import Coroutine
from datetime import timedelta
from pathlib import Path

import pytest

from agent.app import alone
from agent.app.sessions import BEHIND_MAX, Beside, Sessions
from agent.events import SkillNoted
from agent.voice.ears.events import SpeechEnded
from tests.test_hearing import Scripted, plain

PCM = b"\1\0" * 16_000


def test_where_too_many_sentences_wait_one_is_passed_over(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    waiting = list[Coroutine[None, None, None]]()

    async def run() -> None:
        async with alone.opened(plain(tmp_path, {"model": "none"})) as (pipeline, brains):
            brains.transcriber = Scripted()
            beside = Beside(store=tmp_path, begin=waiting.append, speaking=lambda _: None)
            sessions = Sessions(pipeline, brains, plain(tmp_path, {}).voice, beside)
            now = pipeline.present().now
            data = {"theirs": "de"}
            await pipeline.persist(
                [SkillNoted(at=now, skill="interpreter", name="begun", data={**data})]
            )
            sessions.follow()
            assert sessions.listens
            for second in range(BEHIND_MAX + 3):
                at = now + timedelta(seconds=second)
                ended = SpeechEnded(pcm=PCM, last_voiced_s=0, ended_s=1, why="silence")
                sessions.heard(ended, at=at)
            assert len(waiting) == BEHIND_MAX
            await asyncio.gather(waiting.pop(0))
            sessions.heard(ended, at=at)
            assert len(waiting) == BEHIND_MAX
            for one in waiting:
                one.close()

    asyncio.run(run())
    assert caplog.text.count("passed over") == 3


def test_a_session_without_levels_goes_on_while_someone_speaks(tmp_path: Path) -> None:
    async def run() -> None:
        async with alone.opened(plain(tmp_path, {"model": "none"})) as (pipeline, brains):
            brains.transcriber = Scripted()
            beside = Beside(store=tmp_path, begin=lambda work: work.close(), speaking=print)
            sessions = Sessions(pipeline, brains, plain(tmp_path, {}).voice, beside)
            now = pipeline.present().now
            data = {"theirs": "de"}
            await pipeline.persist(
                [SkillNoted(at=now, skill="interpreter", name="begun", data={**data})]
            )
            sessions.follow()
            ended = SpeechEnded(pcm=PCM, last_voiced_s=0, ended_s=1, why="silence")
            told = [sessions.heard(ended, at=now + timedelta(seconds=20 * n)) for n in range(7)]
            assert [len(one) for one in told] == [1, 0, 0, 1, 0, 0, 1]
            await pipeline.persist(told[-1])
            assert pipeline.present().heard_at == now + timedelta(minutes=2)

    asyncio.run(run())
