"""When a dose is asked for: at its time, and gently twice again.  Pure."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby

from agent.context import Context
from agent.events import Haptic
from agent.phrases import clock, listing, moment, short
from agent.skill import GLANCE_MAX, Proposal
from skills.medication.doses import ASKED_FOR, NAME, Dose, kept, open_doses

AGAIN = (timedelta(), timedelta(minutes=15), timedelta(minutes=45))
"""After the time of a dose: it is asked for three times at most."""
HAPTICS: tuple[Haptic, ...] = ("tap", "double", "long")
PROPOSED_MAX = 8


def proposals(context: Context) -> Sequence[Proposal]:
    """Return what is to be asked now; the medicines of one time are asked for together."""
    by_time = groupby(open_doses(context), key=lambda dose: dose.due)
    found = (_ask(due, [dose.name for dose in group], context) for due, group in by_time)
    return [one for one in found if one is not None][:PROPOSED_MAX]


def next_look(open_: Sequence[Dose], coming: Sequence[Dose], now: datetime) -> datetime | None:
    """Return when something is to be asked next."""
    times = [dose.due + more for dose in (*open_, *coming) for more in AGAIN]
    return min((one for one in times if one > now), default=None)


def topic(due: datetime, names: Sequence[str], turn: int) -> str:
    """Return the name of one asking."""
    return f"{due.timestamp():.0f} {turn} {','.join(names)}"[:200]


def due_of(topic_: str) -> datetime | None:
    """Return the time of the dose that was asked for under *topic_*."""
    first = topic_.split(" ", 1)[0]
    if not first.lstrip("-").isdigit():
        return None
    return datetime.fromtimestamp(int(first), tz=UTC)


def _ask(due: datetime, names: Sequence[str], context: Context) -> Proposal | None:
    waited = context.now - due
    if waited > ASKED_FOR:
        return None
    turn = sum(waited >= one for one in AGAIN) - 1
    name, zone = listing(names), context.local
    if turn == 0:
        text = f"It is time for {name}: have you taken it?"
    else:
        text = f"{name[:1].upper()}{name[1:]} for {clock(due, zone)} is not confirmed: taken?"
        text += " I do not ask again." if turn == len(AGAIN) - 1 else ""
    return Proposal(
        topic=topic(due, names, turn),
        glance=short(f"{name} {clock(due, zone)}?", GLANCE_MAX),
        text=text,
        evidence=(f"planned for {clock(due, zone)}", *_last(names, context)),
        evidence_at=context.now,
        urgency="promised",
        haptic=HAPTICS[turn],
        due=due + AGAIN[turn],
        expires=due + ASKED_FOR,
    )


def _last(names: Sequence[str], context: Context) -> list[str]:
    wanted = {name.lower() for name in names}
    found = [one for one in kept(context.own(NAME)) if one.taken and one.name.lower() in wanted]
    told = (f"{one.name} last confirmed {moment(one.at, context.now, context.local)}"
            for one in found[-1:])  # fmt: skip
    return list(told)
