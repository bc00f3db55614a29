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
