"""Sound in, events out, without a process: whatever comes, and in whatever blocks."""

import shutil
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.voice.ears.events import (
    EarEvent,
    Loudness,
    SpeechBegan,
    SpeechEnded,
    SpeechGoesOn,
    SpeechPaused,
    Woken,
)
from agent.voice.ears.heard import Heard
from tests.default_models import default, needs
from tests.sound import espeak, room, said, silence

pytestmark = needs("numpy", "onnxruntime", "faster_whisper", "pymicro_wakeword")
np = pytest.importorskip("numpy")
pytest.importorskip("onnxruntime")
from agent.voice.ears.detectors import detector_of  # noqa: E402 (after numpy is known)
from agent.voice.ears.listener import Listener  # noqa: E402
from agent.voice.ears.trials import HIGHEST, LOWEST, score_of, threshold_of  # noqa: E402

FAST = Heard(wake="none", continuous=True, speech_max_s=2, partial_s=0.3)
SPOKEN = st.sampled_from(["silence", "room", "noise", "clipped", "voice", "voice", "click"])
HIT_RATE_HZ = 16_000


def blocks(pcm: bytes, size: int = 1536) -> list[Any]:
    samples = np.frombuffer(pcm, dtype=np.int16)
    return [samples[at : at + size] for at in range(0, len(samples), size)]


def events(heard: Heard, pcm: bytes, size: int = 1536) -> list[EarEvent]:
    listener = Listener(heard, detector_of(heard))
    found = [event for block in blocks(pcm, size) for event in listener.feed(block)]
    return [*found, *listener.end()]


@pytest.fixture(scope="module")
def voice() -> bytes:
    return said("seven green apples") if shutil.which("espeak-ng") else room(1, level=9000)


def block_of(kind: str, size: int, voice: bytes) -> Any:
    chance = np.random.default_rng(size)
    made = {
        "silence": lambda: np.zeros(size, np.int16),
        "room": lambda: chance.integers(-9, 9, size).astype(np.int16),
        "noise": lambda: chance.integers(-9000, 9000, size).astype(np.int16),
        "clipped": lambda: chance.choice(np.array([-32768, 32767], np.int16), size),
        "voice": lambda: np.resize(np.frombuffer(voice, np.int16), size),
        "click": lambda: np.append(np.zeros(max(0, size - 1), np.int16), np.int16(32767))[:size],
    }
    return made[kind]()


KNOWN = SpeechBegan | SpeechGoesOn | SpeechPaused | SpeechEnded | Loudness


@settings(max_examples=40, deadline=None)
@given(parts=st.lists(st.tuples(SPOKEN, st.integers(0, 40_000)), max_size=8), data=st.data())
def test_no_sound_makes_the_listener_raise_or_grow(
    parts: list[tuple[str, int]], data: st.DataObject, voice: bytes
) -> None:
    listener, open_ = Listener(FAST, None), False
    for kind, size in parts:
        act = data.draw(st.sampled_from(["none", "none", "rest", "attend", "duck"]))
        if act == "rest":
            listener.rest()
            open_ = False
        elif act == "attend":
            cut = listener.attend(data.draw(st.sampled_from([0.0, 1.0])), for_us=False)
            assert cut is None or (open_ and cut.why == "called")
            open_ = open_ and cut is None
        elif act == "duck":
            listener.duck(speaking=data.draw(st.booleans()))
        found = [*listener.feed(block_of(kind, size, voice))]
        for event in found:
            assert isinstance(event, KNOWN)
            if isinstance(event, SpeechEnded):
                assert open_
                assert 0 < len(event.pcm) <= 2 * 16_000 * (FAST.speech_max_s + 0.2)
                assert event.last_voiced_s <= event.ended_s <= listener.now / 16_000
            open_ = (open_ or isinstance(event, SpeechBegan)) and not isinstance(event, SpeechEnded)
    assert sum(isinstance(one, SpeechEnded) for one in listener.end()) == open_


@espeak
@pytest.mark.audio
@pytest.mark.parametrize("size", [160, 512, 1000, 4096, 100_000])
def test_the_blocks_it_comes_in_change_nothing(size: int) -> None:
    pcm = room(1) + said("okay nabu, what time is it") + room(1)
    heard = Heard(wake="okay nabu", partial_s=0)
    assert events(heard, pcm, size) == events(heard, pcm)


@espeak
@pytest.mark.audio
def test_a_pause_is_told_before_the_end_and_holds_nearly_all_of_it() -> None:
    pcm = room(1) + said("what time is it") + room(1)
    found = [one for one in events(FAST, pcm) if isinstance(one, SpeechPaused | SpeechEnded)]
    *pauses, ended = found
    assert isinstance(ended, SpeechEnded)
    assert isinstance(pauses[-1], SpeechPaused)
    assert ended.pcm.startswith(pauses[-1].pcm)
    assert len(ended.pcm) - len(pauses[-1].pcm) < 3200


@espeak
@pytest.mark.audio
@pytest.mark.parametrize("gain", [1.0, 0.1, 0.02])
def test_the_first_word_is_kept_however_quiet(gain: float) -> None:
    word = np.frombuffer(said("fish"), np.int16)
    quiet = (word * gain).astype(np.int16).tobytes()
    pcm = room(2, level=3) + quiet + room(1.5, level=3)
    (ended,) = [one for one in events(FAST, pcm) if isinstance(one, SpeechEnded)]
    begin_s = ended.ended_s - len(ended.pcm) / 32_000
    assert begin_s <= 2.0
    assert ended.last_voiced_s > 2.2


@espeak
@pytest.mark.audio
def test_a_sentence_that_follows_at_once_is_heard_without_the_wake_phrase() -> None:
    sentence = said("remind me at nine")
    pcm = room(1.5) + said("okay nabu.") + room(0.15) + sentence + room(1.5)
    found = events(Heard(wake="okay nabu"), pcm)
    (ended,) = [one for one in found if isinstance(one, SpeechEnded)]
    assert abs(len(ended.pcm) - len(sentence)) < 2 * 16_000 * 0.75


@espeak
@pytest.mark.audio
def test_after_the_wake_phrase_alone_the_sentence_may_come_later() -> None:
    pcm = room(1.5) + said("okay nabu.") + room(2) + said("remind me at nine") + room(1.5)
    found = events(Heard(wake="okay nabu"), pcm)
    (woken,) = [one for one in found if isinstance(one, Woken)]
    (began,) = [one for one in found if isinstance(one, SpeechBegan)]
    assert began.at_s > woken.at_s + 0.8
    assert sum(isinstance(one, SpeechEnded) for one in found) == 1


@espeak
@pytest.mark.audio
def test_while_every_sentence_is_heard_the_wake_phrase_is_too() -> None:
    talk, order = said("the harvest was good that year,"), said("stop the notes")
    pcm = room(1.5) + talk + said("okay nabu.") + room(0.1) + order + room(1.5) + talk + room(1.5)
    heard = Heard(wake="okay nabu", continuous=True, partial_s=0)
    found = [one for one in events(heard, pcm) if isinstance(one, Woken | SpeechEnded)]
    before, woken, asked, after = found
    assert isinstance(before, SpeechEnded)
    assert before.why == "called"
    assert abs(len(before.pcm) - len(talk)) < 2 * 16_000 * 0.75
    assert isinstance(woken, Woken)
    assert isinstance(asked, SpeechEnded)
    assert abs(len(asked.pcm) - len(order)) < 2 * 16_000 * 0.75
    assert isinstance(after, SpeechEnded)
    assert after.why == "silence", "and then every sentence again"


@espeak
@pytest.mark.audio
@pytest.mark.parametrize("voice", ["en-us", "en-gb", "en-us+m3", "en-gb-scotland", "en-us+f2"])
@pytest.mark.parametrize("preroll_s", [0.5, 1.5])
def test_the_wake_phrase_behind_silence_cuts_no_sentence_of_others(
    voice: str, preroll_s: float
) -> None:
    heard = Heard(wake="okay nabu", preroll_s=preroll_s, partial_s=0)
    listener = Listener(heard, detector_of(heard))
    listener.attend(0.0, for_us=False)
    call, order = (said(text, "-v", voice) for text in ("okay nabu.", "what time is it"))
    pcm = room(2, level=4) + call + room(0.25, level=4) + order + room(1.5, level=4)
    found = [event for block in blocks(pcm) for event in listener.feed(block)]
    (ended,) = [one for one in found if isinstance(one, SpeechEnded)]
    assert sum(isinstance(one, Woken) for one in found) == 1
    assert ended.why == "silence"


@espeak
@pytest.mark.audio
@pytest.mark.parametrize("window_s", [5.0, 0.0])
def test_a_sentence_may_begin_with_the_wake_phrase_where_none_is_needed(window_s: float) -> None:
    listener = Listener(Heard(wake="okay nabu"), detector_of(Heard(wake="okay nabu")))
    order = said("remind me at nine")
    assert listener.attend(window_s) is None
    pcm = room(1.5) + said("okay nabu.") + room(0.1) + order + room(1.5)
    found = [event for block in blocks(pcm) for event in listener.feed(block)]
    (ended,) = [one for one in found if isinstance(one, SpeechEnded)]
    assert sum(isinstance(one, Woken) for one in found) == 1
    assert abs(len(ended.pcm) - len(order)) < 2 * 16_000 * 0.75


@espeak
@pytest.mark.audio
def test_who_calls_by_the_button_cuts_what_is_said_to_others() -> None:
    listener = Listener(Heard(wake="none", partial_s=0), None)
    listener.attend(0.0, for_us=False)
    talk, order = said("and then the carpenter went away"), said("what time is it")
    for block in blocks(room(1) + talk):
        list(listener.feed(block))
    cut = listener.attend(5.0)
    assert cut is not None
    assert cut.why == "called"
    assert abs(len(cut.pcm) - len(talk)) < 2 * 16_000 * 0.75
    found = [event for block in blocks(order + room(1)) for event in listener.feed(block)]
    (ended,) = [one for one in found if isinstance(one, SpeechEnded)]
    assert ended.why == "silence"
    assert abs(len(ended.pcm) - len(order)) < 2 * 16_000 * 0.5


@espeak
@pytest.mark.audio
@pytest.mark.parametrize("continuous", [True, False])
def test_who_is_heard_already_when_the_button_is_pressed_is_heard_whole(
    continuous: bool,
) -> None:
    listener = Listener(Heard(wake="none", continuous=continuous, partial_s=0), None)
    if not continuous:
        listener.attend(0.0)  # as while we speak, with barge_in = "speech"
    order = said("what time is it")
    pcm = room(1) + order
    found = [event for block in blocks(pcm[:48_000]) for event in listener.feed(block)]
    assert listener.attend(6.0) is None
    rest = pcm[48_000:] + room(1)
    found += [event for block in blocks(rest) for event in listener.feed(block)]
    began, ended = [one for one in found if isinstance(one, SpeechBegan | SpeechEnded)]
    assert isinstance(began, SpeechBegan)
    assert isinstance(ended, SpeechEnded)
    assert abs(len(ended.pcm) - len(order)) < 2 * 16_000 * 0.75


@espeak
@pytest.mark.audio
def test_a_file_that_is_called_for_may_begin_with_a_long_silence() -> None:
    listener = Listener(Heard(wake="none", continuous=True, partial_s=0), None)
    listener.attend(1.0)
    pcm = silence(3) + said("what time is it") + room(1)
    found = [event for block in blocks(pcm) for event in listener.feed(block)]
    assert sum(isinstance(one, SpeechEnded) for one in found) == 1


@espeak
@pytest.mark.audio
def test_the_wake_phrase_breaks_in_while_we_speak_ourselves() -> None:
    heard = Heard(wake="okay nabu")
    listener = Listener(heard, detector_of(heard))
    listener.duck(speaking=True)
    pcm = room(1) + said("okay nabu") + room(1)
    assert [one for block in blocks(pcm) for one in listener.feed(block) if isinstance(one, Woken)]


@espeak
@pytest.mark.audio
def test_our_own_voice_in_the_microphone_does_not_interrupt_us_and_a_louder_one_does() -> None:
    listener = Listener(Heard(wake="none"), None)
    own = np.frombuffer(said("the next meeting begins at nine in the large room"), np.int16)
    echo = (own * 0.05).astype(np.int16)
    list(listener.feed(np.frombuffer(room(1), np.int16)))
    listener.duck(speaking=True)
    listener.attend(0)
    heard = [*listener.feed(echo)]
    assert not [one for one in heard if isinstance(one, SpeechBegan)]
    stop = np.frombuffer(said("stop stop stop"), np.int16)
    both = stop + np.resize(echo, len(stop))
    assert [one for one in listener.feed(both) if isinstance(one, SpeechBegan)]


def test_ten_minutes_of_silence_have_a_level_and_no_event() -> None:
    listener = Listener(Heard(wake="okay nabu", loudness_s=60), None)
    minute = np.frombuffer(silence(60), np.int16)
    found = [event for _ in range(10) for event in listener.feed(minute)]
    assert {type(one) for one in found} == {Loudness}


@pytest.mark.parametrize(
    ("trials", "others", "low", "high"),
    [
        ([0.9, 0.95, 0.97], [0.1, 0.3], 0.55, 0.65),
        ([0.9] * 10, [], 0.4, 0.5),
        ([0.05] * 5, [], LOWEST, LOWEST),
        ([1.0] * 5, [1.0], HIGHEST, HIGHEST),
        ([0.9] * 9 + [0.0], [0.5], 0.6, 0.8),
    ],
)
def test_the_threshold_lies_between_the_trials_and_what_is_false(
    trials: list[float], others: list[float], low: float, high: float
) -> None:
    assert low <= threshold_of(trials, others) <= high


def test_a_threshold_needs_a_trial() -> None:
    with pytest.raises(ValueError, match="trial"):
        threshold_of([], [0.5])


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20), st.lists(st.floats(0, 1), max_size=20))
def test_a_threshold_is_always_one(trials: list[float], others: list[float]) -> None:
    assert LOWEST <= threshold_of(trials, others) <= HIGHEST


@espeak
@pytest.mark.audio
def test_a_trial_scores_higher_than_other_words() -> None:
    detector = detector_of(Heard(wake="okay nabu"))
    assert detector is not None
    trial, other = (np.frombuffer(said(text), np.int16) for text in ("okay nabu", "good evening"))
    assert score_of(detector, other) < detector.threshold < score_of(detector, trial)


@espeak
@pytest.mark.audio
@pytest.mark.model
def test_the_phrase_that_carpal_brings_wakes_it() -> None:
    folder = default("wake").as_posix()
    from_shipped = detector_of(Heard(wake="data/wake/hey_carpal.npz", folder=folder))
    assert from_shipped is not None
    trial, other = (np.frombuffer(said(text), np.int16) for text in ("hey carpal", "good evening"))
    assert score_of(from_shipped, other) < from_shipped.threshold < score_of(from_shipped, trial)
