"""Signs: what is not said first, then what is, and what is answered when asked."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from agent.context import Context, Latest
from agent.core import Core
from agent.events import EPOCH, Input, ProposalJudged, SampleMeasured
from agent.fold import fold_world
from agent.fusion.acute import Acute, Spell
from agent.fusion.fall import Fall
from agent.fusion.illness import Day, Illness
from agent.fusion.rhythm import LONG, WINDOW, Judged, Rhythm
from agent.sensor import measured
from agent.situation import Part, situation
from agent.skill import GLANCE_MAX, NoArguments, Proposal
from agent.state import State
from skills import SKILLS
from skills.signs import Settings, Signs, answers
from skills.signs.answers import body_signs, heart_rhythm, illness_signs
from tests.days import RULES, at, calendar, rules, sample
from tests.test_repo import _Nothing

DIAGNOSES = ("fibrillation", "arrhythmia", "disease", "attack", "covid", "infected", "flu")
NIGHT = 22 * 60.0
RECALL = _Nothing()
NONE = NoArguments()


def proposed(context: Context, *, illness: bool = False) -> list[Proposal]:
    return list(Signs().consider(context, Settings(illness=illness)))


def now(minute: float) -> Context:
    return Context(now=at(minute), rules=RULES)


def fallen(minute: float = 1) -> Context:
    fall = Fall(at(0), impact_mg=4200, still_since=at(0.2), suspected_at=at(0.8))
    return replace(now(minute), fall=fall)


def spelled(name: str, grade: str, extreme: float, *, minute: float = 12) -> Context:
    spell = Spell(at(0), at(12), readings=12, extreme=extreme, grade=grade)  # type: ignore[arg-type]
    return replace(now(minute), acute=Acute({name: spell}))  # type: ignore[dict-item]


def beating(*, irregular: bool, windows: int = 14, minute: float = 7) -> Context:
    rhythm = Rhythm()
    for n in range(windows):
        end = at(minute) - (windows - 1 - n) * WINDOW
        rhythm = rhythm.add(Judged(end, irregular=irregular))
    return replace(now(minute), rhythm=rhythm)


def burdened(*, sums: float, rate: float) -> Context:
    start = at(0) - timedelta(days=20)
    days = [Day(start + timedelta(days=n), resting_heart_rate=55 + n % 2) for n in range(19)]
    last = Day(start + timedelta(days=19), resting_heart_rate=rate, excess=3.0, sum=sums)
    return replace(now(5), illness=Illness(days=(*days, last)))


def test_nothing_is_said_of_a_body_that_is_well_or_was_not_measured() -> None:
    assert proposed(now(0), illness=True) == []
    assert proposed(beating(irregular=False)) == []
    assert proposed(beating(irregular=True, windows=11)) == [], "five and a half minutes"
    assert proposed(beating(irregular=True, minute=7)) != []
    stale = replace(beating(irregular=True), now=at(30))
    assert proposed(stale) == []
    assert proposed(spelled("fast_heart", "none", 130)) == []
    assert proposed(spelled("fast_heart", "watch", 130, minute=60)) == [], "long ago"
    assert proposed(burdened(sums=1, rate=56), illness=True) == []
    assert proposed(fallen(11)) == [], "who was not asked within ten minutes"


def test_days_of_strain_are_told_unasked_only_to_who_wants_that() -> None:
    context = burdened(sums=5, rate=66)
    assert proposed(context) == []
    (told,) = proposed(context, illness=True)
    assert "resting heart rate 66 bpm against 55" in told.text
    assert "ask a doctor if you feel unwell" in told.text


def test_after_a_fall_the_wearer_is_asked_and_of_nothing_else() -> None:
    both = replace(fallen(), rhythm=beating(irregular=True, minute=1).rhythm)
    (asked,) = proposed(both)
    assert asked.glance == "Did you fall? Are you all right?"
    assert asked.urgency == "promised"
    assert asked.evidence[0] == "an impact of 4.2 g at 05:00"


@pytest.mark.parametrize(
    ("context", "says", "advice"),
    [
        (spelled("fast_heart", "watch", 128), "up to 128 bpm at rest for 12 min", "if you feel"),
        (spelled("fast_heart", "doctor", 150), "150 bpm", "at once"),
        (spelled("slow_heart", "watch", 37), "as little as 37 bpm", "if you feel"),
        (spelled("low_oxygen", "doctor", 82), "82 % in 12 readings since 05:00", "at once"),
        (beating(irregular=True), "irregular at rest since 05:00", "if you feel"),
        (beating(irregular=True, windows=LONG, minute=30), "irregular at rest", "at once"),
    ],
)
def test_a_sign_is_told_as_it_was_measured_with_advice_and_without_a_diagnosis(
    context: Context, says: str, advice: str
) -> None:
    (told,) = proposed(context)
    assert says in told.text
    assert advice in told.text
    assert "doctor" in told.text
    assert len(told.glance) <= GLANCE_MAX
    assert told.evidence
    assert not [word for word in DIAGNOSES if word in told.text.lower()]


def test_one_sign_is_one_topic_a_day_and_another_once_it_is_for_a_doctor() -> None:
    first, again = proposed(beating(irregular=True)), proposed(beating(irregular=True, minute=9))
    assert first[0].topic == again[0].topic
    tomorrow = proposed(beating(irregular=True, minute=24 * 60))
    assert first[0].topic != tomorrow[0].topic
    severe = proposed(beating(irregular=True, windows=LONG, minute=30))
    assert severe[0].topic != first[0].topic


def test_a_fall_is_asked_about_at_night_in_a_meeting_and_before_all_else() -> None:
    state, judged = State(), list[ProposalJudged]()
    inputs: list[Input] = [
        rules(),
        calendar(0, ("night shift", NIGHT - 10, NIGHT + 60)),
        sample(NIGHT, "motion_peak", 5200),
        *(sample(NIGHT + 0.1 + n / 60, "motion", 2) for n in range(60)),
    ]
    for one in inputs:
        state, told = Core(SKILLS).step(state, one)
        judged += told
    assert [(one.skill, one.verdict) for one in judged] == [("signs", "speak")]
    assert "Did you fall?" in judged[0].text


def samples(minutes: int, rate: float) -> list[SampleMeasured]:
    found = []
    for n in range(minutes):
        found += [sample(n, "motion", 25), sample(n, "heart_rate", rate)]
    return found


def test_a_fast_heart_that_was_lived_through_is_told_once() -> None:
    state, judged = State(), list[ProposalJudged]()
    inputs: list[Input] = [rules(), *samples(200, 70)]
    inputs += [_later(one) for one in samples(40, 128)]
    for one in inputs:
        state, told = Core(SKILLS).step(state, one)
        judged += [each for each in told if each.skill == "signs"]
    assert [one.verdict for one in judged] == ["speak"]
    assert "128 bpm" in judged[0].text


def _later(one: SampleMeasured) -> SampleMeasured:
    return one.model_copy(update={"at": one.at + timedelta(minutes=200)})


def test_whether_the_heart_is_regular_is_answered_or_what_is_missing() -> None:
    assert not heart_rhythm(NONE, RECALL, now(5)).known
    assert "time between heart beats" in heart_rhythm(NONE, RECALL, now(5)).text
    context = now(0)
    for n in range(120):
        one = measured("ibi", 1000, at=at(n / 60), source="strap")
        context = fold_world(context, one)
    assert "still is not known" in heart_rhythm(NONE, RECALL, context).text
    moved = replace(context, now=at(2), motion=context.motion.fold(sample(2, "motion", 5)))
    assert "six minutes of beats at rest are needed" in heart_rhythm(NONE, RECALL, moved).text
    calm = heart_rhythm(NONE, RECALL, beating(irregular=False))
    assert calm.known
    assert "regular at rest" in calm.text
    told = heart_rhythm(NONE, RECALL, beating(irregular=True))
    assert "irregular at rest since 05:00" in told.text
    assert "doctor" in told.text
    assert all(line.said for line in (*calm.evidence, *told.evidence))


def test_what_was_looked_at_is_said_where_nothing_is_unusual() -> None:
    blind = body_signs(NONE, RECALL, now(5))
    assert not blind.known
    assert "heart rate at rest, pulse rhythm and blood oxygen" in blind.text
    seen = replace(now(5), acute=Acute(heart_at=at(4)))
    found = body_signs(NONE, RECALL, seen)
    assert found.text.startswith("I see nothing unusual in heart rate at rest; not known: pulse")
    sick = replace(
        spelled("low_oxygen", "doctor", 82, minute=7), rhythm=beating(irregular=True).rhythm
    )
    told = body_signs(NONE, RECALL, replace(sick, now=at(12)))
    assert told.text.startswith("Your blood oxygen was down to 82 %")
    assert "your pulse is irregular at rest" in told.text
    assert "at once" in told.text


def test_signs_of_illness_are_answered_as_unproven_and_without_a_name() -> None:
    unknown = illness_signs(NONE, RECALL, now(5))
    assert not unknown.known
    assert "ten days of you" in unknown.text
    young = replace(now(5), illness=Illness(days=(Day(at(-1440), resting_heart_rate=55),)))
    assert "9 more days" in illness_signs(NONE, RECALL, young).text
    assert "about your usual" in illness_signs(NONE, RECALL, burdened(sums=0, rate=56)).text
    told = illness_signs(NONE, RECALL, burdened(sums=5, rate=66))
    assert "resting heart rate 66 bpm against 55" in told.text
    assert "not proven" in told.text
    assert "ask a doctor" in told.text


def test_the_situation_names_each_sign_that_holds_and_since_when() -> None:
    def signs(context: Context) -> Part:
        return next(one for one in situation(context).parts if one.name == "body signs")

    assert signs(now(5)).value == ""
    assert signs(now(5)).missing == "minutes at rest with heart rate, beats or blood oxygen"
    well = replace(now(5), acute=Acute(heart_at=at(4)))
    assert (signs(well).value, signs(well).missing) == ("", ""), "nothing to tell is no lack"
    sick = replace(spelled("low_oxygen", "doctor", 82), fall=fallen().fall)
    both = signs(replace(sick, now=at(7), rhythm=beating(irregular=True).rhythm))
    assert both.value == "maybe fallen, low blood oxygen, irregular pulse"
    assert both.since == at(0)
    assert both.because[1] == "low blood oxygen since 05:00"


def test_without_a_fall_a_sign_or_the_wish_nothing_is_looked_at() -> None:
    context = replace(burdened(sums=5, rate=66), fall=Fall(EPOCH))
    assert proposed(context) == []


class Remembered(_Nothing):
    """A memory of what was judged."""

    def __init__(self, judged: Sequence[ProposalJudged]) -> None:
        self._judged = judged

    def judgements(self, *, since: datetime) -> list[ProposalJudged]:
        return [one for one in self._judged if one.at >= since]


def test_whether_one_fell_is_answered_by_what_was_noticed() -> None:
    core, state = Core((Signs(),)), replace(State(), context=fallen())
    _, judged = core.step(state, sample(1.1, "motion_peak", 1200))
    assert [one.topic.split()[0] for one in judged] == ["fall"]
    found = answers.fallen(NONE, Remembered(judged), now(30))
    assert found.text.startswith("There was an impact of 4.2 g")
    assert found.evidence[0].said
    tomorrow = answers.fallen(NONE, Remembered(judged), now(30 + 1440))
    assert (tomorrow.known, tomorrow.text[:14]) == (False, "I can't tell: ")
    still = replace(now(30), latest={"motion": Latest(5, at(30), "watch")})
    assert answers.fallen(NONE, Remembered(()), still).text.startswith("I noticed no fall")
