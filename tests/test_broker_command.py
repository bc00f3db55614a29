"""`carpal broker`, as it is typed."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.broker import mosquitto

pytestmark = pytest.mark.broker
ROOT = Path(__file__).parents[1]


def typed(*words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "agent", "broker", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_says_what_to_put_into_the_settings_and_refuses_to_write_twice(tmp_path: Path) -> None:
    mosquitto()
    words = ("--folder", str(tmp_path), "--wearer", "ada", "--tls", "localhost")
    ran = typed(*words)
    assert ran.returncode == 0, ran.stderr
    assert f'socket = "{tmp_path / "mqtt.sock"}"' in ran.stdout
    assert "ca.pem" in ran.stdout
    again = typed(*words)
    assert again.returncode == 2
    assert "--force" in again.stderr


def test_what_the_settings_hear_of_other_systems_devices_may_write(tmp_path: Path) -> None:
    config = tmp_path / "carpal.toml"
    config.write_text(
        "[mqtt]\n[home_assistant]\n[phone]\n"
        '[[mqtt.mappings]]\ntopic = "zigbee2mqtt/bed"\nsignal = "spo2"\nunit = "%"\n'
    )
    folder = tmp_path / "broker"
    done = typed("--folder", str(folder), "--config", str(config))
    assert done.returncode == 0, done.stderr
    rules = "".join(file.read_text() for file in folder.iterdir() if "acl" in file.name)
    for topic in ("homeassistant/#", "phone/+/notification", "zigbee2mqtt/bed"):
        assert f"topic write {topic}\n" in rules
        assert f"topic read {topic}\n" in rules
