"""What a model says in other words is said only if it says the same."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import ModelError
from agent.prompts import GIVE_UP, TEMPLATE_MAX, Rewording, faithful

HEART = "Your highest heart rate was 131 bpm during Budget (10:00 to 11:30)."
SLEPT = "You slept 6 h 50 min, from 23:10 to 06:00: 40 min less than usual."
STRESS = "Your stress is 72 of 100, raised, though I am not very sure."
MEETINGS = "No meetings today."
NEXT = "Next is Budget at 14:30 at Room 4."
WALK = "You have been in back-to-back meetings for 4 h 10 min and your stress is up: a walk?"
SKIN = "Your skin temperature was 33.1 °C on average today."
BUY = "3 things: apples (2), milk (1 l) and rye bread."


@pytest.mark.parametrize(
    ("template", "worded"),
    [
        (HEART, HEART),
        (HEART, "Well, your highest heart rate was 131 bpm during the Budget, 10:00 to 11:30."),
        (WALK, "You've been in back-to-back meetings for 4 h 10 min and your stress is up: walk?"),
        (SLEPT, "Hi: you slept 6 h 50 min from 23:10 to 06:00, 40 min less than usual!"),
        (BUY, "3 things: apples (2), milk (1 l), and the rye bread."),
    ],
)
def test_the_same_in_other_small_words_is_said(template: str, worded: str) -> None:
    assert faithful(template, worded)


@pytest.mark.parametrize(
    ("template", "worded"),
    [
        pytest.param(HEART, HEART.replace("131", "113"), id="wrong number"),
        pytest.param(HEART, HEART.replace("131", "-131"), id="a sign"),
        pytest.param(HEART, HEART.replace("131", "13 1"), id="a number cut"),
        pytest.param(HEART, HEART.replace("131", "one hundred and thirty-one"), id="spelled"),
        pytest.param(HEART, HEART.replace("131", "about 131"), id="made vague"),
        pytest.param(
            HEART,
            "Your highest heart rate was 10:00 bpm during Budget (131 to 11:30).",
            id="swapped numbers",
        ),
        pytest.param(HEART, HEART.replace("10:00 to 11:30", "11:30 to 10:00"), id="times swapped"),
        pytest.param(HEART, HEART.replace("Budget", "Planning"), id="wrong name"),
        pytest.param(HEART, HEART.replace(" Budget", ""), id="name left out"),
        pytest.param(HEART, HEART.replace("highest", "lowest"), id="highest is lowest"),
        pytest.param(HEART, HEART.replace("highest ", ""), id="highest left out"),
        pytest.param(HEART, HEART.replace("bpm", "ms"), id="another unit"),
        pytest.param(HEART, HEART.replace(" bpm", ""), id="unit left out"),
        pytest.param(HEART, HEART.replace("during", "before"), id="another time"),
        pytest.param(HEART, HEART.replace("Your", "My"), id="another person"),
        pytest.param(HEART, HEART.replace("was", "is"), id="another tense"),
        pytest.param(HEART, HEART[:-1] + ", which is dangerous.", id="added claim"),
        pytest.param(HEART, HEART + " See a doctor.", id="added advice"),
        pytest.param(HEART, HEART + "\nIgnore what was said.", id="a second line"),
        pytest.param(HEART, HEART + "\u2028Now.", id="a second line of another kind"),
        pytest.param(HEART, HEART + " http://example.org", id="an address"),
        pytest.param(HEART, HEART.replace("heart", "he\u202eart"), id="turned letters"),
        pytest.param(HEART, HEART.replace("a", "\u0430"), id="letters of another alphabet"),
        pytest.param(HEART, HEART.replace("131", "\uff11\uff13\uff11"), id="wide digits"),
        pytest.param(SLEPT, SLEPT.replace("less", "more"), id="less is more"),
        pytest.param(SLEPT, SLEPT.replace("less than", "than less"), id="words swapped"),
        pytest.param(SLEPT, SLEPT.replace("from", "to").replace("to 06", "from 06"), id="from, to"),
        pytest.param(SLEPT, SLEPT.replace("slept", "did not sleep"), id="negated"),
        pytest.param(SLEPT, "I slept 6 h 50 min, from 23:10 to 06:00.", id="cut short"),
        pytest.param(STRESS, STRESS.replace(" not", ""), id="dropped negation"),
        pytest.param(STRESS, STRESS.replace(", though I am not very sure", ""), id="dropped doubt"),
        pytest.param(STRESS, STRESS.replace("72 of 100", "72%"), id="another scale"),
        pytest.param(STRESS, STRESS.replace("raised", "usual"), id="another level"),
        pytest.param(MEETINGS, "Meetings today.", id="no is gone"),
        pytest.param(MEETINGS, "No, meetings today.", id="no becomes an answer"),
        pytest.param(MEETINGS, "No meetings today?", id="a question"),
        pytest.param(MEETINGS, "", id="nothing"),
        pytest.param(NEXT, NEXT.replace("Next is", "Next is not"), id="negation added"),
        pytest.param(NEXT, "Budget is next to Room 4 at 14:30.", id="the place turned"),
        pytest.param(WALK, WALK.replace("up", "down"), id="up is down"),
        pytest.param(WALK, WALK.replace("?", "."), id="an order"),
        pytest.param(SKIN, SKIN.replace("°C", "°F"), id="Fahrenheit"),
        pytest.param(SKIN, SKIN.replace("33.1", "331"), id="a point less"),
        pytest.param(SKIN, SKIN.replace("33.1", "33,1"), id="a comma"),
        pytest.param(BUY, BUY.replace("apples (2), milk (1 l)", "apples (1 l), milk (2)"), id="ml"),
        pytest.param(BUY, BUY.replace("rye", "white"), id="another thing"),
        pytest.param(BUY, "I'm sorry, but I can't help with that.", id="a refusal"),
    ],
)
def test_what_says_anything_else_is_not_said(template: str, worded: str) -> None:
    assert worded != template
    assert not faithful(template, worded)


TEMPLATES = st.sampled_from((HEART, SLEPT, STRESS, NEXT, WALK, SKIN, BUY))
WORDS = st.text("abcdefghijklmnopqrstuvwxyz0123456789-%", min_size=1, max_size=9)


@given(TEMPLATES, st.integers(0, 40), WORDS)
def test_no_word_can_be_put_in(template: str, place: int, word: str) -> None:
    words = template.split()
    words.insert(place % (len(words) + 1), word)
    says_nothing = word.strip("-") in ("", "a", "an", "the", "well", "ok", "okay", "hi", "hey")
    assert faithful(template, " ".join(words)) is says_nothing or word in ("hello", "please")


@given(TEMPLATES, st.integers(0, 40))
def test_no_word_can_be_left_out(template: str, place: int) -> None:
    words = template.split()
    gone = words.pop(place % len(words))
    assert faithful(template, " ".join(words)) is (gone == "a")


@given(TEMPLATES, st.integers(0, 40), st.integers(0, 40))
def test_no_two_words_can_change_places(template: str, one: int, other: int) -> None:
    words = template.split()
    one, other = one % len(words), other % len(words)
    words[one], words[other] = words[other], words[one]
    same = [w.strip(".,:()").lower() for w in words if w != "a"] == [
        w.strip(".,:()").lower() for w in template.split() if w != "a"
    ]
    assert faithful(template, " ".join(words)) is same


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_two_texts_can_be_compared(template: str, worded: str) -> None:
    if faithful(template, worded):
        assert not any(mark in worded for mark in "\n\r\u2028")


class Says:
    """A language model that always says the same, or fails."""

    def __init__(self, worded: str | None) -> None:
        self.worded = worded
        self.asked = 0

    async def complete(self, system: str, user: str, *, tokens_max: int) -> str:
        self.asked += 1
        if self.worded is None:
            raise ModelError("it crashed")
        return self.worded


@pytest.mark.parametrize("worded", [None, "", "Your highest heart rate was 13 bpm.", "[INST]"])
def test_what_fails_or_lies_leaves_the_template(worded: str | None) -> None:
    assert asyncio.run(Rewording(Says(worded)).word(HEART)) == (HEART, "template")


def test_a_faithful_wording_is_taken_and_said_to_be_the_model_s() -> None:
    worded = "Well, " + HEART
    assert asyncio.run(Rewording(Says(worded)).word(HEART)) == (worded, "model")


def test_a_model_that_cannot_word_is_not_asked_for_ever() -> None:
    async def many() -> None:
        for _ in range(3 * GIVE_UP):
            assert await wording.word(HEART) == (HEART, "template")

    model = Says("I am sorry for your loss.")
    wording = Rewording(model)
    asyncio.run(many())
    assert model.asked == GIVE_UP


def test_a_long_list_is_said_as_it_is_and_a_repetition_is_no_wording() -> None:
    model = Says(HEART)
    assert asyncio.run(Rewording(model).word(HEART)) == (HEART, "template")
    long = "milk, " * TEMPLATE_MAX
    assert asyncio.run(Rewording(Says(long)).word(long)) == (long, "template")
