"""Which medicine a sentence is about, and how often it is taken.  Pure."""

import re
from datetime import time

from agent.ask import again, hours
from agent.ask.frames import cased
from agent.ask.spelled import plain
from agent.context import Context
from agent.events import Again

SKILL = "medication"
_ENDS = (
    r"(?:at|every|each|daily|twice|three|four|once|in|on|for|from|and|any|more|now|today|again|to|is"
    r"|are|was|tonight|this|with|before|after|as|off|course|injection|already|yet|by|please|early"
    r"|earlier|pill|pills|tablets?|monday|weekly|monthly|my|the|taken)"
)
_NAME = rf"([a-z][a-z-]{{2,30}}(?: (?!{_ENDS}\b)[a-z][a-z-]{{0,20}}){{0,2}})"
_LEADS = re.compile(
    r"\b(?:take|taking|took|taken|had|have|having|on|add|plan|schedule|set up|prescribed|for|about"
    r"|off|of|stopped|finished|remove|delete|drop|cancel|mark|note that i took|gave me|log|is it"
    r"|medicine:|more|another|skip|double|twice|put) "
    r"(?:just |already )?(?:my |the |a |an |some |any |another |more "
    r"|\d+ ?(?:mg|ml|tablets?|pills?) (?:of )?)*"
    rf"{_NAME}\b"
)
_MINE = re.compile(rf"\bmy {_NAME} (?:is|are|at|every|daily)\b")
_NO_NAMES = frozenset(
    """
    pills pill tablets tablet medicine medicines medication medications meds dose doses capsules
    capsule drugs drug them it that this one two anything any some more again take taking took
    taken have had every each daily twice once now today tonight morning evening the my a an two
    not all new something asking course plan second next break nap walk bus train taxi care place
    off mistake and then shower bath photo note missed for about from
    """.split()
)


def medicine(sentence: str, context: Context) -> str | None:
    """Return the medicine that *sentence* names: one that is taken before any other word."""
    text = plain(sentence)
    for name in _known(context):
        if re.search(rf"(?<!\w){re.escape(name.lower())}(?!\w)", text):
            return name
    for match in (*_LEADS.finditer(text), *_MINE.finditer(text)):
        if match[1].split()[0] not in _NO_NAMES:
            return cased(match[1], sentence)
    return None


def often(sentence: str, context: Context) -> Again | None:
    """Return how often *sentence* says; a time of day alone is that of every day."""
    text = plain(sentence)
    found = again.read(text, context)
    if found is not None:
        return found.again
    told = again.read(f"every day {text}", context)
    clock, _ = hours.take_clock(text)
    part, _ = hours.take_part(text)
    if told is not None and (clock is not None or re.search(r"\bat \d", text)):
        return told.again
    return Again(unit="day", times=(time(hours.PARTS[part]),)) if part else None


def _known(context: Context) -> list[str]:
    """Return what is planned, by the settings and by the wearer; the longest names first."""
    written = context.rules.skills.get(SKILL, {}).get("medicines", ())
    said = context.own(SKILL).get("medicines", ())
    rows = [*(written if isinstance(written, list | tuple) else ())]
    rows += [*(said if isinstance(said, list) else ())]
    names = {str(row["name"]) for row in rows if isinstance(row, dict) and "name" in row}
    return sorted(names, key=lambda name: (-len(name), name))
