"""The last turns of a conversation, for what is said after them; bounded and short-lived.  Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from agent.skill import Answer

KEPT = timedelta(minutes=5)
TURNS_MAX = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A question that a tool answered."""

    at: datetime
    question: str
    tool: str
    said: Mapping[str, object]
    """The arguments, as they were found."""
    answer: Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """What was asked back last: for a yes, for an argument, or which tool was meant."""

    at: datetime
    question: str
    tool: str
    said: Mapping[str, object] = field(default_factory=dict)
    missing: str = ""
    """The argument that was asked for; else a yes is waited for."""
    choices: tuple[str, ...] = ()
    """The tools that were offered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialogue:
    """What was said in the last minutes."""

    turns: tuple[Turn, ...] = ()
    pending: Pending | None = None

    def recent(self, now: datetime) -> "Dialogue":
        """Return what of it is recent enough at *now* to be spoken of as "that"."""
        pending = self.pending if self.pending and now - self.pending.at <= KEPT else None
        return Dialogue(
            turns=tuple(turn for turn in self.turns if now - turn.at <= KEPT), pending=pending
        )

    def after(self, turn: Turn) -> "Dialogue":
        """Return the dialogue after *turn*; what was asked back before it is settled."""
        return Dialogue(turns=(*self.turns, turn)[-TURNS_MAX:])

    def asking(self, pending: Pending | None) -> "Dialogue":
        """Return the dialogue that waits for an answer to *pending*, or for none."""
        return replace(self, pending=pending)

    @property
    def last(self) -> Turn | None:
        """Return the newest turn."""
        return self.turns[-1] if self.turns else None
