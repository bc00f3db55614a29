"""Show the shopping list, in aisle order, to a wearer who stays at a grocery."""

from collections.abc import Sequence

from pydantic import BaseModel

from agent.config import Section
from agent.context import Context
from agent.events import FACT_MAX, Fact, Item
from agent.phrases import clock, listing, plural, short
from agent.ports import Recall
from agent.skill import GLANCE_MAX, Answer, Evidence, Proposal, Tool

LIST = "grocery"
UNSURE = 0.3  # a first fix inside the shop: most often one walks by
SURE = 0.9
LAST_AISLE = 1_000


class Settings(Section):
    """The grocery skill has no settings of its own."""


class ListName(BaseModel):
    """Which list; the shopping list where none is named."""

    list_name: str = LIST


def on_the_list(wanted: ListName, recall: Recall, _: Context) -> Answer:
    """Return what is on a list and not done, in aisle order."""
    found = [one for one in recall.lists() if one.name == wanted.list_name]
    if not found:
        return Answer(f"I can't tell: there is no {wanted.list_name} list.", known=False)
    items = in_order(found[0].items)
    evidence = _of_list(wanted.list_name, items)
    if not items:
        return Answer(f"Your {wanted.list_name} list is empty.", evidence)
    return Answer(
        f"{plural(len(items), 'thing')}: {listing([_spoken(i) for i in items])}.", evidence
    )


def in_order(items: Sequence[Item]) -> list[Item]:
    """Return what is not done yet, in the order of the aisles; without an aisle last."""
    left = [item for item in items if not item.done]
    return sorted(left, key=lambda i: (LAST_AISLE if i.aisle is None else i.aisle, i.name))


class Grocery:
    """Notice a stay at a grocery while there is something to buy."""

    name = "grocery"
    fresh_min = 10
    settings = Settings
    tools = (
        Tool(
            name="on_the_list",
            what="what is on your list",
            examples=(
                "what is on my {list_name} list",
                "what's on my shopping list",
                "what do I need to buy",
                "what do I have to get at the store",
                "read me the shopping list",
                "what groceries do I need",
                "show me my {list_name} list",
                "tell me what is on the {list_name} list",
                "is anything left to buy",
                "what should I bring from the shop",
                "what ingredients do I need for dinner",
                "do we need anything from the supermarket",
                "which items are missing at home",
                "my grocery list",
            ),
            arguments=ListName,
            answer=on_the_list,
        ),
    )

    def consider(self, context: Context, settings: Settings) -> Sequence[Proposal]:
        """Propose the list once a visit: surely after a dwell, unsurely before."""
        place = context.place
        here = place.coming or place.here
        if here is None or here.kind != "grocery" or LIST not in context.lists:
            return ()
        items = in_order(context.lists[LIST].items)
        if not items:
            return ()
        arrived = place.coming_since if here is place.coming else place.since
        names = [_spoken(item) for item in items]
        return (
            Proposal(
                topic=f"visit of {arrived:%Y-%m-%dT%H:%M:%SZ}",
                glance=short(f"{len(items)} to buy: {', '.join(names)}", GLANCE_MAX),
                text=f"You are at {here.name}: {listing(names)}.",
                evidence=(
                    f"at {here.name} since {clock(arrived, context.local)}",
                    f"{plural(len(items), 'thing')} on the list, in aisle order",
                ),
                evidence_at=place.measured_at,
                confidence=UNSURE if here is place.coming else SURE,
                situation="at the shop",
                facts=(
                    Fact(name="place", value=here.name),
                    Fact(name="items", value=short(listing(names), FACT_MAX)),
                    Fact(name="count", value=plural(len(items), "thing")),
                ),
            ),
        )


def _of_list(name: str, items: Sequence[Item]) -> tuple[Evidence, ...]:
    named = Evidence(role="list", value=called(name), kind="name")
    count = Evidence(
        role="count", value=plural(len(items), "thing") if items else "nothing", kind="count"
    )
    if not items:
        return count, named
    told = listing([_spoken(item) for item in items])
    found = (Evidence(role="items", value=told, kind="list"), count, named)
    if all(item.aisle is None for item in items):
        return found
    return (*found, Evidence(role="aisle order", value=told, kind="list"))


def called(name: str) -> str:
    """Return how a list is spoken of: the grocery list is the shopping list."""
    return "shopping list" if name == LIST else f"{name} list"


def _spoken(item: Item) -> str:
    return f"{item.name} ({item.amount})" if item.amount else item.name
