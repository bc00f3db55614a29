"""What people put around the thing itself: "could you please …", "… thanks".  Pure."""

import re

FILLERS = (
    r"(?:um|uh|er|erm|so|well|oh|ah|hey|hi|hello|ok|okay|right|now|and|also|like|carpal|please"
    r"|just|quickly|then|kindly|you know|listen|yeah|yes|oi|yo|excuse me|sorry|be a dear and"
    r"|mate|love|dear|darling|good morning|good evening|be so kind and|alright)"
)
_ASKING = (
    r"(?:can|could|would|will) you(?: please| kindly| maybe| just)?(?: be so kind as to)?"
    r"|would you mind|i(?:'d| would) like you to|i want you to|i need you to|you (?:must|should)"
    r"|please to|go ahead and|let's|make sure to"
)
POLITE = re.compile(rf"^(?:(?:{FILLERS}|{_ASKING})\b[\s,.!:]*)+")
_THANKS = re.compile(
    r"[\s,.!?|]*\b(?:yeah|yes|right|innit|alright|eh|will ya|would ya|love|dear|darling"
    r"|please|thanks|thank you|cheers|ta|for me|will you|would you|could you|ok|okay"
    r"|if you can|if you would|if possible|too|as well|mate|buddy|carpal|or something)[\s.!?|]*$"
)


def unwrapped(text: str) -> str:
    """Return *text* without the politeness around it; never nothing where something was."""
    bare = text.strip(" ,.!?:;|\t\n")
    while True:
        shorter = _THANKS.sub("", POLITE.sub("", bare)).strip(" ,.!?:;|")
        if shorter == bare or not shorter:
            return bare
        bare = shorter


def cased(text: str, original: str) -> str:
    """Return *text* with the capitals that its words have in *original*."""
    known = {word.lower(): word for word in re.findall(r"[^\W_][\w'\u2019-]*", original)}
    first = original.split(" ", 1)[0].lower()
    known.pop(re.sub(r"\W", "", first), None)
    return re.sub(r"[^\W_][\w'\u2019-]*", lambda m: known.get(m[0], m[0]), text)
