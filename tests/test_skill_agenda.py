"""The agenda: first what it must not say, then briefings, ways and notes."""

from dataclasses import replace
from datetime import timedelta

from agent.bus import replay
from agent.context import Context
from agent.core import Core
from agent.evaluate.situation import Nothing
from agent.events import Input, ProposalJudged, SkillNoted
from agent.fusion.trips import Trips
from agent.skill import GLANCE_MAX, Proposal
from agent.state import State
from skills.agenda import Agenda, Settings
from skills.agenda.tools import Noted, Which, briefing, leave_at, note_meeting
from tests.days import HOME, SHOP, at, calendar, fix, rules, sample

RECALL = Nothing()


def lived(*inputs: Input) -> State:
    return replay(Core((Agenda(),)), [rules(), *inputs])[0]


def wishes(context: Context) -> list[Proposal]:
    return list(Agenda().consider(context, Settings()))


def meeting_at_shop(minute: float, *, trips: tuple[int, ...] = (20, 22, 25, 21)) -> Context:
    """Return the context at home, *minute* after dawn, with a meeting at the shop at 300."""
    told = calendar(0, ("Tasting", 300, 330))
    (one,) = told.meetings
    body = told.model_dump() | {"meetings": [one.model_dump() | {"place": "Room 1, " + SHOP.name}]}
    here = [fix(minute - 6 + n, HOME) for n in range(6)]
    context = lived(type(told).model_validate(body), *here, sample(minute, "heart_rate", 60))
    way = {f"{HOME.name} > {SHOP.name}": trips}
    return replace(context.context, trips=Trips(way) if trips else Trips())


def test_nothing_is_said_without_a_meeting_or_long_before_one() -> None:
    assert wishes(State().context) == []
    far = lived(calendar(0, ("Budget", 300, 330)), sample(294, "heart_rate", 60))
    assert wishes(far.context) == []
    begun = lived(calendar(0, ("Budget", 300, 330)), sample(301, "heart_rate", 60))
    assert wishes(begun.context) == [], "whoever sits in it knows"


def test_no_way_is_told_that_was_not_gone_often_enough() -> None:
    assert wishes(meeting_at_shop(270, trips=())) == []
    assert wishes(meeting_at_shop(270, trips=(20,))) == []
    assert wishes(meeting_at_shop(240)) == [], "there is time yet"


def test_a_briefing_comes_five_minutes_before_once_with_what_was_noted() -> None:
    noted = SkillNoted(
        at=at(1), skill="agenda", name="note", data={"title": "budget", "text": "ask Ada"}
    )
    minutes = [sample(290 + n / 2, "heart_rate", 60) for n in range(24)]
    meeting = calendar(0, ("Budget review", 300, 330))
    _, judged = replay(Core((Agenda(),)), [rules(), meeting, noted, *minutes])
    (said,) = judged
    assert isinstance(said, ProposalJudged)
    assert said.verdict == "speak"
    assert said.at == at(295)
    assert said.text == 'Next is Budget review at 10:00; you noted: "ask Ada".'
    assert len(said.glance) <= GLANCE_MAX


def test_a_note_that_was_taken_back_is_not_said() -> None:
    data = {"title": "budget review", "text": "ask Ada"}
    note = SkillNoted(at=at(1), skill="agenda", name="note", data=dict(data))
    gone = SkillNoted(at=at(2), skill="agenda", name="note gone", data=dict(data))
    context = lived(calendar(0, ("Budget review", 300, 330)), note, gone).context
    assert context.own("agenda") == {"notes": []}


def test_in_another_meeting_the_briefing_is_held_and_not_said_after_the_start() -> None:
    meetings = calendar(0, ("Long", 240, 300), ("Budget", 300, 330))
    minutes = [sample(290 + n, "heart_rate", 60) for n in range(60)]
    _, judged = replay(Core((Agenda(),)), [rules(), meetings, *minutes])
    assert {one.verdict for one in judged} == {"in_meeting"}


def test_the_time_to_leave_is_told_by_past_trips() -> None:
    (said,) = wishes(meeting_at_shop(266))
    assert said.text == (
        "Leave by 09:35 for Tasting at 10:00: the way to the corner shop takes 25 min."
    )
    assert said.expires == at(300)
    answer = leave_at(Which(), RECALL, meeting_at_shop(240))
    assert answer.text.startswith("Leave by 09:35")
    assert {one.role for one in answer.evidence} == {"leave", "way", "meeting", "start"}
    late = leave_at(Which(), RECALL, meeting_at_shop(280))
    assert late.text.startswith("You should have left at 09:35")


def test_what_the_way_lacks_is_told() -> None:
    none = lived(calendar(0, ("Budget", 300, 330)), sample(280, "heart_rate", 60)).context
    assert "it names no place" in leave_at(Which(), RECALL, none).text
    assert "too few trips" in leave_at(Which(), RECALL, meeting_at_shop(240, trips=(3,))).text
    assert not leave_at(Which(), RECALL, State().context).known


def test_a_note_is_kept_by_its_event_and_said_when_asked() -> None:
    told = calendar(0, ("Budget review", 300, 330), ("Budget review", -200, -170))
    before = lived(told, sample(240, "heart_rate", 60))
    answer = note_meeting(Noted(title="the budget review", note="ask Ada"), RECALL, before.context)
    (event,) = answer.events
    after = replay(Core((Agenda(),)), [event], start=before)[0].context
    asked = briefing(Which(), RECALL, after)
    assert 'You noted: "ask Ada".' in asked.text
    assert "It was last" in asked.text
    (undo,) = answer.undo
    undone = replay(Core((Agenda(),)), [event, undo], start=before)[0].context
    assert "You noted nothing" in briefing(Which(), RECALL, undone).text


def test_notes_are_bounded_and_other_skills_events_are_not_taken() -> None:
    state = State()
    core = Core((Agenda(),))
    for n in range(100):
        data: dict[str, object] = {"title": f"{n}", "text": "\N{SNOWMAN}" * 900}
        note = SkillNoted.model_validate(
            {"at": at(n), "skill": "agenda", "name": "note", "data": data}
        )
        state, _ = core.step(state, note)
    state, _ = core.step(state, SkillNoted(at=at(101), skill="other", name="note"))
    notes = state.context.own("agenda")["notes"]
    assert isinstance(notes, list)
    assert len(notes) >= 8, "a letter of another script takes six bytes of JSON"
    assert state.context.now - at(100) <= timedelta(minutes=1)
