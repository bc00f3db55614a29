"""What another system recorded is taken in once, from whatever it is in, and told about."""

import asyncio
import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import timedelta
from itertools import chain
from pathlib import Path

import pytest
from typer.testing import CliRunner

from agent import cli  # noqa: F401  # hangs every command on the root
from agent.app import alone, days, imports
from agent.app.clocks import WorldClock
from agent.app.pipeline import Pipeline
from agent.app.settings import Settings, load
from agent.cli.days import _progress
from agent.cli.root import commands
from agent.errors import DecodeError
from agent.events import EPOCH, Input, SampleMeasured
from agent.sensor import SILENT, Progress
from tests.daemons import Daemon, lonely
from tests.test_fit import GOOD

__all__ = ["lonely"]

NOON = 1_772_539_200  # 2026-03-03T12:00:00Z
GPX = '<gpx><trkpt lat="52.5" lon="13.4"><time>2026-03-03T13:00:00+01:00</time></trkpt></gpx>'
APPLE = (
    '<?xml version="1.0"?><HealthData><Record type="HKQuantityTypeIdentifierStepCount" '
    'unit="count" startDate="2026-03-03 12:59:00 +0100" endDate="2026-03-03 13:00:00 +0100" '
    'sourceName="iPhone" value="40"/></HealthData>'
)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A settings file whose store is this test's own."""
    file = tmp_path / "carpal.toml"
    folder = json.dumps(str(tmp_path / "store"))
    file.write_text(
        f'zone = "Europe/Berlin"\n[store]\nfolder = {folder}\n[control]\nfolder = {folder}\n'
        '[models]\nchat = "none"\nembedding = "none"\n[voice]\nmodel = "none"\n'
    )
    return file


@pytest.fixture
def settings(config: Path) -> Settings:
    return load(config).settings


def band(file: Path, minutes: range) -> Path:
    """Write what a band counted in those *minutes*, one step in the first, two in the next."""
    file.unlink(missing_ok=True)
    with closing(sqlite3.connect(file)) as db:
        db.execute("create table DEVICE (_id integer primary key, NAME text)")
        db.execute("insert into DEVICE values (1, 'Band')")
        db.execute(
            "create table PINE_TIME_ACTIVITY_SAMPLE"
            " (TIMESTAMP integer, DEVICE_ID integer, STEPS integer)"
        )
        rows = [(NOON + 60 * n, 1, n + 1) for n in minutes]
        db.executemany("insert into PINE_TIME_ACTIVITY_SAMPLE values (?, ?, ?)", rows)
        db.commit()
    return file


def carpal(*arguments: str | Path) -> str:
    done = CliRunner().invoke(commands, [str(one) for one in arguments])
    assert done.exit_code == 0, (done.output, done.exception)
    return done.output


def taken(path: Path, config: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads(carpal("import", path, "--json", "--config", config))
    return found


def recorded(path: Path, progress: Progress = SILENT) -> tuple[str, Iterator[Sequence[Input]]]:
    clock = WorldClock()
    known = days.importers("Europe/Berlin", clock)
    return imports.recorded(path, known, arrived=clock.now(), progress=progress)


def kept(settings: Settings, batches: Iterator[Sequence[Input]]) -> imports.Report:
    async def run() -> imports.Report:
        async with alone.opened(settings) as (pipeline, _):
            return await imports.keep(pipeline, batches, clock=WorldClock())

    return asyncio.run(run())


def memory(settings: Settings) -> tuple[object, ...]:
    """Return all that was measured and all that sums it up."""

    async def run() -> tuple[object, ...]:
        async with alone.opened(settings) as (pipeline, _):
            return _steps(pipeline), tuple(
                event for event in pipeline.journal.replay() if isinstance(event, SampleMeasured)
            )

    return asyncio.run(run())


def _steps(pipeline: Pipeline) -> float:
    until = EPOCH + timedelta(seconds=NOON + 86_400)
    found = pipeline.memory.summary("steps", since=EPOCH, until=until)
    return 0 if found is None else found.total


@pytest.mark.parametrize(
    ("name", "content", "kind", "sources"),
    [
        ("a.fit", GOOD, "fit", {"garmin-2697": 12}),
        ("a.gpx", GPX.encode(), "gpx", {"gpx": 1}),
        ("export.xml", APPLE.encode(), "apple-health", {"apple-iphone": 1}),
        ("HR.csv", f"{NOON}\n1.0\n60\n".encode(), "empatica", {"empatica": 1}),
    ],
)
def test_the_kind_is_found_by_the_form_and_what_is_in_it_is_said(  # noqa: PLR0913, PLR0917
    tmp_path: Path, config: Path, name: str, content: bytes, kind: str, sources: dict[str, int]
) -> None:
    folder = tmp_path / "export"
    folder.mkdir()
    (folder / name).write_bytes(content)
    known = days.importers("Europe/Berlin", WorldClock())
    path = folder if kind == "empatica" else folder / name
    assert [one.name for one in known if one.recognise(path)] == [kind]
    found = taken(path, config)
    assert (found["kind"], found["sources"]) == (kind, sources)
    assert found["kept"] == found["read"] - found["repeated"]  # type: ignore[operator]  # counts
    again = taken(path, config)
    assert (again["kept"], again["repeated"]) == (0, found["read"])


def test_overlapping_exports_count_no_step_twice(
    tmp_path: Path, config: Path, settings: Settings
) -> None:
    first = taken(band(tmp_path / "a.db", range(100)), config)
    second = taken(band(tmp_path / "b.db", range(50, 150)), config)
    assert (first["kept"], second["kept"], second["repeated"]) == (101, 51, 50)
    steps, events = memory(settings)
    assert steps == sum(range(1, 151))
    assert len(events) == 150  # type: ignore[arg-type]  # a tuple


def test_an_import_that_was_killed_goes_on_where_it_was(tmp_path: Path, config: Path) -> None:
    file = band(tmp_path / "a.db", range(5_000))
    whole, cut = load(config).settings, _beside(config)

    def killed() -> Iterator[Sequence[Input]]:
        _, batches = recorded(file)
        yield next(batches)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        kept(cut, killed())
    resumed = kept(cut, recorded(file)[1])
    assert (resumed["kept"], resumed["repeated"]) == (3_001, 2_000)
    kept(whole, recorded(file)[1])
    assert memory(cut) == memory(whole)


def _beside(config: Path) -> Settings:
    other = config.with_name("other.toml")
    other.write_text(config.read_text().replace("/store", "/other"))
    return load(other).settings


def test_reports_go_on_record_once_and_untrue_times_not_at_all(
    tmp_path: Path, config: Path
) -> None:
    late = GPX.replace("2026", "2097").replace("</gpx>", "") + "".join(
        f'<trkpt lat="52" lon="13"><time>2026-03-03T12:{n:02}:00Z</time></trkpt><trkpt/>'
        for n in range(10)
    )
    file = tmp_path / "a.gpx"
    file.write_text(late)
    first, again = taken(file, config), taken(file, config)
    assert (first["quarantined"], first["kept"]) == (3, 14)
    reasons = " ".join(map(str, first["reports"]))  # type: ignore[call-overload]  # a list
    for why in ("2097-03-03 12:00:00: this time cannot", "without a time (10", "no element found"):
        assert why in reasons
    assert (again["kept"], again["repeated"]) == (0, first["kept"])


def test_a_flood_of_untrue_times_is_counted(tmp_path: Path, settings: Settings) -> None:
    far = EPOCH + timedelta(days=60_000)
    flood = [SampleMeasured(at=far, signal="steps", value=1, source="x")] * 5_000
    found = kept(settings, iter([flood]))
    assert (found["quarantined"], found["kept"]) == (5_000, imports.REFUSED_MAX // 10 + 1)


def test_a_folder_of_recordings_comes_in_file_by_file(tmp_path: Path, config: Path) -> None:
    folder = tmp_path / "watch"
    (folder / "2026").mkdir(parents=True)
    (folder / "2026" / "a.fit").write_bytes(GOOD)
    (folder / "b.gpx").write_text(GPX)
    (folder / "c.gpx").write_text("<gpx/>")
    (folder / "notes.txt").write_text("hello")
    found = taken(folder, config)
    assert (found["kind"], found["sources"]) == ("folder", {"garmin-2697": 12, "gpx": 1})
    assert "c.gpx: is GPX, but holds no track point" in str(found["reports"])
    (folder / "2026" / "a.fit").unlink()
    (folder / "b.gpx").unlink()
    (folder / "c.gpx").unlink()
    with pytest.raises(DecodeError, match="no kind that is known"):
        recorded(folder)


def test_recordings_that_are_folders_come_in_from_the_folder_around_them(tmp_path: Path) -> None:
    for number in (1, 2):
        session = tmp_path / "wristband" / f"session {number}"
        session.mkdir(parents=True)
        for name in ("HR.csv", "EDA.csv"):
            (session / name).write_text(f"{NOON + 600 * number}\n1.0\n60\n61\n")
    (tmp_path / "wristband" / "a.gpx").write_text(GPX)
    kind, batches = recorded(tmp_path / "wristband")
    found = [one for one in chain.from_iterable(batches) if isinstance(one, SampleMeasured)]
    assert kind == "folder"
    assert len(found) == 8
    assert {one.source for one in found} == {"empatica"}


def test_what_was_found_is_said_in_lines(tmp_path: Path, config: Path) -> None:
    file = tmp_path / "a.gpx"
    file.write_text(GPX.replace("</gpx>", "<trkpt/></gpx>"))
    lines = carpal("import", file, "--config", config).splitlines()
    said = {line.split()[0]: line.split(maxsplit=1)[1] for line in lines}
    assert said["kind"] == "gpx"
    assert said["sources"] == "gpx 1"
    assert said["signals"] == "location 1"
    assert said["first"] == "2026-03-03T12:00:00+00:00"
    assert said["reports"].endswith("a track point without a time (1 left out)")


def test_a_bar_shows_how_far_a_file_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shares = list[float]()
    file = band(tmp_path / "a.db", range(3_000))
    _, batches = recorded(file, shares.append)
    assert len(list(chain.from_iterable(batches))) == 3_001
    assert shares[-1] == 1
    with _progress(shown=True) as progress:
        for share in (*shares, 1, 0.5):
            progress(share)
    assert "reading" in capsys.readouterr().err


def test_a_running_daemon_takes_a_file_in_and_answers_meanwhile(lonely: Daemon) -> None:
    lonely.start()
    path = band(lonely.folder / "Gadgetbridge.db", range(3000))
    found = taken(path, lonely.config)
    assert found["kind"] == "gadgetbridge"
    assert found["kept"] == 3001, "and the end of the batch"
    again = taken(path, lonely.config)
    assert (again["kept"], again["repeated"]) == (0, 3001)
    (lonely.folder / "x.gpx").write_text("<gpx>")
    done = CliRunner().invoke(
        commands, ["import", str(lonely.folder / "x.gpx"), "--config", str(lonely.config)]
    )
    assert done.exit_code != 0
    assert "x.gpx" in str(done.exception)


def test_a_folder_of_several_kinds_loses_none_of_them(tmp_path: Path) -> None:
    (tmp_path / "a.gpx").write_text(GPX)
    (tmp_path / "a.fit").write_bytes(GOOD)
    (tmp_path / "b.ics").write_text(
        "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\nEND:VCALENDAR\n".replace("\n", "\r\n")
    )
    kind, batches = recorded(tmp_path)
    found = list(chain.from_iterable(batches))
    assert kind == "folder"
    assert {one.kind for one in found} >= {"calendar_changed", "location_measured"}
    assert {getattr(one, "source", "") for one in found} >= {"gpx", "garmin-2697"}
