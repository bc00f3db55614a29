"""What a question has besides a time that was understood: words of a time that was not.  Pure."""

import re

_DAYS = r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?"
_MONTHS = (
    r"january|february|march|april|june|july|august|september|october|november|december"
    r"|may (?=\d)|(?<=\d )may"
)
# "since when" and "how long until" ask for a time, they do not name one.
_TIME = re.compile(
    r"\b(?:during|throughout|while|whilst|whenever|since(?! when| what)|between|ago"
    r"|earlier(?! than)"
    r"|recently)\b"
    r"|\b(?:before|after|until|till)\b(?! (?:this|that|my next|the next|when\b|what time))"
    r"|(?<!^)\b(?:when|as) (?:i|we|you|it|he|she)\b"
    r"|\b(?:yesterday|tomorrow|tonight|overnight|noon|midnight)\b"
    r"|\b(?:at|around|from|to|by) \d|\b\d{1,2}[:.]\d\d\b|\b\d+ ?(?:am|pm|o'clock)\b"
    r"|\b(?:in|since|of|from|for) (?:1[89]|2[01])\d\d\b|\b\d{4}-\d\d(?:-\d\d)?\b"
    r"|\b\d{1,2}(?:st|nd|rd|th)\b|\b(?:half|quarter) (?:past|to)\b"
    r"|\b(?:last|past|previous|next|this|that|each|every) "
    r"(?:\w+ )?(?:second|minute|hour|day|night|week|weekend|month|quarter|season|year|decade"
    r"|spring|summer|autumn|fall|winter|christmas|easter|time)s?\b(?<!\bthis time)(?<!\bthis day)"
    r"|\b(?:in|at) the (?:morning|afternoon|evening|night|weekend)\b|\bat (?:night|dawn|dusk)\b"
    r"|\b(?:weekends?|weeks|months?|years?|spring|summer|autumn|winter|christmas|easter|lunchtime"
    r"|childhood|days)\b|\ball (?:day|morning|night|week)\b|\bthe other (?:day|week|night)\b"
    r"|(?<!^)\bonce (?:i|we)\b|\bas of \d|\bupon \w+ing\b|\bnot (?=\|)"
    r"|\bfor (?!a minute\b)(?:\d+|an?|two|three) (?:min|hour|h\b|day)"
    rf"|\b(?:{_DAYS}|{_MONTHS})\b"
)
_THINGS = (
    r"wrist|watch|body|blood|skin|room|house|phone|arm|hand|moment|minute|average|best|worst"
    r"|peak|very|max|maximum|minimum|top|bottom|night|rest|home|present|all|any"
    r"|least|most|once|its?|this (?:very )?(?:moment|point|time|place|room)|device|sensor|ring"
)
_OCCASION = re.compile(
    rf"\bat (?!(?:the |my |a )?(?:{_THINGS})\b)\w"
    rf"|\b(?:in|on) (?:the|my|our|a|that) (?!(?:{_THINGS})\b)\w"
)


def of_time(rest: str) -> bool:
    """Return whether *rest*, what no window was made of, speaks of a time."""
    return _TIME.search(rest) is not None


def of_an_occasion(rest: str) -> bool:
    """Return whether *rest* names where or at what something was: "at the gym", "on my run"."""
    return _OCCASION.search(rest) is not None
