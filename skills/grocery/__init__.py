"""Keep the lists, and show what to buy, by aisle, to a wearer who stays at a grocery."""

from collections.abc import Sequence
from datetime import time

from agent.config import KnownPlace, Section
from agent.context import Context, Memory
from agent.events import FACT_MAX, Action, Fact, Input, Item, ListEdited
from agent.phrases import clock, listing, plural, short
from agent.skill import GLANCE_MAX, NoArguments, Proposal, Skill, Tool
from skills.grocery import sentences
from skills.grocery.answers import (
    Bought,
    Items,
    ListName,
    add,
    on_the_list,
    remove,
    shopping,
    spoken,
    way,
)
from skills.grocery.habits import DAYS, LIST, fold, in_order, shopping_days, usual

__all__ = ["Grocery", "in_order"]
UNSURE = 0.3  # a first fix inside the shop: most often one walks by
SURE = 0.9
WORTH = 0.7
MORNING = (time(8), time(11))  # when a shopping day is worth a line in a digest


class Settings(Section):
    """The grocery skill has no settings of its own."""


class Grocery(Skill):
    """Notice a stay at a grocery while there is something to buy."""

    name = "grocery"
    fresh_min = 10
    settings = Settings
    theme = "errands"
    reads = frozenset(("edits", "lists", "place"))
    does = frozenset(("lists",))
    folds = frozenset(("list_edited",))
    wakes = frozenset(
        (
            "list_changed",
            "list_edited",
            "location_measured",
            "minute",
            "region_crossed",
            "schedule_due",
        )
    )
    tools = (
        Tool(
            name="on_the_list",
            what="what is on your list",
            examples=sentences.SHOWS,
            arguments=ListName,
            answer=on_the_list,
        ),
        Tool(
            name="add",
            what="putting something on a list",
            examples=sentences.ADDING,
            arguments=Items,
            answer=add,
            acts=True,
            frames=sentences.ADDS,
            asks={"items": "What shall I put on the list?"},
        ),
        Tool(
            name="remove",
            what="taking something off a list",
            examples=sentences.REMOVING,
            arguments=Bought,
            answer=remove,
            acts=True,
            removes=True,
            frames=sentences.REMOVES,
            asks={"items": "What shall I take off the list?"},
        ),
        Tool(
            name="shopping",
            what="when you shop and what you usually buy",
            own=True,
            examples=sentences.SHOPPING,
            arguments=NoArguments,
            answer=shopping,
        ),
    )

    def consider(self, context: Context, settings: Settings) -> Sequence[Proposal]:
        """Propose the list once a visit: surely after a dwell, unsurely before."""
        place = context.place
        here = place.coming or place.here
        if here is None or here.kind != "grocery":
            return _shopping_day(context)
        memory, listed = context.own(self.name), context.items(LIST) or ()
        items = in_order(listed, way(context))
        missing = [name for name in usual(memory, context.now, items) if _unasked(name, context)]
        if not items and not missing:
            return ()
        return (_visit(here, items, missing, context),)

    def fold(self, memory: Memory, event: Input, context: Context) -> Memory:
        """Learn from what is ticked off."""
        return fold(memory, event, context) if isinstance(event, ListEdited) else memory


def _visit(
    here: KnownPlace, items: Sequence[Item], missing: Sequence[str], context: Context
) -> Proposal:
    place = context.place
    arrived = place.coming_since if here is place.coming else place.since
    names = [spoken(item) for item in items]
    told = f"You are at {here.name}: {listing(names) if names else 'nothing is on the list'}."
    asked = f" You usually buy {listing(missing)} about now: add that?" if missing else ""
    added = tuple(Item(name=name) for name in missing)
    edit = ListEdited(at=context.now, name=LIST, added=added)
    glance = f"{len(items)} to buy: {', '.join(names)}" if names else f"{listing(missing)} too?"
    return Proposal(
        topic=f"visit of {arrived:%Y-%m-%dT%H:%M:%SZ}",
        glance=short(glance, GLANCE_MAX),
        text=f"{told}{asked}",
        evidence=(
            f"at {here.name} since {clock(arrived, context.local)}",
            f"{plural(len(items), 'thing')} on the list, {_ordered(items, context)}",
            *(f"{name}: usually bought about now" for name in missing),
        ),
        evidence_at=place.measured_at,
        confidence=UNSURE if here is place.coming else SURE,
        worth=WORTH,
        action=Action(name="add_usual", deed=edit) if missing else None,
        situation="at the shop" if not missing else "",
        facts=(
            Fact(name="place", value=here.name),
            Fact(name="items", value=short(listing(names), FACT_MAX)),
            Fact(name="count", value=plural(len(items), "thing")),
        ),
    )


def _ordered(items: Sequence[Item], context: Context) -> str:
    return "as you walked here before" if way(context) else "in aisle order"


def _unasked(name: str, context: Context) -> bool:
    """Return whether *name* was not asked about at one of the last visits: once is enough."""
    asked = (one.action.deed for one in context.shown if one.skill == "grocery" and one.action)
    return not any(
        isinstance(deed, ListEdited) and any(item.name == name for item in deed.added)
        for deed in asked
    )


def _shopping_day(context: Context) -> Sequence[Proposal]:
    """Propose a line for the digest on the morning of a day on which the wearer usually shops."""
    now = context.local_now
    if not MORNING[0] <= now.time() < MORNING[1]:
        return ()
    if DAYS[now.weekday()] not in shopping_days(context.own("grocery")):
        return ()
    items = in_order(context.items(LIST) or ())
    if not items:
        return ()
    told = (
        f"{plural(len(items), 'thing')} on the list, and you often shop on {DAYS[now.weekday()]}s."
    )
    return (
        Proposal(
            topic=f"shopping day {now:%Y-%m-%d}",
            glance=f"{plural(len(items), 'thing')} to buy today?",
            text=told,
            evidence=(f"you have often shopped on a {DAYS[now.weekday()]}",),
            evidence_at=context.now,
            urgency="low",
        ),
    )
