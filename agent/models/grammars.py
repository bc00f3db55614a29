"""Grammars that a model may be held to: checked before llama.cpp sees them.  Pure.

Undefined and left-recursive rules end llama.cpp's process, and an endless repetition inside
another one can keep it busy for ever.
"""

from collections.abc import Callable, Iterator

from agent.errors import ModelError
from agent.models.gbnf import Choice, Item, Ref, Text, parse
from agent.models.schemas import from_schema

__all__ = ["check", "from_schema"]

Rules = dict[str, Choice]


def check(grammar: str) -> None:
    """Raise ModelError, with the reason, unless llama.cpp can safely be given *grammar*."""
    rules = parse(grammar)
    if "root" not in rules:
        raise ModelError("the grammar has no rule named root")
    used = {name: set(_refs(choice)) for name, choice in rules.items()}
    for name, names in used.items():
        for missing in sorted(names - rules.keys()):
            raise ModelError(f"the grammar's rule {name} names {missing}, which is not defined")
    empty = _empty(rules)
    first = {name: set(_first(choice, empty)) for name, choice in rules.items()}
    for name in sorted(_in_a_circle(first)):
        raise ModelError(f"the grammar's rule {name} begins with itself")
    endless = _grown(rules, _endless, _in_a_circle(used))
    for name, choice in rules.items():
        if _nested(choice, endless, empty):
            raise ModelError(
                f"the grammar's rule {name} repeats without end what may be endless or nothing: "
                "bound one of the two, as in {0,20}"
            )


def _items(choice: Choice) -> Iterator[Item]:
    for way in choice.ways:
        yield from way


def _refs(choice: Choice) -> Iterator[str]:
    for item in _items(choice):
        match item.what:
            case Ref(name):
                yield name
            case Choice():
                yield from _refs(item.what)
            case Text():
                pass


def _empty(rules: Rules) -> set[str]:
    """Return the rules that may say nothing."""
    return _grown(rules, lambda choice, known: any(_way_empty(way, known) for way in choice.ways))


def _way_empty(way: tuple[Item, ...], empty: set[str]) -> bool:
    return all(item.least == 0 or _may_be_nothing(item, empty) for item in way)


def _may_be_nothing(item: Item, empty: set[str]) -> bool:
    match item.what:
        case Ref(name):
            return name in empty
        case Choice(ways):
            return any(_way_empty(way, empty) for way in ways)
        case Text():
            return False


def _first(choice: Choice, empty: set[str]) -> Iterator[str]:
    """Yield the rules with which *choice* may begin."""
    for way in choice.ways:
        for item in way:
            match item.what:
                case Ref(name):
                    yield name
                case Choice():
                    yield from _first(item.what, empty)
                case Text():
                    pass
            if item.least and not _may_be_nothing(item, empty):
                break


def _endless(choice: Choice, known: set[str]) -> bool:
    for item in _items(choice):
        if item.most is None:
            return True
        match item.what:
            case Ref(name) if name in known:
                return True
            case Choice() if _endless(item.what, known):
                return True
            case _:
                pass
    return False


def _nested(choice: Choice, endless: set[str], empty: set[str]) -> bool:
    for item in _items(choice):
        inner = item.what if isinstance(item.what, Choice) else Choice(((Item(item.what, 1, 1),),))
        if item.most is None and (_endless(inner, endless) or _may_be_nothing(item, empty)):
            return True
        if isinstance(item.what, Choice) and _nested(item.what, endless, empty):
            return True
    return False


def _grown(
    rules: Rules, holds: Callable[[Choice, set[str]], bool], known: set[str] | None = None
) -> set[str]:
    """Return the rules for which *holds*, given those for which it is known already."""
    known = set(known or ())
    while new := {name for name in rules.keys() - known if holds(rules[name], known)}:
        known |= new
    return known


def _in_a_circle(edges: dict[str, set[str]]) -> set[str]:
    """Return the names from which a way along *edges* leads back to them."""
    reached = {name: set(names) for name, names in edges.items()}
    for middle in edges:
        for names in reached.values():
            if middle in names:
                names.update(reached[middle])
    return {name for name, names in reached.items() if name in names}
