"""Keep reminders, and say each when it is due, or late and marked so."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from pydantic import AwareDatetime, BaseModel, Field

from agent.config import Section
from agent.context import Context, reminder_id
from agent.events import ReminderCancelled, ReminderSet
from agent.phrases import clock, listing, occasion, plural, short
from agent.ports import Recall
from agent.skill import GLANCE_MAX, Answer, Evidence, Proposal, Tool, Window, sayings, when

LATE = timedelta(seconds=120)
TEXT_MAX = 200
FAR = timedelta(days=3660)
ALL = "all"
_ME = r"\b(?:nudge|ping|poke|alert|buzz|prod|nag|warn|notify) me\b"
REMINDS = (
    (
        r"\bremind(?:er)? (?:me|us)\b(?! (?:what|which|who|where|how|why|when (?:is|are|do|does"
        r"|was|my|the next))\b)"
    ),
    r"\b(?:don't|do not|never) let me forget\b(?!.*\b(?:list|shop)\b)",
    _ME,
    (
        r"^tell me (?:to|in \d|in (?:an?|half|ten|five|twenty)|at \d|at (?:noon|half|quarter)"
        r"|tomorrow)\b"
    ),
    r"\b(?:in|at) [\w: ]{1,24}?,? (?:please )?tell me to\b",
    r"\b(?:set|create|make|new|another|schedule|leave)\b.{0,20}\breminder\b(?!s)",
    r"^(?:a )?reminder\b(?!s)",
    r"\bgive me a (?:\w+ )?(?:nudge|shout|poke|ping|reminder|heads[- ]up|prod|buzz)\b",
    r"\bi (?:mustn't|must not|can't|cannot|shouldn't|should not|better not|don't want to) forget\b",
    r"\b(?:need|want|have|like|help me) to (?:remember|be reminded)\b|\bhelp me remember\b",
    r"\bremember me\b|^note to self\b|^make sure i\b",
)
CANCELS = (
    (
        r"\b(?:cancel|delete|remove|drop|scrap|forget|clear|kill|lose|undo|take (?:back|away|off)"
        r"|get rid of|turn off|switch off|call off|dismiss|bin|ditch|erase|wipe|axe|stop)\b"
        r".*\b(?:remind\w*|nagging)\b"
    ),
    (
        r"\b(?:don't|do not|stop|no need|needn't|not have to|not need to|quit)\b.{0,24}"
        r"\b(?:remind|reminding|nag|nagging|reminder|ping|pinging) ?(?:me|us)?\b"
    ),
    r"\bremind\w*\b.*\b(?:off|can go|not needed|isn't needed|unnecessary|no longer)$",
    r"\bno (?:more )?reminders?\b|\bnever ?mind\b.*\bremind\w*",
)
NOUNS = ("the ", "a ", "an ", "my ", "our ", "his ", "her ", "their ", "that ", "about ")


class Settings(Section):
    """The reminder skill has no settings of its own."""


class Coming(BaseModel):
    """When the reminders are due that are asked for; at any time by default."""

    period: Window | None = None


class Wanted(BaseModel):
    """What to be reminded of, and when."""

    text: str = Field(min_length=1, max_length=TEXT_MAX)
    due: AwareDatetime


class Unwanted(BaseModel):
    """Which reminder is not wanted any more: its text, or words of it; `all` of them."""

    text: str = Field(min_length=1, max_length=TEXT_MAX, json_schema_extra={"slot": "which"})


def open_reminders(asked: Coming, __: Recall, context: Context) -> Answer:
    """Return the reminders that are still to come."""
    coming = in_order(context)
    if asked.period is not None:
        if asked.period.until <= context.now:
            return Answer("I can tell only of reminders that are still to come.", known=False)
        coming = [one for one in coming if asked.period.since <= one.due < asked.period.until]
        if not coming:
            return Answer(f"No reminders are set for {asked.period.words}.", _none(asked.period))
    if not coming:
        return Answer("You have no reminders set.", _none(asked.period))
    told = [f"{one.text} {_when_due(one.due, context)}" for one in coming]
    count, first = plural(len(coming), "reminder"), coming[0]
    texts = tuple(one.text for one in coming)
    evidence = (
        Evidence(role="reminders", value=count, kind="count"),
        Evidence(role="reminder list", value=listing(told), kind="list", said=True),
        Evidence(role="next reminder", value=told[0], kind="name", since=first.due),
        *_when(asked.period),
    )
    return Answer(f"{count}: {listing(told)}.", evidence, listed=texts)


def remind(wanted: Wanted, _: Recall, context: Context) -> Answer:
    """Set a reminder; one for the past, or for a time ten years away, is not set."""
    when = _when_due(wanted.due, context)
    if wanted.due <= context.now:
        return Answer(f"I can't remind you {when}: that has passed.", known=False)
    if wanted.due - context.now > FAR:
        return Answer("I can't remind you then: it is more than ten years away.", known=False)
    id_ = reminder_id(context.now, due=wanted.due, text=wanted.text)
    evidence = (
        Evidence(role="reminder", value=wanted.text, kind="name"),
        Evidence(role="due", value=when, kind="time", since=wanted.due),
    )
    link = "of" if wanted.text.lower().startswith(NOUNS) else "to"
    return Answer(
        f"I will remind you {when}: {wanted.text}.",
        evidence,
        events=(ReminderSet(at=context.now, id=id_, due=wanted.due, text=wanted.text),),
        undo=(ReminderCancelled(at=context.now, id=id_),),
        offer=f"remind you {link} {wanted.text.removeprefix('about ')} {when}",
    )


def cancel(unwanted: Unwanted, _: Recall, context: Context) -> Answer:
    """Take back the reminders of that text, or all."""
    coming = in_order(context)
    wanted = unwanted.text.lower()
    found = [one for one in coming if wanted in (ALL, one.text.lower())]
    if not found and wanted == ALL:
        return Answer("You have no reminders set.", _none(None))
    if not found:
        return Answer(f"I can't cancel that: no reminder says {unwanted.text!r}.", known=False)
    told = listing([one.text for one in found])
    evidence = [Evidence(role="cancelled", value=told, kind="list")]
    if len(found) == 1:
        due = _when_due(found[0].due, context)
        evidence.append(Evidence(role="due", value=due, kind="time", since=found[0].due))
    named = f'the reminder "{told}"' if len(found) == 1 else f"{len(found)} reminders"
    return Answer(
        f"Cancelled: {told}.",
        tuple(evidence),
        events=tuple(ReminderCancelled(at=context.now, id=one.id) for one in found),
        undo=tuple(found),
        offer=f"cancel {named}",
        weighty=len(found) > 1,
    )


def in_order(context: Context) -> list[ReminderSet]:
    """Return the reminders to come, the next one first."""
    return sorted(context.reminders.values(), key=lambda one: (one.due, one.id))


class Reminder:
    """Notice that a reminder has come due."""

    name = "reminder"
    fresh_min = 60 * 24 * 7
    settings = Settings
    tools = (
        Tool(
            name="open_reminders",
            what="which reminders are set",
            examples=sayings("""
                what are my reminders | which reminders do I have | list my reminders
                what did I ask you to remind me of | do I have any reminders | show me my reminders
                what will you remind me about | is there a reminder set | is a reminder due soon
                how many reminders are still to come | when is my next reminder | reminders
                what was I supposed to remember | what do you have to remind me of
                what are my reminders {period} | any reminders {period} | reminders {period}
                what do I have to remember {period} | which reminders are due {period}
                is there anything you will remind me of {period} | read me my reminders
                do I have a reminder for {period} | show the reminders for {period} | what's pending
                what reminders have I got left | open reminders please
                did I set a reminder about the doctor | have I got a reminder for the parcel
                when will you remind me to feed the cat | is the reminder for the oven still on
                anything I asked you to nag me about | what are you going to ping me about
                so what was it that I told you to remind me of, I forget
                could you tell me which reminders are set, please | tell me all reminders
                you remind me of what things | reminders list | next reminder
                how many reminders have I set | check my reminders | let me hear my reminders
                um what reminders do I uh have | what's the next thing I should remember
            """),
            arguments=Coming,
            answer=open_reminders,
        ),
        Tool(
            name="remind",
            what="setting a reminder",
            examples=sayings("""
                remind me to {text} {due} | remind me {due} to {text} | {due} remind me to {text}
                remind me to {text} | remind me about {text} {due} | remind me of {text} {due}
                remind me {due} about {text} | remind me {due} of {text}
                remind me that {text} {due} | set a reminder to {text} {due}
                set a reminder {due} to {text} | set a reminder for {due} to {text}
                set a reminder for {text} {due} | create a reminder to {text} {due}
                make a reminder {due}: {text} | new reminder: {text} {due} | reminder {due} {text}
                reminder to {text} {due} | reminder: {text} {due}
                give me a reminder {due} to {text} | can you remind me to {text} {due}
                I want to be reminded to {text} {due} | don't let me forget to {text} {due}
                make sure I {text} {due} | I need to remember to {text} {due}
                I must not forget to {text} {due} | I mustn't forget to {text} {due}
                tell me {due} to {text} | tell me to {text} {due} | nudge me {due} to {text}
                ping me {due} to {text} | ping me {due} about {text}
                give me a nudge {due} to {text} | poke me {due} so I {text}
                {due} I have to {text}, remind me | I have to {text} {due}, remind me please
                I've got to {text} {due}, so give me a shout | give me a shout {due} to {text}
                let me know {due} that I should {text} | note to self: {text} {due}
                would you be so kind as to remind me {due} to {text} | alert me {due} to {text}
                please to remember me to {text} {due} | you must remind me {due} that I {text}
                remember to tell me {due} to {text} | nag me {due} to {text}
                um remind me uh {due} to {text} | help me remember to {text} {due}
                I keep forgetting to {text}, tell me {due} | warn me {due} to {text}
            """),
            arguments=Wanted,
            answer=remind,
            acts=True,
            frames=REMINDS,
            asks={
                "text": "What shall I remind you of?",
                "due": "When shall I remind you?",
            },
        ),
        Tool(
            name="cancel",
            what="taking a reminder back",
            examples=sayings("""
                cancel the reminder to {which} | cancel the {which} reminder
                cancel my {which} reminder | cancel the reminder about {which}
                cancel the reminder for {which} | delete the reminder to {which}
                delete the {which} reminder | delete my {which} reminder
                delete the reminder about {which} | remove the {which} reminder
                remove the reminder to {which} | remove the reminder about {which}
                drop the {which} reminder | drop the reminder about {which}
                scrap the {which} reminder | forget the {which} reminder
                forget the reminder about {which} | forget about reminding me to {which}
                forget about reminding me of {which} | you don't need to remind me to {which}
                you don't have to remind me to {which} | don't remind me to {which}
                don't remind me about {which} any more | no need to remind me to {which}
                no need to remind me about {which} any more | stop reminding me to {which}
                stop reminding me about {which} | I don't need the {which} reminder any more
                never mind the {which} reminder | never mind the reminder about {which}
                take back the {which} reminder | turn off the {which} reminder
                clear the {which} reminder | kill the {which} reminder
                get rid of the {which} reminder | lose the {which} reminder
                undo the {which} reminder | I've done {which}, cancel the reminder
                {which} is done, drop the reminder | {which} is sorted, no reminder needed
                I already did {which}, forget the reminder | call off the {which} reminder
                {which} reminder off | cancel reminder {which}
                could you please cancel the reminder I set about {which}
                please to take away the reminder of {which} | cancel my reminders
                delete all my reminders | clear all reminders | cancel a reminder
                um cancel that uh reminder about {which} | that reminder for {which} can go
            """),
            arguments=Unwanted,
            answer=cancel,
            acts=True,
            removes=True,
            frames=CANCELS,
            asks={"text": "Which reminder shall I cancel?"},
        ),
    )

    def consider(self, context: Context, settings: Settings) -> Sequence[Proposal]:
        """Propose each that came due."""
        return tuple(_say(one, context) for one in context.due) if context.due else ()


def _when_due(due: datetime, context: Context) -> str:
    return occasion(due, context.now, context.local)


def _none(period: Window | None) -> tuple[Evidence, ...]:
    return (Evidence(role="reminders", value="no reminders", kind="count"), *_when(period))


def _when(period: Window | None) -> tuple[Evidence, ...]:
    return () if period is None else (when(period),)


def _say(reminder: ReminderSet, context: Context) -> Proposal:
    due = clock(reminder.due, context.local)
    late = f" (late: it was for {due})" if context.now - reminder.due > LATE else ""
    return Proposal(
        topic=f"reminder {reminder.id}",
        glance=short(reminder.text, GLANCE_MAX),
        text=f"{reminder.text}{late}",
        evidence=(f"asked for at {due}",),
        evidence_at=reminder.due,
        urgency="promised",
        haptic="long",
        due=reminder.due,
    )
