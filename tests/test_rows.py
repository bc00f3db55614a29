"""Rows for the adapter: the same ones for a seed, true ones, and none of the held-out author's."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from agent.evaluate import exam
from agent.evaluate.rows import Generator
from agent.texts import NAMED, names_in
from agent.wording.guard import fault
from agent.wording.prompts import GLANCE_END, MISSING, TURN_END

TEXTS = exam.authors()
COUNT = 3000


def drawn(seed: int, count: int = COUNT) -> list[tuple[str, str]]:
    generator = Generator(TEXTS, seed)
    return [(row.prompt, row.target) for row in (generator.row() for _ in range(count))]


def test_the_same_seed_draws_the_same_rows() -> None:
    assert drawn(3, 300) == drawn(3, 300)
    assert drawn(3, 300) != drawn(4, 300)


def test_every_job_is_drawn() -> None:
    generator = Generator(TEXTS, 1)
    jobs = {generator.row().job for _ in range(COUNT)}
    assert jobs == {"answer", "nudge", "journal", "digest", "slots", "talk", "notes"}


def test_all_but_a_few_targets_pass_the_guard() -> None:
    generator, read, refused = Generator(TEXTS, 2), 0, 0
    for row in (generator.row() for _ in range(COUNT)):
        if row.job not in ("answer", "nudge", "journal", "digest") or row.target == MISSING:
            continue
        read += 1
        sentence = row.target.rpartition(GLANCE_END)[2]
        assert names_in(sentence)
        refused += fault(sentence, row.names) is not None
    assert read > COUNT / 2
    assert refused / read < 0.005  # where a sentence names what the facts drawn with it do not


def test_a_target_states_facts_of_its_prompt_alone() -> None:
    generator = Generator(TEXTS, 5)
    for row in (generator.row() for _ in range(COUNT)):
        if row.job in ("answer", "nudge", "journal", "digest"):
            assert names_in(row.target) <= set(row.names)
            assert (row.target == MISSING) == row.missing


def test_what_is_missing_is_not_among_the_facts() -> None:
    generator = Generator(TEXTS, 6)
    for row in (generator.answer(missing=True) for _ in range(300)):
        assert row.target == MISSING
        assert not set(row.asked) & set(row.names)


def test_a_journal_says_all_its_facts() -> None:
    generator = Generator(TEXTS, 7)
    for row in (generator.journal() for _ in range(300)):
        assert names_in(row.target) == set(row.names)


def test_no_prompt_ends_its_turn_early() -> None:
    assert all(prompt.count(TURN_END) == 1 for prompt, _ in drawn(8))


def test_no_value_is_in_a_prompt() -> None:
    assert not any(NAMED.search(prompt) for prompt, _ in drawn(9))


def test_no_question_of_the_examination_was_trained_on() -> None:
    trained = {q.wording for t in TEXTS for f in t.families.values() for q in f.questions}
    names = {name for t in TEXTS for f in t.families.values() for name in f.facts}
    left = exam.unseen(exam.held_out(), TEXTS)
    asked = {q.wording for f in left.families.values() for q in f.questions}
    assert len(asked) > 500
    assert not asked & trained
    invented = {name for f in exam.inventions(left).families.values() for name in f.facts}
    assert invented
    assert not invented & names


def test_what_the_training_asked_in_the_same_words_is_left_out() -> None:
    held = exam.held_out()
    assert not exam.unseen(held, [held]).families


def test_the_held_out_talk_and_notes_are_in_no_training_text() -> None:
    said = {turn for t in TEXTS for turn, _ in t.turns}
    assert not {turn for turn, _ in exam.held_out_talk().turns} & said
    passages = {note.passage for t in TEXTS for note in t.notes}
    assert not {note.passage for note in exam.held_out_talk().notes} & passages


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**31))
def test_any_seed_draws_rows_that_can_be_written_down(seed: int) -> None:
    generator = Generator(TEXTS, seed)
    for row in (generator.row() for _ in range(20)):
        assert row.prompt
        assert row.target
        assert json.loads(json.dumps(row.target)) == row.target
