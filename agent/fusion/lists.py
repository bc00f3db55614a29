"""Lists as the wearer has them: what a source tells, and what the wearer changed.  Pure.

A removal holds until the source's list changes; an addition until it is removed.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from agent.events import Item, ListChanged, ListEdited

EDITS_MAX = 500


@dataclass(frozen=True, slots=True)
class Edits:
    """The wearer's own changes of one list."""

    added: tuple[Item, ...] = ()
    removed: tuple[str, ...] = ()
    """Names that the source tells and the wearer does not want, folded."""

    def told(self, before: ListChanged | None, now: ListChanged) -> "Edits":
        """Return the edits after the source told its list *now*."""
        same = before is not None and before.items == now.items
        return self if same else replace(self, removed=())

    def fold(self, edited: ListEdited, told: ListChanged | None) -> "Edits":
        """Return the edits after *edited*, on what the source *told* last."""
        known = {folded(item.name): item for item in (told.items if told else ())}
        gone = [folded(name) for name in edited.removed]
        named = {folded(item.name): item for item in edited.added}
        new = [item for name, item in named.items() if known.get(name) != item]
        taken = {*gone, *named}
        kept = (item for item in self.added if folded(item.name) not in taken)
        removed = dict.fromkeys((*self.removed, *(name for name in gone if name in known)))
        return Edits(
            added=(*kept, *new)[-EDITS_MAX:],
            removed=tuple(name for name in removed if name not in named)[-EDITS_MAX:],
        )

    def over(self, items: Iterable[Item]) -> tuple[Item, ...]:
        """Return the list as the wearer has it, where the source tells *items*."""
        hidden = {*self.removed, *(folded(item.name) for item in self.added)}
        return (*(item for item in items if folded(item.name) not in hidden), *self.added)


def folded(name: str) -> str:
    """Return *name* as it is compared: small letters, single spaces."""
    return " ".join(name.lower().split())
