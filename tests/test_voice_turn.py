"""Whose turn it is: one story after another, and what holds over every story."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.voice.deeds import (
    Answers,
    Ask,
    Attend,
    Began,
    Called,
    Deed,
    Device,
    Duck,
    Ended,
    Feedback,
    Forget,
    Happening,
    Hush,
    Lost,
    Muted,
    Passed,
    Rest,
    Said,
    Say,
    Transcribe,
    Understood,
    Wanted,
)
from agent.voice.short import is_cancel, reply_in
from agent.voice.turn import SORRY, WAITING_MAX, BargeIn, Manners, Turn, step

PCM = b"\0\0" * 1600
ASKED: Sequence[Happening] = (Called("phrase"), Began(), Ended(PCM))


def play(*happenings: Happening, barge_in: BargeIn = "wake") -> tuple[Turn, list[Deed]]:
    """Return the turn after *happenings*, and what was to be done at the last of them."""
    turn, deeds = Turn(manners=Manners(barge_in=barge_in)), list[Deed]()
    for happening in happenings:
        turn, done = step(turn, happening)
        deeds = list(done)
    return turn, deeds


def test_a_question_is_heard_understood_answered_and_done_with() -> None:
    turn, deeds = play(*ASKED)
    assert (turn.phase, deeds) == ("thinking", [Transcribe(PCM)])
    turn, deeds = play(*ASKED, Understood("What time is it?"))
    assert deeds == [Ask("What time is it?")]
    turn, deeds = play(*ASKED, Understood("What time is it?"), Answers())
    assert (turn.phase, deeds) == ("speaking", [Duck(speaking=True)])
    turn, deeds = play(*ASKED, Understood("What time is it?"), Answers(), Said())
    assert (turn.phase, deeds) == ("idle", [Duck(speaking=False), Rest()])


def test_speech_that_nobody_called_for_is_nobodys_business() -> None:
    turn, deeds = play(Began(), Ended(PCM))
    assert (turn.phase, deeds) == ("idle", [])


def test_a_call_without_a_word_ends_by_itself_but_not_in_the_middle_of_one() -> None:
    turn, deeds = play(Called("phrase"), Passed())
    assert (turn.phase, deeds) == ("idle", [Rest()])
    turn, _ = play(Called("phrase"), Began(), Passed())
    assert turn.phase == "listening"


def test_a_question_of_ours_is_answered_without_the_wake_phrase() -> None:
    turn, deeds = play(*ASKED, Understood("Remind me"), Answers(), Said(asks=True))
    assert turn.phase == "following"
    assert Attend(turn.manners.follow_s) in deeds
    turn, deeds = play(
        *ASKED, Understood("Remind me"), Answers(), Said(asks=True), Began(), Ended(PCM)
    )
    assert deeds == [Transcribe(PCM)]
    turn, deeds = play(*ASKED, Understood("Remind me"), Answers(), Said(asks=True), Passed())
    assert (turn.phase, deeds) == ("idle", [Rest()])


NUDGED: Sequence[Happening] = (Wanted("Ten minutes' walk?", "j1"), Said(), Began(), Ended(PCM))


@pytest.mark.parametrize(
    ("said", "deed"),
    [
        ("Yes.", Feedback("j1", "accepted")),
        ("No, thanks!", Feedback("j1", "dismissed")),
        ("Not now", Feedback("j1", "snoozed")),
        ("Never mind.", Forget()),
        ("How far is it?", Ask("How far is it?")),
    ],
)
def test_the_words_after_a_nudge_answer_it(said: str, deed: Deed) -> None:
    _, deeds = play(*NUDGED, Understood(said))
    assert deeds[0] == deed


def test_a_yes_that_answers_no_nudge_is_a_question_like_any_other() -> None:
    _, deeds = play(*ASKED, Understood("Yes."))
    assert deeds == [Ask("Yes.")]


def test_what_was_not_understood_is_said_once() -> None:
    turn, deeds = play(*ASKED, Understood(""))
    assert deeds == [Duck(speaking=True), Say(SORRY)]
    turn, _ = play(*ASKED, Understood(""), Said())
    assert turn.phase == "following"
    turn, deeds = play(*ASKED, Understood(""), Said(), Began(), Ended(PCM), Understood(""))
    assert (turn.phase, deeds) == ("idle", [Rest()])


def test_the_wake_phrase_stops_us() -> None:
    turn, deeds = play(*ASKED, Understood("Read it all"), Answers(), Called("phrase"))
    assert turn.phase == "listening"
    assert deeds[:2] == [Hush(), Duck(speaking=False)]


@pytest.mark.parametrize(("barge_in", "stops"), [("speech", True), ("wake", False), ("off", False)])
def test_any_speech_stops_us_only_where_the_wearer_wants_it(barge_in: BargeIn, stops: bool) -> None:
    happenings = (*ASKED, Understood("Read it all"), Answers(), Began())
    turn, deeds = play(*happenings, barge_in=barge_in)
    assert (Hush() in deeds) is stops
    assert turn.phase == ("listening" if stops else "speaking")


def test_a_nudge_waits_until_the_question_is_answered() -> None:
    turn, deeds = play(*ASKED, Wanted("Leave now", "j1"))
    assert not deeds
    turn, deeds = play(
        *ASKED, Wanted("Leave now", "j1"), Understood("What time is it?"), Answers(), Said()
    )
    assert Say("Leave now", "j1") in deeds
    assert turn.phase == "speaking"


def test_muting_closes_the_device_and_ends_what_was_going_on() -> None:
    turn, deeds = play(*ASKED, Muted(closed=True))
    assert (turn.phase, deeds) == (
        "muted",
        [Hush(), Duck(speaking=False), Device(open=False)],
    )
    for later in (Called("phrase"), Began(), Ended(PCM), Understood("x"), Passed(), Lost()):
        still, done = step(turn, later)
        assert still.phase == "muted"
        assert not done
    turn, opened = step(turn, Muted(closed=False))
    assert turn.phase == "idle"
    assert list(opened) == [Device(open=True)]


def test_a_microphone_that_is_gone_ends_the_listening() -> None:
    turn, deeds = play(Called("button"), Began(), Lost())
    assert (turn.phase, deeds) == ("idle", [Hush(), Rest()])


texts = st.sampled_from(["", "yes", "no", "later", "never mind", "what time is it"])
happenings = st.one_of(
    st.builds(Called, st.sampled_from(["phrase", "button"])),
    st.builds(Began),
    st.builds(Ended, st.just(PCM)),
    st.builds(Understood, texts),
    st.builds(Wanted, texts, st.sampled_from(["", "j1", "j2"])),
    st.builds(Answers),
    st.builds(Said, st.booleans()),
    st.builds(Passed),
    st.builds(Muted, st.booleans()),
    st.builds(Lost),
)


@given(st.lists(happenings, max_size=40), st.sampled_from(["speech", "wake", "off"]))
def test_no_story_ends_outside_the_rules(story: list[Happening], barge_in: BargeIn) -> None:
    turn, closed, ducked = Turn(manners=Manners(barge_in=barge_in)), False, False
    for happening in story:
        before = turn
        turn, deeds = step(turn, happening)
        for deed in deeds:
            if isinstance(deed, Device):
                closed = not deed.open
            if isinstance(deed, Duck):
                ducked = deed.speaking
            if isinstance(deed, Attend | Transcribe):
                assert not closed
            if isinstance(deed, Feedback):
                assert before.nudge == deed.judgement
        assert closed == (turn.phase == "muted")
        assert ducked == (turn.phase == "speaking")
        assert (turn.within_s is None) or turn.phase in ("listening", "following")
        assert len(turn.waiting) <= WAITING_MAX
        assert turn.phase != "idle" or not turn.waiting


@pytest.mark.parametrize(
    "text",
    [
        *("Never mind.", "Oh no, never mind.", "carpal, never mind", "Hey Carpal, stop!"),
        *("um, forget it", "No, no, never mind.", "okay, never mind", "Okay Nabu, never mind."),
        *("cancel that please", "Stop talking.", "never mind, thank you"),
    ],
)
def test_what_takes_back_a_call_may_be_said_in_many_ways(text: str) -> None:
    assert is_cancel(text)
    assert reply_in(text) is None


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("Oh yes, please.", "accepted"),
        ("Yeah, sure.", "accepted"),
        ("Yes, that's a good idea.", "accepted"),
        ("Okay, I will.", "accepted"),
        ("Yes, why not?", "accepted"),
        ("yes yes", "accepted"),
        ("Okay Nabu, yes.", "accepted"),
        ("Carpal, not now", "snoozed"),
        ("No thanks, not now.", "snoozed"),
        ("no, later", "snoozed"),
        ("well, no thanks", "dismissed"),
        ("No, I don't want to.", "dismissed"),
        ("yes, no", None),
        ("don't remind me later", None),
        ("don't", "dismissed"),
        ("no, I can't", "dismissed"),
        ("carpal", None),
        ("oh", None),
        ("", None),
        ("oh yes the other one", None),
        ("yes remind me at nine", None),
        ("not now but at nine", None),
    ],
)
def test_an_answer_to_a_nudge_may_be_said_in_many_ways(text: str, reply: str | None) -> None:
    assert reply_in(text) == reply
    assert not is_cancel(text)


@given(st.text(max_size=60))
def test_short_words_are_read_from_any_text(text: str) -> None:
    assert is_cancel(text) in (True, False)
    assert reply_in(text) in (None, "accepted", "dismissed", "snoozed")
