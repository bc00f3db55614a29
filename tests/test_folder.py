"""What appears in a watched folder comes in by itself; what is unknown is said once."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from agent.events import Input, InputQuarantined, SampleMeasured, SourceSynced
from agent.sensor import BATCH_MAX
from sensors.empatica import Empatica
from sensors.folder import Folder, Settings

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
START = 1_644_831_900


class Fixed:
    def now(self) -> datetime:
        return AT


def watching(path: Path) -> AsyncIterator[Sequence[Input]]:
    settings = Settings(paths=(path / "absent", path), poll_s=0.05)
    return Folder(settings, importers=[Empatica()], clock=Fixed()).events()


def export(path: Path, *, seconds: int) -> None:
    path.mkdir(exist_ok=True)
    (path / "HR.csv").write_text(f"{START}.0\n1.0\n" + "60\n" * seconds)


def test_a_folder_that_appears_is_read_in_batches_and_synced_at_its_end(tmp_path: Path) -> None:
    async def run() -> None:
        live = watching(tmp_path)
        export(tmp_path / "S01", seconds=BATCH_MAX + 5)
        async with asyncio.timeout(30):
            first, second = await anext(live), await anext(live)
        assert (len(first), len(second)) == (BATCH_MAX, 6)
        assert all(isinstance(event, SampleMeasured) for event in first)
        assert isinstance(second[-1], SourceSynced)

    asyncio.run(run())


def test_what_is_unknown_or_damaged_is_said_once_and_the_rest_goes_on(tmp_path: Path) -> None:
    async def run() -> None:
        live = watching(tmp_path)
        (tmp_path / "a.txt").write_text("hello")
        (tmp_path / ".hidden").write_text("hello")
        export(tmp_path / "b", seconds=1)
        (tmp_path / "b" / "IBI.csv").write_text(f"{START}\n1,x\n")
        async with asyncio.timeout(30):
            (unknown,) = await anext(live)
            damaged, *kept = await anext(live)
            export(tmp_path / "c", seconds=3)
            good = await anext(live)
            (tmp_path / "b" / "IBI.csv").write_text(f"{START}\n1,0.8\n")
            repaired = await anext(live)
        assert isinstance(unknown, InputQuarantined)
        assert isinstance(damaged, InputQuarantined)
        assert "a.txt: is of no known kind (known: empatica)" in unknown.reason
        assert "IBI.csv, line 2" in damaged.reason
        assert [event.kind for event in kept] == ["sample_measured", "source_synced"]
        assert [event.kind for event in good] == ["sample_measured"] * 3 + ["source_synced"]
        assert [event.kind for event in repaired] == ["sample_measured"] * 2 + ["source_synced"]

    asyncio.run(run())


def test_what_was_removed_and_comes_again_is_read_again(tmp_path: Path) -> None:
    async def run() -> None:
        live = watching(tmp_path)
        export(tmp_path / "a", seconds=1)
        async with asyncio.timeout(30):
            once = await anext(live)
            shutil.rmtree(tmp_path / "a")
            export(tmp_path / "b", seconds=2)
            other = await anext(live)
            export(tmp_path / "a", seconds=1)
            again = await anext(live)
        assert len(other) == 3
        assert once == again

    asyncio.run(run())


def test_nothing_waits_for_the_reading_of_a_file(tmp_path: Path) -> None:
    async def run() -> None:
        live = watching(tmp_path)
        export(tmp_path / "a", seconds=20_000)
        turns = 0
        async with asyncio.timeout(30):
            reading = asyncio.ensure_future(anext(live))
            while not reading.done():
                turns += 1
                await asyncio.sleep(0)
        assert turns > 10
        assert len(await reading) == BATCH_MAX

    asyncio.run(run())
