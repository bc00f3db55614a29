"""`carpal say`: in the voice and as loud as the daemon would, or into a whole file."""

import asyncio
import json
import os
import wave
from array import array
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from agent import key
from agent.app.clocks import WorldClock
from agent.app.house import DATABASE, KEY
from agent.app.likely import hints
from agent.app.loudness import by_hour
from agent.app.settings import load
from agent.bus import Bus
from agent.cli.voice import _gain
from agent.control import Reply, serve
from agent.core import Core
from agent.errors import ControlError
from agent.memory.journal import Journal
from agent.ports import Hints
from agent.store import open_store
from agent.voice.settings import Settings
from skills import SKILLS
from tests.days import HOME, fix
from tests.default_models import default, needs
from tests.sound import espeak
from tests.test_cli import carpal, refused
from tests.test_speaking import player

__all__ = ["player"]
pytestmark = [espeak, pytest.mark.audio]
SENTENCE = "The bus is late. "
Configure = Callable[[str], Path]


@pytest.fixture
def configure(tmp_path: Path) -> Configure:
    """Return what writes settings: those of each test, after a store of its own."""

    def write(more: str) -> Path:
        file, folder = tmp_path / "carpal.toml", json.dumps(str(tmp_path / "store"))
        models = '[models]\nwords = "none"\nchat = "none"\nembedding = "none"\n'
        file.write_text(f"[store]\nfolder = {folder}\n[control]\nfolder = {folder}\n{models}{more}")
        return file

    return write


def quiet_hours(*, on: bool) -> str:
    until = "23:59:59.999999" if on else "00:00:00"
    return f"[policy]\nquiet_from = 00:00:00\nquiet_until = {until}\n"


def frames(path: Path) -> int:
    with wave.open(str(path)) as file:
        return int(file.getnframes())


def test_a_long_text_is_written_to_its_end(configure: Configure, tmp_path: Path) -> None:
    config, one, all_ = configure(""), tmp_path / "one.wav", tmp_path / "all.wav"
    carpal("say", SENTENCE, "--out", one, "--config", config)
    carpal("say", SENTENCE * 150, "--out", all_, "--config", config)  # 2550 letters
    assert frames(all_) == pytest.approx(150 * frames(one), rel=0.02)


@pytest.mark.model
@needs("onnxruntime", "numpy")
def test_a_file_has_the_voice_of_the_settings(configure: Configure, tmp_path: Path) -> None:
    default("voice")
    said = []
    for piper in ("none", "default"):
        out = tmp_path / f"{piper}.wav"
        config = configure(f'[voice]\npiper = "{piper}"\n')
        carpal("say", SENTENCE, "--out", out, "--config", config)
        said.append(out.read_bytes())
    assert said[0] != said[1]


def test_what_cannot_be_said_leaves_an_older_file_alone(
    configure: Configure, tmp_path: Path
) -> None:
    config, out = configure(""), tmp_path / "old.wav"
    out.write_bytes(b"older")
    code, told = refused("say", "Hello.", "--out", out, "--config", config, PATH="")
    assert (code, "not installed" in told) == (1, True)
    assert out.read_bytes() == b"older"
    code, told = refused("say", "Hello.", "--out", tmp_path / "no" / "a.wav", "--config", config)
    assert (code, "--out" in told) == (2, True)


@pytest.mark.parametrize("text", ["", " \n"])
def test_a_blank_text_is_one_error_for_both(
    text: str, configure: Configure, tmp_path: Path
) -> None:
    config, out = configure(""), tmp_path / "a.wav"
    for more in ((), ("--out", out)):
        assert refused("say", text, *more, "--config", config) == (
            1,
            "carpal: there is nothing to say: the text is blank",
        )
    assert not out.exists()


def test_in_quiet_hours_it_is_as_quiet_as_the_daemon(player: Path, configure: Configure) -> None:
    peaks = []
    for on in (False, True):
        carpal("say", SENTENCE, "--config", configure(quiet_hours(on=on)))
        samples = array("h", (player / "sound").read_bytes())
        peaks.append(max(map(abs, samples)))
    assert peaks[1] == pytest.approx(0.3 * peaks[0], rel=0.01)
    assert not (player / "store").exists()  # to speak begins no memory


def test_to_speak_needs_no_key(player: Path, configure: Configure, tmp_path: Path) -> None:
    config = configure(quiet_hours(on=True))
    carpal("status", "--config", config)
    (tmp_path / "store" / KEY).unlink()
    assert refused("status", "--config", config)[0] == 1
    assert carpal("say", SENTENCE, "--config", config) == ""
    samples = array("h", (player / "sound").read_bytes())
    (player / "sound").unlink()
    carpal("say", SENTENCE, "--config", configure(quiet_hours(on=False)))
    louder = array("h", (player / "sound").read_bytes())
    assert max(map(abs, samples)) == pytest.approx(0.3 * max(map(abs, louder)), rel=0.01)


def test_a_daemon_that_knows_of_no_volume_is_no_hindrance(
    configure: Configure, tmp_path: Path
) -> None:
    config = configure(quiet_hours(on=True))
    carpal("status", "--config", config)
    loaded = load(config).settings

    async def older(name: str, _: object, __: object) -> Reply:
        raise ControlError(f"there is no command {name}")

    async def gain() -> float | None:
        async with await serve(loaded.control.folder, older):
            return await _gain(loaded)

    assert asyncio.run(gain()) == by_hour(loaded, WorldClock())


def test_a_daemon_that_tells_no_names_is_no_hindrance() -> None:
    assert hints({"prompt": "Heart rate."}, Settings()) == Hints(prompt="Heart rate.")


def test_where_the_wearer_wants_silence_it_says_so(
    player: Path, configure: Configure, tmp_path: Path
) -> None:
    places = (
        '[[places]]\nname = "home"\nkind = "home"\nlatitude_deg = 50.01\nlongitude_deg = 8.0\n'
        "radius_m = 60\n"
    )
    config = configure(f'[voice]\nsilent_at = ["home"]\n{places}')
    carpal("status", "--config", config)
    folder, now = tmp_path / "store", WorldClock().now()
    db = open_store(folder / DATABASE, key=key.read(folder / KEY))
    here = fix(0, HOME)
    Bus(Core(SKILLS), Journal(db)).publish(
        [here.model_copy(update={"at": now - timedelta(minutes=ago)}) for ago in (9, 6, 3, 0)]
    )
    db.close()
    assert "place                  home" in carpal("status", "--config", config)
    assert "not spoken: nothing is said aloud here" in carpal("say", SENTENCE, "--config", config)
    assert not (player / "sound").exists()
    assert os.environ["PATH"].startswith(str(player))
