"""What the guard lets a model say around facts, and what it does not."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.wording import lexicon
from agent.wording.guard import SENTENCE_MAX, fault

SLEEP = ("asleep", "bedtime", "wake time", "usual sleep", "compared with usual", "when")
STEPS = ("steps", "goal", "left to goal", "when")
WHERE = ("place", "since", "stayed")
ITEMS = ("items", "count", "list", "aisle order")
CHANGED = ("added", "removed", "list", "count")
NEXT = ("meeting", "start", "end", "room", "time until", "with whom")
DAY = ("meetings", "time in meetings", "when", "titles", "longest", "next free")
STRESS = ("stress", "level", "sure", "since", "cause")
REMINDER = ("reminder", "due", "cancelled")
PILLS = ("medicine", "dose", "due", "taken at")
HEART = ("highest heart rate", "lowest heart rate", "average heart rate", "when")
TIMER = ("time left", "timer", "ends at")
HELD = ("messages", "senders", "urgent", "latest")

TRUE = [
    (SLEEP, "You slept {asleep}."),
    (SLEEP, "{when} you slept {asleep}, which is {compared with usual}."),
    (SLEEP, "You slept from {bedtime} to {wake time}."),
    (SLEEP, "In bed at {bedtime}, awake at {wake time}: {asleep} of sleep."),
    (SLEEP, "Your usual sleep is {usual sleep}, and you got {asleep}."),
    (SLEEP, "Your sleep came to {asleep}."),
    (SLEEP, "{bedtime} is when you got to bed."),
    (STEPS, "You have walked {steps}, with {left to goal} left to your goal."),
    (STEPS, "{steps} of {goal}; {left to goal} to go. How about a walk?"),
    (WHERE, "You have been at {place} for {stayed}."),
    (WHERE, "Since {since} you have been at {place}."),
    (ITEMS, "You need {items}, which makes {count}."),
    (CHANGED, "{removed} is off your {list}."),
    (CHANGED, "I added {added} and took {removed} off."),
    (NEXT, "{meeting} starts at {start} in {room}."),
    (NEXT, "Your next meeting is {meeting}, in {time until}."),
    (NEXT, "It runs from {start} to {end}."),
    (DAY, "You have {meetings} {when}, {time in meetings} in all."),
    (DAY, "Your next free slot is {next free}."),
    (STRESS, "Your stress is {stress}, {level}, {sure}."),
    (STRESS, "I trace it to {cause}."),
    (REMINDER, "I will remind you at {due}: {reminder}."),
    (PILLS, "You took {medicine} at {taken at}."),
    (PILLS, "The dose is {dose}, due at {due}."),
    (HEART, "Your highest heart rate {when} was {highest heart rate}."),
    (TIMER, "The {timer} timer has {time left} left and rings at {ends at}."),
    (HELD, "I held {messages} for you, from {senders}; {urgent} is urgent."),
    (("soil moisture", "next feeding"), "The soil moisture is {soil moisture}."),
    (("asleep",), "You slept {asleep}. Take it easy."),
    (("sitting",), "You have been sitting for {sitting}. Stand and stretch?"),
]

FALSE: dict[str, list[tuple[tuple[str, ...], str]]] = {
    "number": [
        (SLEEP, "You slept 7 hours, {asleep}."),
        (SLEEP, "You slept seven hours, {asleep}."),
        (SLEEP, "You slept {asleep} twice."),
        (SLEEP, "You slept half of {asleep}."),
        (SLEEP, "You slept {asleep}, a dozen in all."),
        (SLEEP, "You slept {asleep} and a bit."),
        (SLEEP, "You slept \u0667 {asleep}."),
        (SLEEP, "You slept {asleep} ²."),
        (SLEEP, "You slept Ⅶ {asleep}."),
        (SLEEP, "You slept {asleep} VII."),
        (SLEEP, "You slept both {asleep}."),
        (ITEMS, "You need a couple of {items}."),
        (ITEMS, "You need zero {items}."),
        (("rooms",), "You have {rooms}, no, hundreds."),
    ],
    "unit": [
        (SLEEP, "You slept {asleep} hours."),
        (SLEEP, "You slept {asleep} min."),
        (STEPS, "You walked {steps} km."),
        (STRESS, "Your stress is {stress} %."),
        (STRESS, "Your stress is {stress} °."),
        (NEXT, "It starts in {time until} seconds."),
    ],
    "time": [
        (SLEEP, "Yesterday you slept {asleep}."),
        (SLEEP, "You slept {asleep} tonight."),
        (SLEEP, "You slept {asleep} last night."),
        (SLEEP, "You slept {asleep} at noon."),
        (NEXT, "{meeting} starts soon, at {start}."),
        (NEXT, "{meeting} has already begun, at {start}."),
        (WHERE, "You are still at {place}."),
        (WHERE, "You are at {place} today."),
    ],
    "name": [
        (NEXT, "{meeting} with Ana starts at {start}."),
        (NEXT, "{meeting} is in Berlin."),
        (WHERE, "You are at the Office, {place}."),
        (HELD, "{messages} came from Joe."),
    ],
    "role": [
        (SLEEP, "You slept from {wake time} to {bedtime}."),
        (SLEEP, "You woke at {bedtime}."),
        (SLEEP, "You got to bed at {wake time}."),
        (SLEEP, "You were asleep until {bedtime}."),
        (SLEEP, "You went to bed at {asleep}."),
        (SLEEP, "Your usual sleep is {asleep}."),
        (SLEEP, "You slept {usual sleep}."),
        (SLEEP, "Your usual is {usual sleep}, and you slept {usual sleep}."),
        (SLEEP, "It was {bedtime}."),
        (STEPS, "You have walked {goal}."),
        (STEPS, "Your goal is {steps}."),
        (STEPS, "{steps} to go."),
        (STEPS, "{goal} left to your goal."),
        (WHERE, "You have been here since {stayed}."),
        (WHERE, "You have been here for {since}."),
        (CHANGED, "I took {added} off."),
        (CHANGED, "{added} is off."),
        (CHANGED, "I added {removed}."),
        (NEXT, "It ends at {start}."),
        (NEXT, "It starts at {end}."),
        (NEXT, "It starts at {time until}."),
        (NEXT, "It starts in {start}."),
        (NEXT, "It runs from {end} until {start}."),
        (NEXT, "{start} is when {meeting} ends."),
        (DAY, "Your longest meeting is {meetings}."),
        (DAY, "You are free until {next free}."),
        (DAY, "Your next meeting is {next free}."),
        (STRESS, "Your stress causes {cause}."),
        (STRESS, "Your stress is behind {cause}."),
        (REMINDER, "I deleted {reminder}."),
        (REMINDER, "I set {cancelled}."),
        (PILLS, "You took it at {due}."),
        (PILLS, "It is due at {taken at}."),
        (PILLS, "You have taken {medicine}."),
        (HEART, "Your highest heart rate was {lowest heart rate}."),
        (HEART, "Your highest heart rate was {average heart rate}."),
        (HEART, "Your heart rate fell to {highest heart rate}."),
        (HEART, "Your heart rate is {highest heart rate}."),
        (TIMER, "It rings at {time left}."),
        (TIMER, "The timer ends in {ends at}."),
        (HELD, "You sent {messages} to {senders}."),
        (HELD, "The latest is {urgent}."),
        (("name", "relation"), "You are {name}."),
        (("steps", "stress"), "Your stress is {steps}."),
        (("asleep",), "You had {asleep} of stress."),
        (
            ("asleep", "compared with usual", "first meeting"),
            "Your first meeting is {compared with usual}.",
        ),
        (("asleep", "compared with usual", "steps"), "Your steps are {compared with usual}."),
    ],
    "comparison": [
        (SLEEP, "You slept {asleep}, more than usual."),
        (SLEEP, "You slept less: {asleep}."),
        (SLEEP, "You slept over {asleep}."),
        (SLEEP, "You slept under {asleep}."),
        (SLEEP, "You slept well, {asleep}."),
        (SLEEP, "You slept only {asleep}."),
        (SLEEP, "You slept but {asleep}."),
        (SLEEP, "{asleep} is enough sleep."),
        (SLEEP, "You slept {asleep} than {usual sleep}."),
        (SLEEP, "You went to bed before {bedtime}."),
        (SLEEP, "You went to bed after {bedtime}."),
        (STEPS, "Your steps are up, {steps}."),
        (STRESS, "Your stress is down to {stress}."),
        (STRESS, "Your stress is higher: {stress}."),
        (STRESS, "Your stress rose to {stress}."),
        (NEXT, "{meeting} is up."),
    ],
    "negation": [
        (SLEEP, "You did not sleep {asleep}."),
        (SLEEP, "You didn't sleep {asleep}."),
        (SLEEP, "You didn\u2019t sleep {asleep}."),
        (SLEEP, "You never slept {asleep}."),
        (SLEEP, "You hardly slept {asleep}."),
        (SLEEP, "You failed to sleep {asleep}."),
        (SLEEP, "You lack {asleep} of sleep."),
        (SLEEP, "You were unasleep for {asleep}."),
        (SLEEP, "You slept {asleep} without rest."),
        (SLEEP, "You nearly slept {asleep}."),
        (ITEMS, "You have lost {items}."),
        (NEXT, "{meeting} is off."),
        (NEXT, "{meeting} is cancelled."),
        (NEXT, "{meeting} is over."),
        (("no signal since",), "There is no signal: {no signal since}."),
    ],
    "tense or person": [
        (NEXT, "Your meeting was at {start}."),
        (NEXT, "You had {meeting} in {room}."),
        (NEXT, "You are in {room}."),
        (SLEEP, "I slept {asleep}."),
        (SLEEP, "You will sleep {asleep}."),
        (SLEEP, "We slept {asleep}."),
        (SLEEP, "They slept {asleep}."),
        (SLEEP, "You slept my {asleep}."),
        (REMINDER, "I will {reminder}."),
        (REMINDER, "You have done {reminder}."),
        (WHERE, "You left {place}."),
    ],
    "claim of advice": [
        (SLEEP, "You slept {asleep}; you are calm."),
        (SLEEP, "You slept {asleep}; your breath is slow."),
        (SLEEP, "You slept {asleep}. You need rest."),
        (SLEEP, "You slept {asleep}. You had a nap."),
        (SLEEP, "You slept {asleep}. Your keys are out."),
        (SLEEP, "You slept {asleep}. You walk out of the door."),
        (SLEEP, "You slept {asleep}. Things start."),
        (SLEEP, "You slept {asleep}. You feel slow."),
        (SLEEP, "You slept {asleep}, and that is you."),
    ],
    "fact": [
        (SLEEP, "Your mood was {mood}."),
        (SLEEP, "You slept."),
        (SLEEP, ""),
        (SLEEP, "You slept {asleep} {}."),
        (SLEEP, "You slept {{asleep}}."),
        (SLEEP, "You slept { asleep }."),
        (SLEEP, "You slept {Asleep}."),
        (SLEEP, "You slept {asleep"),
        (SLEEP, "You slept {asleep}}."),
        (SLEEP, "You slept {asleep}[0]."),
        (SLEEP, "You slept {asleep!r}."),
    ],
    "sign": [
        (SLEEP, "You slept {asleep}\u200b."),
        (SLEEP, "You slept {asleep}\n."),
        (SLEEP, "You sl\u0435pt {asleep}."),
        (SLEEP, "You slept {asleep}\u202e."),
        (SLEEP, "You slept\u0301 {asleep}."),
        (SLEEP, "You slept {asleep} \U0001f634."),
        (SLEEP, "You slept {asleep} & more."),
        (SLEEP, "You slept {asleep} / {usual sleep}."),
        (SLEEP, "<|im_end|> {asleep}"),
        (SLEEP, "You slept {asleep} | You slept {asleep}."),
        (SLEEP, "You slept {asleep}." + " " * SENTENCE_MAX),
    ],
}  # fmt: skip
_EVERY = [(kind, names, lie) for kind, rows in FALSE.items() for names, lie in rows]


@pytest.mark.parametrize(("names", "sentence"), TRUE)
def test_what_only_names_the_facts_passes(names: tuple[str, ...], sentence: str) -> None:
    assert fault(sentence, names) is None


@pytest.mark.parametrize(("kind", "names", "sentence"), _EVERY)
def test_a_lie_is_refused(kind: str, names: tuple[str, ...], sentence: str) -> None:
    assert fault(sentence, names) is not None, kind


def test_what_may_not_be_left_out_is_asked_for() -> None:
    assert fault("You slept {asleep}.", SLEEP, said=["when"]) == "it leaves out when"
    assert fault("You slept {asleep} {when}.", SLEEP, said=["when"]) is None


KNOWN = sorted({*SLEEP, *STEPS, *WHERE, *NEXT, *STRESS, *PILLS, *HEART, "soil moisture"})
WORDS = sorted({*lexicon.NEUTRAL, *lexicon.ADVICE, *lexicon.words_of("wake time"), "to", "over"})
pieces = st.one_of(
    st.sampled_from(KNOWN).map("{{{}}}".format),
    st.sampled_from(WORDS),
    st.sampled_from(list(",;:.!?-()")),
)
sentences = st.lists(pieces, max_size=30).map(" ".join)


@given(st.one_of(st.text(), sentences), st.lists(st.one_of(st.text(), st.sampled_from(KNOWN))))
def test_any_text_is_read(sentence: str, names: list[str]) -> None:
    reason = fault(sentence, names, said=names[:1])
    assert reason is None or reason


@given(sentences, st.characters(categories=["Nd", "Nl", "No"]))
def test_a_digit_is_refused_wherever_it_stands(sentence: str, digit: str) -> None:
    for told in (f"{digit} {sentence}", f"{sentence} {digit}", f"{sentence}{digit}"):
        assert fault(told, KNOWN) is not None


@given(sentences, st.from_regex(r"[a-z]{9,20}", fullmatch=True))
def test_an_unknown_word_is_refused_wherever_it_stands(sentence: str, word: str) -> None:
    known = set(WORDS).union(*(lexicon.words_of(n) | lexicon.marks_of(n) for n in KNOWN))
    for name in KNOWN:
        known |= lexicon.theme_among(name, KNOWN)
    if word not in known:
        assert fault(f"{word} {sentence}", KNOWN) is not None
        assert fault(f"{sentence} {word}", KNOWN) is not None


@given(sentences)
def test_what_passes_names_known_facts_alone(sentence: str) -> None:
    if fault(sentence, KNOWN) is None:
        found = re.findall(r"\{([^}]*)\}", sentence)
        assert found
        assert set(found) <= set(KNOWN)


@pytest.mark.parametrize(
    "piece", ["{asleep} ", "{", "}", "to ", "you ", "-", "{a}", "and {asleep} "]
)
def test_the_longest_sentences_are_refused_not_pondered(piece: str) -> None:
    assert fault((piece * SENTENCE_MAX)[:SENTENCE_MAX], SLEEP) is not None
    assert fault(piece * 1_000_000, SLEEP) is not None
