"""The week's meal plan as a TOML file: what its meals need is the grocery list."""

import asyncio
import re
import tomllib
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from agent.errors import DecodeError
from agent.events import Input, InputQuarantined, Item, ListChanged, SourceSynced
from agent.ports import Clock

NAME = "mealplan"
LIST = "grocery"
BYTES_MAX = 256 << 10
_AMOUNT = re.compile(r"(?P<count>\d{1,7}(\.\d{1,3})?)(?P<unit>\D{0,30})", re.ASCII)
Stat = tuple[int, int, int] | None


class Settings(BaseModel):
    """Where the meal plan is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: Path | None = Field(default=None, description="the TOML file of the week's meals")
    poll_s: float = Field(
        default=5, ge=0.05, le=3600, description="seconds between two looks for a change"
    )


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, str_strip_whitespace=True)


class Ingredient(_Model):
    """What a meal needs of one thing."""

    name: str = Field(min_length=1, max_length=80)
    amount: str = Field(default="", max_length=40)
    aisle: int | None = Field(default=None, ge=0, le=999)


class Meal(_Model):
    """One meal of the week."""

    day: Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
    name: str = Field(min_length=1, max_length=120)
    ingredients: list[Ingredient] = Field(default_factory=list, max_length=60)


class Week(_Model):
    """The whole file."""

    meal: list[Meal] = Field(default_factory=list, max_length=60)


def decode(text: bytes, *, at: datetime, source: str) -> ListChanged:
    """Return what the week's meals need, each thing once, in order of the aisles.

    Raise DecodeError if *text* is no meal plan.
    """
    if len(text) > BYTES_MAX:
        raise DecodeError(source, f"{len(text)} bytes, more than {BYTES_MAX}")
    try:
        week = Week.model_validate(tomllib.loads(text.decode()))
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])[:100]
        raise DecodeError(source, f"{where}: {first['msg'][:200]}") from error
    except (ValueError, RecursionError) as error:  # no UTF-8, no TOML, or nested without end
        raise DecodeError(source, f"is no TOML: {str(error)[:200]}") from error
    items = _merged(each for meal in week.meal for each in meal.ingredients)
    return ListChanged(at=at, source=NAME, name=LIST, items=items)


def _merged(ingredients: Iterable[Ingredient]) -> tuple[Item, ...]:
    by_name = dict[str, Item]()
    for each in ingredients:
        key = each.name.casefold()
        had = by_name.get(key, Item(name=each.name))
        by_name[key] = Item(
            name=had.name,
            amount=_sum(had.amount, each.amount),
            aisle=each.aisle if had.aisle is None else had.aisle,
        )
    return tuple(sorted(by_name.values(), key=_place))


def _place(item: Item) -> tuple[bool, int, str]:
    return item.aisle is None, item.aisle or 0, item.name.casefold()


def _sum(one: str, other: str) -> str:
    """Return both amounts: added where the unit is the same, else side by side."""
    if not one or not other:
        return one or other
    a, b = _AMOUNT.fullmatch(one), _AMOUNT.fullmatch(other)
    if a and b and a["unit"] == b["unit"]:
        whole = round(float(a["count"]) + float(b["count"]), 3)
        return f"{int(whole) if whole.is_integer() else whole}{a['unit']}"
    return f"{one} + {other}"


class MealPlan:
    """A sensor that yields the list at start and whenever the file changes."""

    name = NAME

    def __init__(self, settings: Settings, *, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock

    async def events(self) -> AsyncIterator[Sequence[Input]]:
        """Yield the list, or once for each state of the file the record that it is none."""
        path = self._settings.path
        if path is None:
            return
        seen = told = None
        first = True
        while True:
            now = await asyncio.to_thread(_stat, path)
            if first or (now == seen and now != told):
                told, first = now, False
                yield await asyncio.to_thread(self._state, path)
            seen = now
            await asyncio.sleep(self._settings.poll_s)

    def _state(self, path: Path) -> Sequence[Input]:
        at = self._clock.now()
        try:
            with path.open("rb") as file:
                text = file.read(BYTES_MAX + 1)
            return [decode(text, at=at, source=str(path)), SourceSynced(at=at, source=NAME)]
        except OSError as error:
            reason = f"{path}: cannot be read: {error.strerror}"
        except DecodeError as error:
            reason = str(error)
        return [InputQuarantined(at=at, source=NAME, reason=reason[:500])]


def _stat(path: Path) -> Stat:
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size, stat.st_ino
