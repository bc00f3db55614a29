"""What is believed now: each event folded, and what no longer holds forgotten."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from agent.bus import replay
from agent.context import Context, next_due
from agent.core import Core
from agent.events import Input, ReminderCancelled, ReminderSet, ScheduleDue, ZoneChanged
from agent.signals import SIGNALS
from tests.days import HOME, RULES, SHOP, at, calendar, fix, rules, sample, shopping


def lived(*inputs: Input) -> Context:
    state, _ = replay(Core(()), [rules(given=RULES), *inputs])
    return state.context


def test_a_value_holds_for_as_long_as_its_signal_is_fresh() -> None:
    fresh_s = SIGNALS["heart_rate"].fresh_s
    first = sample(0, "heart_rate", 70)
    assert lived(first, sample(fresh_s / 60, "motion", 5)).value("heart_rate") == 70
    assert lived(first, sample(fresh_s / 60 + 0.1, "motion", 5)).value("heart_rate") is None
    assert lived().value("heart_rate") is None


def test_what_is_late_does_not_replace_what_is_newer_nor_turn_the_clock_back() -> None:
    context = lived(sample(10, "heart_rate", 70), sample(8, "heart_rate", 99))
    assert context.value("heart_rate") == 70
    assert context.now == at(10)


def test_an_implausible_sample_moves_the_time_and_nothing_else() -> None:
    before = lived(sample(0, "heart_rate", 70))
    after = lived(sample(0, "heart_rate", 70), sample(1, "heart_rate", 999))
    assert after.value("heart_rate") == 70
    assert after.stress == before.stress
    assert after.now == at(1)


def test_a_measured_zone_comes_before_that_of_the_settings() -> None:
    assert lived().local.key == "UTC"
    assert lived(ZoneChanged(at=at(0), zone="Asia/Tokyo")).local_now.hour == 14


def test_a_list_replaces_the_one_of_its_name() -> None:
    context = lived(shopping(0, "milk"), shopping(1, "eggs", "salt"))
    assert [item.name for item in context.lists["grocery"].items] == ["eggs", "salt"]


def test_what_must_be_looked_at_next_is_the_earliest_of_all() -> None:
    assert next_due(lived()) is None
    one = ReminderSet(at=at(0), id="one", due=at(90), text="x")
    two = ReminderSet(at=at(0), id="two", due=at(60), text="y")
    assert next_due(lived(one, two)) == ("reminder/two", at(60))
    assert next_due(lived(one, two, ReminderCancelled(at=at(1), id="two"))) == (
        "reminder/one",
        at(90),
    )
    meeting = calendar(0, ("soon", 30, 45))
    assert next_due(lived(one, meeting)) == ("calendar", at(30))
    assert next_due(lived(one, meeting, fix(10, SHOP))) == ("place", at(12))


def test_a_reminder_that_came_due_is_due_once_and_kept_for_a_day() -> None:
    asked = [ReminderSet(at=at(n), id=f"r{n}", due=at(60), text=f"t{n}") for n in range(10)]
    due = [ScheduleDue(at=at(60), name=f"reminder/r{n}", due=at(60)) for n in range(10)]
    again = ScheduleDue(at=at(61), name="reminder/r9", due=at(60))
    context = lived(*asked, *due, again)
    assert [one.id for one in context.due] == [f"r{n}" for n in range(10)]
    assert (context.reminders, context.order) == ({}, ())
    last = ReminderSet(at=at(62), id="last", due=at(3000), text="z")
    later = ScheduleDue(at=at(3000), name="reminder/last", due=at(3000))
    assert [one.id for one in lived(*asked, *due, last, later).due] == ["last"]


EVENTS: st.SearchStrategy[Input] = st.one_of(
    st.builds(
        sample,
        st.floats(0, 3000),
        st.sampled_from(("heart_rate", "motion", "cadence", "ibi", "spo2")),
        st.floats(0, 3000),
    ),
    st.builds(fix, st.floats(0, 3000), st.sampled_from((SHOP, HOME)), north_m=st.floats(-500, 500)),
    st.builds(
        lambda minute, start, long: calendar(minute, ("m", start, start + long)),
        st.floats(0, 3000), st.floats(0, 3000), st.floats(0, 600),
    ),
)  # fmt: skip


@given(st.lists(EVENTS, max_size=40))
def test_no_order_of_events_turns_the_clock_back_or_breaks_a_belief(events: list[Input]) -> None:
    context = lived(*events)
    assert context.now >= max((event.at for event in events), default=context.now)
    score = context.stress.at(context.now)
    assert score is None or 0 <= score <= 100
    assert 0 <= context.stress.confidence <= 1
    due = next_due(context)
    assert due is None or due[1] > context.now or due[0].startswith("reminder")
    assert context.calendar.load(context.now, window=timedelta(hours=4)) <= timedelta(hours=4)
