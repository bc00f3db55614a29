"""Who speaks an answer: the rules, one by one, and what the device says of itself."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.app.resources import look
from agent.router import (
    BATTERY_LOW_PCT,
    HOT_C,
    MEMORY_SPARE_MB,
    Candidate,
    Choice,
    Moment,
    Question,
    choose,
)

SMALL = Candidate(size_mb=145, tokens_s=60)
LARGE = Candidate(size_mb=2000, tokens_s=15)
KNOWN = Question(tier=1, understood=True, facts=3)
OPEN = Question(tier=0, understood=False)


def chosen(question: Question = KNOWN, moment: Moment | None = None) -> Choice:
    return choose(question, moment or Moment(), small=SMALL, large=LARGE)


def test_what_a_tool_answers_is_worded_by_the_small_model() -> None:
    assert (chosen().tier, chosen().model, chosen().tokens_max) == (2, "small", 48 + 3 * 14)


def test_what_no_tool_answers_goes_to_the_larger_model() -> None:
    assert (chosen(OPEN).tier, chosen(OPEN).model) == (3, "large")


@pytest.mark.parametrize("question", [KNOWN, OPEN])
@pytest.mark.parametrize(
    ("moment", "why"),
    [
        (Moment(wanted="glance"), "glance"),
        (Moment(battery_pct=BATTERY_LOW_PCT - 1), "battery"),
        (Moment(temperature_c=HOT_C), "°C"),
        (Moment(memory_free_mb=MEMORY_SPARE_MB), "memory"),
    ],
)
def test_no_model_works_when_it_should_not(question: Question, moment: Moment, why: str) -> None:
    choice = chosen(question, moment)
    assert (choice.model, choice.tokens_max, choice.tier) == ("none", 0, question.tier)
    assert why in choice.reason


def test_a_charging_device_spares_nothing() -> None:
    assert chosen(moment=Moment(battery_pct=5, charging=True)).model == "small"


def test_a_loaded_model_needs_no_room() -> None:
    moment = Moment(memory_free_mb=10)
    loaded = Candidate(size_mb=145, loaded=True)
    assert choose(KNOWN, moment, small=loaded, large=None).model == "small"


def test_a_small_battery_is_enough_for_the_small_model_alone() -> None:
    moment = Moment(battery_pct=25)
    assert (chosen(KNOWN, moment).model, chosen(OPEN, moment).model) == ("small", "none")


def test_a_warm_device_asks_no_large_model() -> None:
    assert chosen(OPEN, Moment(temperature_c=41)).model == "none"


def test_who_listens_does_not_wait_for_a_slow_model() -> None:
    slow = Candidate(size_mb=145, tokens_s=5)
    spoken = choose(KNOWN, Moment(wanted="voice"), small=slow, large=None)
    read = choose(KNOWN, Moment(wanted="text"), small=slow, large=None)
    assert (spoken.model, read.model) == ("none", "small")


def test_an_honest_no_needs_no_words() -> None:
    assert chosen(Question(tier=1, understood=True, facts=0)).model == "none"


def test_without_models_the_tools_answer() -> None:
    for question in (KNOWN, OPEN):
        assert choose(question, Moment(), small=None, large=None).model == "none"


moments = st.builds(
    Moment,
    wanted=st.sampled_from(["glance", "voice", "text"]),
    battery_pct=st.none() | st.floats(0, 100),
    charging=st.booleans(),
    temperature_c=st.none() | st.floats(-20, 90),
    memory_free_mb=st.none() | st.floats(0, 1e6),
)
candidates = st.none() | st.builds(
    Candidate,
    size_mb=st.floats(0, 1e5),
    loaded=st.booleans(),
    tokens_s=st.none() | st.floats(0, 1e4),
)


questions = st.builds(
    Question, tier=st.integers(0, 1), understood=st.booleans(), facts=st.integers(0, 9)
)


@given(moments, candidates, candidates, questions)
def test_every_moment_has_a_choice_with_its_reason(
    moment: Moment, small: Candidate | None, large: Candidate | None, question: Question
) -> None:
    choice = choose(question, moment, small=small, large=large)
    assert choice.reason
    assert (choice.model == "none") == (choice.tokens_max == 0)
    assert choice.tier == {"none": question.tier, "small": 2, "large": 3}[choice.model]
    assert not (choice.model == "small" and small is None)
    assert not (choice.model == "large" and large is None)


def write(root: Path, path: str, text: str) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text)


def test_a_device_is_read_from_the_kernel(tmp_path: Path) -> None:
    write(tmp_path, "sys/class/power_supply/BAT0/capacity", "41\n")
    write(tmp_path, "sys/class/power_supply/BAT0/status", "Discharging\n")
    write(tmp_path, "sys/class/thermal/thermal_zone0/temp", "38500\n")
    write(tmp_path, "sys/class/thermal/thermal_zone1/temp", "44000\n")
    write(tmp_path, "proc/meminfo", "MemTotal: 1000000 kB\nMemAvailable:   204800 kB\n")
    found = look(tmp_path)
    assert (found.battery_pct, found.charging) == (41, False)
    assert (found.temperature_c, found.memory_free_mb) == (44, 200)


def test_what_a_device_does_not_say_is_unknown(tmp_path: Path) -> None:
    write(tmp_path, "sys/class/power_supply/AC/status", "Charging\n")
    write(tmp_path, "sys/class/power_supply/BAT0/capacity", "\x00 odd")
    write(tmp_path, "proc/meminfo", "MemAvailable: much\n")
    found = look(tmp_path)
    assert (found.battery_pct, found.temperature_c, found.memory_free_mb) == (None, None, None)
    assert found.charging
