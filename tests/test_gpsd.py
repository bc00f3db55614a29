"""A GPS receiver is heard through gpsd, a fix now and then, and again after gpsd was away."""

import asyncio
import json
import shutil
import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import reduce
from itertools import pairwise
from operator import xor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import DecodeError
from agent.events import Input, InputQuarantined, LocationMeasured, SampleMeasured
from sensors.gpsd import Gpsd, Settings, decode

NOW = datetime(2026, 3, 2, 12, 0, 30, tzinfo=UTC)
FIX = {
    "class": "TPV", "device": "/dev/ttyS0", "mode": 3, "time": "2026-03-02T12:00:29.500Z",
    "lat": 52.5, "lon": 13.4, "alt": 34.0, "eph": 17.1, "epx": 3, "epy": 4, "speed": 1.5,
}  # fmt: skip


class Fixed:
    def now(self) -> datetime:
        return NOW


def told(**changed: object) -> Sequence[Input]:
    said = {key: value for key, value in (FIX | changed).items() if value is not None}
    return decode(json.dumps(said).encode(), arrived=NOW)


def test_a_fix_tells_place_accuracy_and_speed() -> None:
    fix, speed = told()
    at = datetime(2026, 3, 2, 12, 0, 29, 500_000, tzinfo=UTC)
    assert fix == LocationMeasured(
        at=at, latitude_deg=52.5, longitude_deg=13.4, accuracy_m=17.1, source="gpsd"
    )
    assert isinstance(speed, SampleMeasured)
    assert (speed.signal, speed.value, speed.at) == ("speed", 1.5, at)
    for errors, accuracy_m in (((None, 3, 4), 5), ((None, None, 4), 20), ((1e9, 1, 1), 100_000)):
        (fix,) = told(speed=None, **dict(zip(("eph", "epx", "epy"), errors, strict=True)))
        assert isinstance(fix, LocationMeasured)
        assert fix.accuracy_m == accuracy_m


@pytest.mark.parametrize(
    "changed", [{"mode": 1}, {"mode": 0}, {"lat": None}, {"time": None}, {"class": "SKY"}]
)
def test_what_is_no_fix_yet_is_no_event(changed: dict[str, object]) -> None:
    assert told(**changed) == ()


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b'{"class":"ERROR","message":"Unrecognized request"}', "'Unrecognized request'"),
        (b"GPSD,O=RMC", "Expecting value"),
        (b"[]", "no message with a class"),
        (b'{"class":7}', "no message with a class"),
        (json.dumps(FIX | {"time": "2006-07-17T12:00:00Z"}).encode(), "fix of 2006-07-17"),
        (json.dumps(FIX | {"time": "noon"}).encode(), "RFC 3339"),
        (json.dumps(FIX | {"lat": 91}).encode(), "latitude_deg"),
        (json.dumps(FIX | {"eph": -1}).encode(), "accuracy_m"),
        (json.dumps(FIX | {"mode": "3D"}).encode(), "mode"),
    ],
)
def test_what_gpsd_never_says_is_refused(line: bytes, why: str) -> None:
    with pytest.raises(DecodeError, match=f"gpsd: .*{why}"):
        decode(line, arrived=NOW)


VALUES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9)


@given(st.binary(max_size=100), st.dictionaries(st.sampled_from(sorted(FIX)), VALUES))
def test_any_line_is_read_or_refused_and_nothing_else(
    line: bytes, changed: dict[str, object]
) -> None:
    for each in (line, json.dumps(FIX | changed).encode()):
        with suppress(DecodeError):
            assert len(decode(each, arrived=NOW)) <= 2


def after(seconds: float, **changed: object) -> bytes:
    at = (NOW + timedelta(seconds=seconds)).isoformat()
    return json.dumps(FIX | {"time": at} | changed).encode() + b"\n"


def test_fixes_are_thinned_faults_told_once_and_a_lost_gpsd_found_again() -> None:
    first = (
        b'{"class":"VERSION"}\n', after(0), after(1), after(4.9), after(5), b"x\n", b"x\n",
        after(9), b"x\n", after(-3600), after(-3599),
    )  # fmt: skip
    lives = [first, (b" " * 200_000,), (after(60),)]

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert await reader.readline() == b'?WATCH={"enable":true,"json":true};\n'
        writer.writelines(lives.pop(0))
        writer.close()

    async def run() -> list[Sequence[Input]]:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        live = Gpsd(Settings(port=port, retry_s=0.01), clock=Fixed()).events()
        async with server, asyncio.timeout(20):
            return [await anext(live) for _ in range(6)]

    found = asyncio.run(run())
    assert [(each[0].at - NOW).total_seconds() for each in found] == [0, 5, 0, 0, -3600, 60]
    assert [type(each[0]) for each in found[2:4]] == [InputQuarantined] * 2


def sentence(body: str) -> str:
    return f"${body}*{reduce(xor, body.encode()):02X}\r\n"


def receiver() -> Iterator[str]:
    """Yield what a receiver writes (NMEA 0183): searching, then going north at 40 km/h."""
    for second in range(40):
        time, place = f"1200{second:02d}.00", f"{5230 + second * 0.006:.4f},N,01324.0000,E"
        if second < 3:
            yield sentence(f"GPGGA,{time},,,,,0,00,,,M,,M,,")
            yield sentence("GPGSA,A,1,,,,,,,,,,,,,,,")
            yield sentence(f"GPRMC,{time},V,,,,,,,020326,,,N")
        else:
            yield sentence(f"GPGGA,{time},{place},1,08,0.9,34.0,M,45.0,M,,")
            yield sentence("GPGSA,A,3,04,05,06,07,08,09,12,24,,,,,1.8,0.9,1.5")
            yield sentence(f"GPRMC,{time},A,{place},21.6,000.0,020326,,,A")


@contextmanager
def gpsfake(log: Path) -> Iterator[int]:
    """Start a real gpsd on a receiver that plays *log*; give its port."""
    if not (shutil.which("gpsfake") and shutil.which("gpsd")):
        pytest.skip("gpsd and gpsfake are not installed")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = ["gpsfake", "-q", "-c", "0.01", "-P", str(port), str(log)]
    with subprocess.Popen(command, stdout=-3, stderr=-3, cwd=log.parent) as process:
        try:
            yield port
        finally:
            process.terminate()


def test_a_real_gpsd_is_heard(tmp_path: Path) -> None:
    log = tmp_path / "walk.nmea"
    log.write_text("".join(receiver()))

    async def run(port: int) -> list[Sequence[Input]]:
        live = Gpsd(Settings(port=port, retry_s=0.2), clock=Fixed()).events()
        async with asyncio.timeout(30):
            return [await anext(live) for _ in range(4)]

    with gpsfake(log) as port:
        found = asyncio.run(run(port))
    fixes = [event for batch in found for event in batch if isinstance(event, LocationMeasured)]
    speeds = [
        event.value for batch in found for event in batch if isinstance(event, SampleMeasured)
    ]
    assert len(fixes) == 4
    assert all(abs(b.at - a.at) >= timedelta(seconds=5) for a, b in pairwise(fixes))
    assert all(52.5 <= fix.latitude_deg <= 52.51 for fix in fixes)
    assert all(0 < fix.accuracy_m < 50 for fix in fixes)
    assert all(value == pytest.approx(11.1, abs=0.1) for value in speeds)
