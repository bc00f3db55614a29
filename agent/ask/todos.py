"""The to-do list in a sentence: what it is called, a task in its own words, and what is done.

Pure.  A task is no thing to buy: "pick up the kids" keeps its verb, and "salt and pepper" its and.
"""

import re

from agent.ask.frames import cased, unwrapped
from agent.context import Context
from agent.events import Item
from agent.fusion.lists import folded

TODO = "todo"
"""What the list is called where the wearer's sources have none."""
CALLED = frozenset(("todo", "todos", "to-do", "to-dos", "to do", "to dos", "task", "tasks"))
TASK_MAX = 64
TASKS_MAX = 10
_LIST = (
    r"(?:(?:the |my |our )?(?:to[- ]?dos?|tasks?)(?:'s)? lists?\b"
    r"|(?:the |my |our )?(?:to-dos?|todos?)\b"
    r"|(?:the|my|our) (?:tasks|to dos)\b)"
)
_NAMED = re.compile(rf"\b{_LIST}")
_ADDED = (
    re.compile(
        r"(?:add|put|write|note|jot|stick|pop|enter|place|get)(?: down)? "
        r"(?:that i (?:have|need) to )?"
        rf"(?P<task>.+?) (?:down )?(?:to|on|onto|on to|in|into|among) {_LIST}"
    ),
    re.compile(
        rf"(?:to|on|onto|in|for) {_LIST}[,:]? (?:add|put|write|note|jot|stick|enter)(?: down)? "
        r"(?P<task>.+)"
    ),
    re.compile(rf"{_LIST}[,:]? (?:add|plus|put) (?P<task>.+)"),
)
_DONE = re.compile(
    r"(?:i|we)(?:'ve| have)?(?: just| already| finally| now)* (?:done|finished|completed|did) "
    r"(?:with )?(?P<task>.+)"
)
_NOTHING = frozenset(("it", "that", "this", "them", "something", "anything", "stuff"))
_SMALL = frozenset("a an the my our his her their that this those these of for with do all".split())


def named(sentence: str, context: Context) -> str | None:
    """Return the to-do list's own name where *sentence* speaks of it."""
    text = _plain(sentence)
    if text not in CALLED and not _NAMED.search(text):
        return None
    return next((name for name in context.list_names if folded(name) in CALLED), TODO)


def unnamed(text: str) -> str:
    """Return *text* with "my list" for the to-do list: that is where, and not what."""
    return _NAMED.sub("my list", text)


def tasks(sentence: str) -> tuple[Item, ...] | None:
    """Return the tasks that *sentence* puts on the to-do list, in their own words."""
    text = unwrapped(_plain(sentence))
    match = next((match for one in _ADDED if (match := one.fullmatch(text))), None)
    if match is None:
        return None
    parts = (part.strip(" .!?:\"'") for part in re.split(r"[,;]", match["task"]))
    said = (re.sub(r"^(?:and|to) ", "", part) for part in parts)
    fits = (one for one in said if 1 < len(one) <= TASK_MAX and one not in _NOTHING)
    names = dict.fromkeys(cased(one, sentence) for one in fits)
    return tuple(Item(name=one) for one in names)[:TASKS_MAX] or None


def done(sentence: str, context: Context) -> tuple[Item, ...] | None:
    """Return the one task on the to-do list that *sentence* says is done; None in any doubt."""
    match = _DONE.fullmatch(unwrapped(_plain(sentence)))
    name = named(TODO, context)
    if match is None or name is None:
        return None
    words = _words(match["task"])
    found = [item for item in context.items(name) or () if words and words <= _words(item.name)]
    return (found[0],) if len(found) == 1 else None


def _plain(sentence: str) -> str:
    return " ".join(sentence.lower().replace("\u2019", "'").split()).strip(" .!?")


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[^\W_][\w'-]*", text.lower())) - _SMALL
