"""What the ears are made of: ring, gate, resampling, ending, levels, WAV chunks, the seal."""

import json
import os
import socket
import subprocess
import sys
from dataclasses import fields
from math import inf
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.errors import DecodeError, ModelError
from agent.models.process import ROOT
from agent.voice.ears import wav
from agent.voice.ears.echo import KNOWN, Echo
from agent.voice.ears.ending import Began, Ended, Ending, Manner
from agent.voice.ears.events import (
    RATE_HZ,
    EarEvent,
    Loudness,
    SourceClosed,
    SourceEnded,
    SourceLost,
    SourceOpened,
    SpeechBegan,
    SpeechEnded,
    SpeechGoesOn,
    Woken,
    as_event,
    as_message,
)
from agent.voice.ears.heard import NAMES, heard_from
from agent.voice.ears.level import FLOOR_DB, Exposure, dbfs
from agent.voice.ears.listening import AGAIN_MAX_S, AGAIN_S, again_s
from agent.voice.ears.settings import Settings

np = pytest.importorskip("numpy")
from agent.voice.ears.gate import FRAME, Gate, quiet_after  # noqa: E402 (after numpy is known)
from agent.voice.ears.meter import Meter  # noqa: E402
from agent.voice.ears.resampling import Resampler, mono  # noqa: E402
from agent.voice.ears.ring import Ring  # noqa: E402

seconds = st.floats(0, 1e6)
EVENTS = st.one_of(
    st.builds(Woken, st.text(max_size=20), st.floats(0, 1), seconds),
    st.builds(SpeechBegan, seconds),
    st.builds(SpeechGoesOn, st.binary(max_size=99)),
    st.builds(
        SpeechEnded,
        st.binary(max_size=99),
        seconds,
        seconds,
        st.sampled_from(["silence", "long", "source", "called"]),
    ),
    st.builds(Loudness, **{field.name: seconds for field in fields(Loudness)}),
    st.builds(SourceOpened, st.text(max_size=20), st.integers(1, 400_000)),
    st.builds(SourceLost, st.text(max_size=20)),
    st.builds(SourceClosed),
    st.builds(SourceEnded),
)


@given(EVENTS)
def test_an_event_comes_out_of_a_frame_as_it_went_in(event: EarEvent) -> None:
    assert as_event(json.loads(json.dumps(as_message(event)))) == event


@given(st.dictionaries(st.sampled_from(["event", "pcm", "at_s"]), st.text(max_size=12)))
def test_a_frame_that_is_no_event_is_a_model_error(message: dict[str, str]) -> None:
    try:
        as_event(message)
    except ModelError:
        return


def test_the_child_is_told_every_setting_by_its_name() -> None:
    told = Settings().model_dump()
    assert set(told) | {"folder"} == NAMES
    assert heard_from(told | {"folder": ""}).wake == "okay nabu"
    with pytest.raises(ModelError):
        heard_from({"unknown": 1})


@given(st.lists(st.integers(0, 700), max_size=30), st.integers(1, 512))
def test_the_ring_has_the_last_samples_by_their_place(sizes: list[int], size: int) -> None:
    ring, every = Ring(size), np.zeros(0, dtype=np.int16)
    for number, count in enumerate(sizes):
        samples = np.full(count, number, dtype=np.int16)
        ring.add(samples)
        every = np.concatenate([every, samples])
        assert (ring.part(0, ring.end) == every[-size:]).all()
        assert len(ring.part(0, ring.end)) == min(size, len(every))
        middle = ring.begin + (ring.end - ring.begin) // 2
        assert (ring.part(middle, ring.end) == every[middle:]).all()


@pytest.mark.parametrize("rate_hz", [8_000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000])
def test_a_tone_of_any_rate_is_the_same_tone_at_ours(rate_hz: int) -> None:
    time_s = np.arange(rate_hz) / rate_hz
    tone = (10_000 * np.sin(2 * np.pi * 1000 * time_s)).astype(np.int16)
    resampler = Resampler(rate_hz)
    made = np.concatenate([resampler.feed(tone[at : at + 1024]) for at in range(0, rate_hz, 1024)])
    assert len(made) == pytest.approx(16_000, abs=2)
    spectrum = np.abs(np.fft.rfft(made[4000:12_000] * np.hanning(8000)))
    assert np.argmax(spectrum) == 500
    others = np.delete(spectrum, range(490, 511))
    assert others.max() < spectrum.max() / 1000
    assert np.abs(made[4000:12_000]).max() == pytest.approx(10_000, rel=0.02)


@pytest.mark.parametrize("rate_hz", [44_100, 48_000, 96_000])
def test_what_is_too_high_for_our_rate_is_gone_and_not_folded_back(rate_hz: int) -> None:
    time_s = np.arange(rate_hz) / rate_hz
    tone = (20_000 * np.sin(2 * np.pi * 11_000 * time_s)).astype(np.int16)
    made = Resampler(rate_hz).feed(tone)
    assert np.abs(made[2000:-2000].astype(float)).max() < 20


@given(
    st.sampled_from([8_000, 44_100, 48_000]), st.lists(st.integers(0, 999), min_size=1, max_size=9)
)
def test_blocks_of_any_size_give_the_same_sound(rate_hz: int, sizes: list[int]) -> None:
    chance = np.random.default_rng(len(sizes))
    sound = chance.integers(-30_000, 30_000, sum(sizes)).astype(np.int16)
    whole, parts, at = Resampler(rate_hz).feed(sound), [], 0
    resampler = Resampler(rate_hz)
    for size in sizes:
        parts.append(resampler.feed(sound[at : at + size]))
        at += size
    assert (np.concatenate(parts) == whole).all()


@given(st.binary(max_size=200), st.integers(1, 8))
def test_the_mean_of_the_channels_takes_any_bytes(block: bytes, channels: int) -> None:
    assert len(mono(block, channels)) == len(block) // (2 * channels)


def frames_of(level: float, count: int, *, seed: int = 0) -> list[Any]:
    chance = np.random.default_rng(seed)
    noise = (chance.standard_normal(count * FRAME) * level).astype(np.float32)
    return list(noise.reshape(-1, FRAME))


def test_the_gate_is_shut_in_steady_noise_and_opens_for_a_quiet_voice() -> None:
    gate = Gate()
    for frame in frames_of(0.001, 400):
        gate.add(frame)
    shut = 0
    for frame in frames_of(0.001, 300, seed=1):
        gate.add(frame)
        shut += not gate.open
    assert shut == 300
    for frame in frames_of(0.002, 2, seed=2):  # 6 dB more
        gate.add(frame)
    assert gate.open


def test_the_gate_learns_a_louder_room_within_its_memory() -> None:
    gate = Gate()
    for frame in frames_of(0.0003, 200):
        gate.add(frame)
    for frame in frames_of(0.01, 200, seed=1):
        gate.add(frame)
    assert not gate.open


def test_where_a_voice_ended_is_known_to_a_hundredth_of_a_second() -> None:
    said = np.zeros(16_000, dtype=np.float32)
    said[:12_000] = np.sin(np.arange(12_000) * 0.3) * 0.1
    assert quiet_after(said, 1e-9) == pytest.approx(4_000, abs=160)
    assert quiet_after(np.zeros(0, dtype=np.float32), 1e-9) == 0


MANNER = Manner(voiced_min=0.5, end_silence=8_000, longest=64_000, preroll=4_000)


def told(ending: Ending, chances: list[float]) -> list[Began | Ended]:
    made = [ending.frame(at * FRAME, FRAME, one) for at, one in enumerate(chances)]
    return [one for one in made if one is not None]


def test_a_click_begins_no_sentence_and_a_word_does() -> None:
    ending = Ending(MANNER)
    ending.attend(0, window=None)
    assert told(ending, [0.9, 0.9] + [0.0] * 30) == []
    assert told(ending, [0.9] * 6 + [0.0] * 30)[0] == Began(0)


def fed(ending: Ending, place: int, chances: list[float]) -> list[Began | Ended]:
    made = [ending.frame(place + at * FRAME, FRAME, one) for at, one in enumerate(chances)]
    return [one for one in made if one is not None]


def test_a_question_behind_the_wake_phrase_is_not_cut_by_a_call_that_comes_late() -> None:
    ending = Ending(MANNER)
    ending.attend(0, window=None, for_us=False)
    place = 30 * FRAME
    assert fed(ending, 0, [0.9] * 30) == [Began(0)]
    ending.woken(place - FRAME, place, window=16_000)
    assert fed(ending, place, [0.9] * 8) == [Began(place - FRAME)]
    assert not ending.is_uncalled
    assert ending.attend(place + 8 * FRAME, window=16_000) is None
    (ended,) = fed(ending, place + 8 * FRAME, [0.9] * 10 + [0.0] * 20)
    assert isinstance(ended, Ended)
    assert (ended.begin, ended.why) == (place - FRAME, "silence")


def test_only_the_sentence_behind_the_wake_phrase_is_ours() -> None:
    ending = Ending(MANNER)
    ending.attend(0, window=None, for_us=False)
    ending.woken(0, FRAME, window=FRAME)
    fed(ending, 0, [0.0] * 10)  # nothing follows
    assert len(fed(ending, 10 * FRAME, [0.9] * 10)) == 1
    cut = ending.attend(20 * FRAME, window=16_000)
    assert cut is not None
    assert cut.why == "called"


def test_what_comes_after_the_window_is_not_meant_for_us() -> None:
    ending = Ending(MANNER)
    ending.attend(0, window=16_000)
    assert told(ending, [0.0] * 40 + [0.9] * 20) == []
    assert ending.stage == "resting"


@settings(max_examples=200)
@given(st.lists(st.floats(0, 1), max_size=300), st.booleans())
def test_sentences_begin_before_they_end_and_none_is_too_long(
    chances: list[float], endless: bool
) -> None:
    ending = Ending(MANNER)
    ending.attend(0, window=None if endless else 32_000)
    open_at: int | None = None
    for one in told(ending, chances):
        if isinstance(one, Began):
            assert open_at is None
            open_at = one.begin
        else:
            assert open_at == one.begin
            assert one.begin < one.voiced <= one.now <= one.begin + MANNER.longest + 2 * FRAME
            open_at = None


def test_ears_that_fail_for_days_are_tried_again_as_often_as_at_last() -> None:
    assert [again_s(failed) for failed in (1, 3)] == [AGAIN_S, AGAIN_S]
    assert AGAIN_S < again_s(5) < AGAIN_MAX_S
    assert again_s(12) == again_s(100_000) == AGAIN_MAX_S


def test_our_own_voice_interrupts_nobody_and_a_louder_one_does() -> None:
    echo = Echo(9)
    assert echo.add(1.0)
    echo.duck(speaking=True)
    assert not any(echo.add(1.0 + 0.3 * (at % 3)) for at in range(50))
    assert echo.add(20.0)
    echo.duck(speaking=False)
    assert echo.add(0.001)


def test_nobody_interrupts_before_our_own_voice_is_known() -> None:
    echo = Echo(9)
    echo.duck(speaking=True)
    assert not any(echo.add(5.0) for _ in range(KNOWN))


def test_the_equivalent_level_is_that_of_the_energy() -> None:
    loud = {"peak_dbfs": -3.0, "speech": 0.5, "noise": 0.25}
    day = Exposure().add(1, -20, **loud).add(1, -20, **loud)
    assert day.leq_dbfs == pytest.approx(-20)
    assert day.speech_s == 1
    assert day.add(2, FLOOR_DB, **loud).leq_dbfs == pytest.approx(-23.01, abs=0.01)
    assert Exposure().leq_dbfs == FLOOR_DB


def test_eight_hours_at_the_limit_are_a_whole_dose_and_three_db_more_half_the_time() -> None:
    quiet = {"peak_dbfs": 0.0, "speech": 0.0, "noise": 1.0}
    assert Exposure().add(8 * 3600, -30, **quiet).dose(115) == pytest.approx(1)
    assert Exposure().add(4 * 3600, -27, **quiet).dose(115) == pytest.approx(1)


def test_levels_are_relative_to_a_full_square_wave() -> None:
    assert dbfs(1.0) == 0
    assert dbfs(0.5) == pytest.approx(-3.01, abs=0.01)
    assert dbfs(0.0) == FLOOR_DB
    assert dbfs(0.0) > -inf


@pytest.mark.parametrize(
    ("hz", "weight_db"),
    [(50, -30.2), (100, -19.1), (500, -3.2), (1000, 0.0), (2000, 1.2), (4000, 1.0), (6300, -0.1)],
)
def test_a_level_weighs_each_pitch_as_an_ear_does(hz: int, weight_db: float) -> None:
    """The weights are those of IEC 61672-1, table 3."""
    meter, told = Meter(2.0), list[Loudness]()
    tone = np.sin(2 * np.pi * hz * np.arange(2 * RATE_HZ + 512) / RATE_HZ).astype(np.float32)
    for end in range(512, len(tone) + 1, 512):
        loudness = meter.add(tone[end - 512 : end], end, speech=False)
        told += [loudness] if loudness is not None else []
    assert [one.dbfs for one in told] == [pytest.approx(weight_db - 3.01, abs=0.15)]
    assert told[0].peak_dbfs == pytest.approx(0, abs=0.1)


@given(st.binary(max_size=300))
def test_pushed_bytes_are_sound_or_a_decode_error(payload: bytes) -> None:
    for content in (payload, b"RIFF\0\0\0\0WAVE" + payload):
        try:
            sound = wav.decode(content, source="esp32")
        except DecodeError:
            continue
        assert sound.rate_hz in wav.RATES_HZ
        assert len(sound.pcm) % (2 * sound.channels) == 0


def test_pushed_sound_that_is_too_much_is_refused() -> None:
    with pytest.raises(DecodeError, match="allowed"):
        wav.decode(bytes(wav.SOUND_MAX_BYTES + 1), source="esp32")


@pytest.mark.skipif(sys.platform != "linux", reason="seccomp is Linux's")
@pytest.mark.parametrize(("kind", "allowed"), [("local", [int(socket.AF_UNIX)]), ("none", [])])
def test_the_ears_can_open_no_socket_that_leaves_this_device(kind: str, allowed: list[int]) -> None:
    pytest.importorskip("pyseccomp")
    ours, theirs = socket.socketpair()
    with ours, theirs:
        seal = ["-P", "-m", "agent.voice.ears.sealed", str(os.getpid()), "256", kind]
        subprocess.run(
            [sys.executable, *seal, "tests.ears_reach", str(theirs.fileno()), kind],
            pass_fds=[theirs.fileno()],
            env={"PYTHONPATH": str(ROOT)},
            check=True,
            timeout=60,
        )
        reached = json.loads(ours.recv(65_536))
    assert reached == {"sockets": allowed, "pairs": allowed, "io_uring": False}
