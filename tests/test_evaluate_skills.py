"""What counts as right, missed and excused; and a few days of a person through the whole of it."""

import json
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from typer.testing import CliRunner

from agent.cli.root import commands
from agent.evaluate import persons, skills
from agent.evaluate.month_learned import Learned
from agent.evaluate.month_lived import Life, rules_of
from agent.evaluate.month_pairs import Paired, ratio
from agent.evaluate.month_true import live_truly, true_context
from agent.evaluate.occasions import TRUTHS, occasions
from agent.evaluate.skills_person import ALWAYS, FUSED, NEVER, TRUE, Row, lived_by
from agent.evaluate.truth import Nudge, Occasion, Score, clock_of, compared, forbids, is_excused
from sensors.simulated.latent import Rise
from sensors.simulated.month import Month, month
from sensors.simulated.person import Person
from skills import SKILLS

MINUTE = timedelta(minutes=1)
QUIET = {"body", "clock", "focus", "whereis", "journal", "todo", "notes", "coach", "interpreter"}
"""Skills that never speak by themselves, or only where another lets them."""
OFFICE, NIGHT, _, _, COMMUTER, RETIRED = persons.built_in()


@cache
def _lived(name: str, days: int) -> Month:
    person = next(one for one in persons.built_in() if one.name == name)
    return month(person, seed=1, days=days)


def lived(person: Person, days: int = 30) -> Month:
    return _lived(person.name, days)


def noon(own: Month, day: int, hour: float = 12) -> datetime:
    return own.midnight(day) + timedelta(hours=hour)


def free(own: Month) -> datetime:
    """Return a moment, some hours long, at which nothing forbids to speak."""
    at = noon(own, 5, 13)
    while any(forbids(own, at + by * MINUTE) for by in range(-5, 60)):
        at += 10 * MINUTE
    return at


def told(at: datetime, skill: str = "grocery") -> Nudge:
    return Nudge(at=at, skill=skill, topic="any")


def test_a_nudge_is_right_once_and_only_within_its_occasion() -> None:
    own = lived(RETIRED)
    at = free(own)
    one = Occasion("grocery", at, at + 10 * MINUTE, "here")
    inside = compared([told(at + 2 * MINUTE)], [one], own)
    assert (inside.score.right, inside.score.found, inside.score.occasions) == (1, 1, 1)
    twice = compared([told(at + 2 * MINUTE), told(at + 5 * MINUTE)], [one], own)
    assert (twice.score.right, twice.score.spoken) == (1, 2)
    late = compared([told(at + 20 * MINUTE)], [one], own)
    assert (late.score.right, late.score.found, late.missed) == (0, 0, (one,))
    thrice = replace(one, most=3)
    assert compared([told(at), told(at + MINUTE)], [thrice], own).score.right == 2


def test_what_the_rules_forbid_all_along_is_no_miss_and_no_excuse_to_speak() -> None:
    own = lived(RETIRED)
    night = noon(own, 6, 2)
    assert forbids(own, night) == "asleep"
    one = Occasion("grocery", night, night + 10 * MINUTE, "asleep")
    silent = compared([], [one], own)
    assert (silent.score.occasions, silent.score.excused, silent.missed) == (0, 1, ())
    assert compared([told(night + MINUTE)], [one], own).score.right == 0
    asked = replace(one, promised=True)
    assert not is_excused(asked, own)
    assert compared([told(night + MINUTE)], [asked], own).score.right == 1


@pytest.mark.parametrize("hour", [0.0, 7.9999, 21.5, 23.9999])
def test_quiet_hours_are_those_of_the_settings_to_the_minute(hour: float) -> None:
    whole = clock_of(hour)
    minutes = whole.hour * 60 + whole.minute
    assert min((hour * 60 - minutes) % 1440, (minutes - hour * 60) % 1440) <= 0.5
    assert rules_of(lived(OFFICE)).policy.quiet_from == clock_of(OFFICE.sleep.quiet_from_h)


def test_moments_are_judged_by_what_truly_is() -> None:
    own = lived(OFFICE)
    meeting = own.latent.meetings[0]
    assert forbids(own, meeting.start + MINUTE) in ("meeting", "conversation")
    run = next(s for s in own.latent.spells if s.activity.value == "running")
    assert forbids(own, run.start + 10 * MINUTE) == "sport"
    drive = next(s for s in lived(NIGHT).latent.spells if s.activity.value == "driving")
    assert forbids(lived(NIGHT), drive.start + MINUTE) in ("driving", "quiet hours")


def test_a_walk_is_due_only_where_long_meetings_truly_strain() -> None:
    own = lived(COMMUTER)
    found = occasions(own, ["break"])["break"]
    assert found
    for one in found:
        assert own.latent.strain(one.since) >= 0.5
    calm = replace(own, latent=replace(own.latent, rises=()))
    assert not occasions(calm, ["break"])["break"]
    idle = replace(own, latent=replace(own.latent, meetings=()))
    assert not occasions(idle, ["break"])["break"]
    day = own.midnight(0)
    always = (Rise(day, day + MINUTE, day + 40 * 24 * 60 * MINUTE, day + 41 * 24 * 60 * MINUTE),)
    strained = replace(own, latent=replace(own.latent, rises=always))
    assert len(occasions(strained, ["break"])["break"]) >= len(found)


def test_a_list_is_due_in_a_shop_and_not_without_one_nor_in_passing() -> None:
    own = lived(COMMUTER)
    found = occasions(own, ["grocery"])["grocery"]
    visits = [one for one in own.latent.visits if one.kind == "grocery"]
    assert 0 < len(found) <= len(visits) < 15
    empty = replace(own, latent=replace(own.latent, lists=()))
    assert not occasions(empty, ["grocery"])["grocery"]


def test_what_was_promised_ends_when_it_is_answered() -> None:
    own = lived(RETIRED)
    one = occasions(own, ["medication"])["medication"][3]
    asks = [told(one.since, "medication"), told(one.since + 15 * MINUTE, "medication")]
    assert compared(asks, [one], own).score.right == 2
    yes = one.since + 3 * MINUTE
    assert compared(asks, [one], own, answered=[yes]).score.right == 1
    assert compared(asks[:1], [one], own, answered=[yes]).score.found == 1


def test_what_may_be_let_pass_is_no_miss_and_no_find() -> None:
    own = lived(RETIRED)
    at = free(own)
    may = Occasion("digest", at, at + 10 * MINUTE, "what waits", optional=True)
    must = Occasion("digest", at, at + 5 * MINUTE, "held")
    assert compared([], [may], own).score == Score()
    used = compared([told(at, "digest")], [may], own).score
    assert (used.right, used.spoken, used.occasions) == (1, 1, 0)
    first = compared([told(at, "digest")], [may, must], own).score
    assert (first.right, first.found, first.occasions) == (1, 1, 1)


def test_nobody_without_a_house_is_asked_about_one() -> None:
    assert not lived(COMMUTER).person.house
    assert not occasions(lived(COMMUTER), ["home"])["home"]
    own = lived(OFFICE)
    found = occasions(own, ["home"])["home"]
    allowed = own.midnight(own.person.house_alone_from_day - 1)
    assert found
    assert all(one.since < allowed for one in found)


def test_a_word_about_sitting_is_due_before_one_walks_and_by_day() -> None:
    own = lived(OFFICE)
    found = occasions(own, ["move"])["move"]
    assert found
    for one in found:
        assert 9 <= one.since.astimezone(own.zone).hour < 20
        before = one.since - 80 * MINUTE
        walked = [s for s in own.latent.spells if s.activity.value in {"walking", "running"}
                  and s.end - s.start >= 2 * MINUTE and before < s.end <= one.until]  # fmt: skip
        assert not walked


def test_sleep_that_is_missing_is_worth_a_word_before_bed_and_quiet_hours() -> None:
    own = lived(OFFICE)
    found = occasions(own, ["sleep"])["sleep"]
    for one in found:
        evening = one.since.astimezone(own.zone)
        assert 20 <= evening.hour + evening.minute / 60 <= 23
    nights = len(own.latent.sleeps)
    assert len(found) < nights / 3


def test_who_was_told_to_leave_is_in_the_same_occasion_as_the_briefing() -> None:
    own = lived(RETIRED)
    found = occasions(own, ["agenda"])["agenda"]
    assert len(found) == len(own.latent.meetings)
    early = [one for one in found if one.until - one.since > 6 * MINUTE]
    assert early  # the way is known after two trips
    assert {one.most for one in early} == {2}


def test_a_digest_is_due_for_two_that_nobody_has_seen() -> None:
    own = lived(OFFICE)
    held = [one for one in occasions(own, ["digest"])["digest"] if "held" in one.what]
    assert held
    assert all(int(one.what.split()[0]) >= 2 for one in held)
    quiet = replace(own, latent=replace(own.latent, pings=()))
    assert all(one.optional for one in occasions(quiet, ["digest"])["digest"])


def test_truth_of_a_skill_that_is_not_there_has_no_row() -> None:
    assert "nobody" not in occasions(lived(OFFICE), ["nobody", "grocery"])
    assert set(TRUTHS) >= {one.name for one in SKILLS} - QUIET


def test_three_days_of_one_person_through_everything() -> None:
    row = lived_by(OFFICE, seed=1, days=3, skills=SKILLS)
    assert set(row.scores) == {FUSED, ALWAYS, NEVER, TRUE}
    assert len(row.a_day) == 3
    assert row.at_night == row.over_cap == 0
    assert row.scores[FUSED]["morning"].found >= 2
    assert row.scores[TRUE]["morning"].found == 3
    assert sum(one.spoken for one in row.scores[NEVER].values()) == 0
    assert sum(one.found for one in row.scores[NEVER].values()) == 0
    names = {one["name"] for one in skills.figures([row])}
    assert {"precision", "recall", "nudges a day", "over the cap"} <= names
    assert "during sleep or quiet hours, not urgent" in names


def test_on_a_true_context_the_same_month_is_said_again() -> None:
    own = lived(COMMUTER, 6)
    assert true_context(own, SKILLS).spoken == true_context(own, SKILLS).spoken
    life = live_truly(Life(own, SKILLS).settle())
    assert life.state.context.place.here is not None
    assert len(life.state.context.sleep.nights) == 6


def test_persuasion_is_counted_by_theme() -> None:
    assert ratio({"home": 1}, {"home": 2}) == 0.5
    assert ratio({}, {}) == 1.0
    row = _row(paired=Paired(1, neutral=_count(wellbeing=4), vulnerable=_count(wellbeing=2)))
    found = [one for one in skills.figures([row]) if one["name"] == skills.NOBODY]
    assert [(one["group"], one["value"]) for one in found] == [(None, 0.5), ("wellbeing", 0.5)]


def test_the_slowest_silence_counts() -> None:
    some = [
        Learned("grocery", 3, silent=True, returned=True, others=4, others_kept=4),
        Learned("morning", 6, silent=False, returned=True, others=4, others_kept=4),
        Learned("break", 1, silent=False, returned=False, others=4, others_kept=4),
    ]
    found = list(skills.figures([_row(learned=some)]))
    until = next(one for one in found if one["name"] == "dismissals until silent")
    assert (until["value"], until["ok"], until["n"]) == (6, False, 2)


def test_the_command_takes_people_of_a_file_and_refuses_a_wrong_one(tmp_path: Path) -> None:
    runner, wrong = CliRunner(), tmp_path / "wrong.toml"
    wrong.write_text('name = "nobody"\nzone = "Nowhere/Atall"\n')
    refused = runner.invoke(commands, ["evaluate", "skills", "--person", str(wrong)])
    assert refused.exit_code != 0
    mine = tmp_path / "mine.toml"
    mine.write_text('name = "someone"\nreminders_a_week = 10\n')
    args = ["evaluate", "skills", "--json", "--short", "--person", str(mine)]
    found = json.loads(runner.invoke(commands, args).stdout)
    assert found["name"] == "skills"
    assert "1 people" in found["data"]
    assert any(one["group"] == "someone" for one in found["figures"])


def _count(**themes: int) -> Counter[str]:
    return Counter(themes)


def _row(*, paired: Paired | None = None, learned: list[Learned] | None = None) -> Row:
    scores = {how: {"grocery": Score(1, 1, 1, 1)} for how in (FUSED, ALWAYS, NEVER, TRUE)}
    return Row("someone", scores, (1, 2), 0, 0, (), paired or Paired(), learned or [])
