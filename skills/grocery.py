"""Keep the lists, and show what to buy, by aisle, to a wearer who stays at a grocery."""

from collections.abc import Sequence

from pydantic import BaseModel, Field

from agent.config import Section
from agent.context import Context
from agent.events import FACT_MAX, Fact, Item, ListEdited
from agent.phrases import clock, half_said, listing, plural, short
from agent.ports import Recall
from agent.skill import GLANCE_MAX, Answer, Evidence, Proposal, Skill, Tool, sayings

LIST = "grocery"
UNSURE = 0.3  # a first fix inside the shop: most often one walks by
SURE = 0.9
LAST_AISLE = 1_000
ITEMS_MAX = 30
ADDS = (
    (
        r"\b(?:add|put|stick|pop|chuck|throw|write|jot|note|include|bung|slap|whack|get|want|need)\b"
        r".*\b(?:list|shopping|groceries)\b"
    ),
    r"^(?:also )?add\b",
    (
        r"^(?!.*\b(?:show|read|open|give|tell|see|check|go|look|let|display|hear|scroll|recite|whatever"
        r"|anything|everything|all|things?|stuff|items?|take|remove|cross|strike|tick|what|which|know"
        r"|written|left|say|need to know)\b)"
        r"\w.{2,}\b(?:for|to|on|onto) (?:the |my |our )(?:\w+ )?list$"
    ),
    r"^(?:\w+ )?list[,:]? (?:plus|add|and|also|needs)\b",
    r"\bwe(?: also| still| really| do)? need (?!to\b|you\b|a (?:break|rest)\b|help\b|more time\b)",
    r"\b(?:run|ran|running|are|is|am|we're|i'm) (?:(?:nearly|almost|clean) )?(?:out of|low on)\b",
    r"\b(?:i|we|you)(?:'ll)?(?: also| still| really)? need (?:to (?:buy|get|pick up)|some|more)\b",
    r"^(?:buy|get|pick up|grab)(?! (?:rid|up|out|me out|a life))\b",
)
REMOVES = (
    (
        r"\b(?:remove|take|delete|cross|tick|strike|scratch|scrap|check|drop|clear|lose|wipe|ditch)\b"
        r".*\b(?:off|(?:from|out of) (?:the |my |our |that )?(?:\w+ )?list)\b"
    ),
    r"^(?:cross|tick|strike|scratch|check)(?: off| out)\b",
    r"\b(?:i|we)(?:'ve| have)?(?: just| already)? (?:bought|packed|picked up|purchased)\b",
    r"^(?:i|we)(?:'ve)?(?: just| already)? got (?!to\b|a (?:meeting|call)\b)",
    (
        r"(?:\b(?:is|are|have been)|'s|'re)(?: all| already| now)?"
        r" (?:bought|packed|in the (?:basket|trolley|cart|bag|suitcase))\b"
    ),
    r"\b(?:don't|do not) (?:need|want)\b.*\b(?:any ?more|after all|any longer)\b",
    r"\bcan (?:come|go) off\b|\b(?:as|mark) (?:bought|done|packed)\b",
)


class Settings(Section):
    """The grocery skill has no settings of its own."""


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
    """Return what is on a list and not done, in aisle order."""
    found = context.items(wanted.list_name)
    if found is None:
        return Answer(f"I can't tell: there is no {wanted.list_name} list.", known=False)
    items = in_order(found)
    evidence = _of_list(wanted.list_name, items)
    if not items:
        return Answer(f"Your {called(wanted.list_name)} is empty.", evidence)
    names = [spoken(item) for item in items]
    told = f"{plural(len(items), 'thing')}: {listing(names)}."
    return Answer(told, evidence, listed=tuple(item.name for item in items))


def add(wanted: Items, _: Recall, context: Context) -> Answer:
    """Put on a list what is not on it; a list that there is not is asked about first."""
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
    missing = there is None and wanted.list_name != LIST
    return Answer(
        f"I put {told} on your {name}.",
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


def in_order(items: Sequence[Item]) -> list[Item]:
    """Return what is not done yet, in the order of the aisles; without an aisle last."""
    left = [item for item in items if not item.done]
    return sorted(left, key=lambda i: (LAST_AISLE if i.aisle is None else i.aisle, i.name))


def called(name: str) -> str:
    """Return how a list is spoken of: the grocery list is the shopping list."""
    return "shopping list" if name == LIST else f"{name} list"


def spoken(item: Item) -> str:
    """Return an item with its amount: `lemons (2)`."""
    return f"{item.name} ({item.amount})" if item.amount else item.name


class Grocery(Skill):
    """Notice a stay at a grocery while there is something to buy."""

    name = "grocery"
    fresh_min = 10
    settings = Settings
    theme = "errands"
    reads = frozenset(("edits", "lists", "place"))
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
            examples=sayings("""
                what is on my {list_name} list | what's on my shopping list | my grocery list
                what do I need to buy | what do I have to get at the store
                read me the shopping list | what groceries do I need | show me my {list_name} list
                {list_name} list please | tell me what is on the {list_name} list
                is anything left to buy | what should I bring from the shop
                what ingredients do I need for dinner | do we need anything from the supermarket
                which items are missing at home | what was it I wanted to buy
                I'm at the shop, what was I after | could you read out what's left on the list
                how many things are on my {list_name} list | is butter on the list
                did I put cheese on the list | do I have to get bread
                I've lost the thread in this aisle, what else | shopping what | list
                anything we're short of | what am I supposed to pick up on the way home
                so I'm standing in the store and no idea what I came for | what must I buy, please
                what still to buy | give me the rundown of things to get | open the {list_name} list
                let me see my list | what's still open on the {list_name} list
                would you mind going through the shopping list with me | what have I got to pack
                is bread on my list | are eggs on the list already | do I have coffee on my list
            """),
            arguments=ListName,
            answer=on_the_list,
        ),
        Tool(
            name="add",
            what="putting something on a list",
            examples=sayings("""
                add {items} to my {list_name} list | put {items} on the {list_name} list
                add {items} to the list | put {items} on my list | add {items}
                put {items} on the list | add {items} to my list
                stick {items} on the {list_name} list | put {items} down on the list
                write {items} on my {list_name} list | note down {items} for the shop
                add {items} to the shopping | I need to buy {items} | we need to buy {items}
                I have to get {items} at the store | we're out of {items} | we are out of {items}
                we have run out of {items} | I ran out of {items} | we need {items} from the shop
                we need more {items} | there's no {items} left at home | buy {items} | get {items}
                oh and {items} too, for the list | {items} for the {list_name} list
                could you put {items} on the list for me
                would you add {items} to what I have to buy | I should pick up {items} next time
                don't let me forget {items} at the shop
                the {items} is finished, put it on the list | {items} onto the list
                we're running low on {items} | another thing for the shopping list is {items}
                please to add {items} on list | make a note that we need {items}
                new item on the {list_name} list: {items} | shopping list add {items}
                on the {list_name} list put {items} | jot {items} down on the {list_name} list
            """),
            arguments=Items,
            answer=add,
            acts=True,
            frames=ADDS,
            asks={"items": "What shall I put on the list?"},
        ),
        Tool(
            name="remove",
            what="taking something off a list",
            examples=sayings("""
                remove {items} from my {list_name} list | take {items} off the {list_name} list
                take {items} off the list | remove {items} from the list
                delete {items} from my list | cross {items} off the list | cross off {items}
                tick off {items} | strike {items} | cross out {items} | tick {items} off the list
                scratch {items} from the list | I have bought {items} | I bought {items}
                I've got {items} already | got {items} | I already have {items}
                we already have {items} | we have enough {items} | we don't need {items} any more
                I don't need {items} after all | no need for {items}
                forget about {items} on the {list_name} list | {items} is in the basket
                {items} is in the trolley | {items} done | {items} can come off the list
                drop {items} from the {list_name} list | clear {items} off my list
                {items} is bought | {items} off the list | got the {items}, cross it off
                found {items}, take it off the list | leave out {items}
                scrap {items} from the list | lose {items} from the list
                could you take {items} back off the {list_name} list please | mark {items} as bought
            """),
            arguments=Bought,
            answer=remove,
            acts=True,
            removes=True,
            frames=REMOVES,
            asks={"items": "What shall I take off the list?"},
        ),
    )

    def consider(self, context: Context, settings: Settings) -> Sequence[Proposal]:
        """Propose the list once a visit: surely after a dwell, unsurely before."""
        place = context.place
        here = place.coming or place.here
        if here is None or here.kind != "grocery":
            return ()
        items = in_order(context.items(LIST) or ())
        if not items:
            return ()
        arrived = place.coming_since if here is place.coming else place.since
        names = [spoken(item) for item in items]
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
    return _stem(item.name) == _stem(one.name)


def _stem(name: str) -> str:
    lower = name.lower()
    for ending, instead in (("ies", "y"), ("oes", "o"), ("s", "")):
        if lower.endswith(ending) and len(lower) > len(ending) + 2 and not lower.endswith("ss"):
            return lower.removesuffix(ending) + instead
    return lower


def _holding(wanted: Bought, context: Context) -> str:
    named = [
        name
        for name in (wanted.list_name, *context.list_names)
        if any(_same(item, one) for item in context.items(name) or () for one in wanted.items)
    ]
    others = list(dict.fromkeys(named))
    alone = wanted.list_name == LIST and len(others) == 1
    return others[0] if alone or wanted.list_name in others[:1] else wanted.list_name
