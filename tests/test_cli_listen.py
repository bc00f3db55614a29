"""`carpal listen --source`: what cannot be heard is one clear line and the exit code 1."""

from pathlib import Path

import pytest

from agent.cli.listen import _is_path
from tests.daemons import Daemon
from tests.default_models import default, needs
from tests.sound import espeak, said, silence, write_wav

pytestmark = needs("faster_whisper", "onnxruntime", "av", "numpy")


@pytest.fixture
def alone(tmp_path: Path) -> Daemon:
    """Settings with a speech model, without a daemon."""
    default("speech")
    made = Daemon(tmp_path, None, more="")
    made.config.write_text(made.config.read_text().replace('[voice]\nmodel = "none"\n', ""))
    return made


def told(daemon: Daemon, *arguments: str) -> str:
    """Return the one line that *arguments* end with; the exit code must be 1."""
    done = daemon.carpal(*arguments)
    assert done.returncode == 1, (done.stdout, done.stderr)
    return done.stderr.strip().splitlines()[-1]


@pytest.mark.model
@pytest.mark.parametrize("command", ["listen", "transcribe", "notes"])
def test_a_head_without_sound_is_told(command: str, alone: Daemon, tmp_path: Path) -> None:
    file = str(write_wav(tmp_path / "head.wav", b""))
    option = ["--source", file] if command == "listen" else [file]
    assert "head.wav has no sound in it" in told(alone, command, *option)


@pytest.mark.model
@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.wav", None, "there is no file"),
        ("a.wav", b"", "a.wav"),
        ("letter.txt", b"Dear reader, " * 100, "letter.txt"),
        ("cut.wav", b"RIFF" + bytes(range(256)) * 20, "damaged"),
    ],
)
def test_a_source_that_cannot_be_heard_is_named(
    name: str, content: bytes | None, reason: str, alone: Daemon, tmp_path: Path
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    line = told(alone, "listen", "--source", str(tmp_path / name))
    assert reason in line
    assert name in line


def test_what_can_only_be_a_file_is_no_device() -> None:
    assert all(map(_is_path, ("a.wav", "Talk.M4A", "x.3gp", "in/a.ogg", "/dev/stdin")))
    assert all(map(_is_path, ("./talk", "../talk", "~/talk", "/talk", "a b.c.webm")))
    devices = ("microphone", "-", "hw:1,0", "USB Audio 2.0", "alsa_input.pci-0.analog-stereo")
    assert not any(map(_is_path, devices))
    named = ("Realtek ALC897: Mic/Line In (hw:1,0)", "alsa_input.usb-046d.mono", "Yeti v1.2a")
    assert not any(map(_is_path, named))


@needs("sounddevice")
@pytest.mark.model
@pytest.mark.parametrize("wake", [[], ["--wake"]])
def test_without_a_microphone_it_says_what_to_do(
    wake: list[str], alone: Daemon, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULSE_SERVER", f"unix:{tmp_path}/absent")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    line = told(alone, "listen", "--source", "microphone", *wake)
    assert "no microphone was found: plug one in" in line


def test_without_a_model_that_hears_it_says_so_at_once(tmp_path: Path) -> None:
    deaf = Daemon(tmp_path, None, more="")
    file = write_wav(tmp_path / "a.wav", silence(1.0))
    assert "carpal models get speech" in told(deaf, "listen", "--source", str(file))


@espeak
@pytest.mark.audio
def test_a_model_that_does_not_load_is_told(tmp_path: Path) -> None:
    broken = Daemon(tmp_path, None, more="")
    before, after = (f'[voice]\nmodel = "{name}"' for name in ("none", tmp_path / "absent"))
    broken.config.write_text(broken.config.read_text().replace(before, after))
    file = write_wav(tmp_path / "a.wav", said("What time is it?") + silence(1.0))
    assert "is no speech model" in told(broken, "listen", "--source", str(file))


@pytest.mark.model
def test_a_silent_file_is_heard_and_says_nothing(alone: Daemon, tmp_path: Path) -> None:
    file = write_wav(tmp_path / "a.wav", silence(1.0))
    alone.carpal("status")
    done = alone.carpal("listen", "--source", str(file))
    assert (done.returncode, done.stderr) == (0, "")  # nor of a model that was still being loaded
    assert "(nothing was said)" in done.stdout
