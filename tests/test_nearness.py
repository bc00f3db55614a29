"""Two who talk: whose words they were, and who broke in, where one is nearer than the other."""

import asyncio
import itertools
from array import array
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.core import Core
from agent.evaluate import dialogues
from agent.voice.coaching import nearness
from agent.voice.coaching.delivery import delivery, noted
from agent.voice.coaching.nearness import Conversation, Nearness, threshold
from skills import coach
from tests.sound import espeak, room, said, silence
from tests.test_coaching import Spoke
from tests.test_policy import live
from tests.test_skill_talk import NONE, note


async def say(text: str, voice: str) -> bytes:
    return said(text, "-v", voice)


@espeak
@pytest.mark.audio
def test_the_nearer_one_s_share_and_interruptions_are_told() -> None:
    talk, share, count = asyncio.run(dialogues.talk(say, dialogues.PAIRS[0], -12))
    found = talk.conversation()
    assert found is not None
    assert found.own_share == pytest.approx(share, abs=0.1)
    assert found.interruptions == count == 3


@espeak
@pytest.mark.audio
@pytest.mark.parametrize("farther_db", [0.0, -4.0])
def test_voices_that_are_as_near_are_not_told_apart(farther_db: float) -> None:
    talk, _, _ = asyncio.run(dialogues.talk(say, dialogues.PAIRS[0], farther_db))
    assert talk.conversation() is None


@espeak
@pytest.mark.audio
def test_one_who_speaks_alone_is_not_told_apart_from_anybody() -> None:
    talk = Nearness()
    for text in (*dialogues.MINE, *dialogues.THEIRS) * 2:
        talk.sentence(said(text))
    assert talk.conversation() is None


@espeak
@pytest.mark.audio
@pytest.mark.parametrize("level", [6, 100, 600])
@pytest.mark.parametrize(("before_s", "inner_s"), [(0.5, 0.0), (1.0, 0.0), (1.5, 0.0), (0.5, 1.5)])
def test_the_silence_of_one_who_speaks_alone_is_nobody(
    before_s: float, inner_s: float, level: int
) -> None:
    talk, inner = InRoom(before_s, level), silence(inner_s)
    for mine, more in zip(dialogues.MINE, dialogues.THEIRS, strict=True):
        one, other = said(mine), said(more)
        for sentence in [one + inner + other] * 4 if inner_s else [one, other] * 4:
            talk.sentence(sentence)
    assert talk.conversation() is None


@espeak
@pytest.mark.audio
@pytest.mark.parametrize("before_s", [0.5, 1.5])
@pytest.mark.parametrize("level", [6, 300])
def test_the_silence_around_two_who_talk_is_neither_s(
    before_s: float, level: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dialogues, "Nearness", lambda: InRoom(before_s, level))
    talk, share, count = asyncio.run(dialogues.talk(say, dialogues.PAIRS[0], -12))
    found = talk.conversation()
    assert found is not None
    assert found.own_share == pytest.approx(share, abs=0.1)
    assert found.interruptions == count


class InRoom(Nearness):
    """Hears the room around each sentence, as the ears do."""

    def __init__(self, before_s: float, level: int) -> None:
        super().__init__()
        self._before, self._room = silence(before_s), array("h", room(10, level=level))

    def sentence(self, pcm: bytes) -> None:
        said_ = array("h", self._before + pcm + silence(0.25))
        both = zip(said_, itertools.cycle(self._room))
        super().sentence(array("h", (max(-32768, min(32767, sum(one))) for one in both)).tobytes())


def test_the_cut_lies_between_two_groups_and_one_group_has_none() -> None:
    chance = Random(1)  # noqa: S311 (repeatable)
    one = [round(chance.gauss(60, 3)) for _ in range(500)]
    other = [round(chance.gauss(75, 3)) for _ in range(200)]
    found = threshold(one + other)
    assert found is not None
    assert 64 < found < 71
    assert threshold(one) is None
    assert threshold([round(chance.uniform(50, 80)) for _ in range(700)]) is None
    assert threshold(one + other[:20]) is None, "a cough"


@given(st.lists(st.binary(max_size=9000), max_size=6))
def test_any_sound_is_taken_and_little_of_it_is_kept(sentences: list[bytes]) -> None:
    talk = Nearness()
    for pcm in sentences:
        talk.sentence(pcm)
    found = talk.conversation()
    assert found is None or 0 <= found.own_share <= 1


def test_a_long_day_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nearness, "FRAMES_MAX", 100)
    talk = Nearness()
    for _ in range(100):
        talk.sentence(bytes(32_000))
    assert len(talk._levels) < 100 + 11


@pytest.mark.parametrize(
    ("conversation", "told"),
    [
        (Conversation(0.62, 2), "62% of what was said was yours; 2 times you began before"),
        (Conversation(0.3, 1), "1 time you began before the other had paused"),
        (None, "could not be told apart, so I count no interruptions"),
    ],
)
def test_the_report_tells_it_or_that_it_cannot(
    conversation: Conversation | None, told: str
) -> None:
    measured = {"words": 100.0, "rate_spm": 240.0, "pauses": 0.0}
    data = noted(delivery(()), conversation) | measured
    core = Core((coach.Coach(),))
    state, _ = live(core, note("coach", "begun", limits={}), note("coach", "delivered", **data))
    assert told in coach.report(NONE, Spoke(), state.context).text
