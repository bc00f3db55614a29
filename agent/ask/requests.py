"""Sentences that want something done or explained: who does it instead of a question.  Pure."""

import re

_POLITE = (
    r"(?:(?:please|hey|hi|ok|okay|carpal|now|and|just|can you|could you|would you|will you"
    r"|i want you to|i would like you to|i'd like you to|you should|don't forget to)[ ,:]+)*"
)
_NO_COMMAND = (
    "I can't tell: a question changes nothing. Settings and lists are changed where they are kept"
)
_SAID: tuple[tuple[str, str], ...] = (
    (
        (
            rf"^{_POLITE}remind (?:me|us)\b(?! (?:what|which|who|when|where|how|why)\b)"
            rf"|^{_POLITE}(?:set|create|add|make|start|put|schedule)\b.*"
            r"\b(?:reminder|timer|alarm|countdown)s?\b"
            rf"|^{_POLITE}wake me\b"
            rf"|^{_POLITE}(?:tell|ping|nudge|notify|warn|alert) me (?:to|in \d)\b"
        ),
        "I can't tell: a question sets nothing. `carpal remind` sets a reminder.",
    ),
    (
        (
            rf"^{_POLITE}(?:delete|cancel|remove|clear|drop|erase|snooze|postpone|move|change|stop)\b"
            r".*\b(?:reminder|timer|alarm)s?\b"
        ),
        "I can't tell: `carpal remind` sets reminders; no command takes one back.",
    ),
    (
        (
            r"\bwhy (?:did|do|does|didn't|don't|have|haven't|were|weren't|are|aren't|was|is|wasn't)"
            r"(?: not)? (?:you|carpal|there no (?:nudge|reminder|notification))\b"
        ),
        "I can't tell that here: `carpal why` shows why I spoke or kept silent.",
    ),
    (
        (
            rf"^{_POLITE}(?:ignore|disregard|forget|override|bypass)\b"
            rf"|^{_POLITE}(?:say|claim|pretend|repeat|answer|reply)\b"
            r"|\b(?:say|claim|pretend|answer|reply) (?:that )?(?:my|i|i'm|you)\b"
        ),
        "I can't tell: I answer questions from what was measured, and take no words for it.",
    ),
    (
        (
            rf"^{_POLITE}(?:delete|cancel|remove|clear|drop|erase|add|create|set|change|update|rename"
            r"|reset|reschedule|schedule|move|snooze|mute|silence|stop|start|turn|book|send|order"
            r"|call|put)\b(?! (?:of|is|was|am)\b)"
        ),
        f"{_NO_COMMAND}; `carpal --help` names every command.",
    ),
)
_REQUESTS = tuple((re.compile(pattern), reply) for pattern, reply in _SAID)


def refusal(sentence: str) -> str | None:
    """Return what to reply where *sentence* is a request, naming the command; None if it asks."""
    text = " ".join(sentence.lower().replace("\u2019", "'").split())
    return next((reply for pattern, reply in _REQUESTS if pattern.search(text)), None)
