"""The speech coach: syllables, fillers, pauses, and a touch within two seconds of too fast."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.core import Core
from agent.ports import Nothing, Summary, Transcript, Word
from agent.signals import FILLER_RATE, SOUND_LEVEL, SPEECH_RATE, SPEECH_SHARE
from agent.voice.coaching.coach import Coach
from agent.voice.coaching.delivery import delivery, joined, noted
from agent.voice.coaching.fillers import fillers
from agent.voice.coaching.nuclei import Nuclei
from agent.voice.coaching.syllables import syllables
from agent.voice.ears.events import Loudness
from agent.voice.pronounced import Pronunciations
from skills import coach
from skills.coach.delivered import DELIVERED
from tests.days import at
from tests.default_models import needs
from tests.sound import espeak, room, said, silence
from tests.test_policy import live
from tests.test_skill_talk import NONE, NOON, note

unhurried = settings(deadline=None)  # a busy machine is no fault

EARS_BYTES = 25_600  # 0.8 s: as the ears tell of an unfinished sentence
SLOW = (
    "We come together every morning at nine to see who does what. Most of it takes five minutes, "
    "and nobody has to stand up."
)
FAST = (
    "My grandmother never wrote down a recipe. She put in a hand of flour, some butter and a "
    "little salt, and when we asked how much, she said that the dough would tell us."
)
WORDS = {"strength": 1, "table": 2, "created": 3, "wanted": 2, "walked": 1, "beautiful": 3}


@pytest.mark.parametrize(("word", "count"), WORDS.items())
def test_syllables_are_counted_by_letters_where_there_is_no_dictionary(
    word: str, count: int
) -> None:
    assert abs(syllables(word) - count) <= (word == "created")


@needs("pocketsphinx")
@pytest.mark.parametrize(("word", "count"), WORDS.items())
def test_syllables_are_those_of_the_dictionary(word: str, count: int) -> None:
    assert syllables(word, Pronunciations().of) == count


@unhurried
@given(st.text(max_size=60))
def test_any_text_has_syllables_and_fillers(text: str) -> None:
    assert syllables(text) >= 0
    assert len(fillers(text)) <= len(text)


@pytest.mark.parametrize(
    ("said_", "count"),
    [
        ("Um, so I think, uh, the plan is good. We, er, need, you know, more time.", 4),
        ("It was, like, a long week. Well, that is all.", 1),
        ("I like the plan, and you know it well.", 0),
        ("The um, umbrella is hers, hmm.", 2),
    ],
)
def test_fillers_are_what_carries_nothing(said_: str, count: int) -> None:
    assert len(fillers(said_)) == count


def words(*times: tuple[str, float, float]) -> list[Word]:
    return [Word(text=t, since_s=a, until_s=b, probability=1.0) for t, a, b in times]


def test_a_delivery_has_pace_pauses_and_longest_pause() -> None:
    told = delivery(words(("one", 0, 0.5), ("two", 0.6, 1.0), ("three", 2.0, 2.5)))
    assert told.rate_wpm == pytest.approx(72)
    assert told.pauses_s == (1.0,)
    assert told.pause_longest_s == told.pause_mean_s == 1.0
    assert told.rate_spm == pytest.approx(60 * 3 / 1.5)
    twice = joined(told, told)
    assert twice.rate_wpm == pytest.approx(72)
    assert twice.words == 6
    assert delivery(()).rate_wpm == delivery(()).filler_rate_pm == 0.0


@unhurried
@given(st.binary(max_size=4000), st.integers(1, 500))
def test_nuclei_do_not_depend_on_the_blocks(raw: bytes, size: int) -> None:
    pcm = raw * 20
    pcm = pcm[: len(pcm) // 2 * 2]
    whole, parts = Nuclei(), Nuclei()
    found, spoken_s = whole.feed(pcm)
    again = [parts.feed(pcm[at_ : at_ + 2 * size]) for at_ in range(0, len(pcm), 2 * size)]
    assert [one for some, _ in again for one in some] == found
    assert sum(one for _, one in again) == pytest.approx(spoken_s)


def test_silence_and_a_quiet_room_have_no_syllables() -> None:
    assert Nuclei().feed(silence(2.0))[0] == []
    assert len(Nuclei().feed(room(2.0))[0]) <= 1


@espeak
@pytest.mark.audio
@pytest.mark.parametrize("voice", ["en-us", "en-gb", "en-us+f3", "en-us+m7"])
def test_the_share_of_syllables_found_is_the_same_at_every_pace(voice: str) -> None:
    shares = []
    for speed in ("130", "200", "260"):
        found, _ = Nuclei().feed(said(FAST, "-v", voice, "-s", speed))
        shares.append(len(found) / 44)
    assert 0.8 <= min(shares) <= max(shares) <= 1.3
    assert max(shares) - min(shares) <= 0.25


def taught(voice: str) -> Coach:
    """Return a coach that heard a sentence at 130 words a minute, and what was in it."""
    one = Coach()
    slow = said(SLOW, "-v", voice, "-s", "130")
    for end in range(EARS_BYTES, len(slow), EARS_BYTES):
        one.goes_on(slow[:end], at=at(NOON))
    text = Transcript(text=SLOW, audio_s=len(slow) / 32_000, spent_s=0.0, language="en")
    one.heard(text, at=at(NOON))
    one.begin()
    return one


@espeak
@pytest.mark.audio
@pytest.mark.parametrize("voice", ["en-us", "en-gb", "en-us+f3", "en-us+m7"])
def test_the_wrist_is_touched_within_two_seconds_of_fast_speech(voice: str) -> None:
    one, core = taught(voice), Core((coach.Coach(),))
    begun = note("coach", "begun", NOON, limits={"rate": 160.0})
    state, _ = live(core, begun)
    fast = said(FAST, "-v", voice, "-s", "260").lstrip(b"\0")
    fast = fast[: len(fast) // 2 * 2]
    for end in range(EARS_BYTES, len(fast), EARS_BYTES):
        seconds = end / 32_000
        now = at(NOON + 1) + timedelta(seconds=seconds)
        state, judged = live(core, *one.goes_on(fast[:end], at=now), state=state)
        if judged:
            assert judged[0].verdict == "speak"
            assert judged[0].haptic == "double"
            assert seconds <= 2.0
            return
    pytest.fail("no touch came")


def test_loudness_gives_the_share_of_a_minute_and_the_level_of_speech() -> None:
    one = Coach(full_scale_db=110.0)
    for second in range(90):
        speech = 1.0 if second >= 60 else 0.0
        level = Loudness(
            at_s=float(second), seconds=1.0, dbfs=-40.0, peak_dbfs=-30.0, speech=speech, noise=0.0
        )
        samples = {s.signal: s.value for s in one.loudness(level, at=at(NOON))}
        assert samples[SPEECH_SHARE.id] <= 1.0
    assert samples == {SPEECH_SHARE.id: 0.5, SOUND_LEVEL.id: 70.0}


def test_fillers_a_minute_are_told_only_after_enough_speech() -> None:
    one = Coach()
    short = Transcript(text="Um, yes.", audio_s=2.0, spent_s=0.0, language="en")
    assert one.heard(short, at=at(NOON)) == ()
    long = Transcript(text="Uh, and, um, well.", audio_s=18.0, spent_s=0.0, language="en")
    (sample,) = one.heard(long, at=at(NOON))
    assert (sample.signal, sample.value) == (FILLER_RATE.id, 9.0)


def test_a_transcript_belongs_to_the_sentence_that_ended() -> None:
    one = Coach()
    tone = b"\x00\x20\x00\xe0" * 16_000  # loud, and no vowel
    one.ended(tone, at=at(NOON))
    one.begin()
    said_ = tuple(words(("one", 0, 1), ("two", 1, 2)))
    told = Transcript(text="one two", audio_s=2.0, spent_s=0.0, language="en", words=said_)
    one.heard(told, at=at(NOON))
    assert one.talk.spoken_s == pytest.approx(2.0, abs=0.1)
    assert set(noted(one.talk)) == DELIVERED


def test_a_moment_of_speech_is_no_pace() -> None:
    assert Coach().goes_on(silence(5.0), at=at(NOON)) == ()
    assert SPEECH_RATE.low == 0


def test_the_report_has_syllables_and_pauses_where_the_ears_noted_them() -> None:
    told = {"words": 100, "rate_spm": 240, "pauses": 7, "pause_mean_s": 0.6, "pause_longest_s": 2}
    core = Core((coach.Coach(),))
    state, _ = live(core, note("coach", "begun", limits={}), note("coach", "delivered", **told))

    found = coach.report(NONE, Spoke(), state.context)
    assert "240 syllables a minute" in found.text
    assert "7 pauses of 0.6 s on average, the longest 2.0 s" in found.text
    assert "no interruptions" in found.text


class Spoke(Nothing):
    """A memory of one talk."""

    def summary(self, signal: str, *, since: datetime, until: datetime) -> Summary:
        """Return the same of every signal."""
        return Summary(
            signal=signal, since=since, until=until, count=9, mean=0.5, low=0.1, high=0.9, total=4.5
        )
