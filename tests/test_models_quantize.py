"""Quantizing: a smaller file that still works, kept only when little was lost."""

import asyncio
import json
from pathlib import Path

import pytest

from agent.errors import ModelError
from agent.models import quantize
from agent.models.quantize import Wanted
from agent.models.sentences import SENTENCES
from tests.default_models import default, needs
from tests.test_models_cli import carpal
from tests.tiny_models import made

pytestmark = needs("llama_cpp", "gguf", "numpy")


def quantized(model: Path, *options: str, home: Path) -> tuple[int, dict[str, object], str]:
    done = carpal("models", "quantize", str(model), *options, "--json", models="none", home=home)
    assert "Traceback" not in done.stderr
    return done.returncode, json.loads(done.stdout or "{}"), done.stderr


@pytest.fixture(scope="session")
def plump(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small model with rows long enough for every kind."""
    return made("write_plump", tmp_path_factory.mktemp("plump") / "plump.gguf")


@pytest.mark.parametrize(
    ("kind", "calibrate"),
    [("q4_0", False), ("q4_0", True), ("q4_k", True), ("q5", True), ("q8", False)],
)
def test_each_kind_is_written_and_runs(
    plump: Path, tmp_path: Path, kind: str, calibrate: bool
) -> None:
    out = tmp_path / "out.gguf"
    options = ["--to", kind, "--out", str(out), "--yes", *["--calibrate"] * calibrate]
    code, told, stderr = quantized(plump, *options, home=tmp_path)
    assert (code, stderr) == (0, "")
    assert told["kept"] is True
    assert out.is_file()
    after = told["after"]
    assert isinstance(after, dict)
    assert after["bytes"] == out.stat().st_size
    assert after["perplexity"] > 1
    assert after["tokens_s"] > 0


def test_a_file_that_lost_too_much_is_not_kept_unless_asked_for(
    plump: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quantize, "RATIO_MAX", 0.0)
    wanted = Wanted(source=plump, target=tmp_path / "out.gguf", kind="q4_0")
    outcome = quantize_now(wanted)
    assert not outcome.kept
    assert list(tmp_path.iterdir()) == []


def quantize_now(wanted: Wanted) -> quantize.Outcome:
    return asyncio.run(quantize.quantize(wanted))


def test_what_cannot_be_quantized_is_told_and_nothing_is_touched(
    plump: Path, tmp_path: Path
) -> None:
    old = tmp_path / "old.gguf"
    old.write_text("old")
    pointer, page, cut = (tmp_path / name for name in ("pointer.gguf", "page.gguf", "cut.gguf"))
    pointer.write_text("version https://git-lfs.example/spec/v1\noid sha256:0\n")
    page.write_text("<!doctype html><title>Sign in</title>")
    cut.write_bytes(plump.read_bytes()[:5000])
    for source, reason in (
        (tmp_path / "absent.gguf", "No such file"),
        (pointer, "was not downloaded"),
        (page, "gated"),
        (cut, "damaged"),
    ):
        options = ["--to", "q4_0", "--out", str(old)]
        code, told, stderr = quantized(source, *options, home=tmp_path)
        assert (code, told) == (1, {})
        assert reason in stderr
    assert old.read_text() == "old"
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_the_old_file_is_never_the_new_one(plump: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="take the place"):
        quantize_now(Wanted(source=plump, target=plump, kind="q8"))
    with pytest.raises(ModelError, match="No such file"):
        quantize_now(Wanted(source=plump, target=tmp_path / "no" / "out.gguf", kind="q8"))


def test_too_short_a_text_measures_nothing(plump: Path, tmp_path: Path) -> None:
    (tmp_path / "short.txt").write_text("Hi.")
    options = ["--to", "q8", "--text", str(tmp_path / "short.txt")]
    code, _, stderr = quantized(plump, *options, home=tmp_path)
    assert code == 1
    assert "too short" in stderr


def test_our_sentences_are_sixty_and_all_different() -> None:
    assert len(set(SENTENCES)) == len(SENTENCES) == 60


@pytest.mark.model
def test_the_default_model_loses_little_when_it_is_calibrated(tmp_path: Path) -> None:
    options = ["--to", "q4_0", "--out", str(tmp_path / "out.gguf"), "--calibrate"]
    code, told, _ = quantized(default("chat"), *options, home=tmp_path)
    assert (code, told["kept"]) == (0, True)
    assert 0.85 < float(str(told["perplexity_ratio"])) <= 1.1
