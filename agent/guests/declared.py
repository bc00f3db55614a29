"""What a skill of a third party says of itself, as it comes out of its process.  Pure."""

import re
from collections.abc import Mapping
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, create_model, model_validator

from agent.events import Theme
from agent.guests.narrow import unknown_reads
from agent.skill import RECALL, Skill, Tool

NAME = r"^[a-z][a-z0-9_]{1,31}$"
TOOLS_MAX = 16
EXAMPLES_MAX = 200
EXAMPLE_MAX = 200
GRAMMAR_MAX = 20_000
_SLOT = re.compile(r"\{([a-z_]+)\}")
MAY = frozenset(("urgent", "promise", "publish", "lists", "reminders"))


class DeclaredTool(BaseModel):
    """One kind of question, without the function that answers it."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(pattern=NAME)
    what: str = Field(min_length=1, max_length=200)
    examples: tuple[str, ...] = Field(min_length=1, max_length=EXAMPLES_MAX)
    slots: dict[str, bool]
    """The arguments, and whether each is needed; they are read as `agent/ask/slots.py` says."""
    now_only: bool = False
    own: bool = False
    acts: bool = False
    grammar: str = Field(default="", max_length=GRAMMAR_MAX)

    @model_validator(mode="after")
    def _plain(self) -> Self:
        for example in self.examples:
            named = _SLOT.findall(example)
            if not 0 < len(example) <= EXAMPLE_MAX or set("{}") & set(_SLOT.sub("", example)):
                raise ValueError(f"the example {example[:40]!r} is no sentence with {{slots}}")
            if len(named) != len(set(named)) or not set(named) <= set(self.slots):
                raise ValueError(f"the example {example[:40]!r} names a slot twice, or no argument")
        return self


class Declared(BaseModel):
    """What a skill is and needs."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(pattern=NAME)
    what: str = Field(default="", max_length=300)
    theme: Theme = "wellbeing"
    fresh_min: int = Field(default=10, ge=1, le=60 * 24 * 30)
    reads: tuple[str, ...] = ()
    wakes: tuple[str, ...] = ("minute",)
    does: tuple[str, ...] = ()
    tools: tuple[DeclaredTool, ...] = Field(default=(), max_length=TOOLS_MAX)

    def wrong(self) -> str:
        """Return what of it cannot be granted; empty where all can."""
        reads, does = unknown_reads(self.reads), sorted({*self.does} - MAY)
        if reads:
            return f"it reads {', '.join(reads)}, which the context has not"
        return f"it wants to {', '.join(does)}, which nobody may" if does else ""


class OpenSettings(BaseModel):
    """The settings of a skill of a third party: it checks them itself."""

    model_config = ConfigDict(extra="allow", frozen=True)


class Guest(Skill):
    """The side of such a skill that the core knows: what it declared."""

    settings = OpenSettings
    is_guest = True

    def __init__(self, declared: Declared, tools: tuple[Tool[Any], ...]) -> None:
        self.name = declared.name
        self.what = declared.what
        self.theme = declared.theme
        self.fresh_min = declared.fresh_min
        self.reads = frozenset(declared.reads)
        self.wakes = frozenset(declared.wakes)
        self.does = frozenset(declared.does)
        self.tools = tools

    @property
    def recalls(self) -> bool:
        """Return whether its tools may look into memory."""
        return RECALL in self.reads


def arguments_of(slots: Mapping[str, bool]) -> type[BaseModel]:
    """Return a model of a tool's arguments, whose values its own process will check."""
    known: dict[str, Any] = {
        name: (Any, ... if needed else None) for name, needed in sorted(slots.items())
    }
    return create_model("Arguments", **known)
