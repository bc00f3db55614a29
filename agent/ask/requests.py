"""Sentences that want something done or explained: who does it instead of a question.  Pure."""

import re

_POLITE = (
    r"(?:(?:please|hey|hi|ok|okay|carpal|now|and|just|um|uh|so|can you|could you|would you"
    r"|will you|i want you to|i would like you to|i'd like you to|you should|don't forget to"
    r"|go ahead and|let's)[ ,:]+)*"
)
_OURS = re.compile(
    r"\b(?:remind\w*|lists?|shopping|groceries|notes?|timers?|alarms?|pills?|dose|minutes of)\b"
)
_TOLD = (
    r"(?:what|how|when|tell|show|give|read|check|any|is|are|was|will|do|does|which|look)\b"
    r"(?:'s|'ll)?"
)
_SKY = r"(?:weather|forecast|(?:chance|risk) of (?:rain|snow|frost|storms?)|sunrise|sunset)"
_SENSED = r"(?:cold|warm|hot|wet|dry|nice)"
_FALLS = (
    r"(?:rain|snow|hail|freeze|thunder|storm|pour|drizzle|thaw"
    r"|(?:be )?(?:\w+ )?(?:rainy|sunny|windy|cloudy|stormy|foggy|icy|snowy|frosty|muggy"
    rf"|{_SENSED}(?= (?:out|outside|tomorrow|tonight|today|later|at the weekend|this|on)\b"
    r"|[?.! ]*$)))(?:ing)?"
)
_WEATHER = (
    rf"^{_POLITE}(?:{_TOLD}.*|(?:the |today's |tomorrow's |tonight's )?)"
    rf"\b{_SKY}\b(?!.*\b(?:meetings?|calls?|appointments?)\b)"
    rf"|\b(?:will|is|does|did|was|'ll) it (?:is |be |going to |gonna |likely to )*{_FALLS}\b"
    rf"|\bhow {_SENSED} (?:is it|will it be|is it going to be)\b(?! in\b)"
    r"|\b(?:will|is) there (?:going to )?(?:be )?(?:any )?"
    r"(?:rain|snow|frost|wind|sun|ice|fog|thunder|a storm)\b"
    r"|\b(?:do|will|should) i (?:need|want|take|bring)(?: to (?:take|bring))? "
    r"(?:an?|my|the) (?:umbrella|rain ?coat)\b"
)
_SAID: tuple[tuple[str, str], ...] = (
    (
        (
            r"\bwhy (?:did|do|does|didn't|don't|have|haven't|were|weren't|are|aren't|was|is|wasn't)"
            r"(?: not)? (?:you|carpal|there no (?:nudge|reminder|notification))\b"
        ),
        "I can't tell that here: `carpal why` shows why I spoke or kept silent.",
    ),
    (
        _WEATHER,
        "I can't tell: I know no weather, and nothing that I am connected to tells me of it.",
    ),
    (
        (
            rf"^{_POLITE}(?:ignore|disregard|override|bypass)\b"
            rf"|^{_POLITE}forget\b(?=.*\b(?:instructions?|rules?|prompts?|told|said)\b)"
            rf"|^{_POLITE}(?:say|claim|pretend|repeat|answer|reply)\b(?! (?:me|(?:that|it"
            rf"|this) again)\b)"
            r"(?! (?:where|what|how|when|which|who|if)\b)(?=.*\b(?:my|i'm|i am|that i|you are)\b)"
            r"|\b(?:say|claim|pretend|answer|reply) (?:that )?(?:my|i|i'm|you)\b"
        ),
        "I can't tell: I answer questions from what was measured, and take no words for it.",
    ),
)
_ELSE = re.compile(
    rf"^{_POLITE}(?:rename|reset|reschedule|schedule|snooze|mute|silence|unmute|start|book|send"
    r"|order|call(?! off| it)|text|message|email|phone|ring|dial|(?:play|pause"
    r"|resume)(?= (?:the|my|some|a|that|this|me|music|songs?|it|something)\b)|change|update"
    r"|move|set"
    r"|create|invite|accept|decline|turn (?:on|off|up|down)|switch|open|close|lock|unlock|install"
    r"|download|post|share|pay|transfer|record|translate|sing)\b(?! (?:of|is|was|am|me)\b)"
)
_FOREIGN = re.compile(
    rf"^{_POLITE}(?:add|put|remove|delete|cancel|clear|drop|take|erase)\b.*\b(?:meetings?"
    r"|appointments?|events?|calendar|contacts?|settings?|messages?|e?mails?|photos?|songs?"
    r"|playlist|app|apps|notifications?|data|history|account)\b"
)
_NOT_MINE = (
    "I can't do that: I keep reminders and lists, and answer questions; "
    "`carpal --help` names every command."
)
_REQUESTS = tuple((re.compile(pattern), reply) for pattern, reply in _SAID)


def refusal(sentence: str) -> str | None:
    """Return what to reply where *sentence* is a request, naming the command; None if it asks."""
    text = " ".join(sentence.lower().replace("\u2019", "'").split())
    said = next((reply for pattern, reply in _REQUESTS if pattern.search(text)), None)
    if said is None and _FOREIGN.search(text) and not _OURS.search(text):
        return _NOT_MINE
    return said


def other(sentence: str) -> str | None:
    """Return what to reply where *sentence* begins as a request that is none of ours."""
    text = " ".join(sentence.lower().replace("\u2019", "'").split())
    return _NOT_MINE if _ELSE.search(text) and not _OURS.search(text) else None
