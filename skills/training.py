"""Tell training load and recovery from heart rate, as facts against the own usual: no coach.

The load of a day is Banister's TRIMP (see `agent/fusion/training.py`); the last seven days are held
against the last 28, as Gabbett 2016 (Br J Sports Med 50(5)) does.  That the ratio foretells
injuries is disputed (Impellizzeri et al. 2020, IJSPP 15(6)): it is told as a change, not as a risk.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from statistics import median
from typing import NamedTuple

from pydantic import Field

from agent.config import Section, check
from agent.context import Context
from agent.events import Fact
from agent.phrases import listing, plural, short
from agent.ports import Recall
from agent.skill import GLANCE_MAX, Answer, Evidence, NoArguments, Proposal, Skill, Tool, sayings

DAY = timedelta(days=1)
ACUTE_DAYS, CHRONIC_DAYS = 7, 28
ACUTE_KNOWN_MIN, CHRONIC_KNOWN_MIN = 5, 20
WORN_MIN = 300  # minutes of heart rate that make a day a known one
RESTING_DAYS, RESTING_KNOWN_MIN = 14, 3
HIGHEST_SEEN_MIN_BPM = 150  # who was never seen above that was never seen at the highest
RESERVE_MIN_BPM = 40
HIGH_RATIO, LOW_RATIO = 1.5, 0.8
USUAL_LOAD_MIN = 10.0  # TRIMP a day: who hardly trains has no load that could be too much
SPREADS = 1.5  # one day of seven is as far from the usual by chance
AFTER_WAKING = timedelta(hours=1)
WORTH_LOAD, WORTH_STRAINED = 0.4, 0.55
CAVEAT = "a change of load, not a forecast"


class Settings(Section):
    """What the load is reckoned by."""

    highest_bpm: int | None = Field(
        default=None, ge=120, le=230, description="Your highest heart rate, where you know it."
    )
    age: int | None = Field(
        default=None,
        ge=10,
        le=110,
        description="Your age in years: the highest heart rate is taken as 208 - 0.7 x age.",
    )


class Load(NamedTuple):
    """The training of the last days."""

    week: float
    """TRIMP of the last seven days."""
    minutes: int
    """Of at least moderate effort, in those."""
    ratio: float | None
    """A day's load of the last seven against one of the last 28; None of too few days."""
    days: int
    """How many of the last seven are known."""


def training_load(_: NoArguments, __: Recall, context: Context) -> Answer:
    """Return the load of the last seven days, and against the usual where that is known."""
    load = load_of(context)
    if load is None:
        return Answer(f"I can't tell: {_missing(context)}.", known=False)
    week, minutes = f"{load.week:.0f}", plural(load.minutes, "minute")
    days = f"{load.days} of the last {ACUTE_DAYS} days"
    evidence = [
        Evidence(role="training load", value=f"{week} TRIMP", kind="figure"),
        Evidence(role="hard minutes", value=minutes, kind="duration"),
        Evidence(role="days measured", value=days, kind="caveat"),
    ]
    told = f"Your training load is {week} (TRIMP) over {days}, with {minutes} of effort"
    if load.ratio is None:
        return Answer(f"{told}; your usual is not known yet.", tuple(evidence))
    against = _against(load.ratio)
    evidence.insert(1, Evidence(role="against usual", value=against, kind="comparison"))
    evidence.append(Evidence(role="sure", value=CAVEAT, kind="caveat", said=True))
    return Answer(f"{told}: {against} ({CAVEAT}).", tuple(evidence))


def recovered(_: NoArguments, __: Recall, context: Context) -> Answer:
    """Return what the resting heart rate, its variability and the sleep say against the usual."""
    found = _signs(context)
    if not found:
        return Answer(
            "I can't tell: too few days of resting heart rate, variability or sleep are known.",
            known=False,
        )
    load = load_of(context)
    if load is not None and load.ratio is not None:
        found.append(Evidence(role="load", value=f"load {_against(load.ratio)}", kind="comparison"))
    told = listing([one.value for one in found])
    return Answer(f"{told[:1].upper()}{told[1:]}. What you make of it is yours.", tuple(found))


def load_of(context: Context) -> Load | None:
    """Return the load of the last days; None where the rates or the days are not known."""
    resting, highest = resting_bpm(context), highest_bpm(context)
    if resting is None or highest is None or highest - resting < RESERVE_MIN_BPM:
        return None
    today = context.local_now.replace(tzinfo=None)
    known = {
        (today - datetime.fromisoformat(one.day)).days: one
        for one in context.training.days
        if one.minutes >= WORN_MIN
    }
    loads = {
        back: one.trimp(resting_bpm=resting, highest_bpm=highest)
        for back, one in known.items()
        if 0 <= back < CHRONIC_DAYS
    }
    acute = [load for back, load in loads.items() if back < ACUTE_DAYS]
    if len(acute) < ACUTE_KNOWN_MIN:
        return None
    hard = sum(
        one.hard_min(resting_bpm=resting, highest_bpm=highest)
        for back, one in known.items()
        if 0 <= back < ACUTE_DAYS
    )
    usual = sum(loads.values()) / len(loads)
    sure = len(loads) >= CHRONIC_KNOWN_MIN and usual >= USUAL_LOAD_MIN
    ratio = sum(acute) / len(acute) / usual if sure else None
    return Load(sum(acute), hard, ratio, len(acute))


def resting_bpm(context: Context) -> float | None:
    """Return the median resting heart rate of the last days; None of too few."""
    rates = [
        day.resting_heart_rate
        for day in context.illness.days[-RESTING_DAYS:]
        if day.resting_heart_rate is not None
    ]
    return median(rates) if len(rates) >= RESTING_KNOWN_MIN else None


def highest_bpm(context: Context) -> float | None:
    """Return the highest heart rate: as told, by age, or the highest that was held; else None.

    By age: Tanaka, Monahan & Seals 2001, J Am Coll Cardiol 37(1), equation of the abstract.
    """
    settings = check(Settings, context.rules.skills.get(Training.name, {}))
    if settings.highest_bpm is not None:
        return float(settings.highest_bpm)
    if settings.age is not None:
        return 208 - 0.7 * settings.age
    seen = context.training.highest_bpm()
    return seen if seen is not None and seen >= HIGHEST_SEEN_MIN_BPM else None


class Training(Skill):
    """Mention, within an hour of waking, a week's load of 1.5 times the usual.

    At most once a week, in a digest; at once where the resting heart rate is 1.5 spreads over the
    usual too.  It says what was measured, and neither to train nor not to.
    """

    name = "training"
    fresh_min = 60 * 24 * 2
    settings = Settings
    theme = "wellbeing"
    reads = frozenset(("illness", "rules", "sleep", "training"))
    wakes = frozenset(("minute",))
    tools = (
        Tool(
            name="training_load",
            what="how hard you trained",
            own=True,
            examples=sayings("""
                how hard did I train | how hard have I been training | what is my training load
                my training load | training load | how much did I train | did I train enough
                how many minutes did I train | how many hard minutes did I have
                am I training too much | am I overtraining | do I train too much
                is my training load high | is my load higher than usual | how much load did I have
                how intense was my training | how was my training | how much sport did I do
                did I train more than usual | did I do more sport than usual
                did I train less than usual | what's my acute load
                acute chronic ratio | what is my acute to chronic ratio | trimp
                how much effort did I put in
                how many minutes of effort did I have | how much exercise did I get
                summary of my training | training summary | my workouts | how heavy was my load
            """),
            arguments=NoArguments,
            answer=training_load,
        ),
        Tool(
            name="recovered",
            what="how recovered you are",
            own=True,
            examples=sayings("""
                am I recovered | have I recovered | how recovered am I | how is my recovery
                my recovery | recovery | am I fit to train | should I train today
                should I work out today | should I go for a run today | should I exercise today
                can I train hard today | is it okay to train today | am I ready to train
                am I ready for a hard session | should I take a rest day | do I need a rest day
                rest day or not | is a rest day due | how ready is my body | readiness
                what is my readiness | my readiness | is my body recovered
                did I recover from the run | have I recovered from the race
                is my resting heart rate back to normal | has my body recovered overnight
                recovery status | how fresh am I | am I fresh enough for sport
                would training be wise today
            """),
            arguments=NoArguments,
            answer=recovered,
        ),
    )

    def consider(self, context: Context, settings: Settings) -> Sequence[Proposal]:
        """Propose to mention a high load in the hour after waking."""
        woke = context.sleep.awake_since
        if woke is None or context.now - woke > AFTER_WAKING or not context.training.days:
            return ()
        load = load_of(context)
        if load is None or load.ratio is None or load.ratio < HIGH_RATIO:
            return ()
        return (_mention(context, load, load.ratio),)


def _mention(context: Context, load: Load, ratio: float) -> Proposal:
    local = context.local_now
    signs = [one for one in _signs(context) if one.role == "resting heart rate"]
    strained = bool(signs) and _raised(context)
    against = _against(ratio)
    beside = f", and your {signs[0].value}" if strained else ""
    week = f"{local.isocalendar().year}-{local.isocalendar().week}"
    return Proposal(
        topic=f"load and recovery {local:%Y-%m-%d}" if strained else f"load of week {week}",
        glance=short(f"Training load {ratio:.1f} times usual", GLANCE_MAX),
        text=f"Your training load of the last seven days is {against}{beside}.",
        evidence=(
            f"{load.week:.0f} TRIMP, {plural(load.minutes, 'minute')} of effort, {CAVEAT}",
            f"{load.days} of the last {ACUTE_DAYS} days measured",
        ),
        evidence_at=context.now,
        expires=context.now + DAY / 2,
        urgency="normal" if strained else "low",
        worth=WORTH_STRAINED if strained else WORTH_LOAD,
        situation="training load",
        facts=(Fact(name="against usual", value=against),),
    )


def _raised(context: Context) -> bool:
    return any(
        one.sign == "resting_heart_rate" and one.deviation >= SPREADS
        for one in context.illness.reasons()
    )


def _signs(context: Context) -> list[Evidence]:
    """Return what of the last day and night tells of recovery, each against the usual."""
    names = {"resting_heart_rate": "resting heart rate", "log_rmssd": "heart rate variability"}
    found = []
    fresh = context.illness.grade_at(context.now) != "unknown"
    for one in context.illness.reasons() if fresh else ():
        if one.sign not in names:
            continue
        up = one.value > one.usual
        side = "above" if up else "below"
        far = f"{side} your usual" if abs(one.deviation) >= SPREADS else "about your usual"
        name = names[one.sign]
        found.append(Evidence(role=name, value=f"{name} is {far}", kind="comparison"))
    slept = context.sleep.asleep_against_usual()
    nights = context.sleep.nights
    if slept is not None and context.now - nights[-1].wake <= DAY:
        far = "about your usual"
        if abs(slept.deviation) >= SPREADS:
            far = "longer than usual" if slept.deviation > 0 else "shorter than usual"
        found.append(Evidence(role="sleep", value=f"your sleep was {far}", kind="comparison"))
    return found


def _against(ratio: float) -> str:
    if ratio >= HIGH_RATIO or ratio <= LOW_RATIO:
        return f"{ratio:.1f} times your usual"
    return f"about your usual ({ratio:.1f} times)"


def _missing(context: Context) -> str:
    if resting_bpm(context) is None:
        return "your resting heart rate is not known yet, which takes some nights"
    if highest_bpm(context) is None:
        return (
            "your highest heart rate is not known; set `skills.training.highest_bpm` or `age`, "
            "or train hard once"
        )
    return "too few of the last days were measured"
