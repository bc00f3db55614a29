"""What goes wrong with the voice, or at an odd moment, ends neither the turn nor the daemon."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable

import pytest

from agent.app.pressed import hears, press
from agent.app.voiced import kept_up
from agent.errors import ControlError, DeliveryError
from agent.voice.conversation import Conversation, Show, Spoken
from agent.voice.deeds import (
    Began,
    Called,
    Device,
    Duck,
    Muted,
    Passed,
    Said,
    Say,
    Wanted,
)
from agent.voice.turn import SENTENCE_S_MAX, WAITING_MAX, Manners
from tests.test_voice_conversation import Scene, ask
from tests.test_voice_conversation import play as acted
from tests.test_voice_turn import NUDGED, play

WORDS = "the wearer's own words"


class Odd(Scene):
    """Fails as nobody foresaw."""

    async def understand(self, pcm: bytes) -> str:
        if self.heard == "odd":
            raise ValueError(WORDS)
        return await super().understand(pcm)

    async def answer(self, question: str, show: Show) -> Spoken:
        raise LookupError(WORDS)


@pytest.mark.parametrize("heard", ["odd", "What time is it?"])
def test_a_fault_that_nobody_foresaw_ends_the_turn_and_tells_no_word(
    heard: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def story(scene: Scene, conversation: Conversation) -> None:
        scene.hold.set()
        ask(conversation)
        await scene.until("idle")

    acted(Odd(heard=heard), story)
    assert "Error in test_voice_faults.py" in caplog.text
    assert WORDS not in caplog.text


def test_a_nudge_that_fails_as_nobody_foresaw_is_told_to_who_waits() -> None:
    class Broken(Scene):
        async def speak(self, parts: AsyncIterator[str], *, gain: float = 1.0) -> None:
            raise ValueError(WORDS)

    async def story(scene: Scene, conversation: Conversation) -> None:
        async with asyncio.timeout(5):
            with pytest.raises(DeliveryError, match="log"):
                await conversation.say("Ten minutes' walk?", "j1")
        await scene.until("idle")

    acted(Broken(), story)


def test_what_was_not_heard_opens_no_window_for_an_answer() -> None:
    turn, _ = play(NUDGED[0], Said(heard=False))
    assert (turn.phase, turn.nudge) == ("idle", "")


def test_a_sentence_whose_end_is_lost_ends_all_the_same() -> None:
    turn, _ = play(Called("phrase"), Began())
    assert turn.within_s == SENTENCE_S_MAX
    turn, _ = play(Called("phrase"), Began(), Passed(speaking=True))
    assert turn.phase == "idle"


def test_a_second_nudge_waits_for_the_first_while_the_microphone_is_closed() -> None:
    first, second = Wanted("Leave now", "j1"), Wanted("Drink", "j2")
    _, deeds = play(Muted(closed=True), first, second)
    assert deeds == []
    _, deeds = play(Muted(closed=True), first, second, Said())
    assert deeds == [Say("Drink", "j2")]


def test_a_microphone_that_is_opened_while_we_speak_knows_that_we_do() -> None:
    turn, deeds = play(Muted(closed=True), Wanted("Leave now", "j1"), Muted(closed=False))
    assert (turn.phase, deeds) == ("speaking", [Device(open=True), Duck(speaking=True)])


@pytest.mark.parametrize("closed", [True, False])
def test_who_waits_for_a_nudge_that_is_given_up_learns_it_at_once(*, closed: bool) -> None:
    async def story(scene: Scene, conversation: Conversation) -> None:
        ask(conversation)
        await scene.speaking.wait()
        count = 1 if closed else WAITING_MAX + 1
        waiting = [asyncio.create_task(conversation.say("x", f"j{n}")) for n in range(count)]
        await asyncio.sleep(0)
        if closed:
            conversation.happen(Muted(closed=True))
        async with asyncio.timeout(5):
            with pytest.raises(DeliveryError, match="closed meanwhile"):
                await waiting[0]
        for one in waiting:
            one.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)

    acted(Scene(), story, Manners())


def test_a_voice_that_begins_anew_is_in_the_middle_of_nothing() -> None:
    async def story(scene: Scene, conversation: Conversation) -> None:
        ask(conversation)
        await scene.speaking.wait()
        again = asyncio.create_task(conversation.run())
        await scene.until("idle")
        again.cancel()
        await asyncio.gather(again, return_exceptions=True)

    acted(Scene(), story)


def test_a_fault_of_the_voice_is_told_without_words_and_it_begins_again(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent.app.voiced.AGAIN_S", 0)
    runs = list[int]()

    async def run() -> None:
        runs.append(1)
        if len(runs) == 1:
            async with asyncio.TaskGroup():
                raise ValueError(WORDS)

    with caplog.at_level(logging.ERROR):
        asyncio.run(kept_up(run, "the voice"))
    assert len(runs) == 2
    assert "the voice failed" in caplog.text
    assert WORDS not in caplog.text


class Buttons:
    """A voice with buttons, over a scripted conversation."""

    def __init__(self, conversation: Conversation, microphone: str = "open: x, 16000 Hz") -> None:
        self.conversation, self._microphone = conversation, microphone
        self.watching: list[Callable[[str], None]] = []
        self.shown: list[str] = []

    @property
    def microphone(self) -> str:
        return self._microphone

    async def ready(self) -> None:
        """Listen already."""

    def watch(self, told: Callable[[str], None], /) -> Callable[[], None]:
        self.watching.append(told)
        return lambda: self.watching.remove(told)

    async def show(self, line: str) -> None:
        self.shown.append(line)

    def tell(self, line: str) -> None:
        for told in tuple(self.watching):
            told(line)

    def become(self, microphone: str) -> None:
        self._microphone = microphone
        self.tell(f"microphone {microphone}")


def test_a_button_says_that_the_microphone_is_lost_and_which() -> None:
    async def story(_: Scene, conversation: Conversation) -> None:
        buttons = Buttons(conversation, "lost: no such device")
        with pytest.raises(ControlError, match="lost: no such device"):
            await press(buttons, "listen", buttons.show)
        assert not buttons.watching

    acted(Scene(), story)


def test_who_listens_is_let_go_when_the_microphone_is_closed_meanwhile() -> None:
    async def story(scene: Scene, conversation: Conversation) -> None:
        buttons = Buttons(conversation)
        pressing = asyncio.create_task(press(buttons, "listen", buttons.show))
        await scene.until("listening")
        buttons.tell("microphone open: y, 16000 Hz")  # no end, whatever is told first
        buttons.tell("listening")
        conversation.happen(Muted(closed=True))
        await scene.until("muted")
        buttons.tell("muted")
        async with asyncio.timeout(5):
            await pressing
        assert buttons.shown[-1] == "muted"

    acted(Scene(), story, Manners())


def test_a_closed_microphone_is_told_once_the_device_is_closed() -> None:
    async def story(scene: Scene, conversation: Conversation) -> None:
        buttons = Buttons(conversation)
        pressing = asyncio.create_task(press(buttons, "mute", buttons.show))
        await scene.until("muted")
        assert not pressing.done()
        buttons.become("closed")
        async with asyncio.timeout(5):
            await pressing

    acted(Scene(), story)


def test_a_microphone_that_does_not_close_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.app.pressed.START_S_MAX", 0.01)

    async def story(_: Scene, conversation: Conversation) -> None:
        buttons = Buttons(conversation)
        with pytest.raises(ControlError, match="still open"):
            await press(buttons, "mute", buttons.show)

    acted(Scene(), story)


def test_ears_that_never_start_are_not_waited_for() -> None:
    class Deaf(Buttons):
        async def ready(self) -> None:
            await asyncio.Event().wait()

    async def story(_: Scene, conversation: Conversation) -> None:
        with pytest.raises(ControlError, match="no such phrase"):
            await hears(Deaf(conversation, "lost: no such phrase"), 0.01)

    acted(Scene(), story)
