"""Short words that mean one thing only where a turn expects them: "yes", "never mind".  Pure."""

import re

from agent.events import FeedbackKind

_NEVER_MIND = """
    never mind | nevermind | cancel | cancel that | cancel it | forget it | forget about it | stop
    stop it | stop talking | be quiet | quiet | shut up | nothing | hush | not you | leave it
    sorry not you | that's all | that was all
"""
_YES = """
    yes | yeah | yep | yup | sure | sure thing | ok | okay | all right | alright | please do | do it
    do that | go ahead | good idea | that's a good idea | of course | fine | why not | let's do it
    let's do that | I will | I'll do it | I'll do that | will do | let's | let's go | sounds good
    that's fine | gladly | absolutely | definitely
"""
_NO = """
    no | nope | nah | no way | not today | I'm fine | no need | I'm good | I don't want to
    rather not | not interested | I'd rather not
"""
_NOT = "don't | I won't | I can't"
"""Says no by itself, and turns round what follows."""
_LATER = """
    not now | not right now | later | in a while | in a bit | in a minute | in a moment
    remind me later | snooze | snooze it | maybe later | ask me later | not yet | tell me later
"""
_AROUND = """
    please | thanks | thank you | carpal | hey | okay nabu | hey jarvis | alexa | hey mycroft | oh
    ah | um | uh | er | hm | hmm | well | actually | wait | so
"""
"""Says nothing by itself, before or after what is said."""
_WORDS_MAX = 10


def _phrases(text: str) -> list[str]:
    said = (_bare(part) for line in text.splitlines() for part in line.split("|"))
    return [one for one in said if one]


def _bare(text: str) -> str:
    words = re.sub(r"[^\w' ]+", " ", text.lower().replace("\u2019", "'"))
    return " ".join(words.split())


def _made_of(told: str, *, around: str = "") -> re.Pattern[str]:
    """Return what is made of phrases of *told*, one at least, and of what says nothing."""
    one = "|".join(map(re.escape, _phrases(told)))
    empty = "|".join(map(re.escape, _phrases(_AROUND + around)))
    return re.compile(rf"(?:(?:{empty}) )*(?:{one})(?: (?:{one}|{empty}))*")


_CANCEL = _made_of(_NEVER_MIND, around="\nno | okay | ok")
_REPLIES: dict[FeedbackKind, re.Pattern[str]] = {
    "accepted": _made_of(_YES),
    "dismissed": _made_of(f"{_NO}\n{_NOT}"),
    "snoozed": _made_of(_LATER, around=_NO),  # "no thanks, not now": the milder of the two counts
}


def is_cancel(text: str) -> bool:
    """Return whether *text* takes back that carpal was called at all."""
    return _is(text, _CANCEL)


def reply_in(text: str) -> FeedbackKind | None:
    """Return what *text* answers to a nudge; None where it is something else: "yes, no"."""
    return next((kind for kind, known in _REPLIES.items() if _is(text, known)), None)


def _is(text: str, known: re.Pattern[str]) -> bool:
    bare = _bare(text)
    return bare.count(" ") < _WORDS_MAX and known.fullmatch(bare) is not None
