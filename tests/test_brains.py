"""Which worker each setting gives, what is missing, and how the router and the doctor see it."""

import asyncio
import json
from pathlib import Path

import pytest

from agent.app.brains import Brains
from agent.app.resources import look
from agent.models.chat import Chat
from agent.models.fetch import SWITCH
from agent.models.settings import Settings as ModelSettings
from agent.ports import Prompt
from agent.voice.settings import Settings as VoiceSettings
from tests.default_models import needs
from tests.test_cli import carpal, settings
from tests.tiny_models import tiny

__all__ = ["settings", "tiny"]
OFF = {"words": "none", "chat": "none", "embedding": "none"}
FIELDS = {
    "name", "loaded", "sealed", "crashes", "memory_mb", "tokens_s", "notices", "last_fault",
}  # fmt: skip
llama = needs("llama_cpp", "gguf", "numpy")


def brains(**models: object) -> Brains:
    return Brains(ModelSettings.model_validate(OFF | models), VoiceSettings(model="none"))


def test_what_is_switched_off_is_neither_there_nor_missed() -> None:
    found = brains()
    assert (found.words, found.large, found.transcriber) == (None, None, None)
    assert (list(found.understandings), found.missing, found.status()) == ([], [], [])
    assert found.candidate("words") is found.candidate("large") is None


def test_a_default_that_is_not_set_up_is_named_and_answers_are_plainer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SWITCH, str(tmp_path))
    found = Brains(ModelSettings(chat="default"), VoiceSettings(model="default"))
    assert sorted(found.missing) == ["chat", "embedding", "speech"]
    assert (found.words, found.large, list(found.understandings)) == (None, None, [])
    assert "embedding: not set up" in found.status()


@llama
def test_a_file_of_the_wearer_s_is_the_large_model_alone(tiny: Path) -> None:
    size_mb = tiny.stat().st_size / 1e6

    async def run() -> None:
        found = brains(chat=str(tiny), threads=1, context_tokens=4096)
        assert found.words is None
        assert found.missing == []
        before = found.candidate("large")
        assert before is not None
        assert (before.loaded, before.size_mb) == (False, size_mb)
        assert isinstance(found.large, Chat)
        await found.large.generate(Prompt(text="Hello", tokens_max=2))
        after = found.candidate("large")
        assert after is not None
        assert after.loaded
        (status,) = found.status()
        assert isinstance(status, dict)
        assert set(status) == FIELDS
        assert (status["name"], status["loaded"], status["last_fault"]) == ("large", True, None)
        await found.close()
        (closed,) = found.status()
        assert isinstance(closed, dict)
        assert closed["loaded"] is False

    asyncio.run(run())


def test_a_file_that_is_not_there_is_wanted_all_the_same_and_fails_when_it_is_asked(
    tmp_path: Path,
) -> None:
    found = brains(chat=str(tmp_path / "absent.gguf"))
    assert found.large is not None
    candidate = found.candidate("large")
    assert candidate is not None
    assert candidate.size_mb == 0


# What the doctor says of them.


def checks(config: Path) -> dict[str, dict[str, object]]:
    found = json.loads(carpal("doctor", "--json", "--config", config))["checks"]
    return {one["name"]: one for one in found}


def test_the_doctor_tells_of_words_and_of_the_large_model(
    settings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = checks(settings)
    assert "switched off by the settings" in str(found["model large"]["detail"])
    monkeypatch.setenv(SWITCH, str(tmp_path / "models"))
    words = checks(settings)["model words"]
    assert (words["ok"], "carpal models get chat" in str(words["detail"])) == (False, True)
    letter = tmp_path / "letter.gguf"
    letter.write_text("Dear reader")
    monkeypatch.setenv("CARPAL_MODELS__CHAT", str(letter))
    large = checks(settings)["model large"]
    assert (large["ok"], "is no GGUF file" in str(large["detail"])) == (False, True)


# How the device is.


def write(root: Path, path: str, text: str) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text)


def test_the_inside_of_a_chip_is_not_what_a_hand_feels(tmp_path: Path) -> None:
    for number, (kind, milli) in enumerate((("x86_pkg_temp", "71000"), ("skin-therm", "38000"))):
        write(tmp_path, f"sys/class/thermal/thermal_zone{number}/type", f"{kind}\n")
        write(tmp_path, f"sys/class/thermal/thermal_zone{number}/temp", f"{milli}\n")
    assert look(tmp_path).temperature_c == 38


def test_the_battery_of_a_mouse_is_not_this_device_s(tmp_path: Path) -> None:
    write(tmp_path, "sys/class/power_supply/hidpp_battery_0/scope", "Device\n")
    write(tmp_path, "sys/class/power_supply/hidpp_battery_0/capacity", "5\n")
    write(tmp_path, "sys/class/power_supply/BAT0/capacity", "80\n")
    write(tmp_path, "sys/class/power_supply/BAT0/status", "Not charging\n")
    assert (look(tmp_path).battery_pct, look(tmp_path).charging) == (80, False)
    write(tmp_path, "sys/class/power_supply/AC/online", "1\n")
    assert look(tmp_path).charging
