from datetime import timedelta
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from agent.bus import Bus, replay
from agent.core import FAULTS_MAX, Core
from agent.errors import StoreError
from agent.events import (
    Event,
    GapDetected,
    Input,
    InputQuarantined,
    LocationMeasured,
    NotificationReceived,
    ProposalJudged,
    RegionCrossed,
    SampleMeasured,
    SettingsChanged,
    SkillFaulted,
)
from agent.memory.journal import Journal
from agent.memory.recall import Memory
from agent.sensor import admit, measured
from agent.state import State
from agent.store import open_store
from skills import SKILLS
from skills.pause import Pause
from tests.days import DAWN, KEY, RULES, Stub, at, day, open_bus, sample

DAY = day()


def lived() -> list[Input]:
    """Return the day as the journal has it: with the gap that its phone leaves in the evening."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "journal.db"
        open_bus(path).publish(DAY)
        return list(Journal(open_store(path, key=KEY)).replay())


LIVED = lived()
JUDGED = replay(Core(SKILLS), LIVED)[1]


def kept(path: Path) -> list[ProposalJudged]:
    return list(Journal(open_store(path, key=KEY)).judgements())


def test_the_day_has_four_verdicts() -> None:
    assert {judged.verdict for judged in JUDGED} >= {"speak", "in_meeting", "unsure"}
    spoke = {judged.skill for judged in JUDGED if judged.verdict == "speak"}
    assert spoke >= {"break", "morning"}


@settings(max_examples=8, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(
    sizes=st.lists(st.sampled_from([1, 7, 200]), min_size=1),
    kills=st.frozensets(st.integers(0, 40)),
)
def test_neither_batches_nor_kills_change_a_judgement(
    sizes: list[int], kills: frozenset[int]
) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "journal.db"
        bus, start = open_bus(path), 0
        for turn in count():
            if start >= len(DAY):
                break
            if turn in kills:
                bus = open_bus(path)  # all that the killed one knew is what is on disk
            size = sizes[turn % len(sizes)]
            bus.publish(DAY[start : start + size])
            start += size
        assert kept(path) == JUDGED
        assert list(Journal(open_store(path, key=KEY)).replay()) == LIVED
        assert bus.state == open_bus(path).state == replay(Core(SKILLS), LIVED)[0]


def test_a_start_folds_only_what_follows_the_last_checkpoint(tmp_path: Path) -> None:
    path, part = tmp_path / "journal.db", DAY[:1010]
    bus = open_bus(path)
    for start in range(0, len(part), 50):
        bus.publish(part[start : start + 50])
    checkpoint = Journal(open_store(path, key=KEY)).last()
    assert 0 < checkpoint.sequence < len(part)
    state, judged = replay(Core(SKILLS), part[checkpoint.sequence :], start=checkpoint.state)
    assert state == bus.state == open_bus(path).state
    assert judged == list(Journal(open_store(path, key=KEY)).judgements(after=checkpoint.sequence))


def test_a_checkpoint_of_another_version_is_not_believed(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    open_bus(path).publish(DAY)
    assert Journal(open_store(path, key=KEY), version="another").last().sequence == 0


def test_pruned_samples_leave_a_journal_that_can_be_replayed_from_a_checkpoint(
    tmp_path: Path,
) -> None:
    path = tmp_path / "journal.db"
    bus = open_bus(path)
    for start in range(0, len(DAY), 50):
        bus.publish(DAY[start : start + 50])
    journal = Journal(open_store(path, key=KEY))
    assert journal.first_replayable().sequence == 0
    assert journal.prune(at(300)) > 0
    first = journal.first_replayable()
    assert first.sequence > 0
    rest = journal.replay(after=first.sequence)
    assert replay(Core(SKILLS), rest, start=first.state)[1] == list(
        journal.judgements(after=first.sequence)
    )
    assert open_bus(path).state == bus.state


def test_what_was_pruned_is_not_counted_a_second_time(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    bus, db = open_bus(path), open_store(path, key=KEY)
    bus.publish(DAY)
    bus.publish([sample(3000, "heart_rate", 70)])
    bus.checkpoint()
    before = list(db.query("select * from rollup"))
    assert Journal(db).prune(at(300)) > 0
    again = [one for one in DAY if one.kind == "sample_measured"]
    bus.publish(again)
    assert list(db.query("select * from rollup")) == before
    old = sample(-5000, "heart_rate", 70)
    bus.publish([old])
    gap = 1  # three days before the last sample
    assert bus.counts["inputs"] == len(LIVED) + gap + 2, (
        "what was never there is welcome, however old"
    )


def test_a_failed_transaction_leaves_the_old_state_and_nobody_is_told(tmp_path: Path) -> None:
    path, shown, acknowledged = tmp_path / "journal.db", list[Event](), list[str]()
    bus = open_bus(path)
    bus.listen(shown.append)
    full = open_store(path, key=KEY)
    full.execute(
        "create trigger full before insert on event begin select raise(abort, 'full'); end"
    )
    with pytest.raises(StoreError, match="full"):
        bus.publish(DAY[:9], lambda: acknowledged.append("lost"))
    assert (bus.state, shown, acknowledged, kept(path)) == (State(), [], [], [])
    full.execute("drop trigger full")
    bus.publish(DAY[:9], lambda: acknowledged.append("kept"))
    assert acknowledged == ["kept"]
    assert [event for event in shown if not isinstance(event, ProposalJudged)] == DAY[:9]


def test_what_comes_twice_is_kept_once_and_acknowledged_twice(tmp_path: Path) -> None:
    bus, acknowledged = open_bus(tmp_path / "journal.db"), list[int]()
    for time in range(3):
        bus.publish(DAY[:40], lambda time=time: acknowledged.append(time))  # type: ignore[misc]
    again = open_bus(tmp_path / "journal.db")
    again.publish([one for one in DAY[:40] if one.kind == "sample_measured"])
    repeated = sum(one.kind in ("sample_measured", "location_measured") for one in DAY[:40])
    assert acknowledged == [0, 1, 2]
    assert bus.counts["repeated"] == 2 * repeated
    assert again.counts["repeated"] == repeated
    assert again.counts["inputs"] == 0


def test_a_crossing_or_a_notification_that_is_delivered_again_is_kept_once(tmp_path: Path) -> None:
    bus = open_bus(tmp_path / "journal.db")
    came = RegionCrossed(at=at(0), source="phone", name="home", entered=True)
    shown = [
        NotificationReceived(at=at(0), source="phone", id=name, title="Hello") for name in "ab"
    ]
    bus.publish([came, *shown])
    open_bus(tmp_path / "journal.db").publish([came, *shown])
    found = list(Journal(open_store(tmp_path / "journal.db", key=KEY)).replay())
    assert found == [came, *shown]


def test_a_numbered_source_shows_its_gaps_and_its_repetitions(tmp_path: Path) -> None:
    def numbered(number: int, second: float) -> Event:
        when = DAWN + timedelta(seconds=second)
        return measured("heart_rate", 70, at=when, source="band", source_sequence=number)

    bus, seen = open_bus(tmp_path / "journal.db"), list[Event]()
    bus.listen(seen.append)
    bus.publish([numbered(5, 5), numbered(6, 6), numbered(9, 9), numbered(6, 6)])  # type: ignore[list-item]
    bus.publish([numbered(8, 8), numbered(8, 8)])  # type: ignore[list-item]
    numbers = [getattr(event, "source_sequence", None) for event in seen]
    assert numbers == [5, 6, None, 9, 8], "a late one fills its gap once"
    gap = GapDetected(at=DAWN + timedelta(seconds=9), source="band", missing=2)
    assert gap in seen
    bus.publish([numbered(0, 60), numbered(1, 61)])  # type: ignore[list-item]
    assert bus.counts["inputs"] == 7, "a band that counts from the beginning again is believed"


def test_a_faulty_skill_is_recorded_silenced_and_replayed_from_the_record(tmp_path: Path) -> None:
    path, bad = tmp_path / "journal.db", Stub("bad", raises=True)
    bus = open_bus(path, bad, Pause())
    bus.publish(DAY)
    inputs = list(Journal(open_store(path, key=KEY)).replay())
    faults = [event for event in inputs if isinstance(event, SkillFaulted)]
    assert {fault.reason for fault in faults} == {"ZeroDivisionError('bad')"}
    hours = (faults[-1].at - faults[0].at) / timedelta(hours=1)
    assert len(faults) <= FAULTS_MAX + hours + 1, "from the third on, one for each hour of rest"
    assert bad.asked == len(faults)
    assert [judged.skill for judged in kept(path) if judged.verdict == "speak"]
    # A mended skill would not raise now: the record alone keeps it out of those inputs.
    for skill in (bad, Stub("bad")):
        assert replay(Core((skill, Pause())), inputs) == (bus.state, kept(path))


def test_an_input_from_the_future_or_before_any_clock_was_set_stays_outside() -> None:
    soon, far = sample(2, "cadence", 0), sample(60, "cadence", 0)
    assert admit(soon, source="phone", arrived=DAWN) is soon
    refused = admit(far, source="phone", arrived=DAWN)
    assert isinstance(refused, InputQuarantined)
    assert refused.at == DAWN
    assert "3600 s ahead" in refused.reason
    dawn_of_unix = measured("heart_rate", 70, at=DAWN.replace(year=1970), source="band")
    assert isinstance(admit(dawn_of_unix, source="band", arrived=DAWN), InputQuarantined)


def test_an_implausible_sample_is_kept_marked_and_judged_by_nobody(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    bus = open_bus(path)
    bus.publish([sample(0, "heart_rate", 70), sample(1, "heart_rate", 900)])
    assert bus.state.context.value("heart_rate") == 70
    db = open_store(path, key=KEY)
    marks = [row["quality"] for row in db.query("select quality from sample order by sequence")]
    assert marks == ["good", "implausible"]
    rolled = list(db.query("select count from rollup where signal = 'heart_rate'"))
    assert [row["count"] for row in rolled] == [1, 1]


def test_a_source_that_fell_silent_for_hours_leaves_a_gap_on_record(tmp_path: Path) -> None:
    bus = open_bus(tmp_path / "journal.db")
    bus.publish([sample(minute, "heart_rate", 60) for minute in range(5)])
    bus.publish([sample(200, "heart_rate", 61), sample(201, "heart_rate", 62)])
    found = Journal(open_store(tmp_path / "journal.db", key=KEY)).replay()
    gaps = [one for one in found if isinstance(one, GapDetected)]
    assert [(gap.since, gap.at, gap.missing) for gap in gaps] == [(at(4), at(200), 0)]


def test_two_watches_at_once_count_once_and_the_preferred_one_takes_over(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    bus, db = open_bus(path), open_store(path, key=KEY)
    bus.publish([sample(0, "steps", 30), sample(0.1, "steps", 31, source="other")])
    bus.publish([sample(1, "steps", 40, source="other"), sample(1.1, "steps", 40)])
    rules = RULES.model_copy(update={"priority": {"steps": ("other",)}}).model_dump(mode="json")
    bus.publish([SettingsChanged(at=at(2), rules=rules)])
    bus.publish([sample(2, "steps", 50), sample(2.1, "steps", 60, source="other")])
    bus.publish([sample(3, "steps", 50), sample(40, "steps", 7)])
    kept = [one for one in Journal(db).replay() if isinstance(one, SampleMeasured)]
    assert [(one.value, one.quality) for one in kept if one.quality != "good"] == [
        (31, "secondary"), (40, "secondary"), (50, "secondary"),
    ]  # fmt: skip
    summary = Memory(db).summary("steps", since=at(0), until=at(30))
    assert summary is not None
    assert summary.total == 30 + 40 + 50 + 60
    assert bus.state == replay(Core(SKILLS), Journal(db).replay())[0]


def test_what_comes_late_from_a_second_watch_counts_once_too(tmp_path: Path) -> None:
    bus, db = open_bus(tmp_path / "journal.db"), open_store(tmp_path / "journal.db", key=KEY)
    bus.publish([sample(minute, "steps", 10) for minute in range(60)])
    bus.publish([sample(minute + 0.2, "steps", 11, source="phone") for minute in range(30)])
    bus.publish([sample(minute - 50, "steps", 12, source="phone") for minute in range(5)])
    summary = Memory(db).summary("steps", since=at(-60), until=at(60))
    assert summary is not None
    assert summary.total == 60 * 10 + 5 * 12, "where no other was, the phone's count"


@pytest.mark.parametrize("size", [1, 4, 40])
def test_two_watches_of_one_old_file_count_once_however_it_is_cut(
    tmp_path: Path, size: int
) -> None:
    bus, db = open_bus(tmp_path / "journal.db"), open_store(tmp_path / "journal.db", key=KEY)
    bus.publish([sample(9000, "steps", 10)])
    both = [
        sample(minute + late, "steps", 10 + late, source=source)
        for minute in range(20)
        for late, source in ((0.1, "band"), (0.2, "phone"))
    ]
    for start in range(0, len(both), size):
        bus.publish(both[start : start + size])
    summary = Memory(db).summary("steps", since=at(0), until=at(60))
    assert summary is not None
    assert summary.count == 20


def test_what_a_device_measures_while_it_is_not_worn_is_kept_and_marked(tmp_path: Path) -> None:
    bus = open_bus(tmp_path / "journal.db")
    bus.publish([sample(0, "worn", 0), sample(1, "heart_rate", 60), sample(1, "battery", 50)])
    assert bus.state.context.value("heart_rate") is None
    assert bus.state.context.value("battery") == 50
    bus.publish([sample(2, "worn", 1), sample(3, "heart_rate", 61)])
    assert bus.state.context.value("heart_rate") == 61
    quality = [one.quality for one in samples(bus, tmp_path / "journal.db")]
    assert quality == ["good", "off_wrist", "good", "good", "good"]


def test_the_middle_of_nowhere_is_no_place(tmp_path: Path) -> None:
    bus = open_bus(tmp_path / "journal.db")
    nowhere = LocationMeasured(at=at(0), latitude_deg=0, longitude_deg=0, source="phone")
    bus.publish([nowhere])
    assert bus.state.context.place.measured_at < at(0)
    (kept,) = Journal(open_store(tmp_path / "journal.db", key=KEY)).replay()
    assert isinstance(kept, LocationMeasured)
    assert kept.quality == "implausible"


def samples(bus: Bus, path: Path) -> list[SampleMeasured]:
    assert bus.counts["inputs"]
    found = Journal(open_store(path, key=KEY)).replay()
    return [one for one in found if isinstance(one, SampleMeasured)]
