"""What was said, explained by a tool's grammar: done, asked back, or left as open speech."""

import asyncio
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.ask.explain import CANDIDATES_MAX, Explainer, Outcome
from agent.evaluate.coffee import Coffee
from agent.phonemes import read_dictionary, spelled
from agent.ports import NO_HINTS, Alternative, Hints, Sound, Transcript
from agent.skill import Answer, NoArguments, Tool
from agent.voice.pronounced import dictionary

TOOL = Coffee.tools[0]
SOUND = bytes(32_000)


def said() -> Mapping[str, tuple[str, ...]]:
    path = dictionary()
    if path is None:
        pytest.skip("pocketsphinx, and its dictionary, are not installed")
    with path.open(encoding="utf-8") as lines:
        return read_dictionary(lines)


@pytest.fixture(scope="module")
def coffee() -> Explainer:
    known = said()
    return Explainer({"coffee.order": TOOL}, lambda word: known.get(word) or spelled(word))


class Ear:
    """Reads out what a test gives it; a second look may read otherwise."""

    def __init__(self, *readings: str, again: Sequence[str] = (), fits: str = "") -> None:
        self._readings, self._again, self._fits = readings, again or readings, fits
        self.looks: list[Hints] = []

    async def transcribe(self, sound: Sound, hints: Hints = NO_HINTS) -> Transcript:
        self.looks.append(hints)
        texts = self._again if hints.slowed else self._readings
        found = tuple(Alternative(text=one, score=-2.0 - n) for n, one in enumerate(texts))
        text = texts[0] if texts else ""
        return Transcript(text=text, audio_s=1, spent_s=0, language="en", alternatives=found)

    async def score(
        self, sound: Sound, texts: Sequence[str], hints: Hints = NO_HINTS
    ) -> tuple[float, ...]:
        return tuple(-5.0 if self._fits and self._fits in text else -30.0 for text in texts)


def explained(explainer: Explainer, ear: Ear) -> Outcome:
    return asyncio.run(explainer.explain(SOUND, ear))


def slots(outcome: Outcome) -> dict[str, str]:
    assert outcome.explanation is not None
    told = outcome.explanation.arguments.model_dump()
    return {name: value for name, value in told.items() if value}


def test_an_order_as_the_grammar_has_it_is_accepted_at_the_first_look(coffee: Explainer) -> None:
    ear = Ear("Can I have a 12 ounce light-roast coffee with a lot of skim milk?")
    outcome = explained(coffee, ear)
    assert slots(outcome) == {
        "coffeeDrink": "coffee",
        "size": "twelve ounce",
        "roast": "light roast",
        "milkAmount": "a lot of skim milk",
    }
    assert outcome.explanation is not None
    assert outcome.explanation.verdict == "accept"
    assert outcome.explanation.tool == "coffee.order"


def test_near_sounding_words_are_repaired_towards_the_tool(coffee: Explainer) -> None:
    outcome = explained(coffee, Ear("Give me a dark rose ice milk with skin milk.", fits="mocha"))
    assert slots(outcome) == {
        "coffeeDrink": "iced mocha",
        "roast": "dark roast",
        "milkAmount": "skim milk",
    }


@pytest.mark.parametrize(
    "text",
    [
        "",
        "I had coffee with Tom yesterday.",
        "What was my heart rate during the last meeting?",
        "Remind me to buy milk and sugar.",
        "The espresso machine in the office is broken again.",
        "How much sugar is in a large iced mocha?",
        "Thank you.",
    ],
)
def test_open_speech_is_never_made_an_order(coffee: Explainer, text: str) -> None:
    outcome = explained(coffee, Ear(text) if text else Ear())
    assert outcome.explanation is None or outcome.explanation.verdict == "ask"
    assert outcome.heard.text == text


def test_a_sentence_of_the_prompt_that_is_not_in_the_sound_is_no_order(coffee: Explainer) -> None:
    outcome = explained(coffee, Ear("I'll take americano.", fits="nothing of it"))
    assert outcome.explanation is None


def test_two_meanings_that_fit_alike_are_asked_back(coffee: Explainer) -> None:
    ear = Ear("A single shot latte.", "A double shot latte.", fits="shot latte")
    outcome = explained(coffee, ear)
    assert outcome.explanation is not None
    assert outcome.explanation.verdict == "ask"


@pytest.mark.parametrize(
    ("heard", "verdict"),
    [("a single shot latte", "accept"), ("a double shot latte", "ask"), ("", "ask")],
)
def test_a_second_recogniser_that_sides_with_the_better_meaning_settles_it(
    coffee: Explainer, heard: str, verdict: str
) -> None:
    ear = Ear("A single shot latte.", "A double shot latte.", fits="shot latte")
    second = Ear(*([heard] if heard else []))
    outcome = asyncio.run(coffee.explain(SOUND, ear, second=second))
    assert outcome.explanation is not None
    assert outcome.explanation.sentence == "A single shot latte."
    assert outcome.explanation.verdict == verdict
    (hints,) = second.looks
    assert "a double shot latte" in hints.grammars[0]


def test_a_second_look_settles_what_the_first_left_open(coffee: Explainer) -> None:
    ear = Ear("A large latte and a", again=["A large latte and a bit of soy milk."], fits="soy")
    outcome = explained(coffee, ear)
    assert [hints.slowed for hints in ear.looks] == [False, True]
    assert slots(outcome)["milkAmount"] == "a bit of soy milk"


def test_a_tool_whose_grammar_cannot_be_read_is_left_out_and_named() -> None:
    bad = Tool(
        name="bad",
        what="nothing",
        examples=("do nothing",),
        arguments=NoArguments,
        answer=lambda _, __, ___: Answer("done"),
        grammar="public <a> = b;",
    )
    explainer = Explainer({"bad.bad": bad, "coffee.order": TOOL}, spelled)
    assert explainer.refused.keys() == {"bad.bad"}
    assert explainer.grammars == (TOOL.grammar,)
    assert "coffee" in explainer.prompt


def test_without_grammars_everything_is_open_speech() -> None:
    assert explained(Explainer({}, spelled), Ear("A large latte.")).explanation is None


@given(st.lists(st.text(max_size=80), max_size=3))
def test_any_readings_have_few_candidates(texts: list[str]) -> None:
    explainer = Explainer({"coffee.order": TOOL}, spelled)
    readings = [Alternative(text=text, score=-1.0) for text in texts]
    assert len(explainer.candidates(readings)) <= CANDIDATES_MAX
