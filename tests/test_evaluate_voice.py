"""The evaluation of spoken commands: its noise, its labels, and what it counts."""

import json
import wave
from pathlib import Path

import pytest

np = pytest.importorskip("numpy")
pytest.importorskip("av")

from agent.errors import DecodeError, ModelError  # noqa: E402
from agent.evaluate.voice_commands import HALVES, Tried, figures  # noqa: E402
from agent.evaluate.voice_sounds import (  # noqa: E402
    CLEAN,
    conditions,
    labels,
    mixed,
    pcm,
    seconds,
)
from agent.evaluate.voice_words import commands  # noqa: E402


@pytest.mark.parametrize("snr_db", [24.0, 6.0, 0.0])
def test_noise_is_mixed_in_by_the_loudest_frames(snr_db: float) -> None:
    chance = np.random.default_rng(1)
    speech = np.zeros(40_960, dtype=np.float32)
    speech[8192:16_384] = 0.5
    noise = chance.normal(0, 0.1, 100_000).astype(np.float32)
    added = mixed(speech, noise, snr_db, seed="a") - speech
    loudest = max(float(np.square(frame).mean()) for frame in added.reshape(-1, 2048))
    assert 10 * np.log10(0.25 / loudest) == pytest.approx(snr_db, abs=0.01)
    again = mixed(speech, noise, snr_db, seed="a") - speech
    assert np.array_equal(added, again)
    assert not np.array_equal(added, mixed(speech, noise, snr_db, seed="b") - speech)


def test_silence_in_silence_stays_silent() -> None:
    silence = np.zeros(4096, dtype=np.float32)
    assert not np.any(mixed(silence, silence, 6, seed="a"))
    assert seconds(pcm(silence)) == 4096 / 16_000


def test_a_folder_without_noise_has_recordings_as_they_are(tmp_path: Path) -> None:
    with wave.open(str(tmp_path / "a.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(np.arange(32_000, dtype="<i2").tobytes())
    noise = tmp_path / "noise.wav"
    assert list(conditions(tmp_path / "a.wav", noise)) == [CLEAN]
    noise.write_bytes((tmp_path / "a.wav").read_bytes())
    found = conditions(tmp_path / "a.wav", noise)
    assert list(found) == [CLEAN, "24 dB", "18 dB", "12 dB", "6 dB"]
    assert len(set(found.values())) == 5


def test_labels_are_compared_without_what_only_their_writing_has(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no labelled commands"):
        labels(tmp_path)
    told = {"a.flac": {"intent": "orderDrink", "slots": {"milkAmount": " Soy  milk"}}}
    (tmp_path / "labels.json").write_text(json.dumps(told))
    assert labels(tmp_path) == {}, "its recording is not there"
    (tmp_path / "a.flac").touch()
    assert labels(tmp_path) == {"a.flac": {"milkAmount": "soy milk"}}
    (tmp_path / "labels.json").write_text("[1]")
    with pytest.raises(DecodeError):
        labels(tmp_path)


def tried(condition: str, got: dict[str, str] | None, half: str = HALVES[0]) -> Tried:
    return Tried(condition, {"size": "small"}, got, "a small one", 2.0, 0.2, half)


def test_what_is_accepted_asked_back_and_done_wrongly_is_counted() -> None:
    small, large = {"size": "small"}, {"size": "large"}
    every = [
        tried(CLEAN, small),
        tried(CLEAN, small, HALVES[1]),
        tried("6 dB", small),
        tried("6 dB", None, HALVES[1]),
        tried("6 dB", large, HALVES[1]),
        tried("6 dB", small | {"roast": "dark"}),
    ]
    rows = figures(every)
    own = {row["name"]: row["value"] for row in rows if row["group"] is None}
    assert own == {
        "accepted clean": 1.0,
        "accepted in noise": 0.25,
        "wrong action": round(2 / 6, 4),
        "rtf": 0.1,
    }
    of_clean = [row["name"] for row in figures(every[:2]) if row["group"] is None]
    assert of_clean == ["accepted clean", "wrong action", "rtf"], "there was no noise"
    grouped = {(row["name"], row["group"]): row["value"] for row in rows}
    assert grouped["asked back or passed on", "6 dB"] == 0.25
    assert grouped["wrong action", "6 dB"] == 0.5
    assert grouped["accepted in noise", "half A, 6 dB"] == 0.5


def test_the_words_of_the_orders_are_looked_for_where_they_fit_best() -> None:
    heard = [
        (CLEAN, {"size": "twelve ounce", "roast": "dark roast"}, "A 12 ounce, dark rose coffee."),
        (CLEAN, {"size": "small"}, ""),
    ]
    (row,) = commands(heard, "tiny.en")
    assert row["value"] == pytest.approx(2 / 5)
    assert row["n"] == 5
