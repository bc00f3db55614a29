"""How the wearer shops: the way through each shop, what is bought how often, and on which days.

All of it is learned from one thing: items that are ticked off a list, where, and in which order.
Pure.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from agent.context import Context, Memory
from agent.events import Item, ListEdited
from agent.fusion.lists import folded

LIST = "grocery"
LAST_AISLE = 1_000
TRIP = timedelta(hours=3)  # what is ticked off later belongs to another round
ORDER_MAX = 60
KNOWN_MAX = 80  # things, of one shop and in all; the one bought longest ago is forgotten
SHOPS_MAX = 8
NEW = 0.4  # share of the newest round in what is learned
HABIT_MIN = 3  # rounds before something is a habit
DUE_FROM, DUE_UNTIL = 0.8, 2.5  # of the usual time between two purchases
SHARE_MIN = 0.25  # of all rounds: a day of the week with fewer is no shopping day
USUAL_MAX = 3  # things that are asked about at once
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class Bought(NamedTuple):
    """How often one thing is bought."""

    name: str
    times: int
    last: datetime
    gap_d: float
    """The usual time between two purchases, in days."""

    def due(self, now: datetime) -> bool:
        """Return whether it is about time again."""
        if self.times < HABIT_MIN or self.gap_d <= 0:
            return False
        return DUE_FROM <= (now - self.last) / timedelta(days=1) / self.gap_d <= DUE_UNTIL


def fold(memory: Memory, event: ListEdited, context: Context) -> Memory:
    """Return what is known of the wearer's shopping after *event*."""
    if event.name != LIST or not event.removed:
        return memory
    here = context.place.here
    shop = here.name if here is not None and here.kind == "grocery" else ""
    learned = _begun(dict(memory), shop, event.at, context)
    learned["bought"] = _bought(_table(learned, "bought"), event)
    if shop:
        trip = _table(learned, "trip")
        order = [*_texts(trip.get("order")), *(stem(name) for name in event.removed)]
        learned["trip"] = {**trip, "order": order[-ORDER_MAX:]}
    return learned


def in_order(items: Sequence[Item], ranks: Mapping[str, float] | None = None) -> list[Item]:
    """Return what is not done yet, as it lies on the way through the shop.

    By the order in which it was ticked off before (*ranks*); what never was by its aisle, then by
    its name.
    """
    known = ranks or {}

    def place(item: Item) -> tuple[float, float, str]:
        aisle = LAST_AISLE if item.aisle is None else item.aisle
        rank = known.get(stem(item.name))
        return (1.0, float(aisle), item.name) if rank is None else (0.0, rank, item.name)

    return sorted((item for item in items if not item.done), key=place)


def ranks(memory: Memory, shop: str) -> Mapping[str, float]:
    """Return where each thing lies in *shop*: 0 is first, 1 is last; empty while not learned."""
    return {name: float(rank) for name, rank in _table(_table(memory, "ranks"), shop).items()}


def usual(memory: Memory, now: datetime, on_the_list: Sequence[Item]) -> list[str]:
    """Return what is usually bought about now and is not on the list, most habitual first."""
    there = {stem(item.name) for item in on_the_list}
    due = [one for one in habits(memory) if one.due(now) and stem(one.name) not in there]
    return [one.name for one in due[:USUAL_MAX]]


def habits(memory: Memory) -> list[Bought]:
    """Return what is bought how often, most often first."""
    found = [_read(row) for row in _table(memory, "bought").values()]
    return sorted(found, key=lambda one: (-one.times, one.name))


def shopping_days(memory: Memory) -> list[str]:
    """Return the days of the week on which the wearer usually shops."""
    counts = _table(memory, "days")
    rounds = sum(int(count) for count in counts.values())
    return [
        day
        for number, day in enumerate(DAYS)
        if int(counts.get(str(number), 0)) >= max(HABIT_MIN, SHARE_MIN * rounds)
    ]


def stem(name: str) -> str:
    """Return *name* without what marks more than one: `tomatoes` is `tomato`."""
    lower = folded(name)
    for ending, instead in (("ies", "y"), ("oes", "o"), ("s", "")):
        if lower.endswith(ending) and len(lower) > len(ending) + 2 and not lower.endswith("ss"):
            return lower.removesuffix(ending) + instead
    return lower


def _begun(memory: dict[str, Any], shop: str, at: datetime, context: Context) -> dict[str, Any]:
    """Return *memory*, in which this round has begun: what the last one taught is learned."""
    trip = _table(memory, "trip")
    since = datetime.fromisoformat(str(trip["at"])) if "at" in trip else None
    if since is not None and trip.get("shop") == shop and at - since <= TRIP:
        return memory
    day = str(at.astimezone(context.local).weekday())
    days = _table(memory, "days")
    return {
        **memory,
        "ranks": _ranked(
            _table(memory, "ranks"), str(trip.get("shop", "")), _texts(trip.get("order"))
        ),
        "days": {**days, day: int(days.get(day, 0)) + 1},
        "trip": {"shop": shop, "at": at.isoformat(), "order": []},
    }


def _ranked(known: Mapping[str, Any], shop: str, order: Sequence[str]) -> dict[str, Any]:
    """Return the ranks after a round through *shop*."""
    if not shop or len(order) < 2:
        return dict(known)
    before = dict(known.get(shop, {}))
    for number, name in enumerate(dict.fromkeys(order)):
        rank = number / (len(order) - 1)
        old = before.pop(name, None)
        before[name] = round(rank if old is None else NEW * rank + (1 - NEW) * float(old), 3)
    kept = dict(list(before.items())[-KNOWN_MAX:])
    others = {name: table for name, table in known.items() if name != shop}
    return {**dict(list(others.items())[1 - SHOPS_MAX :]), shop: kept}


def _bought(known: Mapping[str, Any], event: ListEdited) -> dict[str, Any]:
    after = dict(known)
    for name in event.removed:
        row = after.pop(stem(name), None)
        before = _read(row) if row else Bought(name, 0, event.at, 0.0)
        gap_d = (event.at - before.last) / timedelta(days=1)
        again = before.times > 0 and gap_d >= 0.5
        usual_d = gap_d if before.gap_d <= 0 else NEW * gap_d + (1 - NEW) * before.gap_d
        after[stem(name)] = {
            "name": folded(name)[:64],
            "times": before.times + (1 if again or not before.times else 0),
            "last": event.at.isoformat(),
            "gap_d": round(usual_d, 2) if again else before.gap_d,
        }
    return dict(list(after.items())[-KNOWN_MAX:])


def _read(row: Mapping[str, Any]) -> Bought:
    last = datetime.fromisoformat(str(row["last"]))
    return Bought(str(row["name"]), int(row["times"]), last, float(row["gap_d"]))


def _table(memory: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = memory.get(name)
    return found if isinstance(found, Mapping) else {}


def _texts(found: object) -> list[str]:
    return [str(one) for one in found] if isinstance(found, list) else []
