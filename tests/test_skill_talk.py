"""Coach, interpreter and notes: what they decide; their sound is the voice's."""

from collections.abc import Sequence

import pytest

from agent.ask.limits import language, limits
from agent.context import Context
from agent.core import Core
from agent.events import Input, ProposalJudged, SkillNoted
from agent.skill import NoArguments
from skills import coach, interpreter, notes
from tests.days import at, calendar, sample
from tests.test_policy import live
from tests.test_repo import _Nothing

NOON = 420
RECALL = _Nothing()
NONE = NoArguments()
HERE = Context(now=at(NOON))


def note(skill: str, name: str, minute: float = NOON, **data: object) -> SkillNoted:
    return SkillNoted.model_validate({"at": at(minute), "skill": skill, "name": name, "data": data})


def told(judged: Sequence[ProposalJudged]) -> list[tuple[str, str]]:
    return [(one.topic.split()[0], one.verdict) for one in judged]


def speech(minute: float, share: float) -> Input:
    return sample(minute, "speech_share", share)


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("warn me above 150 words a minute", {"rate": 150.0}),
        ("when I talk more than half the time", {"share": 0.5}),
        ("when I talk more than 40 percent", {"share": 0.4}),
        ("when I get loud", {"loud": 75.0}),
        ("above 70 dB and 4 fillers a minute", {"loud": 70.0, "fillers": 4.0}),
        ("tell me when I speak too fast", {"rate": 160.0}),
        ("coach my speech", None),
    ],
)
def test_limits_are_read_from_a_sentence(said: str, found: dict[str, float] | None) -> None:
    assert limits(said, HERE) == found


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("she speaks Polish", "pl"),
        ("between English and German", "de"),
        ("into English", "en"),
        ("she is a polish-looking lady", "pl"),
        ("interpret for us", None),
    ],
)
def test_a_language_is_read_from_a_sentence(said: str, code: str | None) -> None:
    assert language(said, HERE) == code


def test_without_a_session_nobody_is_coached() -> None:
    fast = [sample(NOON + n / 10, "speech_rate", 220) for n in range(20)]
    _, judged = live(Core((coach.Coach(),)), *fast)
    assert judged == []


def test_a_limit_that_is_passed_touches_once_in_half_a_minute() -> None:
    core = Core((coach.Coach(),))
    begun = note("coach", "begun", limits={"rate": 160.0})
    readings = [
        sample(NOON + 1 + n / 20, "speech_rate", 190 if n >= 20 else 150) for n in range(40)
    ]
    state, judged = live(core, begun, *readings)
    assert told(judged) == [("rate", "speak")] * 2  # one minute above: two touches
    assert judged[0].haptic == "double"
    assert judged[0].glance == "Slower: 190 words a minute"
    assert judged[0].at == readings[20].at  # at once
    _, judged = live(core, note("coach", "ended", NOON + 4), readings[-1], state=state)
    assert judged == []


def test_the_coach_says_that_it_hears_nothing_and_reports_only_what_was_measured() -> None:
    begun = coach.begin(coach.Limits(), RECALL, HERE)
    assert "I hear nothing yet" in begun.text
    assert "160 words a minute" in begun.text
    assert coach.report(NONE, RECALL, HERE).text == "I can't tell: I have not coached you yet."
    (event,) = begun.events
    state, _ = live(Core((coach.Coach(),)), event)
    silent = coach.report(NONE, RECALL, state.context)
    assert silent.text == "I can't tell: no speech was measured in that time."
    ended = coach.end(NONE, RECALL, state.context)
    assert ended.text.startswith("I have stopped coaching.")


@pytest.mark.parametrize(
    ("spoken", "wanted", "path"),
    [("de", "en", "recognizer"), ("en", "de", "larger"), ("de", "pl", "larger"), ("en", "en", "")],
)
def test_each_direction_has_its_path(spoken: str, wanted: str, path: str) -> None:
    assert interpreter.path(spoken, wanted) == path


def test_an_interpreter_begins_says_its_paths_and_ends_when_nobody_speaks() -> None:
    begun = interpreter.begin(interpreter.Between(language="pl"), RECALL, HERE)
    assert "Polish becomes English by the recognizer itself" in begun.text
    assert "English becomes Polish by your larger model" in begun.text
    core = Core((interpreter.Interpreter(),))
    talk = [speech(NOON + n, 0.4) for n in range(1, 15)]
    state, judged = live(core, *begun.events, *talk)
    assert judged == []
    assert "between English and Polish" in interpreter.state(NONE, RECALL, state.context).text
    quiet = [speech(NOON + n, 0.0) for n in range(15, 40)]
    state, judged = live(core, *quiet, state=state)
    assert told(judged) == [("ended", "speak")]
    assert judged[0].at == at(NOON + 25)  # ten minutes after the last word
    assert "not interpreting" in interpreter.state(NONE, RECALL, state.context).text


def test_no_language_is_guessed() -> None:
    answer = interpreter.begin(interpreter.Between(language="xx"), RECALL, HERE)
    assert (answer.known, answer.events) == (False, ())


def test_notes_ask_for_consent_first_and_end_with_the_meeting() -> None:
    core = Core((notes.Notes(),))
    state, _ = live(core, calendar(NOON - 1, ("Budget", NOON, NOON + 60)), speech(NOON, 0.5))
    begun = notes.begin(notes.Subject(), RECALL, state.context)
    assert begun.weighty
    assert "no camera" in begun.text
    assert begun.offer.startswith("take notes of Budget: have you told everyone")
    state, _ = live(core, *begun.events, state=state)
    assert "notes of Budget" in notes.state(NONE, RECALL, state.context).text
    assert "deleted after" in notes.state(NONE, RECALL, state.context).text
    state, _ = live(core, *notes.keep(NONE, RECALL, state.context).events, state=state)
    assert "the sound is kept" in notes.state(NONE, RECALL, state.context).text
    _, judged = live(core, *(speech(NOON + n, 0.5) for n in range(1, 80)), state=state)
    assert told(judged) == [("ended", "speak")]
    assert judged[0].text == "I have stopped taking notes of Budget: the meeting is over."
    assert judged[0].at == at(NOON + 70)


def test_notes_end_when_nobody_speaks_and_by_hand_they_end_without_a_word() -> None:
    core = Core((notes.Notes(),))
    state, _ = live(core, speech(NOON, 0.5), note("notes", "begun", title="the lecture"))
    quiet = [speech(NOON + n, 0.0) for n in range(1, 40)]
    _, judged = live(core, *quiet, state=state)
    assert [one.at for one in judged] == [at(NOON + 10)]
    ended = notes.end(NONE, RECALL, state.context)
    state, _ = live(core, *ended.events, state=state)
    _, judged = live(core, *quiet, state=state)
    assert judged == []
    assert notes.keep(NONE, RECALL, state.context).known is False


def test_without_ears_silence_ends_nothing_but_three_hours_do() -> None:
    core = Core((notes.Notes(),))
    state, _ = live(core, note("notes", "begun", title="the lecture"))
    _, judged = live(core, *(sample(NOON + n, "battery", 50) for n in range(1, 200)), state=state)
    assert [one.at for one in judged] == [at(NOON + 180)]
