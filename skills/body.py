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


class Settings(Section):
    """The body skill has no settings of its own."""


class Question(BaseModel):
    """A signal, what to tell of it, and when."""

    signal: str
    statistic: Literal["mean", "highest", "lowest", "total"] = "mean"
    window: Window | None = None


def measured(asked: Question, recall: Recall, context: Context) -> Answer:
    """Return the statistic over the window, as the database counted it."""
    window = asked.window or _last_minutes(context)
    summary = recall.summary(asked.signal, since=window.since, until=window.until)
    name = SPOKEN.get(asked.signal, asked.signal.replace("_", " "))
    if summary is None:
        return Answer(
            f"I can't tell: no {name} {_were(name)} measured {window.words}.", known=False
        )
    statistic = "total" if asked.signal == STEPS.id else asked.statistic
    unit = SIGNALS[asked.signal].unit.replace("degC", "°C").replace("uS", "µS")
    value = f"{_figure(summary, statistic)} {'steps' if asked.signal == STEPS.id else unit}"
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
            ),
            arguments=NoArguments,
            answer=where,
        ),
    )

    def consider(self, context: Context, settings: Settings) -> Sequence[Proposal]:
        """Stay quiet."""
        return ()


def _last_minutes(context: Context) -> Window:
    until = context.now + timedelta(microseconds=1)  # so that what was measured now counts too
    since = context.now - timedelta(minutes=LIVE_MIN)
    return Window(since=since, until=until, words=f"in the last {LIVE_MIN} minutes")


def _were(name: str) -> str:
    return "were" if name.endswith("s") else "was"


def _figure(summary: Summary, statistic: str) -> str:
    value = {
        "mean": summary.mean,
        "highest": summary.high,
        "lowest": summary.low,
        "total": summary.total,
    }[statistic]
    return (
        f"{value:.1f}"
        if summary.signal in ("skin_temperature", "electrodermal")
        else f"{value:.0f}"
    )
