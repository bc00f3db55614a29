"""What is kept, silenced and looked for: names, notes and ends of time in a sentence.  Pure."""

import re
from datetime import datetime, timedelta

from agent.ask import dues
from agent.ask.frames import cased, unwrapped
from agent.ask.spelled import plain
from agent.context import Context
from agent.events import Meeting

TITLE_MAX = 100
NOTE_MAX = 200
AROUND = timedelta(days=15)
DAY = timedelta(days=1)
_FOR = re.compile(
    r"\bfor (?:about |the next |another |like )*(?=(?:\d|an?\b|half|one|two|three)|\w)"
)
_TILL = re.compile(r"\b(?:un)?'?till?\b(?: about| around)?")
_MEETING = r"(?:the |my |this |that )*(?:current |next )?(?:meeting|call|appointment)"
_OVER = re.compile(
    rf"\b(?:at|for|during) (?:the (?:end|rest) of )?{_MEETING}(?P<over> (?:is over|ends|is done"
    r"|finishes))?"
)
_REST_OF_DAY = re.compile(r"\b(?:the rest of (?:the |my )?day|all day|end of (?:the )?day)\b")
_ABOUT = re.compile(
    r"\b(?:about|regarding|(?:tell(?:ing)?|remind(?:ing)?|bother(?:ing)?|nag(?:ging)?"
    r"|pester(?:ing)?|bug(?:ging)?|notify(?:ing)?) me (?:of|with)|mute|unmute|silence|hear of"
    r"|no more|enough of|enough with|stop (?:the|with(?: the)?|all)|shut up on) (.+)$"
)
_NUDGES = re.compile(
    r"\b(?:nudges?|hints?|messages?|notifications?|stuff|things?|reports?|advice|suggestions?"
    r"|again|any ?more|any longer|ever|from now on|once more|please|for good|forever)\b"
)
_ARTICLE = re.compile(r"^(?:the|my|our|your|a|an|any|all|those|these|that|this|some)\b\s*")
_SPOTS = (
    r"in|on|at|under|behind|inside|beside|with|near|by|below|above|over|between|outside|next to"
    r"|on top of|underneath|upstairs|downstairs|hanging"
)
_PUT = re.compile(
    rf"\b(?:put|left|leave|stored|placed|stuck|stashed|hid|parked|dropped|keep|kept|stowed)"
    rf" (?P<thing>.+?),? (?P<spot>(?:back )?(?:{_SPOTS})\b.*)$"
)
_LIES = re.compile(rf"(?P<thing>.+?) (?:is|are|lies?|lives?|sits?) (?P<spot>(?:{_SPOTS})\b.*)$")
_REMEMBER = re.compile(
    r"^.*?\b(?:remember|note(?: down)?|know|memori[sz]e|keep in mind|remind yourself|save|store"
    r"|forget)\b(?: for me)?(?: that)?[\s:,]*"
)
_WHERE = re.compile(
    r"\b(?:where(?:'s|'re| is| are| was| were| did i (?:put|leave|keep|store|stash|hide|lay|stow)"
    r"| do i keep| have i (?:put|left)| could| might)?|find|located?|seen|looking for|lost"
    r"|misplaced|hid(?:den)?|spot for|drawer is) (?P<thing>.+)$"
)
_TAIL = re.compile(
    r"\b(?:be|is|are|was|were|went|gone to|again|kept|now|then|please|at|lying|hiding|gone"
    r"|get to|got to|in)$"
)
_AT = re.compile(
    r"\b(?:at|to|in|visit(?:ed)?|leave|left) ((?:the |my |our )?[\w'-]+(?: [\w'-]+){0,2})"
)
_TITLED = re.compile(
    r"\b(?:for|about|on|at|to) (?:the |my |our )?([^:,]{2,60}?)"
    r"(?: meeting| call| appointment)?(?: ?:|, (?:note|remember|write|that|to)\b)"
)
_FROM = re.compile(r"\b(?:from|by|of|did|has|have) ([\w@.'-]+(?: [\w@.'-]+)?)")
_WHO = re.compile(r"\b(?:write|written|texted|messaged|called|mailed|emailed|sent)\b")
_NO_NAMES = frozenset(
    "i me my the a an anyone anybody someone somebody people today yesterday last this while it"
    " you there apps app phone notifications messages miss missed so far recently lately now"
    " them".split()
)
_TIMES = frozenset(
    "today yesterday monday tuesday wednesday thursday friday saturday sunday week month last this"
    " on in morning afternoon evening night again so far all past recently since ever time total"
    " before usually altogether".split()
)


def until(sentence: str, context: Context) -> datetime | None:
    """Return until when *sentence* wants quiet: "for two hours", "until five", "till the call"."""
    text = _TILL.sub("at", plain(sentence))
    if _REST_OF_DAY.search(text):
        local = context.local_now.replace(hour=0, minute=0, second=0, microsecond=0)
        return local + DAY
    meeting = _OVER.search(text)
    if meeting is not None:
        return _edge(meeting, context)
    at = dues.read(_FOR.sub("in ", text), context).at
    return at if at is not None and at > context.now else None


def _edge(match: re.Match[str], context: Context) -> datetime | None:
    """Return when the meeting that is meant begins, for "until" it; else when it ends."""
    now, said = context.calendar.meeting_at(context.now), match[0]
    coming = context.calendar.next_after(context.now, within=2 * DAY)
    ends = match["over"] or "end of" in said or "rest of" in said or not said.startswith("at")
    meeting = now if now is not None and "next" not in said else coming
    if meeting is None:
        return None
    return meeting.end if ends or meeting is now else meeting.start


def topic(sentence: str, _: Context) -> str | None:
    """Return what *sentence* wants to hear no more of, or again: "groceries"."""
    match = _ABOUT.search(unwrapped(plain(sentence).strip(" .!?")))
    if match is None:
        return None
    return _bare(_NUDGES.sub(" ", match[1])) or None


def thing(sentence: str, context: Context) -> str | None:
    """Return the thing that *sentence* says the place of: "keys"."""
    found = _kept(sentence)
    return None if found is None else cased(_bare(found["thing"]), sentence)[:TITLE_MAX] or None


def spot(sentence: str, context: Context) -> str | None:
    """Return where *sentence* says that a thing is: "in the blue drawer"."""
    found = _kept(sentence)
    return None if found is None else cased(found["spot"].strip(" ,.!"), sentence)[:NOTE_MAX]


def _kept(sentence: str) -> re.Match[str] | None:
    text = unwrapped(plain(sentence).strip(" .!?"))
    text = _REMEMBER.sub("", text)
    return _PUT.search(text) or _LIES.search(text)


def sought(sentence: str, _: Context) -> str | None:
    """Return the thing that *sentence* looks for: "keys"."""
    match = _WHERE.search(unwrapped(plain(sentence).strip(" .!?")))
    if match is None:
        return None
    said = _bare(match["thing"])
    while (shorter := _TAIL.sub("", said).strip()) != said:
        said = shorter
    return said[:TITLE_MAX] or None


def place_name(sentence: str, context: Context) -> str | None:
    """Return the place that *sentence* names: a known one, else the words that stand for it."""
    text = unwrapped(plain(sentence).strip(" .!?"))
    known = [one.name for one in context.places if re.search(rf"\b{_loose(one.name)}\b", text)]
    if known:
        return max(known, key=len)
    for match in _AT.finditer(text):
        words = [one for one in _bare(match[1]).split() if one not in _TIMES]
        if words:
            return " ".join(words)
    if re.search(r"\bhome\b", text):
        return "home"
    return "work" if re.search(r"\b(?:work(?:ing)?|office)\b", text) else None


def sender(sentence: str, _: Context) -> str | None:
    """Return whom *sentence* asks for notifications of: a person or an app."""
    text = unwrapped(plain(sentence).strip(" .!?"))
    for match in _FROM.finditer(text):
        led = match[0].split()[0]
        if led in ("did", "has", "have") and not _WHO.search(text[match.start() :]):
            continue
        words = [one for one in match[1].split() if one not in _NO_NAMES]
        name = " ".join(one for one in words if not _WHO.fullmatch(one))
        if name and match[1].split()[0] not in _NO_NAMES:
            return cased(name, sentence)
    return None


def title(sentence: str, context: Context) -> str | None:
    """Return the meeting that *sentence* is about: one of the calendar, else what it names."""
    known = meeting_title(sentence, context)
    match = _TITLED.search(plain(sentence))
    if match is None or (known is not None and known.lower() == match[1]):
        return known
    return cased(match[1], sentence)[:TITLE_MAX]


def meeting_title(sentence: str, context: Context) -> str | None:
    """Return the title of the calendar's meeting that *sentence* names, the longest; else None."""
    text = plain(sentence)
    named = [one.title for one in _near(context) if re.search(rf"\b{_loose(one.title)}\b", text)]
    return max(named, key=len, default=None)


def note(sentence: str, context: Context) -> str | None:
    """Return what *sentence* wants noted for a meeting: what stands behind its name, or a colon."""
    text = plain(sentence)
    named = title(sentence, context)
    if named is None:
        return None
    match = re.search(
        rf"\b{_loose(named)}\b(?: meeting| call| appointment)?"
        r"\s*[:,]?\s*(?:(?:please )?(?:note|remember|write down|write)\b)?\s*(?:that|to)?\b[\s:,]*"
        r"(?P<note>.*)$",
        text,
    )
    said = match["note"].strip(" .!?:,") if match else ""
    if not said:  # "note that Ada wants figures for the budget review"
        before = text[: match.start()] if match else text
        said = re.sub(r"\s*\b(?:for|at|in|to|on|before|about)(?: the| my| our)?\s*$", "", before)
        said = _REMEMBER.sub("", said).strip(" .!?:,|")
    return cased(said, sentence)[:NOTE_MAX] or None


def _near(context: Context) -> tuple[Meeting, ...]:
    return context.calendar.between(context.now - AROUND, context.now + AROUND)


def _loose(name: str) -> str:
    return r"\s+".join(re.escape(part) for part in name.lower().split())


def _bare(text: str) -> str:
    said = " ".join(text.split()).strip(" ,.!?")
    while (shorter := _ARTICLE.sub("", said)) != said:
        said = shorter
    return said
