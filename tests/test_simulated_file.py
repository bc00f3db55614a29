"""A simulated day is written and read back whole, and plays at the pace that is given."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from functools import cache
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import DecodeError
from agent.events import Input
from sensors.simulated import Simulated, decode, read, simulate, write

MIDNIGHT = datetime(2026, 3, 3, tzinfo=ZoneInfo("Europe/Berlin"))


@cache
def beginning() -> Sequence[tuple[datetime, Sequence[Input]]]:
    return tuple(islice(simulate(seed=7, start=date(2026, 3, 3)), 200))


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "day.jsonl"
    few = beginning()
    count = write(path, few)
    assert list(read(path)) == [event for _, batch in few for event in batch]
    assert count == len(path.read_text().splitlines())


def test_a_damaged_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "day.jsonl"
    write(path, beginning()[:2])
    whole = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*whole[:3], whole[3][:20] + b"\n", *whole[4:]]))
    lines = read(path)
    for _ in range(3):
        next(lines)
    with pytest.raises(DecodeError, match=r"day\.jsonl, line 4: is no event"):
        next(lines)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DecodeError, match=r"none\.jsonl: cannot be read"):
        list(read(tmp_path / "none.jsonl"))


def test_a_line_without_end_is_not_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "zeros.jsonl"
    path.write_bytes(b"0" * (3 << 20))
    with pytest.raises(DecodeError, match="is longer than"):
        list(read(path))


@given(st.binary(max_size=400) | st.text(max_size=200).map(str.encode))
def test_whatever_a_line_holds_it_is_an_event_or_a_decode_error(line: bytes) -> None:
    with suppress(DecodeError):
        decode(line, source="line 1")


def test_the_live_form_waits_for_each_arrival() -> None:
    asked = list[datetime]()

    async def pace(arrival: datetime) -> None:
        asked.append(arrival)

    async def run() -> list[Sequence[Input]]:
        live = Simulated(beginning()[:20], pace=pace)
        return [batch async for batch in live.events()]

    got = asyncio.run(run())
    assert got == [batch for _, batch in beginning()[:20]]
    assert asked == [arrival for arrival, _ in beginning()[:20]]
    assert asked[0] == MIDNIGHT.astimezone(UTC)
