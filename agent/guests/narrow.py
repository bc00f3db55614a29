"""The context as a skill may see it: what it declared, and nothing else.  Pure."""

from collections.abc import Collection, Mapping
from dataclasses import fields, replace
from typing import Any

from agent.config import Rules
from agent.context import Context
from agent.skill import RECALL

ALWAYS = frozenset(("now", "zone"))
OWN = frozenset(("rules", "memories", "shown"))
"""Had by everyone, but only what is its own of them."""
READABLE = frozenset(field.name for field in fields(Context)) - ALWAYS - OWN
"""What a skill may declare in `reads`, beside `recall`."""


def narrowed(context: Context, *, skill: str, reads: Collection[str]) -> Context:
    """Return *context* with the fields in *reads*, the clock, and what is the skill's own."""
    seen: Mapping[str, Any] = {
        name: getattr(context, name) for name in sorted({*reads} & READABLE | ALWAYS)
    }
    places = context.rules.places if "place" in reads else ()
    own = context.rules.skills.get(skill, {})
    rules = Rules(zone=context.rules.zone, places=places, skills={skill: own} if own else {})
    return replace(
        Context(**seen),
        rules=rules,
        memories={skill: context.own(skill)},
        shown=tuple(one for one in context.shown if one.skill == skill),
    )


def unknown_reads(reads: Collection[str]) -> list[str]:
    """Return what of *reads* is no part of the context."""
    return sorted({*reads} - READABLE - {RECALL})
