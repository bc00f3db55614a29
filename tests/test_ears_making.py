"""A phrase of one's own: windows, mixing, and a head that is learnt on the device."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import ModelError
from tests.default_models import default, needs
from tests.sound import espeak

pytestmark = needs("numpy", "onnxruntime", "pymicro_wakeword", "av")
np = pytest.importorskip("numpy")
pytest.importorskip("onnxruntime")
from agent.evaluate import wake, wake_making, wake_mixing, wake_training  # noqa: E402
from agent.evaluate.wake_voices import held_out, say, trained  # noqa: E402
from agent.voice.ears.head import SIZE, Head, head_from  # noqa: E402


@given(st.integers(0, 40))
def test_the_bound_of_a_count_is_the_exact_one(count: int) -> None:
    bound = wake.upper_bound(count)
    assert bound > count
    if count == 0:
        assert bound == pytest.approx(2.9957, abs=1e-3)
    if count == 5:
        assert bound == pytest.approx(10.513, abs=1e-2)


def test_no_voice_that_is_held_out_is_trained_on() -> None:
    kept = {(one.program, one.name) for one in held_out()}
    assert kept
    chance = np.random.default_rng(0)
    assert not kept & {(one.program, one.name) for one in trained(chance, 3000)}


def test_noise_is_mixed_in_at_the_ratio_that_is_asked_for() -> None:
    chance = np.random.default_rng(0)
    voice = (chance.standard_normal(32_000) * 1000).astype(np.float32)
    noise = wake_mixing.coloured(32_000, 1.0, chance)
    for snr_db in (24, 6):
        added = wake_mixing.mixed(voice, noise, snr_db) - voice
        ratio_db = 20 * np.log10(wake_mixing.loudness(voice) / np.sqrt(np.mean(added**2)))
        assert ratio_db == pytest.approx(snr_db, abs=0.01)


@given(seed=st.integers(0, 50), length=st.integers(4_000, 20_000))
def test_a_spoiled_voice_is_as_long_and_finite(seed: int, length: int) -> None:
    chance = np.random.default_rng(seed)
    phrase = (chance.standard_normal(length) * 2000).astype(np.int16)
    made, end = wake_training.made_up(phrase, [phrase], chance)
    assert length < end < len(made)
    assert made.dtype == np.int16


def test_a_window_holds_the_phrase_only_where_it_has_just_ended() -> None:
    embeddings = np.zeros((40, SIZE), np.float32)
    windows = wake_training.windows_of(embeddings, 40_000)
    held = windows.begins[windows.labels]
    ends = wake_training.WINDOW_END + 1280 * (held + wake_training.LENGTH - 1)
    assert len(held) in {4, 5}
    assert all(-640 <= end - 40_000 <= 4_480 for end in ends)
    assert not wake_training.windows_of(embeddings, None).labels.any()


def learnable(chance: Any) -> wake_training.Windows:
    """Return windows of which each tenth ends with an embedding that is like no other."""
    embeddings = chance.standard_normal((1500, SIZE)).astype(np.float32)
    embeddings[17::10, :12] += 3
    begins = np.arange(1400)
    return wake_training.Windows(embeddings, begins, (begins + 7) % 10 == 7)


def test_a_head_learns_and_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    windows = learnable(np.random.default_rng(0))
    weights = wake_training.fit(windows, phrase="hey you", seed=1)
    wake_training.save(weights, tmp_path / "head.npz")
    head = head_from(tmp_path / "head.npz")
    assert head.phrase == "hey you"
    other = learnable(np.random.default_rng(1))
    chances = head.chances(other.rows(np.arange(1400)))
    assert chances[other.labels].mean() > 3 * chances[~other.labels].mean()


@given(st.binary(max_size=300))
def test_a_file_that_is_no_head_is_a_model_error(tmp_path_factory: Any, content: bytes) -> None:
    path = tmp_path_factory.mktemp("head") / "odd.npz"
    for body in (content, b"PK\x03\x04" + content):
        path.write_bytes(body)
        with pytest.raises(ModelError):
            head_from(path)


def test_a_head_whose_layers_do_not_fit_is_a_model_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    windows = learnable(np.random.default_rng(0))
    monkeypatch.setattr(wake_training, "EPOCHS", 1)
    weights = wake_training.fit(windows, phrase="x", seed=1)
    for name in ("inner", "inner_bias", "outer", "mean"):
        with pytest.raises(ModelError):
            Head(weights | {name: np.zeros(3, np.float32)})
        with pytest.raises(ModelError):
            Head({key: value for key, value in weights.items() if key != name})


@espeak
@pytest.mark.audio
@pytest.mark.model
@pytest.mark.slow
def test_a_phrase_of_ones_own_is_learnt_on_the_device(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, few in (("PHRASES", 60), ("NEAR", 60), ("OTHERS", 60), ("NOISES", 5)):
        monkeypatch.setattr(wake_making, name, few)
    own = [say("good evening robin", voice) for voice in held_out()[:3]]
    into = tmp_path / "robin.npz"
    told: list[str] = []
    head = wake_making.own_head("good evening robin", default("wake"), into, own, tell=told.append)
    assert head.phrase == head_from(into).phrase == "good evening robin"
    assert told
