"""Which meaning a sentence has: the head alone, and the whole with the default embedding."""

import asyncio
import json
import os
import random
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from agent.ask.letters import NONE, lessons, tools_of
from agent.ask.route import SURE
from agent.errors import ModelError
from agent.models.meaning import Meaning, embedding_worker
from agent.models.settings import Settings
from skills import SKILLS
from tests.default_models import default, needs
from tests.said import SAID

EXAMPLES = {
    "heart": ["what is my heart rate", "how fast does my heart beat", "my pulse now"],
    "list": ["what is on my list", "what do i need to buy", "show the shopping list"],
    "sleep": ["how did i sleep", "was my night good", "how long was i asleep"],
}


def with_meaning(act: Callable[[Meaning], Awaitable[None]]) -> None:
    path = default("embedding")

    async def run() -> None:
        meaning = Meaning(embedding_worker(path, Settings()))
        try:
            await act(meaning)
        finally:
            await meaning.worker.close()

    asyncio.run(run())


@needs("numpy")
def test_confidences_are_ordered_bounded_and_the_same_each_time() -> None:
    np = pytest.importorskip("numpy")
    heads = pytest.importorskip("agent.models.heads")
    chance = np.random.default_rng(1)
    vectors = chance.standard_normal((60, 16))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    owners = [f"m{n % 6}" for n in range(60)]
    said = [f"sentence {n}" for n in range(60)]
    head, again = heads.Head.fit(vectors, owners, said), heads.Head.fit(vectors, owners, said)
    for vector in chance.standard_normal((200, 16)):
        unit = vector / np.linalg.norm(vector)
        ranked = head.rank(unit, "sentence 7")
        shares = [share for _, share in ranked]
        assert ranked == again.rank(unit, "sentence 7")
        assert shares == sorted(shares, reverse=True)
        assert min(shares) >= 0
        assert sum(shares) <= 1 + 1e-5
        assert len(ranked) == 6


@needs("numpy")
def test_a_single_meaning_is_not_certain_of_everything() -> None:
    np = pytest.importorskip("numpy")
    heads = pytest.importorskip("agent.models.heads")
    head = heads.Head.fit(np.eye(8)[:2], ["only", "only"], ["this one", "that one"])
    [(_, near)], [(_, far)] = head.rank(np.eye(8)[0], "x"), head.rank(np.eye(8)[5], "x")
    assert near > 0.75
    assert far < 0.1


@pytest.mark.model
def test_a_sentence_in_other_words_is_understood_and_a_far_one_is_not() -> None:
    async def act(meaning: Meaning) -> None:
        await meaning.fit(EXAMPLES)
        best, confidence = (await meaning.rank("what was my heart rate yesterday"))[0]
        assert (best, confidence > 0.8) == ("heart", True)
        assert (await meaning.rank("did i sleep well"))[0][0] == "sleep"
        for far in ("how tall is the eiffel tower", "qwxz", "", "sing me a song " * 200):
            assert (await meaning.rank(far))[0][1] < 0.3

    with_meaning(act)


@pytest.mark.model
def test_what_was_learnt_is_there_again_after_a_crash() -> None:
    async def act(meaning: Meaning) -> None:
        await meaning.fit(EXAMPLES)
        before = await meaning.rank("my pulse please")
        pid = meaning.worker.report.pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        while meaning.worker.report.pid is not None:
            await asyncio.sleep(0.01)
        assert await meaning.rank("my pulse please") == before
        assert meaning.worker.starts == 2

    with_meaning(act)


@pytest.mark.model
def test_nothing_learnt_ranks_nothing_and_a_new_fit_replaces_the_old() -> None:
    async def act(meaning: Meaning) -> None:
        assert await meaning.rank("anything") == ()
        await meaning.fit(EXAMPLES)
        await meaning.fit({"heart": EXAMPLES["heart"]})
        assert [name for name, _ in await meaning.rank("my pulse")] == ["heart"]
        await meaning.fit({})
        assert await meaning.rank("my pulse") == ()

    with_meaning(act)


@pytest.mark.model
def test_odd_sentences_are_ranked_or_refused_and_never_worse() -> None:
    async def act(meaning: Meaning) -> None:
        await meaning.fit(EXAMPLES)
        for odd in ("\x00", "\u202e\u0301" * 50, "🙂" * 400, "[CLS] [SEP]", "\n\n", "ß" * 10_000):
            try:
                ranked = await meaning.rank(odd)
            except ModelError:
                continue
            assert len(ranked) == 3
        assert meaning.worker.report.crashes == 0

    with_meaning(act)


@pytest.mark.model
@pytest.mark.reference
def test_twenty_intents_are_told_apart_and_what_is_out_of_scope_is_refused(
    reference: Path,
) -> None:
    text = json.loads((reference / "text" / "clinc" / "train_val.json").read_text("utf-8"))
    chance = random.Random(3)  # noqa: S311 (a repeatable choice)
    intents = chance.sample(sorted({intent for _, intent in text["train"]}), 20)
    examples = {
        intent: [said for said, of in text["train"] if of == intent][:10] for intent in intents
    }
    asked = [(said, of) for said, of in text["val"] if of in intents]

    async def act(meaning: Meaning) -> None:
        await meaning.fit(examples)
        ranked = [((await meaning.rank(said))[0], of) for said, of in asked]
        right = sum(best == of for (best, _), of in ranked) / len(ranked)
        refused = [(await meaning.rank(said))[0][1] < 0.5 for said, _ in text["oos_val"]]
        assert right > 0.93
        assert sum(refused) / len(refused) > 0.9

    with_meaning(act)


INSTALLED = {
    "weather.forecast": (
        ["what's the weather like", "is it raining outside", "will it rain tomorrow",
         "how warm will it get today", "do I need a coat", "weather forecast for the weekend",
         "is it going to be sunny", "any snow coming", "how windy is it", "tell me the weather"],
        ["will it snow tonight", "should I take an umbrella", "what's the forecast",
         "is it cold outside", "weather tomorrow please", "how hot does it get on Sunday",
         "is there a storm coming", "does it rain", "will the sun shine this afternoon",
         "what will the weather be"],
    ),
    "trains.departures": (
        ["when does the next train leave", "is my train on time", "which platform is it",
         "is the bus late", "next tram to the station", "are the trains running today",
         "when is the last underground", "departures please", "do I have to change trains",
         "how long does the train take"],
        ["when does the train to Hamburg go", "is there a bus to the airport",
         "which platform for the next train", "is the tram delayed", "next bus into town",
         "what time does the last train leave", "are there trains on Sunday",
         "how late is my train", "departures from the main station", "when is my bus"],
    ),
}  # fmt: skip


@pytest.mark.model
@pytest.mark.parametrize("name", INSTALLED)
def test_an_eleventh_skill_is_understood_at_once_and_costs_the_others_little(name: str) -> None:
    examples, unseen = INSTALLED[name]
    own = lessons(tools_of(SKILLS))
    asked = [row for row in SAID if row.tool]

    async def right(meaning: Meaning) -> int:
        ranked = [(await meaning.rank(row.say), row.tool) for row in asked]
        best = [(next(n for n, _ in r if not n.startswith(NONE)), tool) for r, tool in ranked]
        return sum(found == tool for found, tool in best)

    async def act(meaning: Meaning) -> None:
        await meaning.fit(own)
        before = await right(meaning)
        await meaning.fit({**own, name: examples})
        found = [(await meaning.rank(said))[0] for said in unseen]
        assert sum(best == name and sure >= SURE for best, sure in found) >= 8
        assert await right(meaning) >= before - 0.01 * len(asked)

    with_meaning(act)


@needs("numpy")
def test_a_topic_yields_to_a_meaning_that_is_about_it_but_not_one_that_is_kept() -> None:
    np = pytest.importorskip("numpy")
    heads = pytest.importorskip("agent.models.heads")
    vectors, said = np.eye(4)[[0, 0, 1, 0]], ["a", "b", "c", "d"]
    head = heads.Head.fit(vectors, ["tool", "~near", "~far", "~!kept"], said)
    assert head.meanings == ("tool", "~!kept", "~far")
