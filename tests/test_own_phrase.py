"""`carpal voice phrase`: a wake phrase of one's own is learnt, told about, and wakes the ears."""

import json
import shutil
import wave
from pathlib import Path

import pytest

from agent.app.own_phrase import checked, place, recordings
from agent.errors import ConfigError
from tests.daemons import Daemon
from tests.default_models import default, needs
from tests.sound import espeak, room, said, write_wav

libraries = needs("numpy", "onnxruntime", "pymicro_wakeword", "av")


@pytest.mark.parametrize("phrase", ["hey you", "robin", "a b", "hey there"])
def test_a_phrase_of_two_syllables_is_refused_with_what_to_take_instead(phrase: str) -> None:
    with pytest.raises(ConfigError, match=r"too short: it has \d syllables?, .* take 3 or more"):
        checked(phrase)


@pytest.mark.parametrize("phrase", ["", "hey r2d2", "../../etc", "hey " * 20, "h\u00e9 robin ok"])
def test_what_is_no_phrase_is_refused(phrase: str) -> None:
    with pytest.raises(ConfigError):
        checked(phrase)


def test_a_phrase_is_kept_in_small_letters_beside_the_memory(tmp_path: Path) -> None:
    assert checked("  Hey   Robin ") == "hey robin"
    assert place(tmp_path, "hey o'brian") == tmp_path / "wake-hey_o_brian.npz"


def test_recordings_are_files_or_the_wav_files_of_a_folder(tmp_path: Path) -> None:
    one = write_wav(tmp_path / "b.wav", bytes(100))
    two = write_wav(tmp_path / "a.wav", bytes(100))
    (tmp_path / "notes.txt").write_text("no sound")
    assert recordings([tmp_path]) == [two, one]
    assert recordings([one]) == [one]
    with pytest.raises(ConfigError):
        recordings([tmp_path / "absent"])
    (tmp_path / "empty").mkdir()
    with pytest.raises(ConfigError):
        recordings([tmp_path / "empty"])


@espeak
@libraries
@pytest.mark.audio
@pytest.mark.model
@pytest.mark.slow
def test_a_phrase_is_learnt_on_the_device_and_wakes_carpal(tmp_path: Path) -> None:
    default("wake")
    alone, own = Daemon(tmp_path, None, more=""), tmp_path / "own"
    own.mkdir()
    for number, speed in enumerate((140, 160, 180)):
        write_wav(own / f"{number}.wav", said("good evening robin", "-s", str(speed)))
    told = ("voice", "phrase", "Good evening Robin", "--own", str(own), "--quick", "--json")
    done = alone.carpal(*told)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert (found["phrase"], found["own"]) == ("good evening robin", 3)
    assert found["hits"] > 0.8 * found["trials"]
    head = Path(found["wake"])
    assert head.parent == alone.store
    assert head.stat().st_mode & 0o777 == 0o600
    alone.config.write_text(alone.config.read_text() + f'\n[voice.ears]\nwake = "{head}"\n')
    pcm = b"".join(room(1) + said("good evening robin", "-p", "60") + room(2) for _ in range(3))
    sound = write_wav(tmp_path / "said.wav", pcm)
    heard = alone.carpal("voice", "enroll", "--source", str(sound), "--trials", "3", "--json")
    assert heard.returncode == 0, heard.stderr
    assert max(json.loads(heard.stdout)["trials"]) > found["threshold"]


@espeak
@libraries
@pytest.mark.audio
@pytest.mark.model
def test_a_recording_that_is_no_phrase_is_named(tmp_path: Path) -> None:
    default("wake")
    alone, odd = Daemon(tmp_path, None, more=""), tmp_path / "odd.wav"
    for content, why in ((b"RIFF no sound", "no WAV file"), (None, "say the phrase once")):
        if content is None:
            write_wav(odd, room(9, level=3000))
        else:
            odd.write_bytes(content)
        done = alone.carpal("voice", "phrase", "hey robin", "--own", str(odd), "--quick")
        assert done.returncode == 1
        assert "odd.wav" in done.stderr
        assert why in done.stderr
    assert not list(alone.store.glob("*.npz"))


@espeak
@needs("pymicro_wakeword", "onnxruntime", "av", "numpy")
@pytest.mark.audio
def test_trials_are_kept_where_one_asks_for_them_and_are_recordings_then(tmp_path: Path) -> None:
    alone, kept = Daemon(tmp_path, None, more=""), tmp_path / "kept"
    pcm = b"".join(room(1) + said("okay nabu") + room(2) for _ in range(3))
    sound = write_wav(tmp_path / "said.wav", pcm)
    told = ("voice", "enroll", "--source", str(sound), "--trials", "3", "--keep", str(kept))
    done = alone.carpal(*told)
    assert done.returncode == 0, done.stderr
    found = recordings([kept])
    assert [one.name for one in found] == ["trial-01.wav", "trial-02.wav", "trial-03.wav"]
    assert all(one.stat().st_mode & 0o777 == 0o600 for one in found)
    with wave.open(str(found[0])) as file:
        assert file.getframerate() == 16_000
        assert file.getnframes() > 8_000
    shutil.rmtree(kept)
