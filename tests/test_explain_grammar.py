"""A tool's grammar, read: what it allows, and what is wrong with one that is none."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.ask.explain_grammar import ARCS_MAX, NODES_MAX, GrammarError, read
from agent.ask.explain_paths import Path, Paths, normal
from agent.ask.explain_prompt import prompt
from agent.phonemes import spelled

HEAD = "#JSGF V1.0; grammar tea;"
TEA = f"""{HEAD} // what a tea house sells
public <order> = [can i have | give me] [a] <size>* (<kind> tea) [with <milk>] [please];
<size> = small | /0.5/ large {{tag}} | extra large;  /* the pot */
<kind> = black | green | "earl grey";
<milk> = [a lot of | some] (milk | cream);
"""
SLOTS = frozenset({"size", "kind", "milk"})


def nearest(text: str, grammar: str = TEA, *, cost_max: float = 0.0) -> list[Path]:
    automaton = read(grammar, slots=SLOTS)
    return Paths(automaton, spelled).nearest(normal(text), most=5, cost_max=cost_max)


@pytest.mark.parametrize(
    ("said", "slots"),
    [
        ("Black tea, please.", {"kind": "black"}),
        ("Can I have a large Earl Grey tea with a lot of milk?",
         {"size": "large", "kind": "earl grey", "milk": "a lot of milk"}),
        ("give me extra large green tea with cream",
         {"size": "extra large", "kind": "green", "milk": "cream"}),
    ],
)  # fmt: skip
def test_what_a_grammar_allows_is_found_with_its_slots(said: str, slots: dict[str, str]) -> None:
    (path,) = nearest(said)
    assert dict(path.slots) == slots
    assert path.cost == 0
    assert list(path.words) == normal(said)


@pytest.mark.parametrize("said", ["", "tea", "black tea with", "black coffee"])
def test_what_it_does_not_allow_is_not_found(said: str) -> None:
    assert nearest(said) == []


def test_a_slot_is_not_filled_twice() -> None:
    assert nearest("small large green tea") == []


@pytest.mark.parametrize(
    ("grammar", "why"),
    [
        ("", "begins with"),
        ("public <a> = b;", "begins with"),
        (f"{HEAD} <a> = b;", "no rule of the grammar is public"),
        (f"{HEAD} public <a> = <b>;", "does not define"),
        (f"{HEAD} public <a> = b <a>;", "names itself"),
        (f"{HEAD} public <a> = <b>; <b> = [c] <a>;", "names itself"),
        (f"{HEAD} public <a> = b", "ends within"),
        (f"{HEAD} public <a> = (b;", "was expected"),
        (f"{HEAD} public <a> = b | ;", "empty"),
        (f"{HEAD} public <a> = b; <a> = c;", "twice"),
        (f"{HEAD} public <a> = ~b;", "cannot be read"),
        (f"{HEAD} public <a> = <NULL>;", "no words"),
        (f"{HEAD} public <a> = {'(' * 40}b{')' * 40};", "groups within groups"),
        (f"{HEAD} " + "x" * 30_000, "longer than"),
    ],
)
def test_what_is_no_grammar_is_told(grammar: str, why: str) -> None:
    with pytest.raises(GrammarError, match=re.escape(why)):
        read(grammar, slots=SLOTS)


def test_a_grammar_that_grows_without_measure_is_refused() -> None:
    rules = [f"<r{n}> = (<r{n + 1}> | <r{n + 1}>) [<r{n + 1}>];" for n in range(40)]
    with pytest.raises(GrammarError, match="more than|too many"):
        read(f"{HEAD} public <r> = <r0>; {' '.join(rules)} <r40> = a;", slots=SLOTS)


parts = st.recursive(
    st.sampled_from(["a", "bee", "<r1>", "<r2>", "<NULL>", '"c d"', "<size>", "{tag}", "/0.2/ a"]),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(" ".join),
        st.lists(inner, min_size=1, max_size=3).map(" | ".join),
        inner.map(lambda part: f"({part})"),
        inner.map(lambda part: f"[{part}]"),
        inner.map(lambda part: f"({part})*"),
        inner.map(lambda part: f"({part})+"),
    ),
    max_leaves=12,
)


@given(parts, parts, parts)
def test_any_grammar_is_read_or_refused_and_stays_bounded(one: str, two: str, size: str) -> None:
    text = f"{HEAD} public <r0> = {one}; <r1> = {two}; <r2> = a | b; <size> = {size};"
    try:
        automaton = read(text, slots=SLOTS)
    except GrammarError:
        return
    assert len(automaton.arcs) <= NODES_MAX
    assert automaton.linked <= ARCS_MAX
    Paths(automaton, spelled).nearest(["a", "bee", "c"], most=3, cost_max=3.0)


@given(st.text(alphabet="#JSGFV1.0;grama <>=()[]|*+/{}\"'abpublic\n", max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        read(HEAD + text, slots=SLOTS)
    except GrammarError:
        return


def test_a_prompt_has_the_words_of_the_grammar_in_sentences_it_allows() -> None:
    automaton = read(TEA, slots=SLOTS)
    paths = Paths(automaton, spelled)
    told = prompt(paths)
    assert set(normal(told)) == automaton.words()
    for sentence in told.strip(".").split(". "):
        assert paths.nearest(normal(sentence), most=1, cost_max=0.0), sentence
