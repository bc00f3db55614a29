"""Answer questions about what was measured: any signal, any window, mean, highest or lowest."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Literal

from pydantic import BaseModel

from agent.config import Section
from agent.context import Context
from agent.phrases import clock
from agent.ports import Recall, Summary
from agent.signals import SIGNALS, STEPS
from agent.skill import Answer, Evidence, NoArguments, Proposal, Tool, Window

SPOKEN = {"ibi": "time between beats", "hrv_rmssd": "heart rate variability", "spo2": "oxygen"}
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
    name = _name(asked.signal)
    if summary is None:
        return Answer(
            f"I can't tell: no {name} {_were(name)} measured {window.words}.", known=False
        )
    statistic = "total" if asked.signal == STEPS.id else asked.statistic
    value = f"{_figure(summary, statistic)} {_unit(asked.signal)}"
    told = {
        "mean": f"Your {name} was {value} on average {window.words}",
        "highest": f"Your highest {name} was {value} {window.words}",
        "lowest": f"Your lowest {name} was {value} {window.words}",
        "total": f"You took {value} {window.words}",
    }[statistic]
    evidence = Evidence(
        role=f"{statistic} {name}",
        value=value,
        since=summary.since,
        until=summary.until,
        samples=summary.count,
    )
    return Answer(f"{told}.", (evidence,))


def where(_: NoArguments, __: Recall, context: Context) -> Answer:
    """Return the known place, and since when."""
    place = context.place
    if not place.known_at(context.now):
        return Answer("I can't tell: there is no recent position.", known=False)
    if place.here is None:
        return Answer("You are at no place that I know by name.")
    since = clock(place.since, context.local)
    evidence = Evidence(role="place", value=place.here.name, since=place.since)
    return Answer(f"You are at {place.here.name}, since {since}.", (evidence,))


class Body:
    """Never speaks by itself; it answers."""

    name = "body"
    fresh_min = 1
    settings = Settings
    tools = (
        Tool(
            name="measured",
            what="what was measured of your body",
            examples=(
                "what was my {signal} {window}",
                "what was my {statistic} {signal} {window}",
                "how was my {signal} {window}",
                "{statistic} {signal} {window}",
                "what is my {signal}",
                "my {signal} right now",
                "how fast is my heart beating",
                "what is my pulse",
                "how many steps did I take {window}",
                "how many steps have I walked",
                "how high did my {signal} go {window}",
                "how low did my {signal} get {window}",
                "tell me my {signal} {window}",
                "show me my {signal} from {window}",
                "was my {signal} high {window}",
                "how warm is my skin",
                "how loud is it around me",
                "how much battery is left",
                "how much did I move {window}",
            ),
            arguments=Question,
            answer=measured,
        ),
        Tool(
            name="where",
            what="where you are",
            examples=(
                "where am I",
                "where am I now",
                "what place is this",
                "which place is this",
                "how long have I been here",
                "since when am I here",
                "am I at home",
                "am I at work",
                "do you know where I am",
                "what is my location",
                "have I left the office",
                "did I arrive at home yet",
                "show me my position",
                "where was I",
            ),
            arguments=NoArguments,
            answer=where,
            now_only=True,
        ),
    )

    def consider(self, context: Context, settings: Settings) -> Sequence[Proposal]:
        """Stay quiet."""
        return ()


def _lately(signal: str, context: Context) -> Window:
    """Return the last minutes, or as long as one value of *signal* holds."""
    until = context.now + timedelta(microseconds=1)  # so that what was measured now counts too
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
    told = f"{_rounded(signal, value)} {_unit(signal)}"
    name, when = _name(signal), clock(newest.at, context.local)
    evidence = Evidence(role=f"newest {name}", value=told, until=newest.at, samples=1)
    return Answer(f"Your {name} was {told} at {when}.", (evidence,))


def _name(signal: str) -> str:
    return SPOKEN.get(signal, signal.replace("_", " "))


def _unit(signal: str) -> str:
    unit = SIGNALS[signal].unit.replace("degC", "°C").replace("uS", "µS")
    return "steps" if signal == STEPS.id else unit


def _were(name: str) -> str:
    return "were" if name.endswith("s") else "was"


def _figure(summary: Summary, statistic: str) -> str:
    value = {
        "mean": summary.mean,
        "highest": summary.high,
        "lowest": summary.low,
        "total": summary.total,
    }[statistic]
    return _rounded(summary.signal, value)


def _rounded(signal: str, value: float) -> str:
    return f"{value:.1f}" if signal in ("skin_temperature", "electrodermal") else f"{value:.0f}"
