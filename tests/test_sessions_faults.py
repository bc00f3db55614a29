"""Sessions whose models are slow: what waits is bounded, and nothing fails for it."""

import asyncio
import os
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from agent.app import alone
from agent.app.house import KEY, secret_of
from agent.app.noting import Begin
from agent.app.sessions import BEHIND_MAX, RECORDINGS, Beside, Sessions
from agent.events import SkillNoted
from agent.notes.sealed import KIND, SALT_BYTES, Opened
from agent.ports import Hints, Sound, Transcript
from agent.voice.ears.events import SpeechEnded
from tests.daemons import Daemon, wait_for
from tests.default_models import needs
from tests.sound import espeak
from tests.test_hearing import Scripted, plain
from tests.test_listening import SILENT, loudspeaker

__all__ = ["loudspeaker"]

SECRET = bytes(range(32))
PCM = b"\1\0" * 16_000


def around(folder: Path, begin: Begin, shown: Callable[[str], None] = print) -> Beside:
    """Return what stands beside sessions in a place where nothing may be said aloud."""
    return Beside(
        store=folder,
        secret=lambda: SECRET,
        begin=begin,
        speaking=lambda _: pytest.fail("aloud"),
        gain=lambda: None,
        shown=shown,
    )


def test_where_too_many_sentences_wait_one_is_passed_over(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    waiting = list[Coroutine[None, None, None]]()

    async def run() -> None:
        async with alone.opened(plain(tmp_path, {"model": "none"})) as (pipeline, brains):
            brains.transcriber = Scripted()
            beside = around(tmp_path, waiting.append)
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
            beside = around(tmp_path, lambda work: work.close())
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


def test_where_nothing_may_be_said_aloud_an_interpreted_turn_is_shown(tmp_path: Path) -> None:
    waiting, shown = list[Coroutine[None, None, None]](), list[str]()

    async def run() -> None:
        async with alone.opened(plain(tmp_path, {"model": "none"})) as (pipeline, brains):
            brains.transcriber = Scripted("de")
            beside = around(tmp_path, waiting.append, shown.append)
            sessions = Sessions(pipeline, brains, plain(tmp_path, {}).voice, beside)
            now = pipeline.present().now
            begun = SkillNoted(at=now, skill="interpreter", name="begun", data={"theirs": "de"})
            await pipeline.persist([begun])
            sessions.follow()
            ended = SpeechEnded(pcm=PCM, last_voiced_s=0, ended_s=1, why="silence")
            sessions.heard(ended, at=now)
            await asyncio.gather(*waiting)

    asyncio.run(run())
    line = f"translated {len(PCM)} (German to English by whisper translate, 90% sure)"
    assert shown == [line]


@needs("onnxruntime", "numpy")
def test_a_running_daemon_seals_notes_by_the_key_that_it_holds(tmp_path: Path) -> None:
    made = Daemon(tmp_path, None, more="")
    made.configure('[voice.ears]\nsource = "mqtt"\nwake = "none"\n')
    made.start()
    try:
        secret = secret_of(made.store)
        (made.store / KEY).rename(tmp_path / "away")  # neither read nor stretched a second time
        made.call("ask", question="take notes of this lecture")
        made.call("ask", question="yes")
        folder = made.store / RECORDINGS
        wait_for(lambda: bool(list(folder.glob("*.sealed"))), "the recording")
        (sound,) = folder.glob("*.sealed")
        wait_for(lambda: sound.stat().st_size >= len(KIND) + SALT_BYTES, "its head")
        assert list(Opened(sound, secret).blocks()) == []
        (tmp_path / "away").rename(made.store / KEY)
    finally:
        made.close()


class Unsure(Scripted):
    """One that is less sure of the language each time."""

    async def transcribe(self, sound: Sound, hints: Hints = Hints()) -> Transcript:  # noqa: B008
        told = await super().transcribe(sound, hints)
        return replace(told, language="de", language_p=0.21 - 0.01 * len(self.asked))


@espeak
@pytest.mark.audio
def test_why_a_turn_is_not_translated_is_said_once_and_shown_each_time(
    tmp_path: Path, loudspeaker: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"{loudspeaker}:{os.environ['PATH']}")
    for name in SILENT:
        monkeypatch.delenv(name, raising=False)
    waiting, shown, aloud = list[Coroutine[None, None, None]](), list[str](), list[bool]()

    async def run() -> None:
        async with alone.opened(plain(tmp_path, {"model": "none"})) as (pipeline, brains):
            brains.transcriber = Unsure()
            beside = around(tmp_path, waiting.append, shown.append)
            beside = replace(beside, gain=lambda: 1.0, speaking=aloud.append)
            sessions = Sessions(pipeline, brains, plain(tmp_path, {}).voice, beside)
            now = pipeline.present().now
            begun = SkillNoted(at=now, skill="interpreter", name="begun", data={"theirs": "de"})
            await pipeline.persist([begun])
            sessions.follow()
            ended = SpeechEnded(pcm=PCM, last_voiced_s=0, ended_s=1, why="silence")
            for _ in range(3):
                sessions.heard(ended, at=now)
                await waiting.pop()

    asyncio.run(run())
    assert len(shown) == 3
    told = "not translated: I cannot tell whether it was English or German (German, {}%)"
    assert shown == [told.format(share) for share in (20, 19, 18)]
    assert aloud == [True, False]
