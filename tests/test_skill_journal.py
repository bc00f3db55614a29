"""The journal: no line that nothing was measured, planned or said of, and a file for each day."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from agent import cli  # noqa: F401  # hangs every command on the root
from agent.bus import replay
from agent.cli.root import commands
from agent.context import Context
from agent.core import Core
from agent.evaluate.situation import Nothing
from agent.events import Input, Notified, ProposalJudged
from agent.fusion.sleep import Night
from agent.memory.recall import Memory
from agent.skill import Window
from agent.state import State
from agent.store import open_store
from skills.journal import Journal, Of, entry, journal_entry
from tests.days import DAWN, HOME, KEY, SHOP, at, calendar, open_bus, rules, sample
from tests.test_fusion_days import visit

RECALL = Nothing()
TODAY = DAWN.date()
EVENING = 16 * 60  # minutes after dawn: nine in the evening


class Told(Nothing):
    """A memory of two sentences."""

    def notified(self, *, since: object) -> Sequence[Notified]:
        said = ("Milk *and* <b>bread</b>", "Tomorrow's")
        return [
            Notified(at=at(120 + 1440 * n), judgement="j", text=text, wording="template")
            for n, text in enumerate(said)
        ]


def lived(*inputs: Input) -> Context:
    context = replay(Core(()), [rules(), *inputs])[0].context
    night = Night(at(-400), at(-10))
    return replace(context, sleep=replace(context.sleep, nights=(night,)))


def busy_day() -> Context:
    meetings = calendar(0, ("Budget [review]", 240, 300))
    return lived(meetings, *visit(SHOP, 100, 130), *visit(HOME, 131, 200))


def test_nothing_is_offered_before_the_evening_or_of_an_empty_day() -> None:
    assert Journal().consider(State().context, Journal.settings()) == ()
    early = [sample(minute, "cadence", 0) for minute in range(EVENING - 60, EVENING)]
    meetings = calendar(0, ("Budget", 240, 300))
    assert judged(meetings, *early) == []
    assert judged(sample(EVENING + 5, "spo2", 97)) == []


def judged(*inputs: Input) -> list[ProposalJudged]:
    return list(replay(Core((Journal(),)), [rules(), *inputs])[1])


def test_it_is_offered_once_in_a_digest_only() -> None:
    meetings = calendar(0, ("Budget", 240, 300))
    late = [sample(EVENING + minute, "cadence", 0) for minute in range(90)]
    (one,) = judged(meetings, *late)
    assert (one.verdict, one.urgency) == ("batched", "low")
    assert one.text == "The journal of Monday is written: `carpal journal` shows it."


def test_the_entry_of_a_day_says_what_is_known_and_names_what_is_not() -> None:
    text = entry(TODAY, busy_day(), Told())
    assert text == (
        "# Monday 2 March 2026\n"
        "\n## Night\n\n- Slept 6 h 30 min, from 22:20 to 04:50.\n"
        "\n## Meetings\n\n- 09:00 to 10:00: Budget \\[review\\].\n"
        "\n## Places\n\n"
        "- 06:40 to 07:11: the corner shop, 31 min.\n"
        "- 07:11 to 08:19: home, 1 h 08 min.\n"
        "\n## Said\n\n- 07:00: Milk \\*and\\* \\<b\\>bread\\</b\\>\n"
        "\nNot known of this day: body.\n"
    )


def test_of_a_day_that_nothing_is_known_of_nothing_is_written() -> None:
    text = entry(TODAY - timedelta(days=30), busy_day(), RECALL)
    assert text == (
        "# Saturday 31 January 2026\n\nNot known of this day: night, meetings, places, body.\n"
    )


def test_a_day_is_told_and_more_than_one_or_none_is_not() -> None:
    context = busy_day()
    told = journal_entry(Of(), Told(), context)
    assert told.text.startswith("Slept 6 h 30 min")
    assert [one.role for one in told.evidence] == ["night", "meetings", "places", "said", "when"]
    week = Window(since=at(-7000), until=at(0), words="last week")
    assert not journal_entry(Of(window=week), RECALL, context).known
    ahead = Window(since=at(2880), until=at(3000), words="on Wednesday")
    assert not journal_entry(Of(window=ahead), RECALL, context).known
    empty = Window(since=at(-20000), until=at(-19000), words="then")
    assert journal_entry(Of(window=empty), RECALL, context).text == (
        "I can't tell: nothing is known of then."
    )
    assert not journal_entry(Of(), RECALL, State().context).known


def test_the_body_is_that_of_memory(tmp_path: Path) -> None:
    bus = open_bus(tmp_path / "carpal.db", Journal())
    beats = [sample(60 + n, "heart_rate", 60 + n) for n in range(11)]
    bus.publish([rules(), *beats, sample(80, "steps", 400), sample(90, "steps", 612)])
    recall = Memory(open_store(tmp_path / "carpal.db", key=KEY))
    text = entry(TODAY, bus.state.context, recall)
    assert "- 1012 steps.\n- Heart rate 65 bpm on average, from 60 to 70." in text


def settings_of(tmp_path: Path) -> Path:
    file, folder = tmp_path / "carpal.toml", json.dumps(str(tmp_path / "store"))
    file.write_text(
        f'zone = "Europe/Berlin"\n[store]\nfolder = {folder}\n[control]\nfolder = {folder}\n'
        '[models]\nchat = "none"\nembedding = "none"\n[voice]\nmodel = "none"\n'
    )
    return file


def carpal(*arguments: str | Path) -> str:
    done = CliRunner().invoke(commands, [str(one) for one in arguments])
    assert done.exit_code == 0, (done.output, done.exception)
    return done.output


def test_the_command_writes_a_file_for_each_day(tmp_path: Path) -> None:
    file, folder = settings_of(tmp_path), tmp_path / "days"
    carpal("remind", "2099-01-01T14:30", "stretch", "--config", file)
    today = carpal("journal", "--config", file)
    assert today.startswith("# ")
    (one,) = json.loads(carpal("journal", "--json", "--config", file))["entries"]
    assert one["text"] == today
    since = date.fromisoformat(one["day"]) - timedelta(days=2)
    carpal("journal", "--since", str(since), "--folder", folder, "--config", file)
    assert len(list(folder.glob("????-??-??.md"))) == 3
    assert (folder / f"{one['day']}.md").read_text() == today


@pytest.mark.parametrize("since", ["tomorrow", "2019-01-01", "9999-01-01", "2026-02-30"])
def test_a_day_that_is_none_is_refused(since: str, tmp_path: Path) -> None:
    file = settings_of(tmp_path)
    carpal("remind", "2099-01-01T14:30", "stretch", "--config", file)
    done = CliRunner().invoke(commands, ["journal", "--since", since, "--config", str(file)])
    assert done.exit_code != 0
    assert str(done.exception).replace("'", "").startswith(f"since {since}")
