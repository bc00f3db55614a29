"""The evaluation of spoken commands: its noise, its labels, and what it counts."""

import json
from pathlib import Path

import pytest

np = pytest.importorskip("numpy")
pytest.importorskip("av")

from agent.errors import DecodeError, ModelError  # noqa: E402
from agent.evaluate.voice_commands import CLEAN, HALVES, Tried, figures  # noqa: E402
from agent.evaluate.voice_sounds import labels, mixed, pcm, seconds  # noqa: E402
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
