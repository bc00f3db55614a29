"""Timers run beside each other, are asked for by their names, and are said when they end."""

from datetime import timedelta

import pytest

from agent.events import ReminderSet
from tests.days import at
from tests.test_reminders import HERE, Life, after, ask, events, wished


@pytest.mark.parametrize(
    ("said", "minutes", "label"),
    [
        ("timer 10 minutes", 10, "10 min"),
        ("set a timer for an hour and a half", 90, "1 h 30 min"),
        ("set a pasta timer for 8 minutes", 8, "pasta"),
        ("set a timer for the eggs, six minutes", 6, "eggs"),
        ("start a 90 second timer", 1.5, "1 min 30 s"),
        ("five minute timer please", 5, "5 min"),
    ],
)
def test_a_timer_runs_for_as_long_as_was_said(said: str, minutes: float, label: str) -> None:
    one = wished(said, HERE)
    assert (one.timer, one.text) == (True, label)
    assert one.due - HERE.now == timedelta(minutes=minutes)


def test_timers_run_beside_each_other_and_each_can_be_asked_for_and_stopped() -> None:
    pasta, tea = (wished(f"set a {name} timer for {n} minutes", HERE) for n, name in
                  ((8, "pasta"), (3, "tea")))  # fmt: skip
    both = after(HERE, pasta, tea)
    told = ask("how long is left on the timer", both).answer.text
    assert told == "There are 3 min on the tea timer and 8 min on the pasta timer left."
    assert "8 min on the pasta" in ask("how long on the pasta timer", both).answer.text
    (stopped,) = events("stop the tea timer", both)
    left = after(both, stopped)
    assert [one.text for one in left.reminders.values() if one.timer] == ["pasta"]
    assert "pasta" not in ask("what are my reminders", both).answer.text
    assert ask("how long is left on the timer").answer.text == "No timer runs."
    started = ReminderSet.model_validate(pasta.model_dump() | {"at": at(0), "due": at(8)})
    assert Life(started).at(8) == ["The pasta timer is done"]
