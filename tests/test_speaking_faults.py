"""A mouth that is silenced, a loudspeaker that is slow, a voice that fails."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from agent.errors import DeliveryError
from agent.voice.speaking import Piece
from agent.voice.speaking.mouth import Mouth
from agent.voice.speaking.player import Player
from tests.test_speaking import Letters, player, program

__all__ = ["player"]


def test_a_mouth_that_is_silenced_in_a_long_text_leaves_nothing_behind(player: Path) -> None:
    class Endless:
        ready = True

        def __init__(self) -> None:
            self.ended = asyncio.Event()

        async def warm(self) -> None:
            """Do nothing."""

        async def sound(self, text: str) -> AsyncIterator[Piece]:
            try:
                while text:
                    yield Piece(bytes(50_000), 16_000)
                    await asyncio.sleep(0)
            finally:
                self.ended.set()

    voice = Endless()

    async def run() -> None:
        saying = asyncio.create_task(Mouth([voice], Player()).say("On and on."))
        while not (player / "started").exists():
            await asyncio.sleep(0.01)
        saying.cancel()
        async with asyncio.timeout(5):
            await asyncio.gather(saying, return_exceptions=True)
            await voice.ended.wait()
            while len(asyncio.all_tasks()) > 1:
                await asyncio.sleep(0.01)

    program(player, "aplay", f"touch {player}/started; exec sleep 60")
    asyncio.run(run())


def test_a_sentence_longer_than_the_patience_with_a_loudspeaker_is_said(
    player: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent.voice.speaking.player.LATE_S_MAX", 0.5)

    async def one() -> AsyncIterator[Piece]:
        yield Piece(bytes(1_000_000), 16_000)

    slow = "while [ $(head -c 131072 | wc -c) -gt 0 ]; do sleep 0.15; done"
    program(player, "aplay", slow)
    asyncio.run(Player().play(one()))


def test_where_the_better_voice_fails_another_one_speaks(player: Path) -> None:
    class Failing:
        ready = True

        async def warm(self) -> None:
            """Do nothing."""

        async def sound(self, text: str) -> AsyncIterator[Piece]:
            self.ready = False
            if text:
                raise DeliveryError("the voice could not speak")
            yield Piece(b"", 16_000)

    class Steady(Failing):
        async def sound(self, text: str) -> AsyncIterator[Piece]:
            yield Piece(b"\1\0" * len(text), 16_000)

    asyncio.run(Mouth([Failing(), Steady()], Player()).say("Hello."))
    assert (player / "sound").read_bytes() == b"\1\0" * 6


def test_a_mouth_knows_why_its_last_words_were_not_heard(player: Path) -> None:
    mouth = Mouth([Letters()], Player())
    works = (player / "aplay").read_text()

    async def run() -> None:
        assert mouth.fault is None
        program(player, "aplay", "echo 'no such device' >&2; exit 1")
        with pytest.raises(DeliveryError):
            await mouth.say("Hello." * 20_000)
        assert "no such device" in str(mouth.fault)
        (player / "aplay").write_text(works)
        await mouth.say("Hello.")
        assert mouth.fault is None

    asyncio.run(run())


class Hoarse:
    """A voice that says so many sentences and no more."""

    def __init__(self, rate_hz: int, *, sentences: int = 99, ready: bool = True) -> None:
        self.ready, self._rate_hz, self._left = ready, rate_hz, sentences

    async def warm(self) -> None:
        self.ready = True

    async def sound(self, text: str) -> AsyncIterator[Piece]:
        self._left -= 1
        if self._left < 0:
            self.ready = False
            raise DeliveryError("the voice could not speak")
        await asyncio.sleep(0)  # meanwhile another may become ready
        yield Piece(b"\1\0" * len(text), self._rate_hz)


async def rates(*voices: Hoarse) -> list[int]:
    """Return the rate of each sentence of a text of three."""
    mouth = Mouth(voices, Player())
    try:
        return [piece.rate_hz async for piece in mouth.sound("One is. Two are. Three are.")]
    finally:
        await mouth.close()


def test_a_text_keeps_its_voice_while_a_better_one_comes() -> None:
    better = Hoarse(22_050, ready=False)
    assert asyncio.run(rates(better, Hoarse(16_000))) == [16_000] * 3
    assert better.ready


def test_a_voice_that_cannot_begin_gives_way_and_one_that_began_does_not() -> None:
    assert asyncio.run(rates(Hoarse(22_050, sentences=0), Hoarse(16_000))) == [16_000] * 3
    with pytest.raises(DeliveryError):
        asyncio.run(rates(Hoarse(22_050, sentences=1), Hoarse(16_000)))
