"""How long a timer is to run, and what it is for: "ten minutes", "the pasta timer".  Pure."""

import re
from datetime import timedelta

from agent.ask.numbers import NUMBER, number
from agent.ask.spelled import plain
from agent.context import Context

_UNITS = {"s": 1, "m": 60, "h": 3600}
_PART = re.compile(
    rf"\b({NUMBER})[ -]?(seconds?|secs?|minutes?|mins?|hours?|hrs?|[smh])\b"
    r"(?: and (?:a )?(half|quarter))?"
)
_NAMED = (
    re.compile(r"\btimers? (?:for|on|called|named) (?:the |my |an? )?([a-z][\w'-]*(?: [a-z]\w*)?)"),
    re.compile(r"\b((?:[a-z][\w'-]* )?[a-z][\w'-]*) timers?\b"),
    re.compile(r"\btime (?:the|my) ([a-z][\w'-]*)\b"),
)
_NO_NAMES = frozenset(
    """
    a an the my this that another new second minute hour minutes hours seconds set start put make
    begin create cancel stop delete end kill all both every running um uh please on off for of and
    is are on's how long left time any current clock in to with which what show check drop clear
    remove abort forget scrap count down countdown one two no more next last first turn switch
    """.split()
)


def length(sentence: str, _: Context) -> timedelta | None:
    """Return the length of time that *sentence* names, its parts together; None if none."""
    parts = list(_PART.finditer(plain(sentence)))
    total = timedelta()
    for part in parts:
        unit = timedelta(seconds=_UNITS[part[2][0]])
        more = {"half": 0.5, "quarter": 0.25}.get(part[3] or "", 0.0)
        total += ((number(part[1]) or 0.0) + more) * unit
    return total or None


def label(sentence: str, context: Context) -> str | None:
    """Return the name of the timer that *sentence* means: of one that runs before any other."""
    text = plain(sentence)
    running = [one.text for one in context.reminders.values() if one.timer]
    for name in running:
        if re.search(rf"\b{re.escape(name.lower())}\b", text):
            return name
    bare = _PART.sub("|", text)
    for pattern in _NAMED:
        for match in pattern.finditer(bare):
            words = [one for one in match[1].split() if one not in _NO_NAMES]
            if words:
                return " ".join(words)
    return None
