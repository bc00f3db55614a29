"""What may be said to the tools, as grammars, for a recogniser that hears nothing else.  Pure.

JSGF 1.0.  A tool that states its own grammar is heard by that; of the others their examples are,
where every argument in them has few words: names and notes of the wearer's own are not guessed.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from agent.ask.slots import SIGNAL_WORDS
from agent.context import Context
from agent.skill import Tool

WORDS_MAX = 10
EXAMPLES_MAX = 4  # of one tool: with all of them a sentence takes half its own length to hear
LENGTH_MAX = 19_000
SIGNAL_WORDS_MAX = 3
_SLOT = re.compile(r"\{([a-z_]+)\}")
_WORD = re.compile(r"[a-z][a-z']*|<[a-z_]+>")
_PLAIN = re.compile(r"[a-z' ]+")
_NUMBERS = "one two three four five six seven eight nine ten eleven twelve".split()
_TENS = "fifteen twenty thirty forty fifty ninety".split()
_HOURS = _NUMBERS
_WINDOWS = (
    "today", "yesterday", "last night", "this morning", "this afternoon", "this evening",
    "this week", "last week", "now", "right now", "tonight", "last hour", "in the last hour",
    "during the last meeting", "last month", "this month",
)  # fmt: skip
_AHEAD = ("today", "tomorrow", "tonight", "this week", "next week", "this afternoon")
_DUES = (
    "in <number> minutes", "in <number> hours", "in an hour", "in half an hour", "at <hour>",
    "at <hour> thirty", "at half past <hour>", "tomorrow", "tomorrow morning", "tonight",
    "this evening", "at noon",
)  # fmt: skip
_LENGTHS = ("<number> minutes", "<number> hours", "an hour", "half an hour", "<number> seconds")

Trie = dict[str, "Trie"]


def grammars(tools: Iterable[Tool[Any]], context: Context) -> tuple[str, ...]:
    """Return one grammar for each tool that can be heard so."""
    slots = _slots(context)
    found = (tool.grammar or _of_examples(tool, slots) for tool in tools)
    return tuple(dict.fromkeys(one for one in found if one))


def _slots(context: Context) -> Mapping[str, Sequence[str]]:
    signals = [
        word
        for words in SIGNAL_WORDS.values()
        for word in [one for one in words if _PLAIN.fullmatch(one)][:SIGNAL_WORDS_MAX]
    ]
    lists = [name.lower() for name in context.list_names if _PLAIN.fullmatch(name.lower())]
    return {
        "signal": tuple(dict.fromkeys(signals)),
        "window": _WINDOWS,
        "period": _AHEAD,
        "due": _DUES,
        "length": _LENGTHS,
        "list_name": tuple(lists) or ("shopping",),
        "number": (*_NUMBERS, *_TENS),
        "hour": _HOURS,
    }


def _of_examples(tool: Tool[Any], slots: Mapping[str, Sequence[str]]) -> str:
    trie: Trie = {}
    needed, taken = set[str](), 0
    for example in tool.examples:
        names = set(_SLOT.findall(example))
        words = _WORD.findall(_SLOT.sub(r"<\1>", example.lower()))
        if not names <= slots.keys() or not 1 <= len(words) <= WORDS_MAX:
            continue
        needed |= names
        _add(trie, words)
        taken += 1
        if taken == EXAMPLES_MAX:
            break
    if not trie:
        return ""
    rules = "".join(_rules(needed, slots))
    return f"#JSGF V1.0;\ngrammar tool;\npublic <said> = {_written(trie)};\n{rules}"[:LENGTH_MAX]


def _rules(needed: set[str], slots: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Yield the rule of each slot, and of the numbers that some of them are made of."""
    inner = {
        name for one in needed for value in slots[one] for name in re.findall(r"<([a-z]+)>", value)
    }
    for name in sorted(needed | inner):
        yield f"<{name}> = {' | '.join(slots[name])};\n"


def _add(trie: Trie, words: Sequence[str]) -> None:
    here = trie
    for word in words:
        here = here.setdefault(word, {})
    here.setdefault("", {})


def _written(trie: Trie) -> str:
    """Return *trie* as one expansion: sentences that begin alike share their beginning."""
    parts = []
    for word, after in trie.items():
        if not word:
            continue
        rest = {key: value for key, value in after.items() if key}
        if not rest:
            parts.append(word)
        elif "" in after:
            parts.append(f"{word} [{_written(rest)}]")
        else:
            parts.append(f"{word} ({_written(rest)})")
    return " | ".join(parts)
