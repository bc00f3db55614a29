"""Setting, moving and taking back reminders: for a time, again and again, or upon an occasion."""

from datetime import datetime, timedelta

from pydantic import AwareDatetime, BaseModel, Field

from agent.context import Context, reminder_id
from agent.events import (
    Again,
    Beside,
    Input,
    Occasion,
    ReminderAwaited,
    ReminderCancelled,
    ReminderSet,
)
from agent.fusion.reminders import beside
from agent.fusion.reminders.occasions import is_place, persons
from agent.fusion.reminders.recurrence import first_after
from agent.phrases import listing, occasion
from agent.ports import Recall
from agent.skill import Answer, Evidence
from skills.reminder.phrasing import repeated, upon, when_due

TEXT_MAX = 200
FAR = timedelta(days=3660)
REMINDERS_MAX = 20_000
ALL = "all"
NOUNS = ("the ", "a ", "an ", "my ", "our ", "his ", "her ", "their ", "that ", "about ")
SNOOZE = timedelta(minutes=10)
RECENT = timedelta(hours=2)  # a snooze is of what was said not long ago
When = AwareDatetime | Again | Beside | Occasion
Wish = ReminderSet | ReminderAwaited


class Wanted(BaseModel):
    """What to be reminded of, and when."""

    text: str = Field(min_length=1, max_length=TEXT_MAX)
    due: When


class Unwanted(BaseModel):
    """Which reminder is not wanted any more: its text, or words of it; `all` of them."""

    text: str = Field(min_length=1, max_length=TEXT_MAX, json_schema_extra={"slot": "which"})


class Moved(BaseModel):
    """Which reminder is to come at another time."""

    text: str = Field(min_length=1, max_length=TEXT_MAX, json_schema_extra={"slot": "which"})
    due: When = Field(json_schema_extra={"slot": "moved"})


class Later(BaseModel):
    """When the last reminder is to come again."""

    due: When | None = Field(default=None, json_schema_extra={"slot": "later"})


def remind(wanted: Wanted, _: Recall, context: Context) -> Answer:
    """Set a reminder; one for the past, or for a time ten years away, is not set."""
    if len(context.reminders) + len(context.awaited) >= REMINDERS_MAX:
        return Answer(f"I keep {REMINDERS_MAX} reminders: cancel some first.", known=False)
    made = wish(wanted.text, wanted.due, context)
    if isinstance(made, Answer):
        return made
    told, caveat = said(made, context), _caveat(made, context)
    evidence = (
        Evidence(role="reminder", value=wanted.text, kind="name"),
        Evidence(
            role="due", value=told, kind="time",
            since=made.due if isinstance(made, ReminderSet) else None,
        ),
    )  # fmt: skip
    link = "of" if wanted.text.lower().startswith(NOUNS) else "to"
    return Answer(
        f"I will remind you {told}: {wanted.text}.{caveat}",
        evidence,
        events=(made,),
        undo=(ReminderCancelled(at=context.now, id=made.id),),
        offer=f"remind you {link} {wanted.text.removeprefix('about ')} {told}",
    )


def cancel(unwanted: Unwanted, _: Recall, context: Context) -> Answer:
    """Take back the reminders of that text, or all."""
    found = matching(unwanted.text, context)
    if not found and unwanted.text.lower() == ALL:
        none = Evidence(role="reminders", value="no reminders", kind="count")
        return Answer("You have no reminders set.", (none,))
    if not found:
        return Answer(f"I can't cancel that: no reminder says {unwanted.text!r}.", known=False)
    told = listing([one.text for one in found])
    evidence = [Evidence(role="cancelled", value=told, kind="list")]
    first = found[0]
    if len(found) == 1 and isinstance(first, ReminderSet):
        due = when_due(first, context)
        evidence.append(Evidence(role="due", value=due, kind="time", since=first.due))
    named = f'the reminder "{told}"' if len(found) == 1 else f"{len(found)} reminders"
    return Answer(
        f"Cancelled: {told}.",
        tuple(evidence),
        events=tuple(ReminderCancelled(at=context.now, id=one.id) for one in found),
        undo=tuple(found),
        offer=f"cancel {named}",
        weighty=len(found) > 1,
    )


def change(moved: Moved, _: Recall, context: Context) -> Answer:
    """Let a reminder come at another time; what is not a time of the clock replaces it whole."""
    found = matching(moved.text, context)
    if len(found) != 1 or moved.text.lower() == ALL:
        reason = "several say that" if found else f"no reminder says {moved.text!r}"
        return Answer(f"I can't move that: {reason}.", known=False)
    old = found[0]
    made = wish(old.text, moved.due, context, id_=old.id)
    if isinstance(made, Answer):
        return made
    events: tuple[Input, ...] = (made,)
    if made.kind != old.kind:
        events = (ReminderCancelled(at=context.now, id=old.id), made)
    told = said(made, context)
    return Answer(
        f"Moved: I will remind you {told}: {old.text}.",
        (
            Evidence(role="reminder", value=old.text, kind="name"),
            Evidence(role="due", value=told, kind="time"),
        ),
        events=events,
        undo=(ReminderCancelled(at=context.now, id=made.id), old),
        offer=f'move the reminder "{old.text}": {told}',
    )


def snooze(later: Later, _: Recall, context: Context) -> Answer:
    """Say the last reminder again later; in ten minutes, where no time is said."""
    last = context.due[-1] if context.due else None
    if last is None or context.now - last.at > RECENT:
        return Answer("No reminder came in the last two hours.", known=False)
    due = later.due if later.due is not None else context.now + SNOOZE
    made = wish(last.text, due, context)
    if isinstance(made, Answer):
        return made
    told = said(made, context)
    return Answer(
        f"I will remind you again {told}: {last.text}.",
        (Evidence(role="due", value=told, kind="time"),),
        events=(made,),
        undo=(ReminderCancelled(at=context.now, id=made.id),),
        offer=f"remind you again {told}",
    )


def wish(text: str, when: When, context: Context, *, id_: str = "") -> Wish | Answer:
    """Return the event that asks for *text* then, or why that cannot be."""
    now = context.now
    if isinstance(when, Occasion):
        unknown = _unknown(when, context)
        id_ = id_ or reminder_id(now, due=now, text=f"{text}/{when.happens}/{when.name}")
        return unknown or ReminderAwaited(at=now, id=id_, occasion=when, text=text)
    due = _first(when, context)
    if due is None:
        return Answer("I can't remind you then: it would never come.", known=False)
    if due <= now:
        passed = occasion(due, now, context.local)
        return Answer(f"I can't remind you {passed}: that has passed.", known=False)
    if due - now > FAR:
        return Answer("I can't remind you then: it is more than ten years away.", known=False)
    return ReminderSet(
        at=now,
        id=id_ or reminder_id(now, due=due, text=text),
        due=due,
        text=text,
        again=when if isinstance(when, Again) else None,
        beside=when if isinstance(when, Beside) else None,
    )


def matching(text: str, context: Context) -> list[Wish]:
    """Return the reminders of that text, the next one first; timers are none."""
    wanted = text.lower()
    timed = (context.reminders[id_] for _, id_ in context.queue)
    every: list[Wish] = [one for one in timed if not one.timer]
    every += context.awaited.values()
    return [one for one in every if wanted in (ALL, one.text.lower())]


def said(made: Wish, context: Context) -> str:
    """Return when it will be said."""
    if isinstance(made, ReminderAwaited):
        return upon(made.occasion)
    first = occasion(made.due, context.now, context.local)
    if made.again is not None:
        return f"{repeated(made.again, context)}, first {first}"
    if made.beside is not None:
        side = "before" if made.beside.edge == "start" else "after"
        return f"{side} {made.beside.title} ({first})"
    return first


def _first(when: AwareDatetime | Again | Beside, context: Context) -> datetime | None:
    if isinstance(when, Again):
        return first_after(when, asked=context.now, zone=context.local)
    if isinstance(when, Beside):
        return _edge(when, context)
    return when


def _edge(kept: Beside, context: Context) -> datetime | None:
    for source in context.calendar.sources.values():
        for one in source.meetings:
            if one.uid == kept.uid and one.end > context.now:
                return beside(kept, start=one.start, end=one.end)
    return None


def _unknown(occasion_: Occasion, context: Context) -> Answer | None:
    if occasion_.happens == "with":
        return None
    if any(is_place(occasion_.name, place) for place in context.places):
        return None
    name = occasion_.name
    return Answer(
        f"I don't know where {name} is: when you are there, `carpal place` gives it its name.",
        known=False,
    )


def _caveat(made: Wish, context: Context) -> str:
    """Return what a reminder for a person rests on: nothing measures who is there."""
    if not isinstance(made, ReminderAwaited) or made.occasion.happens != "with":
        return ""
    name = made.occasion.name
    found = [one.entity for one in persons(name, context.entities.values())]
    told = f", or when {listing(found)} says so while you are at home" if found else ""
    return f" I can tell that by an entry of your calendar with the name {name}{told}."
