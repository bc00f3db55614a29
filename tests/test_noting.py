"""Live notes: recorded while the session runs, private, safe in a crash, and gone after."""

import asyncio
import io
import shutil
import stat
import wave
import zlib
from collections.abc import Coroutine
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from agent.app.brains import Brains
from agent.app.noting import CAMERA, NoteTaking, note_with
from agent.context import Context
from agent.core import Core
from agent.errors import DecodeError, ModelError, StoreError
from agent.models.settings import Settings as ModelSettings
from agent.notes import recorder
from agent.notes.recorder import Recorder, Recording, unfinished
from agent.notes.taking import Models
from agent.ports import NO_HINTS, Hints, Sound, Transcript
from agent.state import State
from agent.voice.settings import Settings as VoiceSettings
from skills import notes
from tests.days import at
from tests.default_models import needs
from tests.sound import silence
from tests.test_notes_sealed import full
from tests.test_policy import live
from tests.test_skill_talk import NOON, note

SAID = "The bridge was finished in 1931. Helen Baker built it for 90,000 pounds."
PCM = silence(1.5)
LOUD = bytes(range(251)) * 128  # one second
PAUSE = bytes(int(recorder.PAUSE_S * recorder.RATE_HZ) * 2)
SECRET = bytes(range(32))


def seconds_of(sound: Sound) -> float:
    if isinstance(sound, bytes):
        return len(sound) / 2 / recorder.RATE_HZ
    with wave.open(str(sound)) as file:
        return float(file.getnframes() / file.getframerate())


class Hears:
    """A Transcriber that hears one sentence in anything, once it is set up."""

    def __init__(self) -> None:
        self.is_there = True
        self.seconds: list[float] = []

    async def transcribe(self, sound: Sound, hints: Hints = NO_HINTS) -> Transcript:
        if not self.is_there:
            raise ModelError("the speech model is not set up")
        seconds = seconds_of(sound)
        self.seconds.append(seconds)
        return Transcript(text=SAID, audio_s=seconds, spent_s=0.0, language="en")


class Stage:
    """A wearer's session, and the ears that tell of it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.hears = folder, Hears()
        self.brains = Brains(
            ModelSettings(words="none", embedding="none"), VoiceSettings(model="none")
        )
        self.brains.transcriber = self.hears
        self.waiting: list[Coroutine[None, None, None]] = []
        self.taking = NoteTaking(folder, self.brains, self.waiting.append, lambda: SECRET)
        self.core, self.state = Core((notes.Notes(),)), State()

    def now(self, name: str, **data: object) -> Context:
        self.state, _ = live(self.core, note("notes", name, NOON, **data), state=self.state)
        return self.state.context

    def written(self) -> list[Path]:
        for one in self.waiting:
            asyncio.run(_done(one))
        self.waiting.clear()
        return sorted(path for path in self.folder.iterdir() if path.suffix == ".md")

    def files(self) -> set[str]:
        return {path.suffix for path in self.folder.iterdir()}


async def _done(one: Coroutine[None, None, None]) -> None:
    await one


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path / "notes")


def test_a_session_is_recorded_written_and_its_sound_deleted(stage: Stage) -> None:
    assert not stage.taking.heard(PCM)  # no session: nothing is kept
    stage.taking.follow(stage.now("begun", title="bridges"))
    assert stage.taking.listens
    assert stage.taking.heard(PCM)
    assert stage.taking.heard(PCM)
    for path in stage.folder.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    stage.taking.follow(stage.now("ended"))
    assert not stage.taking.heard(PCM)
    (path,) = stage.written()
    text = path.read_text()
    assert text.startswith("# bridges\n")
    assert "- Helen Baker built it for 90,000 pounds. (0:00)" in text.replace("(00:", "(0:")
    assert CAMERA.partition(":")[0] in text
    assert stage.hears.seconds == [pytest.approx(2 * (1.5 + recorder.PAUSE_S), abs=0.01)]
    assert stage.files() == {".md"}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_sound_that_is_asked_for_stays_in_the_open(stage: Stage) -> None:
    stage.taking.follow(stage.now("begun", title="bridges"))
    stage.taking.heard(LOUD)
    stage.taking.follow(stage.now("keep"))
    stage.taking.heard(LOUD)
    assert stage.files() == {".sealed", ".json"}
    stage.taking.follow(stage.now("ended"))
    stage.written()
    assert stage.files() == {".md", ".wav"}
    (sound,) = stage.folder.glob("*.wav")
    assert stat.S_IMODE(sound.stat().st_mode) == 0o600
    with wave.open(str(sound)) as file:
        assert file.getparams()[:3] == (1, 2, recorder.RATE_HZ)
        assert file.readframes(1 << 30) == 2 * (LOUD + PAUSE)


def test_nothing_of_a_talk_lies_on_disk_in_the_open(stage: Stage) -> None:
    stage.taking.follow(stage.now("begun", title="bridges"))
    for _ in range(3):
        stage.taking.heard(LOUD)
    for path in stage.folder.iterdir():
        raw = path.read_bytes()
        assert not any(LOUD[place : place + 16] in raw for place in range(0, len(LOUD), 16))
        assert len(set(raw)) < 100 or len(set(zlib.compress(raw))) > 250
    stage.taking.stop()


def test_a_session_that_goes_on_after_a_crash_overwrites_nothing(stage: Stage) -> None:
    stage.taking.follow(stage.now("begun", title="bridges"))
    stage.taking.heard(PCM)
    stage.taking.stop()
    again = Stage(stage.folder)
    again.taking.resume()
    again.taking.follow(again.now("begun", title="bridges"))
    again.taking.heard(PCM)
    again.taking.follow(again.now("ended"))
    assert len(again.written()) == 2
    assert again.files() == {".md"}
    assert again.hears.seconds == 2 * [pytest.approx(1.5 + recorder.PAUSE_S, abs=0.01)]


def test_a_plain_recording_of_before_is_finished(stage: Stage) -> None:
    stage.folder.mkdir()
    one = Recording(stage.folder, "old", "bridges", "2026-01-01")
    one.save()
    one.sound.write_bytes(recorder.header(0) + PCM)  # as a crash left it
    stage.taking.resume()
    assert len(stage.written()) == 1
    assert stage.files() == {".md"}
    assert stage.hears.seconds == [pytest.approx(1.5)]


def test_a_recording_of_another_key_waits(stage: Stage) -> None:
    stage.taking.follow(stage.now("begun", title="bridges"))
    stage.taking.heard(PCM)
    stage.taking.stop()
    other = NoteTaking(stage.folder, stage.brains, stage.waiting.append, lambda: bytes(32))
    other.resume()
    assert stage.written() == []
    assert stage.files() == {".sealed", ".json"}


def test_a_crash_or_an_absent_model_loses_no_recording(stage: Stage) -> None:
    stage.taking.follow(stage.now("begun", title="bridges"))
    stage.taking.heard(PCM)
    left = stage.folder.with_name("left")
    shutil.copytree(stage.folder, left)  # what a kill leaves: nothing was closed
    stage.taking.stop()
    again = Stage(left)
    again.hears.is_there = False
    again.taking.resume()
    assert again.written() == []
    assert again.files() == {".sealed", ".json"}
    again.hears.is_there = True
    again.taking.resume()
    assert len(again.written()) == 1
    assert again.files() == {".md"}
    assert again.hears.seconds == [pytest.approx(1.5 + recorder.PAUSE_S, abs=0.01)]


def test_what_stops_with_carpal_is_finished_at_the_next_start(stage: Stage) -> None:
    stage.taking.follow(stage.now("begun", title="bridges"))
    stage.taking.heard(PCM)
    stage.taking.stop()
    assert [one.title for one in unfinished(stage.folder)] == ["bridges"]


def test_a_recording_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorder, "LONGEST_S", 2)
    one = Recorder.begin(tmp_path, SECRET, title="long", at=at(NOON))
    for _ in range(5):
        one.feed(PCM)
    assert one.is_full
    kept = sum(len(pcm) for _, pcm in recorder.pieces(one.finish(), SECRET))
    assert kept <= (2 + 2 * recorder.PAUSE_S) * 32_000


@pytest.mark.parametrize("room_bytes", [0, 60])
def test_a_recording_that_cannot_begin_leaves_nothing_and_is_tried_again_later(
    stage: Stage, room_bytes: int
) -> None:
    context = stage.now("begun", title="bridges")
    minutes = [replace(context, now=context.now + timedelta(seconds=20 * n)) for n in range(9)]
    stage.folder.mkdir()
    with full(room_bytes):
        with pytest.raises(StoreError, match="takes no recording"):
            stage.taking.follow(minutes[0])
        assert stage.files() == set()
        for later in minutes[1:4]:  # told once, and tried in silence
            stage.taking.follow(later)
    assert stage.files() == set()
    stage.taking.follow(minutes[5])
    assert not stage.taking.heard(PCM)
    stage.taking.follow(minutes[6])
    assert stage.taking.heard(PCM)
    stage.taking.follow(stage.now("ended"))
    assert len(stage.written()) == 1


def test_a_recording_whose_sound_has_no_place_leaves_nothing(tmp_path: Path) -> None:
    one = Recording(tmp_path, "talk", "bridges", "2026-01-01")
    one.sealed.mkdir()
    with pytest.raises(StoreError, match="takes no recording"):
        Recorder(one, SECRET)
    assert list(tmp_path.iterdir()) == [one.sealed]


def test_a_choice_that_cannot_be_kept_on_disk_is_told(stage: Stage) -> None:
    stage.taking.follow(stage.now("begun", title="bridges"))
    kept = stage.now("keep")
    with full(0), pytest.raises(StoreError, match="stays as it was"):
        stage.taking.follow(kept)
    assert stage.files() == {".sealed", ".json"}
    stage.taking.follow(replace(kept, now=kept.now + timedelta(minutes=1)))
    (one,) = unfinished(stage.folder)
    assert one.keep
    stage.taking.stop()


def test_odd_files_beside_the_recordings_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "odd.json").write_text("no json")
    (tmp_path / "other.json").write_text('{"title": 1}')
    Recording(tmp_path, "gone", "gone", "2026-01-01").save()  # its sound was deleted
    assert unfinished(tmp_path) == []
    assert not (tmp_path / "gone.json").exists()


FORM = "/MediaBox [0 0 612 792] /Resources << /Font << /F1 3 0 R >> >>"


def pdf(*pages: str) -> bytes:
    """Return a PDF with a line of text on each page."""
    count = len(pages)
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(count))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {count} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for number, text in enumerate(pages):
        shown = f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET"
        objects += [
            f"<< /Type /Page /Parent 2 0 R /Contents {5 + 2 * number} 0 R {FORM} >>",
            f"<< /Length {len(shown)} >>\nstream\n{shown}\nendstream",
        ]
    told, places = b"%PDF-1.4\n", list[int]()
    for number, body in enumerate(objects, start=1):
        places.append(len(told))
        told += f"{number} 0 obj\n{body}\nendobj\n".encode()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    start = len(told)
    head = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    tail = f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    return told + head.encode() + tail.encode()


def of_file(path: Path) -> str:
    to = io.StringIO()
    asyncio.run(note_with(path, to, None, Models()))
    return to.getvalue()


@needs("pypdf")
def test_a_pdf_is_read_page_by_page_in_a_process_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "plan.pdf"
    path.write_bytes(pdf("The bridge was finished in 1931.", "Helen Baker built it for 90 pounds."))
    told = of_file(path)
    assert "- The bridge was finished in 1931. (p. 1)" in told
    assert "- Helen Baker built it for 90 pounds. (p. 2)" in told


@needs("pypdf")
@pytest.mark.parametrize("raw", [b"", b"no pdf", pdf("x")[:200], pdf("")])
def test_a_bad_pdf_is_one_clear_line(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "bad.pdf"
    path.write_bytes(raw)
    with pytest.raises((ModelError, DecodeError), match=r"bad\.pdf"):
        of_file(path)
