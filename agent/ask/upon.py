"""Occasions: "when I get home", "when I leave work", "after the meeting", "when I'm with Anna".

Pure.
"""

import re
from datetime import datetime, timedelta
from re import Match
from typing import NamedTuple

from agent.ask.clocks import ONE_DAY, without
from agent.context import Context
from agent.events import Beside, Meeting, Occasion
from agent.fusion.reminders import beside
from agent.fusion.reminders.occasions import KINDS

BEFORE_MIN = 10
WEEK = timedelta(days=7)
_WHEN = r"\b(?:when(?:ever)?|once|as soon as|the moment|after|the (?:next|first) time|next time)"
_KNOWN = "|".join(sorted(KINDS, key=len, reverse=True))
_NAME = rf"(?:the |my |our )?({_KNOWN}|(?!(?:to|and|so|that|about|remind)\b)[\w'-]+)"
_AFTER = (
    r"(?= to\b| and\b| so\b| that\b| about\b| of\b| please\b| tonight\b| today\b| later\b| again\b"
    r"| remind| tell| nudge|[,.:;|!?]| *$)"
)
_ARRIVE = (
    re.compile(
        rf"{_WHEN},? (?:i|we)(?:'m|'re| am| are)? ?(?:next )?(?:get|come|arrive|am|are|got|reach"
        r"|walk|go|pass|pop|back|land|return)?(?:s|ing)?(?: back| by| into?| through| round)*"
        rf"(?: to| at| in| into)? ?{_NAME}{_AFTER}"
    ),
    re.compile(rf"\bat (?:the|my) (?:next )?({_KNOWN})(?! (?:meeting|call)){_AFTER}"),
    re.compile(rf"\b(?:on|upon) (?:arrival|arriving|getting|coming)(?: back)?(?: at| in| to)? "
               rf"?{_NAME}{_AFTER}"),
)  # fmt: skip
_BACK = re.compile(
    rf"{_WHEN},? (?:i|we)(?:'m|'re| am| are)? ?(?:get |come |got )?back from "
    rf"[\w' -]{{2,24}}?{_AFTER}"
)
_LEAVE = (
    re.compile(
        rf"{_WHEN},? (?:i|we)(?:'m|'re| am| are)? ?(?:leave|leaving|left|get out of|go out of"
        rf"|am done at|walk out of|head out of|depart from) {_NAME}{_AFTER}"
    ),
    re.compile(rf"\b(?:on|upon|when|before) leaving {_NAME}{_AFTER}"),
)
_WITH = re.compile(
    rf"{_WHEN},? (?:i|we)(?:'m|'re| am| are)? ?(?:next )?(?:with|(?:meet|see|meeting|seeing|talk to"
    rf"|speak to|catch up with|run into|am with)(?: up)?(?: with)?) (?:my )?([a-z][\w'-]+){_AFTER}"
)
_NOBODY = frozenset("it them him her you me us this that someone the a an".split())
_NO_PLACE = _NOBODY | frozenset(
    "up out done ready finished free back there here in on off bed tired hungry older rich well "
    "awake asleep alone sure able going not with".split()
)
_ENDS = r"(?: (?:ends|is over|finishes|starts|begins|is done|has ended))?\b"
_EVENT = r"\b(before|after|when|once) (?:the |my |our |this )*"
_NEXT = re.compile(
    r"\b(before|after|when|once) (?:the |my |this )*(?:next |current )?(?:meeting|call)" + _ENDS
)
_SOME = re.compile(
    r"\b(?:before|after|when|once) (?:the |my |our |this |next |current )*(?:[\w'-]+ ){0,3}?"
    r"(?:meeting|call|appointment)\b"
)
_LEAD = re.compile(r"\b(\d{1,3}) (?:minutes?|mins?) $")


class Found(NamedTuple):
    """An occasion that was named, and what is left of the sentence."""

    when: Occasion
    rest: str


class Kept(NamedTuple):
    """A meeting that was named, and what is left of the sentence."""

    when: Beside
    rest: str


def read(text: str) -> Found | None:
    """Return the coming, going or meeting that *text* names; None if it names none."""
    if match := _BACK.search(text):
        return Found(Occasion(happens="arrive", name="home"), without(text, match))
    for happens, patterns in (("leave", _LEAVE), ("with", (_WITH,)), ("arrive", _ARRIVE)):
        for pattern in patterns:
            match = pattern.search(text)
            name = match[1].strip(" '") if match else ""
            if match is None or name in (_NOBODY if happens == "with" else _NO_PLACE):
                continue
            when = Occasion.model_validate({"happens": happens, "name": name[:64]})
            return Found(when, without(text, match))
    return None


def around_a_meeting(text: str, context: Context) -> Kept | None:
    """Return the end of a meeting for "after", some minutes before its begin for "before"."""
    match = _NEXT.search(text)
    if match is not None:
        now = context.calendar.meeting_at(context.now)
        meeting = context.calendar.next_after(context.now, within=2 * ONE_DAY)
        if match[1] in ("after", "once") and now is not None and "next" not in match[0]:
            meeting = now
        return _kept(match, meeting, text, context)
    for meeting in context.calendar.between(context.now, context.now + WEEK):
        title = re.escape(" ".join(meeting.title.lower().split()))
        named = re.search(rf"{_EVENT}{title}\b(?: meeting| call)?{_ENDS}", text)
        if named is not None:
            return _kept(named, meeting, text, context)
    return None


def names_no_meeting(sentence: str, context: Context) -> bool:
    """Return whether *sentence* speaks of a meeting that the calendar does not have ahead."""
    text = " ".join(sentence.lower().split())
    return _SOME.search(text) is not None and around_a_meeting(text, context) is None


def due(kept: Beside, context: Context) -> datetime | None:
    """Return when the edge of that meeting is; None if no calendar has it."""
    for source in context.calendar.sources.values():
        for one in source.meetings:
            if one.uid == kept.uid and one.end > context.now:
                return beside(kept, start=one.start, end=one.end)
    return None


def _kept(match: Match[str], meeting: Meeting | None, text: str, context: Context) -> Kept | None:
    if meeting is None:
        return None
    before = _LEAD.search(text[: match.start()]) if match[1] == "before" else None
    lead_min = (int(before[1]) if before else BEFORE_MIN) if match[1] == "before" else 0
    kept = Beside(
        uid=meeting.uid,
        title=meeting.title,
        edge="start" if match[1] in ("before", "when") else "end",
        lead_min=lead_min,
    )
    if beside(kept, start=meeting.start, end=meeting.end) <= context.now:
        return None
    begun = before.start() if before else match.start()
    return Kept(kept, f"{text[:begun]}|{text[match.end() :]}")
