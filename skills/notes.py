"""Take notes of a lecture or a meeting: after everyone agreed, until it is over, and no longer.

What is decided here is when to begin and to end and what becomes of the sound; that is the voice's
to hear and to write down.  No camera: what is on a slide is not seen.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from pydantic import BaseModel, JsonValue

from agent.config import Section
from agent.context import Context, Memory
from agent.events import Input, SkillNoted
from agent.phrases import clock, duration
from agent.ports import Recall
from agent.signals import SPEECH_SHARE
from agent.skill import MINUTE, Answer, Evidence, NoArguments, Proposal, Skill, Tool, sayings

SILENCE = timedelta(minutes=10)
LONGEST = timedelta(hours=3)
OVERRUN = timedelta(minutes=10)  # many a meeting ends a little late
TOLD_FOR = timedelta(hours=2)


class Settings(Section):
    """The notes have no settings of their own."""


class Subject(BaseModel):
    """Of what notes are taken; else of the meeting that runs."""

    title: str | None = None


class Session(NamedTuple):
    """Notes that are being taken."""

    since: datetime
    title: str
    ends: datetime
    why: str
    """Why it ends then."""
    keep: bool
    """Whether its sound is kept."""


def begin(asked: Subject, _: Recall, context: Context) -> Answer:
    """Begin, once the wearer has said that everyone agrees."""
    found = running(context)
    if found is not None:
        return Answer(f"I am taking notes already, since {clock(found.since, context.local)}.")
    meeting = context.calendar.meeting_at(context.now)
    title = asked.title or (meeting.title if meeting is not None else "this talk")
    data: dict[str, JsonValue] = {"title": title[:100]}
    if meeting is not None:
        data["ends"] = (meeting.end + OVERRUN).isoformat()
    return Answer(
        f"I take notes of {title}. The sound is deleted when they are written; there is no "
        "camera, so what is shown is not in them.",
        (Evidence(role="notes of", value=title, kind="name"),),
        events=(SkillNoted(at=context.now, skill="notes", name="begun", data=data),),
        undo=(_note(context, "ended"),),
        offer=f"take notes of {title}: have you told everyone that it is recorded",
        weighty=True,  # consent comes first, however sure the words are
    )


def end(_: NoArguments, __: Recall, context: Context) -> Answer:
    """End the session."""
    found = running(context)
    if found is None:
        return Answer("I am not taking notes just now.", known=False)
    lasted = duration(context.now - found.since)
    return Answer(
        f"I have stopped taking notes of {found.title}, after {lasted}.",
        events=(_note(context, "ended"),),
        offer="stop taking notes",
    )


def keep(_: NoArguments, __: Recall, context: Context) -> Answer:
    """Keep the sound of this session, which is deleted otherwise."""
    found = running(context)
    if found is None:
        return Answer("I am not taking notes just now, and no sound is kept.", known=False)
    return Answer(
        f"I keep the recording of {found.title} beside its notes, in a file that is not encrypted.",
        events=(_note(context, "keep"),),
        undo=(_note(context, "keep not"),),
        offer=f"keep the recording of {found.title}",
    )


def state(_: NoArguments, __: Recall, context: Context) -> Answer:
    """Return whether notes are taken, of what, and until when."""
    found = running(context)
    if found is None:
        return Answer("I am not taking notes, and nothing is recorded.")
    zone = context.local
    told = f"of {found.title} since {clock(found.since, zone)}"
    until = f"until {clock(found.ends, zone)} at the latest"
    kept = "kept" if context.own("notes").get("keep") else "deleted after"
    return Answer(
        f"I am taking notes {told}, {until}; the sound is {kept}.",
        (
            Evidence(role="notes", value=told, kind="name", since=found.since),
            Evidence(role="until", value=until, kind="time", until=found.ends),
            Evidence(role="sound", value=kept, kind="text"),
        ),
    )


class Notes(Skill):
    """Speaks only to say that it has stopped."""

    name = "notes"
    theme = "promised"
    fresh_min = 15
    settings = Settings
    reads = frozenset(("calendar", "heard_at", "latest"))
    wakes = frozenset((MINUTE,))
    does = frozenset(("promise",))
    folds = frozenset(("skill_noted",))
    tools = (
        Tool(
            name="take_notes",
            what="taking notes of a talk",
            examples=sayings("""
                take notes of this meeting | take notes of this lecture | take notes
                write down this lecture for me | record this meeting and take notes
                start taking notes | make notes of the talk | note what is said in this meeting
                lecture notes please | take minutes of this meeting | begin the lecture notes
                can you take notes while he speaks | listen and take notes
                take the minutes | write the minutes of this meeting | record the lecture
                summarise this meeting as it goes | keep notes of the seminar
                transcribe this talk | take notes of the class | I need notes of this lecture
                start the meeting notes | be my note taker | note taking on
                please make a protocol of this meeting | take down what they say
                record what is said here | take notes for me in this session
                turn on the note taking | get notes of this talk | start a recording for notes
                um take notes of the of the lecture | take notes of this call
            """),
            arguments=Subject,
            answer=begin,
            acts=True,
            frames=(
                r"\b(?:take|make|start|begin|keep|get)\b.*\b(?:notes|minutes|protocol)\b",
                r"\b(?:record|transcribe|write down) (?:this|the) (?:meeting|lecture|talk)\b",
            ),
            asks={"title": "Of what shall I take notes?"},
        ),
        Tool(
            name="stop_notes",
            what="ending the notes",
            examples=sayings("""
                stop taking notes | stop the notes | the lecture is over, stop the notes
                end the meeting notes | stop recording | no more notes | notes off
                finish the notes | the meeting is done, stop taking notes | end the recording
                you can stop taking notes | quit taking notes | stop writing it down
                stop the minutes | close the notes | stop the lecture notes | halt the recording
                that's it for the notes | turn the note taking off | stop listening for notes
                stop to take notes please | recording off | end the minutes
                I have enough notes, stop | finish the minutes now | stop transcribing
                we're finished, no more notes | note taking off | leave the notes at that
                um stop the the notes | end note taking
            """),
            arguments=NoArguments,
            answer=end,
            acts=True,
            removes=True,
            frames=(
                r"\b(?:stop|end|quit|finish|no more|off|halt)\b.*\b(?:notes?|minutes|recording)\b",
            ),
        ),
        Tool(
            name="keep_recording",
            what="keeping the sound of the notes",
            examples=sayings("""
                keep the recording | keep the sound of this lecture | don't delete the recording
                save the audio too | keep the audio of this meeting | I want to keep the recording
                leave the recording there | do not throw the sound away | store the audio
                keep the sound file | the recording should stay | hold on to the recording
                please keep what you record | save the recording | keep this recording
                I need the audio later | don't erase the audio | keep the original sound
                the audio must be kept | let me have the recording too
                keep the tape | save the sound as well | the sound should be kept
                preserve the recording | keep the lecture's audio beside the notes
                also keep the audio | do keep the recording | retain the audio
                um keep the keep the recording | the recording, keep it
            """),
            arguments=NoArguments,
            answer=keep,
            acts=True,
            frames=(
                r"\b(?:keep|save|store|retain|preserve)\b.*\b(?:recording|audio|sound)\b",
                r"\b(?:don't|do not)\b.*\b(?:delete|erase|throw)\b.*\b(?:recording|audio|sound)\b",
            ),
        ),
        Tool(
            name="recording",
            what="whether notes are being taken",
            examples=sayings("""
                are you recording | are you taking notes | is anything being recorded
                do you record this | are you recording me right now | is the recording on
                are notes being taken | what are you recording | since when do you take notes
                is this being recorded | do you listen and write | are you still taking notes
                how long have you been recording | is the note taking on | is there a recording
                until when do you take notes | what happens to the sound | are we on record
                did you stop recording | have you stopped the notes | notes running
                will the audio be deleted | is the sound kept | do you keep the recording
                of what are you taking notes | recording status | is someone being recorded
                am I being recorded | um are you are you recording | is the lecture recorded
                tell me whether you record
            """),
            arguments=NoArguments,
            answer=state,
        ),
    )

    def consider(self, context: Context, settings: Settings) -> Sequence[Proposal]:
        """Propose to tell that it has stopped, and why."""
        found = _session(context)
        if found is None or context.now < found.ends or context.now - found.ends > TOLD_FOR:
            return ()
        return (
            Proposal(
                topic=f"ended {found.since:%Y-%m-%dT%H:%M:%SZ}",
                glance="Notes have ended",
                text=f"I have stopped taking notes of {found.title}: {found.why}.",
                evidence=(found.why,),
                evidence_at=context.now,
                urgency="promised",
                expires=found.ends + TOLD_FOR,
            ),
        )

    def fold(self, memory: Memory, event: Input, context: Context) -> Memory:
        """Begin, end, or keep the sound."""
        if not isinstance(event, SkillNoted):
            return memory
        at = event.at.isoformat()
        if event.name == "begun":
            return {"since": at, **event.data}
        if "since" not in memory or "until" in memory:
            return memory
        if event.name == "ended":
            return {**memory, "until": at}
        return {**memory, "keep": event.name == "keep"}


def _session(context: Context) -> Session | None:
    """Return the session that the wearer has not ended, and when it ends by itself."""
    memory = context.own("notes")
    if "since" not in memory or "until" in memory:
        return None
    since = datetime.fromisoformat(str(memory["since"]))
    planned = memory.get("ends")
    ends, why = since + LONGEST, f"it ran for {duration(LONGEST)}"
    if planned:
        ends, why = min((ends, why), (datetime.fromisoformat(str(planned)), "the meeting is over"))
    if SPEECH_SHARE.id in context.latest:  # without ears, silence says nothing
        heard = max(since, context.heard_at)
        ends, why = min((ends, why), (heard + SILENCE, f"nobody spoke for {duration(SILENCE)}"))
    title = str(memory.get("title", "this talk"))
    return Session(since, title, ends, why, memory.get("keep") is True)


def running(context: Context) -> Session | None:
    """Return the notes that are being taken now, None if there are none: what the ears go by."""
    found = _session(context)
    return found if found is not None and context.now < found.ends else None


def _note(context: Context, name: str) -> SkillNoted:
    return SkillNoted(at=context.now, skill="notes", name=name)
