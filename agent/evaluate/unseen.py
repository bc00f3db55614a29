"""Sentences with slots whose patterns and contents no row of the adapter's training has."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from agent.events import Item

_TEXTS = (
    "descale the coffee machine", "ring the plumber", "hand in the timesheet", "oil the gate",
    "give Rosa her jacket", "top up the bus card", "air the duvet", "post the birthday card",
    "swap the winter tyres", "ask the vet about the tablets", "prune the roses",
    "back up the phone",
)  # fmt: skip
_DUES = (
    "on Monday at 7", "in half an hour", "tomorrow at quarter past nine", "at 16:20",
    "tonight at 9",
    "in five minutes", "on Saturday morning", "at noon tomorrow", "on 14 July at 3 pm", "in a week",
)  # fmt: skip
_ITEMS = (
    "celery", "porridge oats", "paprika", "toilet paper", "plums", "lamb mince", "tonic water",
    "light bulbs", "sour cream", "parsley", "bin bags", "crackers",
)  # fmt: skip
_REMIND = (
    "would you jog my memory {due} to {text}", "i have to {text} {due}, remind me please",
    "{due} please remind me to {text}", "set me a reminder {due} to {text}",
    "remind me that i want to {text} {due}", "new reminder: {text} {due}",
)  # fmt: skip
_LIST = (
    "could you put {items} on the list for me", "shopping list: add {items}",
    "we have no {items} left, add it", "strike {items} off the list",
    "get rid of {items} on my list",
    "the list needs {items}",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Filled:
    """A sentence, and the words in it that fill each slot."""

    said: str
    slots: Mapping[str, str]

    def same(self, found: Mapping[str, object]) -> bool:
        """Return whether code *found* the same: a text, items by name, any time."""
        return all(_same(found.get(name), words) for name, words in self.slots.items())


def _same(found: object, words: str) -> bool:
    if isinstance(found, str):
        return found.lower() == words.lower()
    if isinstance(found, tuple):
        names = [item.name.lower() for item in found if isinstance(item, Item)]
        wanted = words.lower().replace(" and ", ", ").split(", ")
        return sorted(names) == sorted(wanted)
    return found is not None


def slots_unseen(seed: int) -> Iterator[Filled]:
    """Yield such sentences for ever; the same seed yields the same ones."""
    draw = random.Random(seed)  # noqa: S311 (examples, no secret)
    while True:
        if draw.random() < 0.55:
            parts = {"text": draw.choice(_TEXTS), "due": draw.choice(_DUES)}
            pattern = draw.choice(_REMIND)
        else:
            some = draw.sample(_ITEMS, draw.choice((1, 1, 2, 3)))
            listed = f"{', '.join(some[:-1])} and {some[-1]}" if some[1:] else some[0]
            parts, pattern = {"items": listed}, draw.choice(_LIST)
        yield Filled(pattern.format(**parts), parts)
