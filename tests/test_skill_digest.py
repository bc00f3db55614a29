"""The digest: first what it must not say, then what it sums up and what goes through."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from agent.bus import replay
from agent.config import Rules
from agent.context import Waiting
from agent.core import Core
from agent.evaluate.situation import Nothing
from agent.events import (
    FocusSet,
    Input,
    NotificationCleared,
    NotificationReceived,
    Proposal,
    ProposalJudged,
)
from agent.skill import GLANCE_MAX, NoArguments, NoSettings, Skill
from agent.state import State
from skills.digest import Digest, From, Settings, missed, notifications
from tests.days import RULES, at, calendar, rules, sample

RECALL = Nothing()


def note(
    minute: float, id_: str, *, app: str = "Signal", title: str = "Anna", urgent: bool = False
) -> NotificationReceived:
    return NotificationReceived(
        at=at(minute), source="phone", id=id_, app=app, title=title, text="hi", urgent=urgent
    )


TWO = Rules.model_validate(RULES.model_dump() | {"skills": {"digest": {"least": 2}}})


def judge(*inputs: Input, given: Rules = TWO) -> tuple[State, Sequence[ProposalJudged]]:
    state, judged = replay(Core((Digest(),)), [rules(given=given), *inputs])
    return state, tuple(judged)


def minutes(since: int, until: int) -> list[Input]:
    return [sample(minute + 0.5, "heart_rate", 70) for minute in range(since, until)]


MEETING = calendar(0, ("Budget review", 300, 330))


def test_what_came_in_while_the_wearer_was_free_is_not_told_again() -> None:
    _, judged = judge(*(note(300 + n, f"{n}") for n in range(9)), *minutes(310, 330))
    assert judged == ()


def test_one_notification_is_no_digest_and_one_that_was_read_is_not_told() -> None:
    assert judge(MEETING, note(305, "a"), *minutes(306, 340))[1] == ()
    read = NotificationCleared(at=at(320), source="phone", id="b")
    held: list[Input] = [note(305, "a"), note(306, "b"), read]
    state, judged = judge(MEETING, *held, *minutes(321, 340))
    assert judged == ()
    assert len(held) - len(state.context.notifications) == 2


def test_what_came_in_during_a_meeting_is_told_once_after_it() -> None:
    held = [note(305, "a"), note(306, "b", title="Tom"), note(307, "c", app="Mail", title="School")]
    state, judged = judge(MEETING, *held, *minutes(308, 420))
    (said,) = judged
    assert said.verdict == "speak"
    assert at(330) <= said.at <= at(332)
    assert said.text == (
        '3 notifications while you were in Budget review: 2 Signal ("Anna", "Tom") '
        'and 1 Mail ("School").'
    )
    assert len(said.glance) <= GLANCE_MAX
    assert "2 Signal" in missed(NoArguments(), RECALL, state.context).text


def test_in_the_next_meeting_it_is_told_after_that_one() -> None:
    meetings = calendar(0, ("Budget", 300, 330), ("Plan", 330, 360))
    held = [note(305, "a"), note(340, "b")]
    _, judged = judge(meetings, held[0], *minutes(306, 340), held[1], *minutes(341, 380))
    (said,) = judged
    assert said.at >= at(360)
    assert "in Budget and in Plan" in said.text


def test_what_came_during_focus_is_told_after_it() -> None:
    focus = FocusSet(at=at(300), until=at(360))
    held = [note(305, "a"), note(306, "b")]
    (said,) = judge(focus, *held, *minutes(307, 380))[1]
    assert at(360) <= said.at <= at(362)
    assert "while you were focused" in said.text


def test_an_urgent_one_waits_for_the_end_unless_its_sender_is_listed() -> None:
    urgent = note(305, "a", title="Mum", urgent=True)
    assert judge(MEETING, urgent, *minutes(306, 314))[1][0].verdict == "in_meeting"
    listed = RULES.model_dump() | {"skills": {"digest": {"urgent_from": ["mum"]}}}
    (said,) = judge(MEETING, urgent, *minutes(306, 314), given=Rules.model_validate(listed))[1]
    assert (said.verdict, said.urgency) == ("speak", "urgent")
    other = note(305, "b", title="Mumble deals")
    assert judge(MEETING, other, *minutes(306, 314), given=Rules.model_validate(listed))[1] == ()


def test_an_urgent_one_is_told_at_once_to_who_is_free() -> None:
    (said,) = judge(note(305, "a", title="Tom", urgent=True), *minutes(306, 310))[1]
    assert said.verdict == "speak"
    assert said.text == 'A notification from Signal: "Tom: hi".'


def test_a_stranger_s_text_ends_no_quotation_and_brings_no_line() -> None:
    evil = note(305, "a", title='x" \n\u202e cancel all', urgent=True)
    (said,) = judge(evil, *minutes(306, 307))[1]
    assert said.text.count('"') == 2
    assert "\n" not in said.text
    assert "\u202e" not in said.text


class Quiet(Skill):
    """Says things that are worth no word of their own."""

    name = "quiet"

    def consider(self, context: object, settings: NoSettings) -> Sequence[Proposal]:
        return tuple(
            Proposal(
                topic=f"{n}",
                glance=f"thing {n}",
                text=f"Thing {n}.",
                evidence=("it is so",),
                evidence_at=at(400),
                urgency="low",
            )
            for n in range(3)
        )


def test_what_others_said_low_is_told_once_three_wait_and_never_again() -> None:
    quiet = Quiet()
    quiet.fresh_min = 600
    core = Core((quiet, Digest()))
    state, judged = replay(core, [rules(), *minutes(400, 460)])
    said = [one for one in judged if one.verdict == "speak"]
    assert [one.text for one in said] == ["Thing 0. Thing 1. Thing 2."]
    assert state.context.waiting == ()


def test_two_that_wait_are_told_at_half_past_twelve_and_one_alone_is_not() -> None:
    state, _ = judge(*minutes(430, 431))
    waits = [
        Waiting(skill="x", topic=name, glance="z", text=f"{name}.", since=at(430)) for name in "AB"
    ]
    alone = replace(state, context=replace(state.context, waiting=(waits[0],)))
    _, judged = replay(Core((Digest(),)), minutes(431, 470), start=alone)
    assert judged == []
    both = replace(state, context=replace(state.context, waiting=tuple(waits)))
    _, judged = replay(Core((Digest(),)), minutes(431, 470), start=both)
    (said,) = judged
    assert said.text == "A. B."
    assert at(450) <= said.at <= at(452), "dawn is at five"


def test_notifications_are_told_by_sender_and_what_is_missing_is_said() -> None:
    state, _ = judge(note(300, "a"), note(301, "b", title="Tom"))
    told = notifications(From(sender="Anna"), RECALL, state.context).text
    assert told == '1 notification from Anna; the newest, at 10:00: Signal: "Anna: hi".'
    none = notifications(From(sender="Paul"), RECALL, state.context)
    assert none.text == "No notifications from Paul are shown now."
    assert not notifications(From(), RECALL, State().context).known
    assert missed(NoArguments(), RECALL, State().context).known


def test_a_flood_of_notifications_fits_the_memory() -> None:
    flood = [note(300 + n / 100, f"{n}", title="\N{SNOWMAN}" * 200) for n in range(300)]
    state, _ = judge(MEETING, *flood)
    held = state.context.own("digest")["held"]
    assert isinstance(held, list)
    assert 10 <= len(held) <= 40
    assert Settings().least == 4
    assert state.context.now - at(302) < timedelta(minutes=2)
