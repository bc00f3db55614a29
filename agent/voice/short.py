"""Short words that mean one thing only where a turn expects them: "yes", "never mind".  Pure."""

import re
from itertools import product

from agent.events import FeedbackKind

_NEVER_MIND = """
    never mind | nevermind | cancel | forget it | stop | stop it | be quiet | quiet | shut up
    nothing | hush | not you | leave it | sorry not you
"""
_YES = """
    yes | yeah | yep | yup | sure | ok | okay | all right | alright | please do | do it | do that
    go ahead | good idea | of course | fine | why not | let's do it | let's do that | I will
    will do | yes let's | let's go | yes do it | yes go ahead | sounds good | that's fine
"""
_NO = """
    no | nope | nah | don't | no way | not today | I'm fine | no need | I'm good | no don't
    I don't want to | rather not | not interested
"""
_LATER = """
    not now | not right now | later | in a while | in a bit | in a minute | in a moment
    remind me later | snooze | snooze it | maybe later | ask me later | not yet | tell me later
    no not now | no later
"""
_AROUND = ("", "please", "thanks", "thank you", "carpal")
_BEFORE = frozenset("oh ah um uh er hm hmm well actually wait hey carpal so".split())
"""Words that change nothing about what follows them."""


def _phrases(text: str) -> frozenset[str]:
    said = (_bare(part) for line in text.splitlines() for part in line.split("|"))
    pairs = product([one for one in said if one], _AROUND)
    return frozenset(f"{one} {tail}".strip() for one, tail in pairs)


def _bare(text: str) -> str:
    words = re.sub(r"[^\w' ]+", " ", text.lower().replace("\u2019", "'"))
    return " ".join(words.split())


_CANCEL = _phrases(_NEVER_MIND)
_REPLIES: dict[FeedbackKind, frozenset[str]] = {
    "snoozed": _phrases(_LATER),
    "dismissed": _phrases(_NO),
    "accepted": _phrases(_YES),
}


def is_cancel(text: str) -> bool:
    """Return whether *text* takes back that carpal was called at all."""
    bare = _told(text)
    return bare in _CANCEL or bare.removeprefix("no ") in _CANCEL


def reply_in(text: str) -> FeedbackKind | None:
    """Return what *text* answers to a nudge; None where it is something else."""
    bare = _told(text)
    return next((kind for kind, known in _REPLIES.items() if bare in known), None)


def _told(text: str) -> str:
    """Return the words of *text* from the first on that says something."""
    words = _bare(text).split()
    while len(words) > 1 and words[0] in _BEFORE:
        del words[0]
    return " ".join(words)
