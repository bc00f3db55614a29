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
from agent.evaluate import wake  # noqa: E402
from agent.voice.ears.head import SIZE, Embedder, Head, head_from  # noqa: E402
from agent.voice.wake_training import clips, fitting, mixing, neural  # noqa: E402
from agent.voice.wake_training.making import Amount, learnt  # noqa: E402
from agent.voice.wake_training.texts import near_misses, sentences  # noqa: E402
from agent.voice.wake_training.voices import Voice, held_out, say, trained  # noqa: E402
from data.wake import texts, train  # noqa: E402


def fit(windows: clips.Windows, *, phrase: str, seed: int, heads: int = 1) -> fitting.Weights:
    """Return what `fitting` returns, at once."""
    work = fitting.fitting(windows, phrase=phrase, seed=seed, heads=heads)
    while True:
        try:
            next(work)
        except StopIteration as ended:
            found: fitting.Weights = ended.value
            return found


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
    noise = mixing.coloured(32_000, 1.0, chance)
    for snr_db in (24, 6):
        added = mixing.mixed(voice, noise, snr_db) - voice
        ratio_db = 20 * np.log10(mixing.loudness(voice) / np.sqrt(np.mean(added**2)))
        assert ratio_db == pytest.approx(snr_db, abs=0.01)


@given(seed=st.integers(0, 50), length=st.integers(4_000, 20_000))
def test_a_spoiled_voice_is_as_long_and_finite(seed: int, length: int) -> None:
    chance = np.random.default_rng(seed)
    phrase = (chance.standard_normal(length) * 2000).astype(np.int16)
    made, end = clips.made_up(phrase, [phrase], chance)
    assert length < end < len(made)
    assert made.dtype == np.int16


def test_a_window_holds_the_phrase_only_where_it_has_just_ended() -> None:
    embeddings = np.zeros((40, SIZE), np.float32)
    windows = clips.windows_of(embeddings, 40_000)
    held = windows.begins[windows.labels]
    ends = clips.WINDOW_END + 1280 * (held + clips.LENGTH - 1)
    assert len(held) in {4, 5}
    assert all(-640 <= end - 40_000 <= 4_480 for end in ends)
    assert not clips.windows_of(embeddings, None).labels.any()


def learnable(chance: Any) -> clips.Windows:
    """Return windows of which each tenth ends with an embedding that is like no other."""
    embeddings = chance.standard_normal((1500, SIZE)).astype(np.float32)
    embeddings[17::10, :12] += 3
    begins = np.arange(1400)
    return clips.Windows(embeddings, begins, (begins + 7) % 10 == 7)


def test_a_head_learns_and_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    windows = learnable(np.random.default_rng(0))
    weights = fit(windows, phrase="hey you", seed=1)
    (tmp_path / "head.npz").write_bytes(fitting.written(weights))
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
    monkeypatch.setattr(fitting, "EPOCHS", 1)
    weights = fit(windows, phrase="x", seed=1)
    for name in ("inner", "inner_bias", "outer", "mean"):
        with pytest.raises(ModelError):
            Head(weights | {name: np.zeros(3, np.float32)})
        with pytest.raises(ModelError):
            Head({key: value for key, value in weights.items() if key != name})


def test_several_heads_are_one_that_says_their_mean(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fitting, "EPOCHS", 2)
    windows = learnable(np.random.default_rng(0))
    three = fit(windows, phrase="x", seed=1, heads=3)
    assert three["inner"].shape[1] == 3 * fitting.INNER
    chances = Head(three).chances(windows.rows(np.arange(1400)))
    assert chances[windows.labels].mean() > chances[~windows.labels].mean()


def test_near_misses_are_never_the_phrase_in_its_own_words() -> None:
    chance = np.random.default_rng(0)
    made = list(near_misses("hey robin", 300, chance))
    assert len(made) == 300
    assert sum(one == "hey robin" for one in made) < 3


def test_no_text_that_is_learnt_as_another_holds_the_phrase() -> None:
    assert not any("carpal" in one for one in texts.sentences(np.random.default_rng(0), 300))
    assert not {"hey carpal", *wake.NEAR_NEW} & set(texts.NEAR)
    assert set(wake.NEAR_LEARNT) <= set(texts.NEAR)
    assert len(set(sentences(200, np.random.default_rng(0)))) > 190


@espeak
@pytest.mark.parametrize("throat", [0.8, 1.0, 1.15])
def test_a_throat_changes_how_a_voice_sounds_but_hardly_its_pace(throat: float) -> None:
    usual = say("good evening to you all", Voice("espeak-ng", "en-us"))
    other = say("good evening to you all", Voice("espeak-ng", "en-us", throat=throat))
    assert len(other) == pytest.approx(len(usual), rel=0.12)
    assert (throat == 1) == np.array_equal(usual, other)


@espeak
@pytest.mark.audio
@pytest.mark.model
def test_the_same_seed_trains_the_same_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fitting, "EPOCHS", 2)
    amount, model = Amount(phrases=9, near=4, others=9, noises=1, heads=2), default("wake")

    def trained_once() -> bytes:
        every = train.through(train.clips(amount, model))
        made = train.through(learnt(every, phrase="hey carpal", heads=amount.heads))
        return fitting.written(made.weights)

    assert trained_once() == trained_once()


@espeak
@pytest.mark.audio
@pytest.mark.model
def test_what_is_heard_of_a_clip_does_not_depend_on_the_one_before() -> None:
    embedder = Embedder(default("wake"))
    said = say("hey carpal", held_out()[0])
    first = clips.heard(said, embedder)
    clips.heard(said[::-1].copy(), embedder)
    assert np.array_equal(first, clips.heard(said, embedder))


@espeak
@pytest.mark.audio
@pytest.mark.model
def test_a_neural_voice_says_the_same_in_every_run_and_something_else_each_time() -> None:
    first, second = (neural.Neural(default("voice"), speed=1.0, seed=1) for _ in range(2))
    takes = [first.say("hey carpal"), first.say("hey carpal")]
    assert len(takes[0]) > 6_000
    assert not np.array_equal(*takes)
    assert np.array_equal(takes[0], second.say("hey carpal"))
