"""`carpal evaluate stress`: the estimate against labelled tasks, minute by minute.

Who is tested had no part in what is tested: for people whose recordings the shipped weights were
learned from (known by marks in them), they are learned anew without that person; for all others
the shipped ones are used as they are.  "balanced accuracy" and "AUC" hold each person against the
whole of the own recording, which stands for the baseline of days that a wearer has, and judge a
minute two minutes after its end.  The baseline is the heart rate alone.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from agent.errors import DecodeError
from agent.evaluate.logistic import fit
from agent.evaluate.strained import Labelled, Person, read_people
from agent.figures import Figure, Table, against, area_under_curve, at_least, shown, table
from agent.fusion.stress.model import HEART_ALONE, TRAINED_ON, WITH_ELECTRODERMAL
from agent.fusion.stress.strain import Columns, Weights

AUC_AIM = 0.80  # thirteen plain features of the person-normalised minute reached 0.755
ACCURACY_AIM = 0.75  # and 0.69
SKIN = ("electrodermal", "electrodermal_rise", "electrodermal_risen")
Choose = Callable[[Labelled], Columns]


@dataclass(frozen=True, slots=True)
class Learned:
    """What one person is tested by."""

    full: Weights
    heart: Weights
    rate: Weights
    """Of the heart rate of the minute alone: the baseline."""


@dataclass(frozen=True, slots=True)
class Scored:
    """One person's labels, and the strain that each way of judging finds."""

    strained: list[bool]
    full: list[float]
    rate: list[float]
    prompt: list[float]
    heart: list[float]
    causal: list[tuple[bool, float]]


def evaluate(data: Path, *, trained_on: frozenset[str] = TRAINED_ON) -> Table:
    """Return the figures over *data*/stress; raise DecodeError where it is not as it should be.

    *trained_on*: the marks of those whom the shipped weights were learned from.
    """
    folder = data / "stress"
    people = read_people(folder)
    scored = dict[str, Scored]()
    for one in people:
        # Who is there twice, under two names, is one person.
        others = [other for other in people if other is not one and not other.marks & one.marks]
        known = bool(one.marks & trained_on)
        if not known or teach(others):
            scored[one.name] = score(one, others, known=known)
    if not scored:
        raise DecodeError(
            str(folder),
            "who was learned from needs others here to be tested by: give the whole folder",
        )
    every = list(scored.values())
    figures = list(_overall(every))
    for name, told in scored.items():
        figures += _own(name, told)
    return table("stress", str(folder), sum(len(one.strained) for one in every), figures)


def teach(people: Sequence[Person]) -> bool:
    """Return whether both strain and rest can be learned from *people*."""
    return _both(minute for one in people for minute in one.minutes)


def _both(minutes: Iterable[Labelled]) -> bool:
    return len({minute.strained for minute in minutes}) == 2


def score(person: Person, others: Sequence[Person], *, known: bool) -> Scored:
    """Return how *person* is judged, *known* ones by what *others* teach."""
    shipped = Learned(WITH_ELECTRODERMAL, HEART_ALONE, _plain(others))
    learned = learn(others) if known else shipped
    minutes = person.minutes
    return Scored(
        strained=person.strained,
        full=[_by(learned, one.columns).strain(one.columns) for one in minutes],
        rate=[learned.rate.strain([one.rate]) for one in minutes],
        prompt=[_by(learned, one.prompt).strain(one.prompt) for one in minutes],
        heart=[learned.heart.strain(one.columns) for one in minutes],
        causal=[
            (one.strained, _by(learned, one.causal[0]).strain(one.causal[0]))
            for one in minutes
            if one.causal is not None
        ],
    )


def learn(people: Sequence[Person]) -> Learned:
    """Return the weights that *people*'s minutes teach."""
    minutes = [minute for one in people for minute in one.minutes]
    conducting = [one for one in minutes if _conducts(one.columns)]
    heart = _fitted(minutes, _heart_only)
    full = _fitted(conducting, _columns) if _both(conducting) else heart
    return Learned(full=full, heart=heart, rate=_plain(people))


def _plain(people: Sequence[Person]) -> Weights:
    minutes = [minute for one in people for minute in one.minutes]
    if not teach(people):
        return Weights(0.0, (1.0,), 0.0)
    constant, each = fit([[one.rate] for one in minutes], [one.strained for one in minutes])
    return Weights(constant, each, 0.0)


def _fitted(minutes: Sequence[Labelled], choose: Choose) -> Weights:
    rows = [choose(one) for one in minutes]
    constant, each = fit(rows, [one.strained for one in minutes])
    raw = Weights(constant, each, 0.0)
    rest = sorted(
        raw.strain(row) for row, one in zip(rows, minutes, strict=True) if not one.strained
    )
    return raw._replace(rest=rest[len(rest) // 2])


def _columns(minute: Labelled) -> Columns:
    return minute.columns


def _heart_only(minute: Labelled) -> Columns:
    return minute.columns._replace(electrodermal=0, electrodermal_rise=0, electrodermal_risen=0)


def _conducts(columns: Columns) -> bool:
    return any(getattr(columns, name) != 0 for name in SKIN)


def _by(learned: Learned, columns: Columns) -> Weights:
    return learned.full if _conducts(columns) else learned.heart


def _overall(every: Sequence[Scored]) -> Iterator[Figure]:
    labels = [label for one in every for label in one.strained]
    count = len(labels)
    full, rate, prompt, heart = (
        [value for one in every for value in getattr(one, name)]
        for name in ("full", "rate", "prompt", "heart")
    )
    right = at_least(
        "balanced accuracy", balanced(labels, full), ACCURACY_AIM, unit="fraction", n=count
    )
    yield against(right, balanced(labels, rate))
    raw = area_under_curve(labels, rate)
    auc = at_least("AUC", area_under_curve(labels, full), AUC_AIM, unit="fraction", n=count)
    yield against(auc, raw)
    causal = [pair for one in every for pair in one.causal]
    for name, of, values in (
        ("without delay", labels, prompt),
        ("heart alone", labels, heart),
        ("causal", [label for label, _ in causal], [value for _, value in causal]),
    ):
        told = area_under_curve(of, values)
        yield against(shown(f"AUC {name}", told, unit="fraction", n=len(of)), raw)
        right = shown(f"balanced accuracy {name}", balanced(of, values), unit="fraction", n=len(of))
        yield against(right, balanced(labels, rate))


def _own(name: str, one: Scored) -> Iterator[Figure]:
    count = len(one.strained)
    right = balanced(one.strained, one.full)
    yield against(
        shown("balanced accuracy", right, unit="fraction", n=count, group=name),
        balanced(one.strained, one.rate),
    )
    yield against(
        shown(
            "AUC", area_under_curve(one.strained, one.full), unit="fraction", n=count, group=name
        ),
        area_under_curve(one.strained, one.rate),
    )


def balanced(labels: Sequence[bool], strains: Sequence[float]) -> float:
    """Return the mean of the shares (0-1) of strain and of rest that are told as such."""
    shares = []
    for wanted in (False, True):
        told = [
            (value > 0) == wanted
            for label, value in zip(labels, strains, strict=True)
            if label == wanted
        ]
        if told:
            shares.append(sum(told) / len(told))
    return sum(shares) / len(shares) if shares else 0.5
