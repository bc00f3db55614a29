"""What is said after something: "yes", "and yesterday?", "the second one", "cancel that".  Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from agent.ask import guards, slots, windows
from agent.ask.clocks import ONE_DAY, dated, midnight
from agent.ask.dialogue import Dialogue, Pending, Turn
from agent.ask.frames import unwrapped
from agent.context import Context
from agent.events import Input
from agent.phrases import clock, listing
from agent.skill import Answer, Tool, Window

WORDS_MAX = 10
_YES = re.compile(
    r"(?:yes|yeah|yep|yup|sure|of course|do it|do that|go ahead|go for it|please do|right|correct"
    r"|exactly|that's right|that one|ok|okay|fine|definitely|absolutely|i do|i did|indeed|aye)\b"
    r"[\s,.!]*"
)
_NO = re.compile(
    r"(?:no|nope|nah|don't|do not|not that|never mind|nevermind|forget it|leave it|stop|neither"
    r"|none|cancel|rather not|not now|no thanks)\b[\s,.!]*(?:that|it|thanks|thank you)?[\s,.!]*"
)
_KINDLY = re.compile(r"^(?:please|thanks|thank you|do|then|carpal|now|\W)+$")
_UNDO = re.compile(
    r"(?:no |wait |oh |sorry )*(?:(?:cancel|undo|revert|scrap|reverse|delete|remove) "
    r"(?:that|it|this|the last one|what you just did)|undo|take (?:that|it) back|put it back"
    r"|i didn't mean that|that was (?:wrong|a mistake)|not what i (?:meant|wanted)|scratch that)"
    r"(?: again)?"
)
_WHY = re.compile(
    r"(?:but )?(?:why|how come|why is that|how do you know(?: that)?|how can you tell|says who"
    r"|based on what|on what (?:grounds|basis)|are you sure|what makes you (?:say"
    r"|think) (?:that|so)"
    r"|where do you (?:get|have) that from|what is that based on|explain(?: that)?|why so)"
)
_AGAIN = re.compile(
    r"(?:say |tell me )?(?:that |it |this )?(?:again|once more|one more time)|repeat(?: that| it)?"
    r"|(?:i beg your )?pardon|what was that|what did you say|come again|sorry what"
)
_AND = re.compile(
    r"^(?:(?:and|ok|okay|so|now|then)[ ,]+)*(?:what about|how about|how's about|and"
    r"|same (?:again )?for"
    r"|the same for|what of|or)\b[\s,]*(?:for |what about |how about |in |then )?"
)
_BESIDE = re.compile(
    r"(?:the |on the |for the )?(day|night|week) (before|after)(?: that)?|the (next) day"
)
_NTH = {"first": 0, "second": 1, "third": 2, "fourth": 3, "fifth": 4, "last": -1, "former": 0,
        "latter": 1, "other": 1, "1st": 0, "2nd": 1, "3rd": 2}  # fmt: skip
_WHICH = re.compile(
    rf"\b(?:the |number )?({'|'.join(_NTH)})(?: one| option| item| reminder| thing)?\b"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """Use a tool."""

    tool: str
    said: Mapping[str, object]
    reason: str
    sure: bool = False
    """It was asked back, and answered."""
    confirmed: bool = False
    """The wearer said yes to just this."""
    asked: str = ""
    """The question that is answered at last, where another one came between."""
    settled: bool = False
    """The time is that of before, moved: there is no other in the sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """Say something about what was said before."""

    answer: Answer
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """Take these words for what was asked."""

    words: str


Step = Use | Say | Ask
Tools = Mapping[str, Tool[Any]]


def follow(asked: str, dialogue: Dialogue, tools: Tools, context: Context) -> Step | None:
    """Return what *asked* means after *dialogue*; None if it stands by itself."""
    said = unwrapped(" ".join(asked.lower().replace("\u2019", "'").split()))
    bare = " ".join(asked.lower().replace("\u2019", "'").split()).strip(" ?.!,")
    pending, last = dialogue.pending, dialogue.last
    if pending is not None:
        step = _answered(asked, (bare, said), pending, tools, context)
        if step is not None:
            return step
    if _UNDO.fullmatch(bare) or _UNDO.fullmatch(said):
        return _undone(dialogue, context)
    if last is None:
        return None
    return _about(said, last) or _more(bare, last, tools, context) or _nth(said, last)


def _answered(
    asked: str, ways: tuple[str, str], pending: Pending, tools: Tools, context: Context
) -> Step | None:
    for said in ways:
        if pending.choices:
            step = _chosen(said, pending, tools, context)
        elif pending.missing:
            step = _filled(asked, pending, tools, context)
        else:
            step = _confirmed(said, pending, tools, context)
        if step is not None:
            return step
    return None


def _chosen(said: str, pending: Pending, tools: Tools, context: Context) -> Step | None:
    one = _WHICH.fullmatch(said)
    place = (
        _NTH[one[1]] if one else 0 if len(pending.choices) == 1 and _YES.fullmatch(said) else None
    )
    if place is None:
        words = set(re.findall(r"[a-z]{4,}", said))
        fits = [n for n, name in enumerate(pending.choices)
                if words & set(re.findall(r"[a-z]{4,}", tools[name].what))]  # fmt: skip
        place = fits[0] if len(fits) == 1 and len(said.split()) <= 4 else None
    if place is not None and place < len(pending.choices):
        name = pending.choices[place]
        return Use(
            tool=name,
            said=slots.fill(tools[name].arguments, pending.question, context),
            reason="it was chosen",
            asked=pending.question,
        )
    if _NO.fullmatch(said):
        return _left()
    return None


def _confirmed(said: str, pending: Pending, tools: Tools, context: Context) -> Step | None:
    yes, no = _YES.match(said), _NO.match(said)
    match = yes or no
    if match is None:
        return None
    rest = said[match.end() :].strip(" ,.!")
    rest = _YES.sub("", rest, count=1).strip(" ,.!") if yes else rest
    rest = _KINDLY.sub("", rest)
    if not rest:
        if not yes:
            return _left()
        reason = "the wearer said yes"
        return Use(tool=pending.tool, said=pending.said, reason=reason, sure=True, confirmed=True)
    changed = slots.fill(tools[pending.tool].arguments, rest, context)
    only = {name: value for name, value in changed.items() if name in ("due", "list_name")}
    if len(rest.split()) > WORDS_MAX or not only:
        return None
    merged = {**pending.said, **only}
    return Use(tool=pending.tool, said=merged, reason="the wearer corrected it", sure=bool(yes))


def _filled(asked: str, pending: Pending, tools: Tools, context: Context) -> Step | None:
    said = asked.lower().strip(" ?.!,")
    if _NO.fullmatch(said):
        return _left()
    if guards.doubt(asked, denials=True) or len(said.split()) > WORDS_MAX:
        return None
    if _is_whole(said, tools, context):
        return None  # a wish of its own, and not the answer to what was asked
    slot = slots.slot_of(tools[pending.tool].arguments, pending.missing)
    value = slots.PARSERS[slot](asked, context)
    if value is None:
        return None
    merged = {**pending.said, pending.missing: value}
    return Use(tool=pending.tool, said=merged, reason=f"{pending.missing} was asked for", sure=True)


def _is_whole(said: str, tools: Tools, context: Context) -> bool:
    """Return whether *said* has the frame of a command, and all that this command needs."""
    for tool in tools.values():
        if not tool.acts or not any(re.search(frame, said) for frame in tool.frames):
            continue
        needed = [n for n, field in tool.arguments.model_fields.items() if field.is_required()]
        found = slots.fill(tool.arguments, said, context)
        if len(needed) > 1 and all(name in found for name in needed):
            return True
    return False


def _left() -> Say:
    return Say(answer=Answer("All right, I leave it.", known=False), reason="the wearer said no")


def _undone(dialogue: Dialogue, context: Context) -> Say:
    done = [turn for turn in dialogue.turns if turn.answer.events]
    if not done or not done[-1].answer.undo:
        nothing = Answer("There is nothing that I could take back.", known=False)
        return Say(answer=nothing, reason="nothing was done in the last minutes")
    events = tuple(_at(event, context) for event in done[-1].answer.undo)
    answer = Answer(
        "I took that back.", done[-1].answer.evidence, events=events, undo=done[-1].answer.events
    )
    return Say(answer=answer, reason="the last action was taken back")


def _at(event: Input, context: Context) -> Input:
    """Return *event* as if it had happened now."""
    body = event.model_dump() | {"at": context.now}
    return type(event).model_validate(body)


def _about(said: str, last: Turn) -> Say | None:
    if _AGAIN.fullmatch(said):
        answer = Answer(last.answer.text, last.answer.evidence, known=last.answer.known)
        return Say(answer=answer, reason="it was asked for again")
    if not _WHY.fullmatch(said):
        return None
    lines = [f"{one.role} {one.value}" for one in last.answer.evidence]
    counted = sum(one.samples for one in last.answer.evidence)
    measured = f", from {counted} measurements" if counted > 1 else ""
    text = f"I said so because of: {listing(lines)}{measured}." if lines else "I have nothing more."
    reason = "it was asked what the last answer rests on"
    return Say(answer=Answer(text, last.answer.evidence, known=False), reason=reason)


def _more(said: str, last: Turn, tools: Tools, context: Context) -> Step | None:
    """Return the last tool with other arguments: "and yesterday?", "what about my breathing?"."""
    match = _AND.match(said)
    rest = said[match.end() :].strip(" ?.,!") if match else said
    beside = _BESIDE.fullmatch(rest)
    if beside is not None:
        return _moved(beside, last, tools, context)
    if match is None or not rest or len(rest.split()) > WORDS_MAX:
        return None
    tool = tools[last.tool]
    if tool.acts:
        return Ask(words=rest)
    found = slots.fill(tool.arguments, rest, context)
    if found:
        merged = {**last.said, **found}
        return Use(tool=last.tool, said=merged, reason="it goes on from the last question")
    timed = windows.find(rest, context) is not None and len(rest.split()) <= 4
    if timed and tool.now_only:
        return Use(tool=last.tool, said=last.said, reason="it goes on from the last question")
    return Ask(words=rest)


def _moved(beside: re.Match[str], last: Turn, tools: Tools, context: Context) -> Step | None:
    """Return the last question for the day before or after that which was asked about."""
    name = next((one for one in ("window", "period") if one in last.said), None)
    asked = last.said[name] if name else None
    if name is None or not isinstance(asked, Window):
        words = "the night before last" if beside[1] == "night" else "yesterday"
        found = slots.fill(tools[last.tool].arguments, words, context)
        if not found or beside[2] != "before" or tools[last.tool].acts:
            return Ask(words=words)
        merged = {**last.said, **found}
        reason = "the same, a day beside"
        return Use(tool=last.tool, said=merged, reason=reason, settled=True)
    step = (7 if beside[1] == "week" else 1) * ONE_DAY * (-1 if beside[2] == "before" else 1)
    since, until = asked.since + step, asked.until + step
    local = since.astimezone(context.local)
    start = local.replace(hour=0, minute=0, second=0, microsecond=0)
    day = {-1: "yesterday", 0: "today", 1: "tomorrow"}.get((start - midnight(context)).days)
    words = day or dated(start, context)
    if local == start:
        until = start + max(ONE_DAY, asked.until - asked.since)
    else:
        words = f"{words} between {clock(since, context.local)} and {clock(until, context.local)}"
    window = Window(since=since, until=until, words=words)
    merged = {**last.said, name: window}
    return Use(tool=last.tool, said=merged, reason="the same, a day beside", settled=True)


def _nth(said: str, last: Turn) -> Step | None:
    """Return what of the list is meant, or the command with its name in the place of "second"."""
    match = _WHICH.search(said)
    listed = last.answer.listed
    if match is None or not listed or len(said.split()) > WORDS_MAX:
        return None
    place = _NTH[match[1]]
    if place >= len(listed):
        return None
    name = listed[place]
    if match[0] == said:
        reason = "it is one of those that were listed"
        return Say(answer=Answer(f"That is {name}.", last.answer.evidence), reason=reason)
    command = re.match(r"(?:cancel|delete|remove|take|drop|cross|tick|scrap|strike|forget)\b", said)
    if command is None or "meeting" in said:
        return None
    kind = "the reminder " if last.tool == "reminder.open_reminders" else ""
    return Ask(words=f"{said[: match.start()]}{kind}{name}{said[match.end() :]}")
