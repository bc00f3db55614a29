"""What a made-up wearer is like, as a file may say it: habits, not days.  Pure.

Hours are those of the wall clock, in decimals: 22.5 is half past ten in the evening.
"""

from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEK: tuple[Weekday, ...] = (
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
)  # fmt: skip
Theme = Literal["safety", "promised", "wellbeing", "plans", "errands", "home"]
By = Literal["walk", "bicycle", "train", "car"]
Hour = Annotated[float, Field(ge=0, lt=24)]
Share = Annotated[float, Field(ge=0, le=1)]
Name = Annotated[str, Field(min_length=1, max_length=40)]
SHORTEST_SLEEP_H = 4.0
LONGEST_WORK_H = 14.0


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, ZoneInfoNotFoundError) as error:
        raise ValueError("is no time zone of the IANA database, such as Europe/Berlin") from error
    return name


class Part(BaseModel):
    """A table of a person's file: frozen, and closed to keys that it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Sleeping(Part):
    """When the person falls asleep and wakes."""

    onset_h: Hour = Field(default=23.0, description="Falls asleep before a day of work.")
    wake_h: Hour = Field(default=6.7, description="Wakes on a day of work.")
    free_onset_h: Hour = Field(default=23.5, description="Falls asleep before a free day.")
    free_wake_h: Hour = Field(default=8.0, description="Wakes on a free day.")
    short_share: Share = Field(default=0.1, description="Nights that begin two hours too late.")
    quiet_from_h: Hour = Field(default=22.0, description="The quiet hours that they set begin.")
    quiet_until_h: Hour = Field(default=7.0, description="The quiet hours that they set end.")

    @model_validator(mode="after")
    def _long_enough(self) -> Self:
        for onset, wake in ((self.onset_h, self.wake_h), (self.free_onset_h, self.free_wake_h)):
            if not SHORTEST_SLEEP_H <= (wake - onset) % 24 <= 14:
                raise ValueError("a night lasts 4 to 14 hours")
        return self


class Working(Part):
    """Work away from home; without days there is none."""

    days: tuple[Weekday, ...] = Field(default=(), max_length=7)
    starts_h: Hour = 9.0
    ends_h: Hour = Field(default=17.0, description="Before the start: on the next day.")
    kind: Literal["desk", "standing"] = "desk"
    by: By = "train"
    km: float = Field(default=8.0, ge=0.3, le=60)
    free_share: Share = Field(default=0.05, description="Days of work that are taken off.")

    @model_validator(mode="after")
    def _not_too_long(self) -> Self:
        if not 0 < (self.ends_h - self.starts_h) % 24 <= LONGEST_WORK_H:
            raise ValueError("a day of work lasts up to 14 hours")
        return self


class Meeting(Part):
    """What the calendar of a day of work holds."""

    a_day: float = Field(default=3.0, ge=0, le=8, description="On a usual day, in the mean.")
    long_share: Share = Field(
        default=0.3, description="Days with more than four hours of them without a pause."
    )
    none_share: Share = Field(default=0.1, description="Days without any.")
    strain_share: Share = Field(default=0.6, description="Long runs of them that strain.")


class Shop(Part):
    """A shop, and when the person goes in."""

    name: Name
    where: Literal["home", "way", "work"] = Field(
        default="home", description="Near home, on the way to work, or near work."
    )
    days: tuple[Weekday, ...] = Field(default=(), max_length=7, description="They shop here.")
    at_h: Hour = Field(default=17.5, description="On a free day; else it is after work.")
    minutes: float = Field(default=18, ge=5, le=90)
    pause_s: float = Field(default=0, ge=0, le=75, description="Stands so long when passing by.")


class Outing(Part):
    """Somewhere else to be: a school, a practice, a class."""

    name: Name
    days: tuple[Weekday, ...] = Field(max_length=7)
    at_h: Hour
    minutes: float = Field(default=45, ge=2, le=300)
    km: float = Field(default=1.0, ge=0.3, le=30)
    by: Literal["walk", "bicycle", "car"] = "walk"
    in_calendar: bool = False


class Sport(Part):
    """Running or cycling from home."""

    kind: Literal["run", "cycle"] = "run"
    days: tuple[Weekday, ...] = Field(default=(), max_length=7)
    at_h: Hour = 18.5
    minutes: float = Field(default=40, ge=10, le=180)


class Pill(Part):
    """A medicine, every day at these hours."""

    name: Name
    at_h: tuple[Hour, ...] = Field(min_length=1, max_length=4)


class Strained(Part):
    """Strain outside meetings."""

    share: Share = Field(default=0.1, description="Days with an hour or two of it.")
    ill_from_day: int = Field(default=0, ge=0, le=60, description="0: is not ill.")
    ill_days: int = Field(default=3, ge=1, le=14)
    ill_bpm: float = Field(default=8, ge=0, le=25, description="So much faster the heart beats.")


class Phone(Part):
    """What other people send."""

    a_day: float = Field(default=30, ge=0, le=200)
    urgent_share: Share = 0.03


class Answering(Part):
    """How nudges of one theme are answered; the rest is ignored."""

    accept: Share = 0.6
    dismiss: Share = 0.15

    @model_validator(mode="after")
    def _at_most_all(self) -> Self:
        if self.accept + self.dismiss > 1:
            raise ValueError("accept and dismiss are shares of the same nudges: at most 1 together")
        return self


class Person(Part):
    """One made-up wearer."""

    name: Name
    zone: Annotated[str, AfterValidator(_zone)] = "Europe/Berlin"
    sleep: Sleeping = Sleeping()
    work: Working = Working()
    meetings: Meeting = Meeting()
    shops: tuple[Shop, ...] = Field(default=(), max_length=6)
    list_share: Share = Field(default=0.85, description="Times of shopping with a list.")
    list_days_before: int = Field(default=1, ge=0, le=4, description="It is written so early.")
    outings: tuple[Outing, ...] = Field(default=(), max_length=8)
    sport: Sport = Sport()
    pills: tuple[Pill, ...] = Field(default=(), max_length=4)
    strain: Strained = Strained()
    phone: Phone = Phone()
    reminders_a_week: float = Field(default=3, ge=0, le=40)
    focus_a_week: float = Field(default=0, ge=0, le=14)
    sits_long_share: Share = Field(default=0.3, description="Hours at a desk without getting up.")
    house: bool = Field(default=False, description="A house that listens: lights and heating.")
    house_alone_from_day: int = Field(
        default=4, ge=0, le=60, description="From then on it need not be asked about; 0: always."
    )
    answers: dict[Theme, Answering] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _told_apart(self) -> Self:
        names = ["home", "office", *(one.name.casefold() for one in self.shops)]
        names += [one.name.casefold() for one in self.outings]
        if len(set(names)) < len(names):
            raise ValueError("two places of one name, or one that is called home or office")
        return self

    def answering(self, theme: str) -> Answering:
        """Return how nudges of *theme* are answered."""
        known = {str(name): one for name, one in self.answers.items()}
        return known.get(theme, Answering())
