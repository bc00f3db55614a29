"""Ask for each dose at its time, note what was taken, and never advise."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from pydantic import JsonValue

from agent.context import Context, Memory
from agent.events import EPOCH, FeedbackGiven, GestureMade, Input, SkillNoted
from agent.skill import NoArguments, Proposal, Skill, Tool
from skills.medication import answers, sentences
from skills.medication.asking import due_of, next_look, proposals
from skills.medication.doses import (
    NAME,
    Kept,
    Settings,
    kept,
    medicines,
    next_doses,
    open_doses,
    planned,
    stopped,
    with_kept,
)

WAKE = "wake"
"""When the scheduler is to wake this skill, in its memory."""
OPEN = "open"
"""Whether a dose was open when that was written."""


class Medication(Skill):
    """Notice that a dose is due and not confirmed."""

    name = NAME
    fresh_min = 60
    settings = Settings
    theme = "promised"
    reads = frozenset(("memories", "rules", "shown"))
    wakes = frozenset(("minute", "schedule_due", "skill_noted", "feedback_given", "gesture_made"))
    does = frozenset(("promise",))
    folds = frozenset(
        ("feedback_given", "gesture_made", "schedule_due", "settings_changed", "skill_noted",
         "zone_changed")
    )  # fmt: skip
    tools = (
        Tool(
            name="plan",
            what="planning a medicine",
            examples=sentences.PLAN,
            arguments=answers.Plan,
            answer=answers.plan,
            acts=True,
            frames=sentences.PLANS,
            asks={
                "medicine": "Which medicine do you take?",
                "often": "At what times do you take it?",
            },
        ),
        Tool(
            name="confirm",
            what="noting that a medicine was taken",
            examples=sentences.CONFIRM,
            arguments=answers.Named,
            answer=answers.confirm,
            acts=True,
            own=True,
            frames=sentences.CONFIRMS,
            asks={"medicine": "Which medicine did you take?"},
        ),
        Tool(
            name="taken",
            what="whether a medicine was taken today",
            examples=sentences.TAKEN,
            arguments=answers.Named,
            answer=answers.taken,
            own=True,
            exact=True,
        ),
        Tool(
            name="another",
            what="whether to take more of a medicine, which nobody here can say",
            examples=sentences.ANOTHER,
            arguments=answers.Named,
            answer=answers.another,
            exact=True,
        ),
        Tool(
            name="next_dose",
            what="when a medicine is due next",
            examples=sentences.NEXT,
            arguments=answers.Named,
            answer=answers.next_dose,
            exact=True,
        ),
        Tool(
            name="medicines",
            what="which medicines are planned",
            examples=sentences.KNOWN,
            arguments=NoArguments,
            answer=answers.known,
            exact=True,
        ),
        Tool(
            name="stop",
            what="taking a medicine out of the plan",
            examples=sentences.STOP,
            arguments=answers.One,
            answer=answers.stop,
            acts=True,
            removes=True,
            frames=sentences.STOPS,
            asks={"medicine": "Which medicine do you no longer take?"},
        ),
    )

    def consider(self, context: Context, settings: Settings) -> Sequence[Proposal]:
        """Ask for what is open."""
        memory = context.own(NAME)
        if not settings.medicines and "medicines" not in memory:
            return ()
        if memory.get(OPEN) is False and context.now < _wake(memory):
            return ()  # nothing is open before the next look: most minutes end here
        return proposals(context)

    def fold(self, memory: Memory, event: Input, context: Context) -> Memory:
        """Return what is planned and confirmed after *event*, and when to look again."""
        after = memory
        if isinstance(event, SkillNoted):
            after = _noted(memory, event.name, event.data, event.at)
        elif isinstance(event, FeedbackGiven | GestureMade):
            after = _answered(memory, event.at, context)
        return _awake(after, context)


def _noted(memory: Memory, name: str, data: Mapping[str, JsonValue], at: datetime) -> Memory:
    medicine = str(data.get("name", ""))
    due = data.get("due")
    when = datetime.fromisoformat(due) if isinstance(due, str) else None
    match name:
        case "planned":
            return planned(memory, data)
        case "stopped":
            return stopped(memory, medicine)
        case "taken":
            return with_kept(memory, [Kept(medicine, when, at, taken=True)])
        case "untaken":
            left = [one for one in kept(memory) if (one.name, one.due) != (medicine, when)]
            return with_kept({**memory, "doses": []}, left)
        case _:
            return memory


def _answered(memory: Memory, at: datetime, context: Context) -> Memory:
    """Return *memory* after the wearer said yes or no to what was asked."""
    shown = next((one for one in reversed(context.shown) if one.skill == NAME), None)
    if shown is None or shown.answer not in ("accepted", "dismissed"):
        return memory
    if shown.answered_at != context.now:  # the time of an answer is when it was heard
        return memory
    due, taken = due_of(shown.topic), shown.answer == "accepted"
    names = shown.topic.split(" ", 2)[-1].split(",")
    done = {(one.name, one.due) for one in kept(memory)}
    new = [Kept(name, due, at, taken=taken) for name in names if (name, due) not in done]
    return with_kept(memory, new) if new else memory


def _wake(memory: Memory) -> datetime:
    wake = memory.get(WAKE)
    return datetime.fromisoformat(wake) if isinstance(wake, str) else EPOCH


def _awake(memory: Memory, context: Context) -> Memory:
    """Return *memory* with the time at which something is to be asked next."""
    seen = {**context.memories, NAME: memory}
    now = replace(context, memories=seen)
    every = medicines(now)
    if not every and WAKE not in memory:
        return memory
    open_ = open_doses(now)
    look = next_look(open_, next_doses(every, now), context.now)
    told = {key: value for key, value in memory.items() if key != WAKE}
    told[OPEN] = bool(open_)
    return told if look is None else {**told, WAKE: look.isoformat()}
