"""`carpal evaluate illness`: days around first symptoms, against a plain rule as often wrong.

The data: a day a row, in the form of Welltory/hrv-covid19 (`illness/participants.csv` with the
first symptoms, `wearables.csv` with the resting pulse, `hrv_measurements.csv`).  A person counts
for the recall who has a day that could be judged within a week of the first symptoms; false
alarms are counted on the days that are far from them, of everyone with a date.
"""

import csv
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from math import log
from pathlib import Path
from statistics import fmean, median, stdev

from agent.errors import DecodeError
from agent.evaluate.statistics import bootstrap
from agent.figures import Figure, Table, against, at_most, shown, table
from agent.fusion.illness import BASELINE_DAYS, BASELINE_MIN, DAY, DAYS_MAX, SIGNS, Day, judged

FALSE_ALARMS_AIM = 1.0  # a person and 60 days: more often, and no one would look at it any more
NEAR_DAYS = 7
ILL_DAYS = 28  # after first symptoms no alarm is called false, and none counts
QUIET_DAYS = 7  # alarms closer than this are one
SPAN_DAYS = 60
FIRST_YEAR = 2019  # some wrote their date of birth
BYTES_MAX = 50_000_000
FIELD_MAX = 1_000_000

Alarm = Callable[[Sequence[Day]], list[bool]]


@dataclass(frozen=True, slots=True)
class Person:
    """One person's days, judged, and when the first symptoms were."""

    name: str
    onset: datetime
    days: tuple[Day, ...]

    def nearness(self, day: Day) -> int:
        """Return how many days *day* is after the first symptoms; before them, less than 0."""
        return (day.start - self.onset).days

    def near(self, alarms: Sequence[bool]) -> list[bool]:
        """Return those of *alarms* on judged days within a week of the first symptoms."""
        return [
            alarm
            for day, alarm in zip(self.days, alarms, strict=True)
            if day.excess is not None and abs(self.nearness(day)) <= NEAR_DAYS
        ]

    def far(self, alarms: Sequence[bool]) -> list[tuple[Day, bool]]:
        """Return the judged days far from the first symptoms, each with its alarm."""
        return [
            (day, alarm)
            for day, alarm in zip(self.days, alarms, strict=True)
            if day.excess is not None and not -NEAR_DAYS <= self.nearness(day) <= ILL_DAYS
        ]


def evaluate(data: Path) -> Table:
    """Return the figures over *data*/illness; raise DecodeError where it is not as it should be."""
    folder = data / "illness"
    people = read_people(folder)
    figures = [*_overall(people), *_by_person(people)]
    return table("illness", str(folder), len(people), figures)


def raised(days: Sequence[Day]) -> list[bool]:
    """Return which days are graded likely."""
    return [day.grade == "likely" for day in days]


def plain(sigmas: float) -> Alarm:
    """Return the plain rule: a resting heart rate so many standard deviations over the mean."""

    def rule(days: Sequence[Day]) -> list[bool]:
        return [_over(days[:place], day) >= sigmas for place, day in enumerate(days)]

    return rule


def _over(before: Sequence[Day], day: Day) -> float:
    since = day.start - BASELINE_DAYS * DAY
    known = [
        one.resting_heart_rate
        for one in before
        if one.start >= since and one.resting_heart_rate is not None
    ]
    if day.resting_heart_rate is None or len(known) < BASELINE_MIN:
        return -1.0
    return (day.resting_heart_rate - fmean(known)) / max(stdev(known), 0.1)


def _overall(people: Sequence[Person]) -> list[Figure]:
    ours = {person.name: raised(person.days) for person in people}
    false_ours = false_alarms(people, ours)
    theirs = _as_often_wrong(people, false_ours)
    tested = [person for person in people if person.near(ours[person.name])]
    days = sum(len(person.far(ours[person.name])) for person in people)
    two = {person.name: plain(2.0)(person.days) for person in people}
    figures = [
        against(
            at_most("false alarms", false_ours, FALSE_ALARMS_AIM, unit="1/60 d", n=days),
            false_alarms(people, theirs),
        ),
        shown("false alarms of 2 sigma", false_alarms(people, two), unit="1/60 d", n=days),
        shown("people", len(tested), unit="count", n=len(people)),
        shown("days judged", days, unit="count", n=len(people)),
    ]
    if not tested:
        return figures
    recall = _recall(tested, ours)
    low, high = bootstrap(tested, lambda drawn: _recall(drawn, ours))
    worse, better = bootstrap(tested, lambda drawn: _recall(drawn, ours) - _recall(drawn, theirs))
    count = len(tested)
    return [
        against(shown("recall", recall, unit="fraction", n=count), _recall(tested, theirs)),
        shown("recall low", low, unit="fraction", n=count),
        shown("recall high", high, unit="fraction", n=count),
        shown("difference low", worse, unit="fraction", n=count),
        shown("difference high", better, unit="fraction", n=count),
        shown("recall of 2 sigma", _recall(tested, two), unit="fraction", n=count),
        *figures,
    ]


def _by_person(people: Sequence[Person]) -> list[Figure]:
    figures = []
    for person in people:
        alarms = raised(person.days)
        near = person.near(alarms)
        if near:
            found = float(any(near))
            figures.append(shown("recall", found, unit="fraction", n=len(near), group=person.name))
    return figures


def _as_often_wrong(people: Sequence[Person], rate: float) -> Mapping[str, list[bool]]:
    """Return the alarms of the plain rule at its lowest threshold that is no oftener wrong."""
    for tenths in range(5, 101):
        alarms = {person.name: plain(tenths / 10)(person.days) for person in people}
        if false_alarms(people, alarms) <= rate:
            return alarms
    return {person.name: [False] * len(person.days) for person in people}


def _recall(people: Sequence[Person], alarms: Mapping[str, Sequence[bool]]) -> float:
    return sum(any(person.near(alarms[person.name])) for person in people) / len(people)


def false_alarms(people: Sequence[Person], alarms: Mapping[str, Sequence[bool]]) -> float:
    """Return how many alarms there are in 60 judged days that are far from first symptoms."""
    count = days = 0
    for person in people:
        last: datetime | None = None
        for day, alarm in person.far(alarms[person.name]):
            days += 1
            if alarm:
                count += last is None or day.start - last > QUIET_DAYS * DAY
                last = day.start
    return SPAN_DAYS * count / days if days else 0.0


def read_people(folder: Path) -> list[Person]:
    """Return everyone with a date of first symptoms and a measured day; raise DecodeError."""
    measured: dict[str, dict[datetime, Day]] = defaultdict(dict)
    for name, day in (
        *_resting(folder / "wearables.csv"),
        *_beats(folder / "hrv_measurements.csv"),
    ):
        so_far = measured[name].get(day.start, day)
        known = {sign: getattr(day, sign) for sign in SIGNS if getattr(day, sign) is not None}
        measured[name][day.start] = replace(so_far, **known)
    people = [
        Person(name, onset, _judged(sorted(measured[name].values(), key=lambda day: day.start)))
        for name, onset in _onsets(folder / "participants.csv")
        if name in measured
    ]
    if not people:
        raise DecodeError(str(folder), "there is no one with first symptoms and measured days")
    return people


def _judged(days: Sequence[Day]) -> tuple[Day, ...]:
    done: list[Day] = []
    for day in days:
        done.append(judged(done[-DAYS_MAX:], day))
    return tuple(done)


def _onsets(path: Path) -> Iterator[tuple[str, datetime]]:
    for row in _rows(path, "user_code", "symptoms_onset"):
        if row["symptoms_onset"]:
            at = _time(path, row["symptoms_onset"], "%m/%d/%Y")
            if at.year >= FIRST_YEAR:
                yield row["user_code"], at


def _resting(path: Path) -> Iterator[tuple[str, Day]]:
    for row in _rows(path, "user_code", "day", "resting_pulse"):
        if row["resting_pulse"]:
            at = _time(path, row["day"], "%Y-%m-%d")
            yield row["user_code"], Day(at, resting_heart_rate=_number(path, row["resting_pulse"]))


def _beats(path: Path) -> Iterator[tuple[str, Day]]:
    """Yield the median ln RMSSD of each person's day."""
    found: dict[tuple[str, datetime], list[float]] = defaultdict(list)
    for row in _rows(path, "user_code", "measurement_datetime", "rmssd"):
        value = _number(path, row["rmssd"]) if row["rmssd"] else 0.0
        if value > 0:
            at = _time(path, row["measurement_datetime"][:10], "%Y-%m-%d")
            found[row["user_code"], at].append(log(value))
    for (name, at), values in found.items():
        yield name, Day(at, log_rmssd=median(values))


def _rows(path: Path, *needed: str) -> list[dict[str, str]]:
    csv.field_size_limit(FIELD_MAX)
    try:
        if path.stat().st_size > BYTES_MAX:
            raise DecodeError(str(path), f"is larger than {BYTES_MAX} bytes")
        with path.open(newline="", encoding="utf-8") as file:
            rows = [{name: row[name] or "" for name in needed} for row in csv.DictReader(file)]
    except (OSError, KeyError, ValueError, csv.Error) as error:
        raise DecodeError(
            str(path), f"no table with {', '.join(needed)}: {error!r}"[:200]
        ) from error
    return rows


def _time(path: Path, text: str, form: str) -> datetime:
    try:
        return datetime.strptime(text, form).replace(tzinfo=UTC)
    except ValueError as error:
        raise DecodeError(str(path), f"has no date in {text[:32]!r}") from error


def _number(path: Path, text: str) -> float:
    try:
        value = float(text)
    except ValueError as error:
        raise DecodeError(str(path), f"has no number in {text[:32]!r}") from error
    if not 0 <= value < 10_000:  # also false for what is not a number
        raise DecodeError(str(path), f"{text[:32]} is no pulse and no RMSSD")
    return value
