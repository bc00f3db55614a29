"""What the wearer asks and says of their medicines.  Pure.  No advice is ever given."""

from collections.abc import Sequence
from datetime import timedelta

from pydantic import BaseModel, Field, JsonValue

from agent.context import Context
from agent.events import Again, SkillNoted
from agent.fusion.reminders.recurrence import first_after
from agent.phrases import listing, moment, occasion
from agent.ports import Recall
from agent.skill import Answer, Evidence, NoArguments
from skills.medication.doses import (
    ASKED_FOR,
    EARLY,
    MEDICINES_MAX,
    NAME,
    NAME_MAX,
    Kept,
    Medicine,
    doses,
    kept,
    medicines,
    open_doses,
)

NO_ADVICE = "Whether to take more I can't tell: ask your doctor or pharmacist."
AHEAD = timedelta(days=8)


class Plan(BaseModel):
    """What is taken, and when."""

    medicine: str = Field(min_length=1, max_length=NAME_MAX, json_schema_extra={"slot": "medicine"})
    often: Again = Field(json_schema_extra={"slot": "often"})


class Named(BaseModel):
    """Which medicine; all, where none is named."""

    medicine: str = Field(default="", max_length=NAME_MAX, json_schema_extra={"slot": "medicine"})


class One(BaseModel):
    """Which medicine."""

    medicine: str = Field(min_length=1, max_length=NAME_MAX, json_schema_extra={"slot": "medicine"})


def plan(wanted: Plan, _: Recall, context: Context) -> Answer:
    """Take a medicine into the plan."""
    now = context.now
    if len(medicines(context)) >= MEDICINES_MAX:
        return Answer(f"I keep {MEDICINES_MAX} medicines, no more.", known=False)
    first = first_after(wanted.often, asked=now, zone=context.local)
    if first is None:
        return Answer("I can't plan that: it would never come.", known=False)
    one = Medicine(name=wanted.medicine, again=wanted.often, since=now)
    told = _often(wanted.often)
    when = occasion(first, now, context.local)
    return Answer(
        f"I will ask you for {one.name} {told}, first {when}.",
        (
            Evidence(role="medicine", value=one.name, kind="name"),
            Evidence(role="first dose", value=when, kind="time", since=first),
        ),
        events=(_noted("planned", context, one.model_dump(mode="json")),),
        undo=(_noted("stopped", context, {"name": one.name}),),
        offer=f"ask you for {one.name} {told}",
    )


def stop(named: One, _: Recall, context: Context) -> Answer:
    """Take a medicine out of the plan."""
    found = _named(named.medicine, context)
    if not found or not named.medicine:
        return Answer(f"I know of no {named.medicine} that you take.", known=False)
    one = found[0]
    return Answer(
        f"I will not ask you for {one.name} any more.",
        (Evidence(role="medicine", value=one.name, kind="name"),),
        events=(_noted("stopped", context, {"name": one.name}),),
        undo=(_noted("planned", context, one.model_dump(mode="json")),),
        offer=f"no longer ask you for {one.name}",
    )


def confirm(named: Named, _: Recall, context: Context) -> Answer:
    """Note that what is open, or soon due, was taken; what is not planned now is noted too."""
    every = _named(named.medicine, context)
    if not every:
        return Answer(_unknown(named.medicine), known=False)
    names = {one.name for one in every}
    open_ = [dose for dose in open_doses(context, ahead=EARLY) if dose.name in names]
    if not open_ and not named.medicine:
        told = _status(every, context)
        return Answer(f"Nothing is open now. {told} {NO_ADVICE}", known=False)
    first = {dose.name: dose for dose in reversed(open_)}
    extra = sorted(names - first.keys()) if named.medicine else []
    events = [
        _noted("taken", context, {"name": dose.name, "due": dose.due.isoformat()})
        for dose in first.values()
    ] + [_noted("taken", context, {"name": name, "due": None}) for name in extra]
    said = listing([*first, *extra])
    note = f" It was not due now. {NO_ADVICE}" if extra else ""
    undo = tuple(_noted("untaken", context, one.data) for one in events)
    return Answer(
        f"Noted: {said} taken.{note}",
        (Evidence(role="confirmed", value=said, kind="list", since=context.now),),
        events=tuple(events),
        undo=undo,
        offer=f"note that you took {said}",
    )


def taken(named: Named, _: Recall, context: Context) -> Answer:
    """Return what of today's doses was confirmed, and when."""
    every = _named(named.medicine, context)
    if not every:
        return Answer(_unknown(named.medicine), known=False)
    told = _status(every, context)
    return Answer(told, _evidence(every, context))


def another(named: Named, recall: Recall, context: Context) -> Answer:
    """Return what was confirmed; whether more should be taken is nobody's here to say."""
    told = taken(named, recall, context)
    return Answer(f"{told.text} {NO_ADVICE}", told.evidence, known=False)


def next_dose(named: Named, _: Recall, context: Context) -> Answer:
    """Return when each medicine is due next."""
    every = _named(named.medicine, context)
    if not every:
        return Answer(_unknown(named.medicine), known=False)
    now, lines, evidence = context.now, list[str](), list[Evidence]()
    done = {(one.name.lower(), one.due) for one in kept(context.own(NAME))}
    for one in every:
        coming = doses((one,), context, since=now - ASKED_FOR, until=now + AHEAD)
        left = [dose for dose in coming if (dose.name.lower(), dose.due) not in done]
        if left:
            due = left[0].due
            when = occasion(due, now, context.local)
            lines.append(f"{one.name} {'was due' if due <= now else ''} {when}".replace("  ", " "))
            evidence.append(Evidence(role=one.name, value=when, kind="time", since=due))
    if not lines:
        return Answer("No dose is planned in the next days.", known=False)
    return Answer(f"Next: {listing(lines)}.", tuple(evidence))


def known(_: NoArguments, __: Recall, context: Context) -> Answer:
    """Return what the wearer takes."""
    every = medicines(context)
    if not every:
        return Answer(_unknown(""), known=False)
    told = listing([f"{one.name} {_often(one.again)}" for one in every])
    return Answer(
        f"You take {told}.", (Evidence(role="medicines", value=told, kind="list", said=True),)
    )


def _status(every: Sequence[Medicine], context: Context) -> str:
    """Return what of the day's doses was confirmed, one sentence a medicine."""
    return " ".join(_status_of(one, context) for one in every)


def _status_of(one: Medicine, context: Context) -> str:
    start = context.local_now.replace(hour=0, minute=0, second=0, microsecond=0)
    rows = [row for row in kept(context.own(NAME)) if row.name.lower() == one.name.lower()]
    since = start - timedelta(microseconds=1)
    today = doses((one,), context, since=since, until=context.now)
    parts = [_of_dose(dose.due, rows, context) for dose in today]
    extra = [row for row in rows if row.due is None and row.at >= start and row.taken]
    parts += [f"confirmed at {moment(row.at, context.now, context.local)}" for row in extra]
    if parts:
        return f"{one.name}: {listing(parts)}."
    last = next((row for row in reversed(rows) if row.taken), None)
    before = (
        f" It was last confirmed {occasion(last.at, context.now, context.local)}." if last else ""
    )
    return f"{one.name}: no dose was due yet today.{before}"


def _of_dose(due: object, rows: Sequence[Kept], context: Context) -> str:
    row = next((one for one in reversed(rows) if one.due == due), None)
    assert hasattr(due, "astimezone")
    at = f"{due.astimezone(context.local):%H:%M}"
    if row is None:
        return f"{at} not confirmed"
    if not row.taken:
        return f"{at} skipped"
    return f"{at} confirmed at {moment(row.at, context.now, context.local)}"


def _evidence(every: Sequence[Medicine], context: Context) -> tuple[Evidence, ...]:
    return tuple(
        Evidence(role=one.name, value=_status_of(one, context), kind="text", said=True)
        for one in every
    )


def _named(name: str, context: Context) -> list[Medicine]:
    every = medicines(context)
    return [one for one in every if not name or one.name.lower() == name.lower()]


def _unknown(name: str) -> str:
    said = f"no {name}" if name else "no medicine"
    return f"I know of {said} that you take: tell me its times, as in: I take iron daily at eight."


def _often(again: Again) -> str:
    times = listing([f"{one:%H:%M}" for one in again.times])
    if again.unit == "day" and again.step == 1 and not again.weekdays:
        return f"every day at {times}"
    step = f"{again.step} " if again.step > 1 else ""
    return (
        f"every {step}{again.unit}{'s' if again.step > 1 else ''}{f' at {times}' if times else ''}"
    )


def _noted(name: str, context: Context, data: dict[str, JsonValue]) -> SkillNoted:
    return SkillNoted(at=context.now, skill=NAME, name=name, data=data)
