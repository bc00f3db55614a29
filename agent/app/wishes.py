"""What the wearer permits, mutes and wants to know of the skills: the commands about them."""

import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from pydantic import JsonValue

from agent.app.pipeline import Pipeline
from agent.app.settings import Settings, guests
from agent.control import Reply
from agent.core import FAULTS_MAX
from agent.errors import ControlError
from agent.events import (
    EPOCH,
    FeedbackGiven,
    FocusSet,
    GrantChanged,
    ProposalJudged,
    SkillMuted,
    WorthReset,
)
from agent.policy import Worth, situation
from agent.policy.ledger import Ledger
from agent.situation import situation as told
from agent.skill import Proposal, Skill

Arguments = Mapping[str, JsonValue]
PRIOR = Proposal.model_fields["worth"].default
HELD_MAX = 10
WEEK = timedelta(days=7)
DAYS_MAX = 366
HOURS_MAX = 24 * 7


def skills(pipeline: Pipeline) -> Reply:
    """Return what each skill declares, whether it is heard, and what was learned of it."""
    refused: dict[str, JsonValue] = {**pipeline.host.refused}
    told = [_told(skill, pipeline) for skill in pipeline.core.every]
    return {"skills": told, "refused": refused}


def _told(skill: Skill, pipeline: Pipeline) -> JsonValue:
    state = pipeline.bus.state
    ledger, guest = state.ledger, skill in pipeline.core.guests
    worth = ledger.worth.get(skill.name, Worth())
    grant, now = ledger.grants.get(skill.name), pipeline.present()
    faded = worth.every.faded(now.now)
    return {
        "name": skill.name,
        "what": _what(skill),
        "theme": skill.theme,
        "reads": _texts(skill.reads),
        "does": _texts(skill.does),
        "alone": _texts(grant.alone if grant else ()),
        "settings": _texts(skill.settings.model_fields),
        "tools": _texts(tool.name for tool in skill.tools),
        "guest": guest,
        "granted": ledger.granted(skill, asks=guest),
        "muted": skill.name in ledger.muted,
        "faults": state.faults.get(skill.name, 0),
        "worth": {
            "here": round(worth.mean(PRIOR, situation(now), at=now.now), 2),
            "glad": round(faded.glad, 2),
            "sorry": round(faded.sorry, 2),
        },
    }


def _what(skill: Skill) -> str:
    """Return what *skill* says it does, or else the first line of its module."""
    module = sys.modules.get(type(skill).__module__)
    return skill.what or str(module.__doc__ if module else "").strip().split("\n")[0]


def seek(pipeline: Pipeline, settings: Settings) -> Reply:
    """Look again for skills of third parties; return their names, and why others are not here."""
    pipeline.seek(guests(settings))
    names: list[JsonValue] = [guest.name for guest in pipeline.core.guests]
    refused: dict[str, JsonValue] = {**pipeline.host.refused}
    return {"guests": names, "refused": refused}


async def grant(pipeline: Pipeline, arguments: Arguments) -> Reply:
    """Allow a skill what it declares, or deny it; *alone*: actions that it need not ask for."""
    skill = named(pipeline, arguments)
    granted, alone = arguments.get("granted"), arguments.get("alone", [])
    if not isinstance(granted, bool) or not isinstance(alone, list):
        raise ControlError("a grant says yes or no, and names actions")
    before = pipeline.bus.state.ledger.grants.get(skill.name)
    kept = before.alone if before is not None and before.granted else ()
    changed = GrantChanged(
        at=pipeline.present().now,
        skill=skill.name,
        granted=granted,
        reads=tuple(sorted(skill.reads)),
        does=tuple(sorted(skill.does)),
        alone=tuple(sorted({*kept, *map(str, alone)})) if granted else (),
        theme=skill.theme,
        fresh_min=skill.fresh_min,
    )
    await pipeline.keep([changed])
    return changed.model_dump(mode="json")


async def mute(pipeline: Pipeline, arguments: Arguments) -> Reply:
    """Hear no more of a skill, or again; what was learned of it is then forgotten."""
    skill, muted = named(pipeline, arguments), arguments.get("muted", True)
    if not isinstance(muted, bool):
        raise ControlError("a skill is muted or not")
    changed = SkillMuted(at=pipeline.present().now, skill=skill.name, muted=muted)
    await pipeline.keep([changed])
    return changed.model_dump(mode="json")


async def reset(pipeline: Pipeline, arguments: Arguments) -> Reply:
    """Forget what was learned from the wearer's answers, of one skill or of all."""
    name = named(pipeline, arguments).name if arguments.get("skill") else ""
    changed = WorthReset(at=pipeline.present().now, skill=name)
    await pipeline.keep([changed])
    return changed.model_dump(mode="json")


async def quiet(pipeline: Pipeline, arguments: Arguments) -> Reply:
    """Keep quiet for some hours; 0 ends it."""
    hours, now = arguments.get("hours"), pipeline.present().now
    if not isinstance(hours, int | float) or not 0 <= hours <= HOURS_MAX:
        raise ControlError(f"quiet lasts 0 to {HOURS_MAX} hours, not {str(hours)[:32]}")
    until = now + timedelta(hours=hours) if hours else None
    await pipeline.keep([FocusSet(at=now, until=until)])
    return {"until": until.isoformat() if until else None}


def why_not(pipeline: Pipeline, arguments: Arguments) -> Reply:
    """Explain the silence of a skill: what holds it, and what it wanted to say and could not."""
    skill = named(pipeline, arguments)
    now = pipeline.present()
    judged = pipeline.memory.judgements(since=now.now - WEEK)
    own = [one for one in judged if one.skill == skill.name]
    held: list[JsonValue] = [one.model_dump(mode="json") for one in own if one.verdict != "speak"]
    said = [one for one in own if one.verdict == "speak"]
    unknown: list[JsonValue] = [
        f"{part.name}: {part.missing}" for part in told(now).parts if part.missing
    ]
    return {
        "skill": skill.name,
        "reasons": [*_standing(skill, pipeline, own)],
        "held": held[-HELD_MAX:],
        "last": said[-1].model_dump(mode="json") if said else None,
        "unknown": unknown,
        "zone": now.local.key,
    }


def _standing(skill: Skill, pipeline: Pipeline, judged: Sequence[ProposalJudged]) -> Sequence[str]:
    state, now = pipeline.bus.state, pipeline.present()
    ledger: Ledger = state.ledger
    guest = skill in pipeline.core.guests
    snoozed = ledger.snoozed.get(skill.name, EPOCH)
    quiet_until = f"{now.focus_until.astimezone(now.local):%H:%M}"
    reasons = (
        (not ledger.granted(skill, asks=guest), f"not allowed: `carpal allow {skill.name}`"),
        (skill.name in ledger.muted, f"muted: `carpal mute {skill.name} --off`"),
        (
            state.rests(skill.name),
            f"it failed {FAULTS_MAX} times and rests: `carpal doctor`, `carpal allow {skill.name}`",
        ),
        (snoozed > now.now, f"snoozed until {snoozed.astimezone(now.local):%H:%M}"),
        (now.focus_until > now.now, f"you asked for quiet until {quiet_until}"),
        (not judged, "it had nothing to say in the last seven days"),
    )
    return [reason for holds, reason in reasons if holds]


def nudges(pipeline: Pipeline, arguments: Arguments) -> Reply:
    """Return what was said and held on each of the last days, with the wearer's answers."""
    days = arguments.get("days", 7)
    if not isinstance(days, int) or not 1 <= days <= DAYS_MAX:
        raise ControlError(f"nudges are told of 1 to {DAYS_MAX} days")
    now = pipeline.present()
    midnight = now.local_now.replace(hour=0, minute=0, second=0, microsecond=0)
    since = midnight - timedelta(days=days - 1)
    given = pipeline.memory.events("feedback_given", since=since)
    answers = {one.judgement: str(one.answer) for one in given if isinstance(one, FeedbackGiven)}
    answers |= {one.judgement: one.answer for one in now.shown}  # by hand, too
    by_day: dict[str, list[JsonValue]] = {}
    for one in pipeline.memory.judgements(since=since):
        day = f"{one.at.astimezone(now.local):%Y-%m-%d}"
        by_day.setdefault(day, []).append(
            {
                "at": f"{one.at.astimezone(now.local):%H:%M}",
                "skill": one.skill,
                "theme": one.theme,
                "verdict": one.verdict,
                "text": one.text,
                "answer": answers.get(one.id, ""),
                "id": one.id,
            }
        )
    return {"since": _iso(since), "days": dict(sorted(by_day.items()))}


def named(pipeline: Pipeline, arguments: Arguments) -> Skill:
    """Return the skill that is named; raise ControlError with those that there are."""
    wanted = arguments.get("skill")
    known = {skill.name: skill for skill in pipeline.core.every}
    if not isinstance(wanted, str) or wanted not in known:
        raise ControlError(f"there is no skill {str(wanted)[:32]!r}, but {', '.join(known)}")
    return known[wanted]


def _texts(values: Iterable[str]) -> list[JsonValue]:
    return [*sorted(values)]


def _iso(at: datetime) -> str:
    return at.isoformat()
