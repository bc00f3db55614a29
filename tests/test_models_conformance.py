"""One suite for every kind of chat model: whatever holds it, a worker keeps the same promises."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable
from pathlib import Path

import pytest

from agent.errors import ModelError
from agent.models.chat import Chat, chat_worker
from agent.models.meaning import Meaning, embedding_worker
from agent.models.settings import Settings
from agent.models.worker import Limits, Worker
from agent.ports import LanguageModel, Prompt
from tests.default_models import default, needs
from tests.tiny_models import tiny  # noqa: F401 (a fixture)

SETTINGS = Settings(threads=1, context_tokens=512)
LONG = " ".join(["word"] * 16)  # 80 characters, of which each is three tokens to the tiny model
linux = pytest.mark.skipif(sys.platform != "linux", reason="seccomp is Linux's")

Opened = Callable[[Settings], Worker]


@pytest.fixture(
    params=[
        "scripted",
        pytest.param("tiny", marks=needs("llama_cpp", "gguf", "numpy")),
        pytest.param("default", marks=[needs("llama_cpp"), pytest.mark.model]),
    ]
)
def opened(request: pytest.FixtureRequest) -> Opened:
    """Return what opens a worker of one kind."""
    if request.param == "scripted":

        def scripted(settings: Settings) -> Worker:
            limits = settings.limits(idle_min=settings.chat_idle_min)
            return Worker("chat", ["tests.worker_scripted"], begin={}, limits=limits)

        return scripted
    path = default("chat") if request.param == "default" else request.getfixturevalue("tiny")
    return lambda settings: chat_worker(path, settings)


def with_chat(
    opened: Opened, act: Callable[[Chat], Awaitable[None]], *, settings: Settings = SETTINGS
) -> None:
    async def run() -> None:
        chat = Chat(opened(settings))
        try:
            await act(chat)
        finally:
            await chat.worker.close()

    asyncio.run(run())


def asked(text: str = "one two three four", tokens_max: int = 8) -> Prompt:
    return Prompt(messages=(("system", "Be brief."), ("user", text)), tokens_max=tokens_max)


def test_it_is_a_language_model_and_answers(opened: Opened) -> None:
    async def act(chat: Chat) -> None:
        model: LanguageModel = chat
        done = await model.generate(asked())
        assert 1 <= done.tokens_made <= 8
        assert done.finish in ("stop", "length")
        assert done.first_ms <= done.ms
        assert done.chance is None or done.chance <= 0
        assert await model.complete("Be brief.", "one two", tokens_max=8) is not None
        assert await chat.count("one two three") > 0

    with_chat(opened, act)


def test_the_pieces_of_a_stream_are_the_answer(opened: Opened) -> None:
    async def act(chat: Chat) -> None:
        whole = (await chat.generate(asked())).text
        assert "".join([part async for part in chat.stream(asked())]) == whole
        assert (await chat.generate(asked())).text == whole, "greedy: the same words again"

    with_chat(opened, act)


def test_two_questions_at_once_get_each_their_own_answer(opened: Opened) -> None:
    async def act(chat: Chat) -> None:
        questions = [asked("alpha beta"), asked("gamma delta")]
        alone = [(await chat.generate(one)).text for one in questions]
        both = await asyncio.gather(*(chat.generate(one) for one in questions))
        assert [one.text for one in both] == alone
        assert chat.worker.starts == 1

    with_chat(opened, act)


def test_a_stream_that_is_left_frees_its_caller_and_the_worker(opened: Opened) -> None:
    async def act(chat: Chat) -> None:
        await chat.worker.start()
        stream = chat.stream(asked(LONG, tokens_max=200))
        assert isinstance(stream, AsyncGenerator)
        async for _ in stream:
            break
        await stream.aclose()
        assert (await chat.generate(asked())).tokens_made >= 1
        assert chat.worker.starts == 1

    with_chat(opened, act)


def test_a_cancelled_answer_leaves_a_worker_that_answers_the_same_as_before(
    opened: Opened,
) -> None:
    async def act(chat: Chat) -> None:
        before = (await chat.generate(asked())).text
        for delay_s in (0, 0.001, 0.01, 0.05):
            task = asyncio.create_task(chat.generate(asked(LONG, tokens_max=200)))
            await asyncio.sleep(delay_s)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)  # a fast one may have answered
        assert (await chat.generate(asked())).text == before
        assert chat.worker.starts == 1

    with_chat(opened, act)


def test_what_it_cannot_do_is_a_model_error_and_the_next_question_works(opened: Opened) -> None:
    async def act(chat: Chat) -> None:
        with pytest.raises(ModelError, match="not fit"):
            await chat.generate(asked("word " * 5000))
        with pytest.raises(ModelError, match="no rule named root"):
            await chat.generate(Prompt(messages=(("user", "a"),), grammar='leaf ::= "a"'))
        with pytest.raises(ModelError):
            await chat.worker.call("dance", {})
        assert (await chat.generate(asked())).tokens_made >= 1
        assert chat.worker.starts == 1

    with_chat(opened, act)


def test_one_killed_in_the_middle_of_an_answer_returns(opened: Opened) -> None:
    async def act(chat: Chat) -> None:
        await chat.worker.start()
        pid = chat.worker.report.pid
        assert pid is not None
        task = asyncio.create_task(chat.generate(asked(LONG, tokens_max=200)))
        await asyncio.sleep(0)
        os.kill(pid, signal.SIGKILL)
        with pytest.raises(ModelError, match="SIGKILL"):
            await task
        assert (await chat.generate(asked())).tokens_made >= 1
        assert (chat.worker.starts, chat.worker.report.crashes) == (2, 1)

    with_chat(opened, act)


def test_an_idle_one_is_unloaded_and_comes_back(opened: Opened) -> None:
    async def act(chat: Chat) -> None:
        chat.worker._limits = Limits(idle_s=0.05)
        await chat.generate(asked())
        while chat.worker.report.pid is not None:
            await asyncio.sleep(0.01)
        assert chat.worker.report.memory_mb is None
        assert (await chat.generate(asked())).tokens_made >= 1
        assert chat.worker.starts == 2

    with_chat(opened, act)


@linux
def test_it_is_sealed_and_its_memory_is_known(opened: Opened) -> None:
    async def act(chat: Chat) -> None:
        await chat.worker.start()
        report = chat.worker.report
        assert (report.sealed, report.open_way) == (True, None)
        assert report.memory_mb is not None
        assert report.memory_mb > 5

    with_chat(opened, act)


@pytest.mark.model
@needs("llama_cpp")
def test_the_embedding_keeps_the_promises_that_it_can() -> None:
    async def run() -> None:
        worker = embedding_worker(default("embedding"), SETTINGS)
        meaning = Meaning(worker)
        try:
            first, again = await meaning.embed(["hello"]), await meaning.embed(["hello"])
            assert list(first) == list(again)
            with pytest.raises(ModelError, match="cannot 'complete'"):
                await worker.call("complete", {})
            pid = worker.report.pid
            assert pid is not None
            os.kill(pid, signal.SIGKILL)
            while worker.report.pid is not None:
                await asyncio.sleep(0.01)
            assert await meaning.embed(["hello"]) == first
            assert worker.report.sealed is (sys.platform == "linux")
        finally:
            await worker.close()

    asyncio.run(run())


@pytest.mark.parametrize("size", [1, 100])
@needs("llama_cpp", "gguf", "numpy")
def test_an_answer_ends_when_the_context_is_full(tiny: Path, size: int) -> None:  # noqa: F811
    async def act(chat: Chat) -> None:
        done = await chat.generate(Prompt(text="a" * size, tokens_max=10_000))
        assert done.finish in ("stop", "length")
        assert done.tokens_prompt + done.tokens_made <= 257

    settings = Settings(threads=1, context_tokens=256)
    with_chat(lambda _: chat_worker(tiny, settings), act)
