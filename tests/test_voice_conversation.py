"""A conversation over scripted ears, understanding, answers and mouth: what is said, and when."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

import pytest

from agent.errors import DeliveryError, ModelError
from agent.events import FeedbackKind
from agent.voice.conversation import Conversation, Show, Spoken, World
from agent.voice.deeds import Began, Called, Ended, Muted
from agent.voice.turn import Manners, Phase

PCM = b"\1\0" * 1600
QUICK = Manners(listen_s=0.05, follow_s=0.05)


@dataclass
class Scene:
    """Everything around a conversation, with a note of what it was asked for."""

    heard: str = "What time is it?"
    answers: tuple[str, ...] = ("It is noon.",)
    asks: bool = False
    loud: float | None = 1.0
    done: list[str] = field(default_factory=list)
    phases: list[Phase] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    speaking: asyncio.Event = field(default_factory=asyncio.Event)
    hold: asyncio.Event = field(default_factory=asyncio.Event)
    broken: bool = False

    def attend(self, window_s: float) -> None:
        self.done.append(f"attend {window_s:g}")

    def rest(self) -> None:
        self.done.append("rest")

    def open(self) -> None:
        self.done.append("open")

    def close(self) -> None:
        self.done.append("close")

    def duck(self, speaking: bool) -> None:
        self.done.append("duck" if speaking else "rise")

    async def speak(self, parts: AsyncIterator[str], *, gain: float = 1.0) -> None:
        if self.broken:
            raise DeliveryError("there is no loudspeaker")
        async for part in parts:
            self.said.append(part)
            self.speaking.set()
        await self.hold.wait()

    async def understand(self, pcm: bytes) -> str:
        assert pcm == PCM
        if self.heard == "fault":
            raise ModelError("the worker ended")
        return self.heard

    async def answer(self, question: str, show: Show) -> Spoken:
        self.done.append(f"asked {question}")
        for part in self.answers[:-1]:
            show(part)
            await asyncio.sleep(0)
        if len(self.answers) > 1:
            show(self.answers[-1])
        return Spoken(text=" ".join(self.answers), asks=self.asks)

    def feedback(self, judgement: str, answer: FeedbackKind) -> None:
        self.done.append(f"{judgement} {answer}")

    def forget(self) -> None:
        self.done.append("forget")

    async def until(self, phase: Phase) -> None:
        async with asyncio.timeout(5):
            while not self.phases or self.phases[-1] != phase:
                await asyncio.sleep(0.001)


Story = Callable[[Scene, Conversation], Awaitable[None]]


def play(scene: Scene, story: Story, manners: Manners = QUICK) -> None:
    async def run() -> None:
        world = World(
            ears=scene,
            mouth=scene,
            understand=scene.understand,
            answer=scene.answer,
            feedback=scene.feedback,
            forget=scene.forget,
            gain=lambda _: scene.loud,
            changed=scene.phases.append,
        )
        conversation = Conversation(world, manners)
        running = asyncio.create_task(conversation.run())
        try:
            await story(scene, conversation)
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    asyncio.run(run())


def ask(conversation: Conversation) -> None:
    for happening in (Called("phrase"), Began(), Ended(PCM)):
        conversation.happen(happening)


def test_a_question_is_answered_aloud() -> None:
    async def story(scene: Scene, conversation: Conversation) -> None:
        scene.hold.set()
        ask(conversation)
        await scene.until("idle")
        assert scene.said == ["It is noon."]
        assert scene.phases == ["listening", "thinking", "speaking", "idle"]
        assert scene.done[-1] == "rest"

    play(Scene(), story)


def test_the_first_sentence_is_spoken_before_the_last_is_made() -> None:
    async def story(scene: Scene, conversation: Conversation) -> None:
        ask(conversation)
        await scene.speaking.wait()
        assert scene.said[0] == "First."
        scene.hold.set()
        await scene.until("idle")
        assert scene.said == ["First.", "Second.", "Third."]

    play(Scene(answers=("First.", "Second.", "Third.")), story)


def test_the_wake_phrase_silences_an_answer() -> None:
    async def story(scene: Scene, conversation: Conversation) -> None:
        ask(conversation)
        await scene.speaking.wait()
        conversation.happen(Called("phrase"))
        await scene.until("listening")
        assert scene.done[-2:] == ["rise", "attend 0.05"]
        await scene.until("idle")  # nothing was said after it

    play(Scene(), story)


def test_a_window_that_nobody_uses_closes() -> None:
    async def story(scene: Scene, conversation: Conversation) -> None:
        conversation.happen(Called("button"))
        await scene.until("idle")
        assert scene.done == ["attend 0.05", "rest"]

    play(Scene(), story)


def test_a_nudge_is_said_and_the_yes_after_it_is_its_answer() -> None:
    async def story(scene: Scene, conversation: Conversation) -> None:
        scene.hold.set()
        await conversation.say("Ten minutes' walk?", "j1")
        await scene.until("following")
        conversation.happen(Began())
        conversation.happen(Ended(PCM))
        await scene.until("idle")
        assert "j1 accepted" in scene.done

    play(Scene(heard="Yes, please."), story, Manners(follow_s=5))


def test_an_interrupted_nudge_counts_as_heard() -> None:
    async def story(scene: Scene, conversation: Conversation) -> None:
        saying = asyncio.create_task(conversation.say("Ten minutes' walk?", "j1"))
        await scene.speaking.wait()
        conversation.happen(Muted(closed=True))
        await saying
        assert "close" in scene.done

    play(Scene(), story)


def test_where_we_must_be_silent_a_nudge_is_not_spoken() -> None:
    async def story(scene: Scene, conversation: Conversation) -> None:
        with pytest.raises(DeliveryError, match="aloud"):
            await conversation.say("Ten minutes' walk?", "j1")
        ask(conversation)
        await scene.until("idle")
        assert not scene.said

    play(Scene(loud=None), story)


def test_a_broken_loudspeaker_ends_nothing() -> None:
    async def story(scene: Scene, conversation: Conversation) -> None:
        with pytest.raises(DeliveryError, match="loudspeaker"):
            await conversation.say("Ten minutes' walk?", "j1")
        ask(conversation)
        await scene.until("idle")
        assert "asked What time is it?" in scene.done

    play(Scene(broken=True), story)


def test_a_recogniser_that_fails_is_said_to_the_wearer() -> None:
    async def story(scene: Scene, conversation: Conversation) -> None:
        scene.hold.set()
        ask(conversation)
        await scene.until("following")
        assert scene.said == ["I did not catch that."]

    play(Scene(heard="fault"), story)
