"""What keeps a sentence from being done at once: it asks, it denies, it quotes.  Pure."""

import re

from agent.ask.frames import POLITE

_ASKS = re.compile(
    r"^(?:what|when|where|which|who|whom|whose|why|how|did|does|do(?! not\b)|is|are|was|were|am|has"
    r"|should|shall|may|what's|where's|when's|how's|who's|(?:have|had) (?:i|we|you)"
    r"|(?:will|would|can|could|won't|isn't|aren't|didn't|don't i|doesn't) (?!you\b))\b"
)
_BEGS = re.compile(r"\b(?:can|could|would|will|won't) (?:you|ya|i)\b|\bplease\b|\bok\?$")
_ALLOWED = re.compile(
    r"\b(?:don't|do not|never|not) (?:let me )?forget\b|\bmust(?:n't| not) forget\b"
    r"|\b(?:can't|cannot) forget\b|\bnot to forget\b|\bnever mind\b|\bif not\b|\bwhy don't you\b"
)
_DENIES = re.compile(
    r"\b(?:don't|do not|never|not|won't|wouldn't|shouldn't|needn't|without|unless|instead of|no)\b"
)
_REPORTS = re.compile(
    r"[\"\u201c\u201d]|\b(?:he|she|they|somebody|someone|everyone|people) (?:said|says|told|asked"
    r"|wrote|wants|say)\b|\b(?:if|suppose|imagine|pretend|whenever)\b"
)


_SOMEONE = (
    r"(?:husband|wife|partner|son|daughter|kids?|child(?:ren)?|baby|brother|sister|mother|mum|mom"
    r"|father|dad|boss|colleague|friend|neighbou?r|dog|cat|boyfriend|girlfriend|parents?|uncle|aunt"
    r"|grandma|grandpa|gran|nephew|niece|flatmate|roommate|patient|manager|teacher|horse|player"
    r"|people|men|women|humans?|everyone|somebody|others?)"
)
_OTHERS = re.compile(
    rf"\b(?:is|was|did|does|do|has|have|are|were|how's|where's|when's|what's|will|can) "
    rf"(?:my|the|our|his|her|their|your|a|most|other) (?:\w+ )?{_SOMEONE}s?\b"
    rf"|\b{_SOMEONE}s?'s? (?:\w+ )?(?:heart|pulse|sleep|stress|steps?|breathing|oxygen|day|night"
    r"|meetings?|calendar|calls?|appointments?|temperature|battery|location)\b"
    rf"|\bof (?:a|an|the|my|our|most|other) (?:\w+ )?{_SOMEONE}s?\b"
    r"|\b(?:is|was|did|does|has|are|were|do) (?:he|she|they|people|others)\b"
    r"|\b(?:his|her|their|your) (?:heart|pulse|sleep|stress|steps|breathing|battery|day|night)\b"
)
_PAUSE = re.compile(
    r"\b(?:take|have|taking|having) "
    r"(?:(?:a|an|another|some|my|the|little|short|quick|longer?|small) )*"
    r"(?:break|rest|nap|walk|breather|pause|time ?out|day off|time off|stroll)\b"
)
_GENERAL = re.compile(
    r"\b(?:stands? for|definition of|the meaning of|what does [\w ]+ mean|define|explain)\b"
    r"|\bhow (?:do|can|should|could) (?:i|you|we|one) (?:lower|raise|improve|reduce|increase"
    r"|measure"
    r"|fix|get rid|cure|treat|calculate|check)\b"
    r"|\b(?:is|are|was) (?:that |this |it )?(?:healthy|dangerous|normal for)\b"
    r"|\bwhat(?:'s| is) (?:a|an) (?:healthy|normal|good|dangerous|average)\b"
)


def of_no_wearer(sentence: str) -> str | None:
    """Return why what is known of the wearer does not answer *sentence*; None if it may."""
    text = " ".join(sentence.lower().replace("\u2019", "'").split())
    if _OTHERS.search(text):
        return "I can't tell: I know only of you."
    if _GENERAL.search(text):
        return "I can't tell: I know what was measured, and nothing in general."
    return None


def of_a_pause(sentence: str) -> bool:
    """Return whether *sentence* speaks of taking a rest, and so of no medicine."""
    return _PAUSE.search(" ".join(sentence.lower().split())) is not None


def is_question(sentence: str) -> bool:
    """Return whether *sentence* has the form of a question, and is no request: "could you"."""
    text = " ".join(sentence.lower().replace("\u2019", "'").split())
    asks = text.endswith(("?", " or not", " or not?")) and not _BEGS.search(text)
    return asks or _ASKS.search(POLITE.sub("", text)) is not None


def doubt(sentence: str, *, denials: bool) -> str | None:
    """Return why what *sentence* seems to want is asked about first; None if nothing speaks so.

    *denials*: a "not" turns the wish round; where things are taken back it does not.
    """
    text = " ".join(sentence.lower().replace("\u2019", "'").split())
    if is_question(sentence):
        return "it has the form of a question"
    if _REPORTS.search(text):
        return "it tells of what is said or supposed"
    if denials and _DENIES.search(_ALLOWED.sub("", text)):
        return "it says not"
    return None
