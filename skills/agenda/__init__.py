"""Brief the wearer before a meeting, with what was noted for it, and say when to leave for it."""

from collections.abc import Sequence
from datetime import timedelta

from pydantic import Field

from agent.config import Section
from agent.context import Context, Memory
from agent.events import FACT_MAX, Fact, Input, Meeting, SkillNoted
from agent.phrases import clock, duration, listing, occasion, short
from agent.skill import GLANCE_MAX, Proposal, Skill, newest
from skills.agenda.plans import NAME, Way, last_time, notes_for, way_to
from skills.agenda.tools import TEXT_MAX, TOOLS

LEAVE_LEAD = timedelta(minutes=10)  # to put a coat on: said so long before the last moment
BRIEFING, LEAVE = "briefing for", "leave for"
NOTES_MAX = 40  # of all titles together, 200 characters each: 8 kB
WORTH_NOTED = 0.8  # the wearer wrote it down for this moment
WORTH_LEAVE = 0.75


class Settings(Section):
    """How early the agenda speaks."""

    briefing_min: int = Field(
        default=5, ge=1, le=60, description="A briefing comes so long before, in minutes."
    )


class Agenda(Skill):
    """Notice that a meeting is about to begin, or that it is time to leave for one."""

    name = NAME
    fresh_min = 10
    settings = Settings
    theme = "plans"
    reads = frozenset(("calendar", "named", "place", "rules", "shown", "trips", "visits"))
    wakes = frozenset(("minute",))
    folds = frozenset(("skill_noted",))
    tools = TOOLS

    def consider(self, context: Context, settings: Settings) -> Sequence[Proposal]:
        """Propose to leave for the next meeting, and a briefing some minutes before it."""
        now = context.now
        meeting = context.calendar.next_after(now, within=timedelta(hours=4))
        if meeting is None:
            return ()
        found = []
        way = way_to(meeting, context) if meeting.place else None
        leaves = way is not None and way.leave - LEAVE_LEAD <= now
        if way is not None and leaves:
            topic = _topic(LEAVE, meeting)
            found += [] if _told(topic, context) else [_leave(topic, meeting, way, context)]
        if meeting.start - now <= timedelta(minutes=settings.briefing_min):
            topic = _topic(BRIEFING, meeting)
            found += [] if _told(topic, context) else [_brief(topic, meeting, context)]
        return found

    def fold(self, memory: Memory, event: Input, context: Context) -> Memory:
        """Return the notes after one more, or one less; the oldest go first."""
        if not isinstance(event, SkillNoted):
            return memory
        known = memory.get("notes", [])
        assert isinstance(known, list)
        row = [str(event.data.get(key, ""))[:TEXT_MAX] for key in ("title", "text")]
        left = [one for one in known if not (isinstance(one, list) and one[:2] == row)]
        if event.name == "note":
            left.append([*row, event.at.isoformat()])
        return {"notes": newest(left, most=NOTES_MAX)}


def _brief(topic: str, meeting: Meeting, context: Context) -> Proposal:
    zone = context.local
    start, notes = clock(meeting.start, zone), notes_for(meeting, context)
    where = f" at {meeting.place}" if meeting.place else ""
    told = f"Next is {meeting.title} at {start}{where}"
    noted = listing([f'"{one.text}"' for one in notes])
    facts = [("meeting", meeting.title), ("start", start)]
    facts += [("room", meeting.place)] if meeting.place else []
    facts += [("notes", noted)] if notes else []
    evidence = [f"in your calendar from {start} to {clock(meeting.end, zone)}"]
    evidence += [f"noted {occasion(one.at, context.now, zone)}" for one in notes]
    before = last_time(meeting, context)
    if before is not None:
        evidence.append(f"last {occasion(before.start, context.now, zone)}")
    return Proposal(
        topic=topic,
        glance=short(f"{start} {meeting.title}{where}", GLANCE_MAX),
        text=f"{told}; you noted: {noted}." if notes else f"{told}.",
        evidence=tuple(evidence),
        evidence_at=context.now,
        expires=meeting.start,
        worth=WORTH_NOTED if notes else 0.6,
        situation="before a meeting",
        facts=tuple(Fact(name=name, value=short(value, FACT_MAX)) for name, value in facts),
    )


def _leave(topic: str, meeting: Meeting, way: Way, context: Context) -> Proposal:
    start, leave = clock(meeting.start, context.local), clock(way.leave, context.local)
    spent = duration(way.spent)
    return Proposal(
        topic=topic,
        glance=short(f"Leave by {leave}: {meeting.title}", GLANCE_MAX),
        text=(
            f"Leave by {leave} for {meeting.title} at {start}: "
            f"the way to {way.there.name} takes {spent}."
        ),
        evidence=(
            f"{meeting.title} at {start} at {meeting.place}",
            f"four of five of your trips to {way.there.name} took at most {spent}",
        ),
        evidence_at=context.now,
        expires=meeting.start,
        worth=WORTH_LEAVE,
        haptic="double",
        situation="time to leave",
        facts=(
            Fact(name="leave", value=leave),
            Fact(name="meeting", value=short(meeting.title, FACT_MAX)),
            Fact(name="start", value=start),
            Fact(name="way", value=spent),
        ),
    )


def _told(topic: str, context: Context) -> bool:
    shown = context.answer(NAME, topic)
    return shown is not None and shown.answer != "snoozed"


def _topic(what: str, meeting: Meeting) -> str:
    # The title of a stranger's invitation may be of any length: a topic may not.
    at = meeting.start  # in UTC; `isoformat` costs a fifth of `strftime`
    return short(
        f"{what} {at.replace(tzinfo=None).isoformat(timespec='minutes')}Z {meeting.uid}", 200
    )
