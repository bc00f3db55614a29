"""The liar lies, the judge sees it, and an evaluation says the same of the same seed."""

import asyncio
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.evaluate import exam, grounding, liar, wording
from agent.evaluate.bare import foreign, stated
from agent.evaluate.lied import Situations, lied
from agent.evaluate.unseen import slots_unseen
from agent.evaluate.values import HOSTILE, Values
from agent.events import FACT_MAX, Fact
from agent.figures import Figure
from agent.wording.prompts import MISSING

TEXTS = exam.authors()
ROLES = liar.Roles(TEXTS)
NAMES = ("asleep", "bedtime", "wake time", "when")
TRUTH = liar.Truth("You went to bed at {bedtime} {when}.", NAMES, ("when",))


def drawn(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 (lies on purpose, no secret)


def named(figures: list[Figure], name: str, group: str | None = None) -> Figure:
    return next(one for one in figures if one["name"] == name and one["group"] == group)


@pytest.mark.parametrize("kind", liar.KINDS)
def test_every_kind_of_lie_is_told_and_is_another_sentence(kind: str) -> None:
    lies = [liar.lie(kind, TRUTH, ROLES, drawn(seed)) for seed in range(20)]
    told = [one for one in lies if one is not None]
    assert told
    assert TRUTH.sentence not in told


def test_the_same_seed_tells_the_same_lie() -> None:
    for kind in liar.KINDS:
        first, second = (liar.lie(kind, TRUTH, ROLES, drawn(4)) for _ in range(2))
        assert first == second


def test_a_role_is_swapped_only_where_the_authors_keep_a_word_for_it() -> None:
    made = liar.lie("role", TRUTH, ROLES, drawn(1))
    assert made in {f"You went to bed at {{{name}}} {{when}}." for name in ("asleep", "wake time")}
    unclear = liar.Truth("It is {meeting}.", ("meeting", "titles"))
    assert liar.lie("role", unclear, ROLES, drawn(1)) is None


def test_a_lie_that_passes_a_guard_is_counted() -> None:
    situation = Situations(TEXTS, 1).next()
    worded = asyncio.run(situation.worded(liar.Says(situation.row.target)))
    assert worded.by == "model"


def test_no_lie_is_said_and_what_is_true_is() -> None:
    figures = asyncio.run(lied(TEXTS, seed=7, count=600))
    assert named(figures, "unfaithful")["value"] == 0
    assert named(figures, "let through")["value"] > 0.98
    assert {one["group"] for one in figures if one["name"] == "unfaithful"} == {None, *liar.KINDS}


def test_the_same_seed_gives_the_same_figures() -> None:
    runs = [asyncio.run(grounding.evaluate(None, seed=3, short=True)) for _ in range(2)]
    assert runs[0] == runs[1]
    assert runs[0]["name"] == "grounding"


def test_a_model_that_has_nothing_to_say_falls_back_and_is_not_untrue() -> None:
    figures = asyncio.run(grounding.examined(liar.Says(MISSING), seed=1, count=40))
    assert named(figures, "fallback")["value"] == 1
    assert named(figures, "unfaithful before the guard")["value"] == 0
    assert named(figures, "says so when missing")["value"] == 1


def test_a_model_that_invents_is_untrue_before_the_guard() -> None:
    figures = asyncio.run(grounding.examined(liar.Says("You slept 9 h."), seed=1, count=20))
    assert named(figures, "unfaithful before the guard")["value"] == 1
    assert named(figures, "fallback")["value"] == 1


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("You slept {asleep}.", None),
        (MISSING, None),
        ("You slept 7 h, {asleep}.", "number"),
        ("You slept {asleep} twice.", "number"),
        ("You slept {asleep} tonight.", "time"),
        ("You slept {asleep} hours.", "unit"),
        ("You slept more, {asleep}.", "comparison"),
        ("You didn't sleep {asleep}.", "negation"),
        ("You never slept {asleep}.", "negation"),
        ("You were {mood}.", "invented fact"),
        ("You slept.", "not an answer"),
    ],
)
def test_the_judge_sees_what_a_sentence_has_of_its_own(text: str, fault: str | None) -> None:
    assert exam.judged(text, NAMES) == fault


def test_a_word_of_a_facts_name_is_not_the_sentences_own() -> None:
    assert exam.judged("Your lowest pulse: {lowest heart rate}.", ["lowest heart rate"]) is None
    assert exam.judged("Your lowest pulse: {heart rate}.", ["heart rate"]) == "comparison"


@given(st.text(), st.lists(st.text(max_size=10)))
def test_any_text_is_judged(text: str, names: list[str]) -> None:
    exam.judged(text, names)
    exam.beside_the_question(text, names)


def test_every_fact_of_the_texts_has_a_value_that_an_event_takes() -> None:
    held = exam.held_out()
    names = {n for t in (*TEXTS, held) for f in t.families.values() for n in f.facts}
    for seed in range(5):
        facts = Values(seed, hostile=0.5).facts(sorted(names))
        assert all(fact.value and len(fact.value) <= FACT_MAX for fact in facts)
    assert Values(1).facts(sorted(names)) == Values(1).facts(sorted(names))


def test_hostile_values_are_drawn_where_somebody_else_wrote_the_text() -> None:
    values = Values(1, hostile=1.0)
    assert values.value("meeting") in HOSTILE
    assert values.value("asleep") not in HOSTILE


def test_what_a_free_sentence_says_is_found_by_its_values() -> None:
    facts = (Fact(name="asleep", value="6 h 10 min"), Fact(name="bedtime", value="23:40"))
    assert stated("You slept 6 H 10 min.", facts) == {"asleep"}
    assert foreign("You slept 9 h in Berlin.", facts, "how long") == ["9", "Berlin"]
    assert foreign("You slept 6 h 10 min from 23:40.", facts, "how long") == []


def test_unseen_slots_hold_words_of_their_sentence() -> None:
    for _, row in zip(range(50), slots_unseen(2), strict=False):
        assert all(words in row.said for words in row.slots.values())


def test_a_template_says_the_same_whatever_is_asked() -> None:
    facts = Values(1, hostile=0.0).facts(["place", "since", "stayed"])
    assert wording.template(facts)[1] == {"place", "since"}
    assert wording.template(facts[:1])[1] == {"place"}


def test_a_model_that_says_nothing_beats_no_template() -> None:
    silent = liar.Says(MISSING)
    table = asyncio.run(wording.evaluate(silent, silent, seed=2, short=True))
    verdicts = {f["group"]: f["value"] for f in table["figures"] if "beats" in f["name"]}
    assert set(verdicts) == {"answers", "nudges", "journal", "slots", "notes", "talk"}
    assert not any(verdicts.values())
