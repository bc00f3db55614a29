"""Answer questions about what was measured: any signal, any window, mean, highest or lowest."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Literal

from pydantic import BaseModel

from agent.config import Section
from agent.context import Context
from agent.phrases import clock, duration
from agent.ports import Recall, Summary
from agent.signals import SIGNALS, STEPS
from agent.skill import Answer, Evidence, NoArguments, Proposal, Skill, Tool, Window, sayings, when
from skills.body import compare, trend
from skills.body.words import NAMED, name_of, rounded, statistic_of, unit_of, value_of, were

SAME_BPM = 5  # a smaller difference from the usual heart rate is none
USUAL_MIN = 60  # minutes at rest before there is a usual
LIVE_MIN = 15  # without a window, "my heart rate" means that of the last minutes
HOURS = {60: "hour", 120: "two hours"}


class Settings(Section):
    """The body skill has no settings of its own."""


class Question(BaseModel):
    """A signal, what to tell of it, and when."""

    signal: str
    statistic: Literal["mean", "highest", "lowest", "total"] = "mean"
    window: Window | None = None


def measured(asked: Question, recall: Recall, context: Context) -> Answer:
    """Return the statistic over the window, as the database counted it."""
    window = asked.window or _lately(asked.signal, context)
    if asked.window is None and asked.statistic == "mean" and _slow(asked.signal):
        newest = _newest(asked.signal, context)
        if newest is not None:
            return newest
    summary = recall.summary(asked.signal, since=window.since, until=window.until)
    name = name_of(asked.signal)
    if summary is None:
        return Answer(f"I can't tell: no {name} {were(name)} measured {window.words}.", known=False)
    statistic = statistic_of(asked.signal, asked.statistic)
    value = f"{rounded(summary.signal, value_of(summary, statistic))} {unit_of(asked.signal)}"
    evidence = _of_summary(summary, statistic, context)
    told = {
        "mean": f"Your {name} was {value} on average {window.words}",
        "highest": f"Your highest {name} was {value} {window.words}",
        "lowest": f"Your lowest {name} was {value} {window.words}",
        "total": f"You took {value} {window.words}",
    }[statistic]
    return Answer(f"{told}.", (*evidence, when(window, said=asked.window is not None)))


def where(_: NoArguments, __: Recall, context: Context) -> Answer:
    """Return the known place, and since when."""
    place = context.place
    if not place.known_at(context.now):
        return Answer("I can't tell: there is no recent position.", known=False)
    if place.here is None:
        return Answer("You are at no place that I know by name.")
    since = clock(place.since, context.local)
    stayed = duration(context.now - place.since)
    evidence = (
        Evidence(role="place", value=place.here.name, kind="name", since=place.since),
        Evidence(role="since", value=since, kind="time", since=place.since),
        Evidence(role="stayed", value=stayed, kind="duration", since=place.since),
    )
    return Answer(f"You are at {place.here.name}, since {since}.", evidence)


class Body(Skill):
    """Never speaks by itself; it answers."""

    name = "body"
    fresh_min = 1
    settings = Settings
    theme = "wellbeing"
    reads = frozenset(("latest", "place", "recall", "stress"))
    wakes = frozenset(("settings_changed",))
    tools = (
        Tool(
            name="measured",
            what="what was measured of your body",
            own=True,
            examples=sayings("""
                what was my {signal} {window} | what was my {statistic} {signal} {window}
                how was my {signal} {window} | {statistic} {signal} {window} | what is my {signal}
                my {signal} right now | {signal} | {signal} {window} | how fast is my heart beating
                what is my pulse | how many steps did I take {window} | how many steps have I walked
                how high did my {signal} go {window} | how low did my {signal} get {window}
                tell me my {signal} {window} | show me my {signal} from {window}
                was my {signal} high {window} | how warm is my skin | how loud is it around me
                how much battery is left | how much did I move {window}
                give me the {statistic} {signal} {window} | check my {signal} | {signal} now
                {signal} please | could you tell me what my {signal} was {window}
                my {statistic} {signal} | what's my {signal} like | what did my {signal} do {window}
                where was my {signal} {window} | what {signal} did I have {window}
                how did my {signal} look {window} | what was the {statistic} of my {signal} {window}
                did my heart race {window} | was my heart pounding {window}
                how hard was my heart working {window}
                how many beats a minute was I doing {window} | my heart feels fast, what is it at
                am I breathing fast | how many breaths do I take
                how quick was my breathing {window} | how's my oxygen | what are my sats
                is my blood oxygen okay | how hot is my wrist | am I running hot
                was I sweating {window} | how clammy was my skin {window}
                how noisy was it {window} | how loud did it get {window} | is the watch nearly empty
                how long will the watch battery hold | how much charge does the watch have
                how far have I walked {window} | did I get my steps in {window}
                how active was I {window} | have I moved enough {window}
                what's my step count {window} | how quick were my steps {window}
                was I lazy {window} | is my heart calm | total {signal} {window}
                so um I was wondering about my {signal} {window}
                please say me my {signal} {window}
                I'd like to know the {statistic} {signal} {window} | read out my {signal}
                {signal} {window} what was it | was my {signal} alright {window}
                any idea how my {signal} was {window} | {window} {signal}
            """),
            arguments=Question,
            answer=measured,
        ),
        Tool(
            name="where",
            what="where you are",
            own=True,
            examples=sayings("""
                where am I | where am I now | what place is this | which place is this
                how long have I been here | since when am I here | am I at home | am I at work
                do you know where I am | what is my location | have I left the office
                did I arrive at home yet | show me my position | where was I | where on earth am I
                tell me where I am please | my location | location | place | whereabouts
                what's this place called | which of my places am I at | am I still at the gym
                am I there yet | have I got home | am I out of the house
                how long am I at this place already | when did I get here | when did I arrive
                what time did I come in | how long have I been hanging around here
                have I been here for long | how long have I been at home | where do you think I am
                I'm a bit lost, where is this | could you say where we are | is this the office
                are we at the shop | say me where I am | did I leave home already
                where have I ended up | current location
                I've lost track of how long I've been sitting here | am I near home
                what spot is this | um where where am I | at which place am I | where's your wearer
                can you locate me | how many minutes have I been in this place
                am I in town or at home
            """),
            arguments=NoArguments,
            answer=where,
            now_only=True,
        ),
        Tool(
            name="compared",
            what="how two times compare in what was measured of your body",
            own=True,
            examples=compare.SAYINGS,
            arguments=compare.Comparison,
            answer=compare.compared,
            asks={"spans": "Which two times shall I compare?"},
        ),
        Tool(
            name="trend",
            what="whether a body signal goes up or down over the days",
            own=True,
            examples=trend.SAYINGS,
            arguments=trend.Trend,
            answer=trend.trend,
        ),
    )

    def consider(self, context: Context, settings: Settings) -> Sequence[Proposal]:
        """Stay quiet."""
        return ()


def _lately(signal: str, context: Context) -> Window:
    """Return the last minutes, or as long as one value of *signal* holds; of a sum today."""
    until = context.now + timedelta(microseconds=1)  # so that what was measured now counts too
    if signal == STEPS.id:
        day = context.local_now.replace(hour=0, minute=0, second=0, microsecond=0)
        return Window(since=day, until=until, words="today")
    minutes = max(LIVE_MIN, SIGNALS[signal].fresh_s // 60)
    words = HOURS.get(minutes, f"{minutes} minutes")
    since = context.now - timedelta(minutes=minutes)
    return Window(since=since, until=until, words=f"in the last {words}")


def _slow(signal: str) -> bool:
    return SIGNALS[signal].fresh_s > LIVE_MIN * 60


def _newest(signal: str, context: Context) -> Answer | None:
    """Return the newest value that still holds: of a slow signal no mean is wanted."""
    newest, value = context.latest.get(signal), context.value(signal)
    if newest is None or value is None:
        return None
    told = f"{rounded(signal, value)} {unit_of(signal)}"
    name, when = name_of(signal), clock(newest.at, context.local)
    evidence = (
        Evidence(
            role=f"newest {name}",
            value=told,
            unit=unit_of(signal),
            kind="figure",
            until=newest.at,
            samples=1,
        ),
        Evidence(role="when", value=f"at {when}", kind="window", until=newest.at),
    )
    return Answer(f"Your {name} was {told} at {when}.", evidence)


def _of_summary(summary: Summary, statistic: str, context: Context) -> tuple[Evidence, ...]:
    """Return the figure, and for a mean heart rate how it compares with the usual at rest."""
    name, unit = name_of(summary.signal), unit_of(summary.signal)
    steps = summary.signal == STEPS.id
    figure = Evidence(
        role=name if steps else f"{NAMED[statistic]} {name}",
        value=f"{rounded(summary.signal, value_of(summary, statistic))} {unit}",
        unit=unit,
        kind="count" if steps else "figure",
        since=summary.since,
        until=summary.until,
        samples=summary.count,
    )
    usual = context.stress.usual.rate
    if summary.signal != "heart_rate" or statistic != "mean" or usual.count < USUAL_MIN:
        return (figure,)
    more = round(summary.mean - usual.quantile(0.5))
    told = "about your usual at rest"
    if abs(more) >= SAME_BPM:
        told = f"{abs(more)} bpm {'above' if more > 0 else 'below'} your usual at rest"
    return figure, Evidence(role="compared with usual", value=told, kind="comparison")
