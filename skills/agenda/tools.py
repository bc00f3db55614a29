"""What the wearer asks of the agenda: a briefing, when to leave, a note."""

from pydantic import BaseModel, Field

from agent.context import Context
from agent.events import Meeting, SkillNoted
from agent.fusion.trips import named_in
from agent.phrases import duration, listing, moment, occasion
from agent.ports import Recall
from agent.skill import Answer, Evidence, Tool, sayings
from skills.agenda.plans import DAY, NAME, folded, last_time, notes_for, way_to

AHEAD = 15 * DAY
TEXT_MAX = 200
TITLE_MAX = 100
NOTES = (
    (
        r"^(?:please )?(?:(?:make|take|leave|write|add|keep|save|store|put|i want to) )?"
        r"(?:a |new |a new |another )*note(?: down)? (?:for|about|on|to) (?!self\b|list\b).{2,60}"
        r"(?:[:,]| that\b| to\b)"
    ),
    r"^(?:write|jot|note)(?: it| this)? down for .{2,60}(?:[:,]| that\b)",
    (
        r"^note (?:that |down )?.{2,120} for (?:the |my )?[\w' ]*"
        r"\b(?:meeting|call|review|appointment)$"
    ),
    (
        r"^(?:for|before|in) (?:the |my )?[\w' ]{2,40}?[:,]? "
        r"(?:please )?(?:note|remember|write down|tell me(?=:)|i want to say)\b"
    ),
    r"^(?:for|next time in|next time at) .{2,40}: .{2,}, (?:make a note|note that)$",
    r"^(?:remember|note) for (?!me\b)(?:the |my )?[\w' ]{2,40}?[:,]? (?:that|to)\b",
)


class Which(BaseModel):
    """Which meeting; the next one by default."""

    title: str | None = Field(default=None, json_schema_extra={"slot": "meeting_title"})


class Noted(BaseModel):
    """What to say before the next meeting of that title."""

    title: str = Field(min_length=1, max_length=TITLE_MAX)
    note: str = Field(min_length=1, max_length=TEXT_MAX)


def briefing(asked: Which, __: Recall, context: Context) -> Answer:
    """Return when and where the meeting is, when it was last, and what was noted for it."""
    if not context.calendar.sources:
        return Answer("I can't tell: no calendar is connected.", known=False)
    meeting = _meeting(asked.title, context)
    if meeting is None:
        which = f"called {asked.title} " if asked.title else ""
        return Answer(f"I can't tell: no meeting {which}is in your calendar ahead.", known=False)
    when = moment(meeting.start, context.now, context.local)
    where = f" at {meeting.place}" if meeting.place else ""
    told = [f"{meeting.title} is at {when}{where}."]
    evidence = [
        Evidence(role="meeting", value=meeting.title, kind="name", since=meeting.start),
        Evidence(role="start", value=when, kind="time", since=meeting.start, until=meeting.end),
    ]
    if meeting.place:
        evidence.append(Evidence(role="room", value=meeting.place, kind="name"))
    before = last_time(meeting, context)
    if before is not None:
        last = occasion(before.start, context.now, context.local)
        told.append(f"It was last {last}.")
        evidence.append(Evidence(role="last time", value=last, kind="time", since=before.start))
    notes = notes_for(meeting, context)
    if notes:
        noted = listing([f'"{one.text}"' for one in notes])
        told.append(f"You noted: {noted}.")
        evidence.append(Evidence(role="notes", value=noted, kind="list", said=True))
    else:
        told.append("You noted nothing for it.")
    return Answer(" ".join(told), tuple(evidence))


def leave_at(asked: Which, __: Recall, context: Context) -> Answer:
    """Return when to leave for the meeting, by past trips, or what is missing for that."""
    if not context.calendar.sources:
        return Answer("I can't tell: no calendar is connected.", known=False)
    meeting = _meeting(asked.title, context)
    if meeting is None:
        return Answer("I can't tell: nothing more is in your calendar ahead.", known=False)
    way = way_to(meeting, context)
    if way is None:
        return Answer(f"I can't tell: {_missing(meeting, context)}.", known=False)
    when, start = (moment(at, context.now, context.local) for at in (way.leave, meeting.start))
    spent = duration(way.spent)
    evidence = (
        Evidence(role="leave", value=when, kind="time", since=way.leave),
        Evidence(role="way", value=spent, kind="duration"),
        Evidence(role="meeting", value=meeting.title, kind="name", since=meeting.start),
        Evidence(role="start", value=start, kind="time", since=meeting.start),
    )
    late = "You should have left at" if way.leave < context.now else "Leave by"
    told = f"{late} {when}: the way to {way.there.name} takes {spent} by your past trips"
    return Answer(f"{told}, and {meeting.title} begins at {start}.", evidence)


def note_meeting(wanted: Noted, _: Recall, context: Context) -> Answer:
    """Keep a note for the meetings of that title; the next briefing says it."""
    data = {"title": folded(wanted.title), "text": wanted.note}
    evidence = (
        Evidence(role="note", value=wanted.note, kind="name"),
        Evidence(role="meeting", value=wanted.title, kind="name"),
    )
    return Answer(
        f"Noted for {wanted.title}: {wanted.note}.",
        evidence,
        events=(SkillNoted(at=context.now, skill=NAME, name="note", data={**data}),),
        undo=(SkillNoted(at=context.now, skill=NAME, name="note gone", data={**data}),),
        offer=f'note "{wanted.note}" for {wanted.title}',
    )


def _meeting(title: str | None, context: Context) -> Meeting | None:
    """Return the next meeting of that title, or the next at all."""
    if title is None:
        return context.calendar.next_after(context.now, within=DAY)
    ahead = context.calendar.between(context.now, context.now + AHEAD)
    named = (one for one in ahead if folded(one.title) == folded(title))
    return next((one for one in named if one.end > context.now), None)


def _missing(meeting: Meeting, context: Context) -> str:
    there = named_in(meeting.place, context.places)
    if there is None:
        where = f"{meeting.place} is no place that I know" if meeting.place else "it names no place"
        return f"{meeting.title} is next, and {where}"
    here = context.place.here if context.place.known_at(context.now) else None
    if here is None:
        return "you are at no place that I know"
    if here.name == there.name:
        return f"you are at {here.name} already"
    return f"too few trips from {here.name} to {there.name} were made so far"


TOOLS = (
    Tool(
        name="briefing",
        what="what you noted for a meeting, and when it was last",
        own=True,
        examples=sayings("""
            brief me | give me a briefing | brief me for my next meeting
            what did I want to say in the next meeting | prepare me for my next meeting
            what did I note for the next meeting | do I have notes for the next meeting
            what was it I wanted to say in the next meeting | briefing | briefing please
            what should I bring up in the next call | my notes for the meeting
            which notes do I have for this meeting | fill me in on the next meeting
            where did I leave off in this meeting | when did we last have this meeting
            what did I write down for the next call | a briefing for my next appointment
            tell me what I noted for the meeting | anything noted for the next meeting
            what was I going to ask in the next meeting | when did I last have that meeting
            have I noted anything for the coming meeting | quick briefing before I go in
            what did I want to remember for the meeting | prep me for the next call
            what were my points for the meeting | run me through the next meeting
            tell me my notes for the next call | show my meeting notes
            what is important for the next meeting | background on my next meeting
            please brief me about the coming meeting | what have I got noted for the call
        """),
        arguments=Which,
        answer=briefing,
    ),
    Tool(
        name="leave_at",
        what="when you have to leave for a meeting",
        own=True,
        examples=sayings("""
            when do I have to leave | when should I leave | what time must I go
            when do I need to set off | when do I have to leave for my next meeting
            how long does it take me to get to my next appointment
            when should I head out | do I have to leave soon | is it time to leave
            what time do I have to set out | when must I be on my way
            how much time until I have to leave | do I need to go already
            how late can I leave | by when do I have to be out of the door
            when do I have to walk to my next appointment | what time do I need to drive off
            what's the latest I can leave | when do I have to be out of the house
            when do I leave for the next one | how long do I need to get to my next meeting
            at what time do I have to set off | when must I leave home | should I go now
            how long do I usually take to get there | when to leave
            time to leave | when have I to depart | when do we have to be off
            can I stay a bit longer before I go | must I leave yet | when is departure
            at what time should I be leaving the house for the appointment
            could you tell me when I have to leave please | how soon do I have to set off
        """),
        arguments=Which,
        answer=leave_at,
    ),
    Tool(
        name="note_meeting",
        what="noting something for a meeting",
        examples=sayings("""
            note for {title}: {note} | make a note for {title}: {note}
            add a note for {title}: {note} | new note for {title}: {note}
            note about {title}: {note} | a note for {title}: {note}
            for {title} note that {note} | for {title} remember that {note}
            for {title}, note: {note} | for {title}, remember: {note}
            write down for {title}: {note} | put a note on {title}: {note}
            before {title} tell me: {note} | leave a note for {title}: {note}
            note to {title}: {note} | in {title} I want to say: {note}
            keep a note for {title}: {note} | jot down for {title}: {note}
            remember for {title} that {note} | remember for {title} to {note}
            please note for {title} that {note} | could you note for {title}: {note}
            save a note for {title}: {note} | for {title}: {note}, note that
            next time in {title}: {note}, make a note | another note for {title}: {note}
            note down for {title} that {note} | I want to note for {title}: {note}
            take a note for {title}: {note} | write a note for {title}: {note}
            um note for {title} uh that {note} | store a note about {title}: {note}
        """),
        arguments=Noted,
        answer=note_meeting,
        acts=True,
        frames=NOTES,
        asks={
            "title": "For which meeting?",
            "note": "What shall I note?",
        },
    ),
)
