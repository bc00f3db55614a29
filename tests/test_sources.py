"""All live sources together in a real daemon: what comes is kept, what is away stops nothing."""

import json
import time
from base64 import b64encode
from pathlib import Path

import pytest
from nacl.secret import SecretBox

from agent.app import sources
from agent.app.clocks import WorldClock
from agent.app.settings import Settings
from agent.events import (
    EntityChanged,
    Input,
    LocationMeasured,
    NotificationReceived,
    SampleMeasured,
    ZoneChanged,
)
from agent.memory.journal import Journal
from tests.broker import broker
from tests.daemons import Daemon, daemon, wait_for
from tests.test_acceleration import device as accelerometer
from tests.test_device import write

__all__ = ["broker", "daemon"]
pytestmark = pytest.mark.broker
CONFIG = """owntracks = "ada"
owntracks_key_file = {key}
[home_assistant]
mine = ["ada"]
[phone]
[device]
root = {root}
[accelerometer]
folder = {iio}
[gpsd]
socket = {absent}
[ble_heart_rate]
name = "Polar"
[caldav]
urls = ["http://127.0.0.1:9/ada/"]
"""


def configured(folder: Path) -> str:
    (folder / "key").write_text("s3cret\n")
    write(folder, power_supply__BAT0__capacity="81")
    accelerometer(folder / "iio")
    names = {"key": "key", "root": ".", "iio": "iio", "absent": "absent"}
    return CONFIG.format(**{name: json.dumps(str(folder / at)) for name, at in names.items()})


def sealed(**said: object) -> bytes:
    box = SecretBox(b"s3cret".ljust(32, b"\0"))
    text = json.dumps(said | {"_type": "location", "tst": int(time.time())}).encode()
    return json.dumps(
        {"_type": "encrypted", "data": b64encode(box.encrypt(text)).decode()}
    ).encode()


def test_all_that_is_near_is_heard_and_all_that_is_away_stops_nothing(daemon: Daemon) -> None:
    daemon.configure(configured(daemon.folder))
    daemon.start()
    rate = "homeassistant/sensor/ada_heart_rate"
    daemon.publish(
        ("owntracks/ada/phone", sealed(lat=51.5, lon=-0.12, acc=10, vel=36)),
        (f"{rate}/state", b"70"),
        (f"{rate}/unit_of_measurement", b'"bpm"'),
        (f"{rate}/state", b"72"),
        ("homeassistant/light/kitchen/state", b"on"),
        ("phone/pixel/notification", b'{"t":"notify","id":7,"src":"Mail","body":"remind me"}'),
    )
    wait_for(lambda: _measures(daemon) >= WANTED, "the samples")
    wait_for(lambda: any(isinstance(event, ZoneChanged) for event in _kept(daemon)), "the zone")
    events = _kept(daemon)
    assert daemon.stop() == 0
    assert [event.zone for event in events if isinstance(event, ZoneChanged)] == ["Europe/London"]
    kinds = [type(event) for event in events]
    assert kinds.count(LocationMeasured) == kinds.count(NotificationReceived) == 1
    assert [event.entity for event in events if isinstance(event, EntityChanged)] == [
        "light.kitchen"
    ]
    assert "Traceback" not in daemon.told


def _kept(daemon: Daemon) -> list[Input]:
    with daemon.opened() as db:
        return [*Journal(db, version="test").replay()]


def _measures(daemon: Daemon) -> set[tuple[str, float]]:
    return {(one.signal, one.value) for one in _kept(daemon) if isinstance(one, SampleMeasured)}


WANTED = {("heart_rate", 72), ("speed", 10), ("battery", 81), ("motion", 0)}


def test_every_table_of_the_settings_that_is_a_source_gives_one(tmp_path: Path) -> None:
    text = {
        "calendar": {}, "caldav": {}, "mealplan": {"path": str(tmp_path)}, "folder": {},
        "ble_heart_rate": {"name": "x"}, "gpsd": {}, "device": {}, "accelerometer": {},
    }  # fmt: skip
    settings = Settings.model_validate(text)
    found = sources.sensors(settings, clock=WorldClock())
    assert len({sensor.name for sensor in found}) == len(text)
    assert sources.sensors(Settings(), clock=WorldClock()) == []
    assert sources.routes(Settings()) == []
