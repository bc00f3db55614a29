"""`carpal models` and `carpal transcribe`, as they are typed."""

import asyncio
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import pytest
from pydantic import JsonValue

from agent import control
from agent.control import Reply
from agent.models import catalogue
from tests.default_models import default, needs

ROOT = Path(__file__).parents[1]


def carpal(*arguments: str, models: str, home: Path) -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home),
        "XDG_DATA_HOME": str(home),
        "CARPAL_MODELS": models,
    }
    return subprocess.run(
        [sys.executable, "-m", "agent", *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env=environment,
    )


def test_models_are_listed_with_licence_and_hash_though_none_is_there(tmp_path: Path) -> None:
    listed = carpal("models", models=str(tmp_path / "models"), home=tmp_path)
    assert listed.returncode == 0, listed.stderr
    for word in ("chat", "speech", "embedding", "not set up", "Apache-2.0", "sha256", "plainer"):
        assert word in listed.stdout


def test_models_are_one_json_object(tmp_path: Path) -> None:
    listed = json.loads(carpal("models", "--json", models="none", home=tmp_path).stdout)
    assert listed["folder"] is None
    known = [model.name for model in catalogue.MODELS]
    assert [model["name"] for model in listed["models"]] == known
    assert {model["state"] for model in listed["models"]} == {"absent"}


def test_a_model_of_ones_own_is_listed_with_its_hash(tmp_path: Path) -> None:
    own = tmp_path / "own.gguf"
    own.write_bytes(b"GGUF and so on")
    (tmp_path / "carpal.toml").write_text(f"[models]\nchat = {json.dumps(str(own))}\n")
    config = ("--config", str(tmp_path / "carpal.toml"))
    listed = json.loads(
        carpal("models", *config, "--json", models=str(tmp_path), home=tmp_path).stdout
    )
    row = listed["models"][-1]
    assert (row["name"], row["state"], row["title"]) == ("yours", "ready", "own.gguf")
    assert row["sha256"] == hashlib.sha256(own.read_bytes()).hexdigest()
    assert row["loaded"] is None, "no daemon runs that could tell"


@pytest.mark.parametrize("name", ["chat", "words"])
@pytest.mark.parametrize("shown", [True, False])
def test_what_a_running_daemon_tells_of_its_workers_is_shown(
    tmp_path: Path, shown: bool, name: str
) -> None:
    told: JsonValue = {
        "name": name,
        "loaded": shown,
        "memory_mb": 206.3,
        "tokens_s": 84.0,
        "sealed": True,
    }

    async def handle(command: str, arguments: Mapping[str, JsonValue], *_: object) -> Reply:
        assert (command, dict(arguments)) == ("status", {})
        return {"models": [told, "embedding: not set up", {"odd": 1}]}

    async def run() -> subprocess.CompletedProcess[str]:
        async with await control.serve(tmp_path, handle):
            (tmp_path / "carpal.toml").write_text(
                f"[control]\nfolder = {json.dumps(str(tmp_path))}\n"
            )
            config = ("--config", str(tmp_path / "carpal.toml"))
            work = partial(carpal, "models", *config, "--json", models="none", home=tmp_path)
            return await asyncio.to_thread(work)

    chat, *rest = json.loads(asyncio.run(run()).stdout)["models"]
    assert (chat["loaded"], chat["memory_mb"], chat["tokens_s"]) == (shown, 206.3, 84.0)
    assert [row["loaded"] for row in rest] == [False] * (len(catalogue.MODELS) - 1)


def test_a_model_is_not_fetched_where_models_are_switched_off(tmp_path: Path) -> None:
    refused = carpal("models", "get", "chat", models="none", home=tmp_path)
    assert refused.returncode == 1
    assert "CARPAL_MODELS=none" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_an_unknown_model_is_one_clear_line(tmp_path: Path) -> None:
    refused = carpal("models", "get", "poetry", models=str(tmp_path), home=tmp_path)
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert "chat, speech, embedding" in refused.stderr


def test_transcribe_without_a_model_says_how_to_have_one(tmp_path: Path) -> None:
    refused = carpal("transcribe", "any.wav", models="none", home=tmp_path)
    assert refused.returncode == 1
    assert "carpal models get speech" in refused.stderr


@pytest.mark.model
@pytest.mark.reference
@needs("faster_whisper")
def test_transcribe_prints_what_was_read(tmp_path: Path, reference: Path) -> None:
    data = reference / "speech" / "read"
    models = str(default("speech").parent)
    done = carpal("transcribe", str(data / "jfk.flac"), "--json", models=models, home=tmp_path)
    heard = json.loads(done.stdout)
    assert "your country" in heard["text"]
    assert heard["audio_s"] == 11.0
