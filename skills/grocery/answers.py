"""What is on the lists, and how the wearer changes them.  Pure."""

from collections.abc import Mapping, Sequence

from pydantic import BaseModel, Field

from agent.context import Context
from agent.events import Item, ListEdited
from agent.phrases import half_said, listing, plural
from agent.ports import Recall
from agent.skill import Answer, Evidence, NoArguments
from skills.grocery.habits import DAYS, LIST, habits, in_order, ranks, shopping_days, stem

ITEMS_MAX = 30
TODO = "todo"
"""A to-do list that nobody started yet: the wearer's first task starts it."""


class ListName(BaseModel):
    """Which list; the shopping list where none is named."""

    list_name: str = LIST


class Items(BaseModel):
    """What to put on a list, or to take off; the shopping list where none is named."""

    items: tuple[Item, ...] = Field(min_length=1, max_length=ITEMS_MAX)
    list_name: str = LIST


class Bought(BaseModel):
    """What to take off a list: of what is said, that which is on one."""

    items: tuple[Item, ...] = Field(
        min_length=1, max_length=ITEMS_MAX, json_schema_extra={"slot": "listed_items"}
    )
    list_name: str = LIST


def on_the_list(wanted: ListName, _: Recall, context: Context) -> Answer:
    """Return what is on a list and not done, as it lies on the way through the shop."""
    found = context.items(wanted.list_name)
    if found is None:
        return Answer(f"I can't tell: there is no {called(wanted.list_name)}.", known=False)
    items = in_order(found, way(context))
    evidence = _of_list(wanted.list_name, items)
    if not items:
        return Answer(f"Your {called(wanted.list_name)} is empty.", evidence)
    names = [spoken(item) for item in items]
    told = f"{plural(len(items), 'thing')}: {listing(names)}."
    return Answer(told, evidence, listed=tuple(item.name for item in items))


def add(wanted: Items, _: Recall, context: Context) -> Answer:
    """Put on a list what is not on it; a list that there is not is asked about first.

    But for the to-do list: there is one of it, whatever it is called, so it is just started.
    """
    there = context.items(wanted.list_name)
    known = {item.name.lower(): item for item in in_order(there or ())}
    new = tuple(one for one in wanted.items if _differs(one, known.get(one.name.lower())))
    name = called(wanted.list_name)
    if not new:
        had = listing([spoken(item) for item in wanted.items])
        return Answer(f"Your {name} has {had} already.", _of_edit(name, "items", had, len(known)))
    told = listing([spoken(item) for item in new])
    before = tuple(known[one.name.lower()] for one in new if one.name.lower() in known)
    fresh = tuple(one.name for one in new if one.name.lower() not in known)
    count = len(known) + len(fresh)
    missing = there is None and wanted.list_name not in (LIST, TODO)
    begun = there is None and wanted.list_name == TODO
    return Answer(
        f"I started your {name} with {told}." if begun else f"I put {told} on your {name}.",
        _of_edit(name, "added", told, count),
        events=(ListEdited(at=context.now, name=wanted.list_name, added=new),),
        undo=(ListEdited(at=context.now, name=wanted.list_name, added=before, removed=fresh),),
        offer=f"{'start a' if missing else 'put'} {name} with {told}"
        if missing
        else f"put {told} on your {name}",
        weighty=missing or any(half_said(one.name) for one in wanted.items),
    )


def remove(wanted: Bought, _: Recall, context: Context) -> Answer:
    """Take off a list what is on it; where it is on one other list alone, off that one."""
    where = _holding(wanted, context)
    items = in_order(context.items(where) or ())
    gone = tuple(item for item in items if any(_same(item, one) for one in wanted.items))
    name = called(where)
    if not gone:
        asked = listing([one.name for one in wanted.items])
        return Answer(f"I can't take {asked} off: it is not on your {name}.", known=False)
    told = listing([item.name for item in gone])
    return Answer(
        f"I took {told} off your {name}.",
        _of_edit(name, "removed", told, len(items) - len(gone)),
        events=(ListEdited(at=context.now, name=where, removed=tuple(one.name for one in gone)),),
        undo=(ListEdited(at=context.now, name=where, added=gone),),
        offer=f"take {told} off your {name}",
        weighty=len(gone) > len(wanted.items),
    )


def way(context: Context) -> Mapping[str, float]:
    """Return where things lie in the shop where the wearer is; empty elsewhere."""
    here = context.place.coming or context.place.here
    known = here is not None and here.kind == "grocery"
    return ranks(context.own("grocery"), here.name) if known and here is not None else {}


def shopping(_: NoArguments, __: Recall, context: Context) -> Answer:
    """Return on which days the wearer shops, and what is bought most often."""
    memory = context.own("grocery")
    days, often = shopping_days(memory), [one for one in habits(memory) if one.times > 1]
    if not often:
        return Answer("I can't tell: too little was ticked off the list so far.", known=False)
    names = listing([one.name for one in often[:5]])
    evidence = [Evidence(role="bought most often", value=names, kind="list")]
    if not days:
        return Answer(f"You buy {names} most often, on no day more than on others.", (*evidence,))
    told = "any day" if len(days) == len(DAYS) else listing([f"{day}s" for day in days])
    evidence.append(Evidence(role="shopping days", value=told, kind="list"))
    return Answer(f"You mostly shop on {told}, and buy {names} most often.", tuple(evidence))


def called(name: str) -> str:
    """Return how a list is spoken of: the grocery list is the shopping list."""
    return {LIST: "shopping list", TODO: "to-do list"}.get(name, f"{name} list")


def spoken(item: Item) -> str:
    """Return an item with its amount: `lemons (2)`."""
    return f"{item.name} ({item.amount})" if item.amount else item.name


def _of_list(name: str, items: Sequence[Item]) -> tuple[Evidence, ...]:
    count = plural(len(items), "thing") if items else "nothing"
    told = listing([spoken(item) for item in items])
    found = (
        Evidence(role="items", value=told, kind="list", said=True),
        Evidence(role="count", value=count, kind="count", said=not items),
        Evidence(role="list", value=called(name), kind="name"),
        Evidence(role="aisle order", value=told, kind="list"),
    )
    if not items:
        return found[1:3]
    return found if any(item.aisle is not None for item in items) else found[:3]


def _of_edit(name: str, role: str, told: str, count: int) -> tuple[Evidence, ...]:
    """Return what was done, the list, and how many things are on it after that."""
    return (
        Evidence(role=role, value=told, kind="list"),
        Evidence(role="list", value=name, kind="name"),
        Evidence(role="count", value=plural(count, "thing") if count else "nothing", kind="count"),
    )


def _differs(one: Item, known: Item | None) -> bool:
    return known is None or bool(one.amount and one.amount != known.amount)


def _same(item: Item, one: Item) -> bool:
    """Return whether *one*, as it was said, names *item*: `tomatoes` names `tomato` too."""
    return stem(item.name) == stem(one.name)


def _holding(wanted: Bought, context: Context) -> str:
    named = [
        name
        for name in (wanted.list_name, *context.list_names)
        if any(_same(item, one) for item in context.items(name) or () for one in wanted.items)
    ]
    others = list(dict.fromkeys(named))
    alone = wanted.list_name == LIST and len(others) == 1
    return others[0] if alone or wanted.list_name in others[:1] else wanted.list_name
