"""Trying out a skill: on its scenario and its promises, and on what was lived."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from agent.app.pipeline import Pipeline
from agent.ask.explain_grammar import GrammarError, read
from agent.context import Context
from agent.errors import ConfigError, SkillError
from agent.events import ProposalJudged
from agent.guests.declared import Guest
from agent.guests.find import found
from agent.guests.host import Host
from agent.guests.trial import play, read_scenario, relived
from agent.ports import Nothing
from agent.skill import Skill, Tool

SCENARIO = "scenario.toml"
BYTES_MAX = 1 << 20


@dataclass(frozen=True, slots=True)
class Check:
    """One promise, and whether it was kept."""

    what: str
    wrong: str = ""


def check(folder: Path, name: str) -> Iterator[Check]:
    """Yield each check of the skill *name* in *folder*, sealed as it will be; raise ConfigError."""
    host = Host([one for one in found(folder) if one.name == name])
    try:
        host.start()
        if host.refused:
            yield Check("it loads", host.refused[name])
            return
        if not host.guests:
            where = folder / name / f"{name}.py"
            raise ConfigError("NAME", name, f"there is no {where}: `carpal skill new {name}`")
        (guest,) = host.guests
        yield Check(f"it loads: reads {_listed(guest.reads)}, may {_listed(guest.does)}")
        yield Check("it is silent while nothing is known", _silent(guest, host))
        yield Check("its tools answer while nothing is known", _answers(guest, host))
        for tool in guest.tools:
            if tool.grammar:
                yield Check(f"the grammar of its tool {tool.name} can be read", _unread(tool))
        yield from _scenario(folder / name / SCENARIO, guest, host)
    finally:
        host.stop()


def _silent(guest: Guest, host: Host) -> str:
    try:
        said = host.consider(guest, Context())
    except SkillError as error:
        return error.reason
    return f"it said {said[0].text!r}" if said else ""


def _answers(guest: Guest, host: Host) -> str:
    for tool in guest.tools:
        if any(field.is_required() for field in tool.arguments.model_fields.values()):
            continue
        answer = tool.answer(tool.arguments(), Nothing(), Context())
        if not answer.text or "failed" in answer.text:
            return f"{tool.name}: {answer.text or 'no text'}"
    return ""


def _unread(tool: Tool[Any]) -> str:
    try:
        read(tool.grammar, slots=frozenset(tool.arguments.model_fields))
    except GrammarError as error:
        return str(error)
    return ""


def _scenario(path: Path, guest: Guest, host: Host) -> Iterator[Check]:
    if not path.exists():
        yield Check("it has a scenario", f"there is no {path.name} beside it")
        return
    if path.stat().st_size > BYTES_MAX:
        raise ConfigError(path.name, path.stat().st_size, f"is over {BYTES_MAX} bytes")
    scenario = read_scenario(path.read_text("utf-8", "replace"), name=path.name)
    try:
        for outcome in play(scenario, guest, host=host):
            what = f"minute {outcome.step.minute:g} of the scenario"
            yield Check(what, outcome.wrong)
    except SkillError as error:
        yield Check("the scenario", error.reason)


def past(
    pipeline: Pipeline,
    name: str,
    *,
    since: datetime,
    tell: Callable[[int], None] = lambda _: None,
) -> list[ProposalJudged]:
    """Return what the skill *name* would have said and held since then; raise ConfigError."""
    every = {one.name: one for one in pipeline.core.every}
    if name not in every:
        raise ConfigError("--skill", name, f"is none of {', '.join(every)}")
    skill: Skill = every[name]
    first = pipeline.journal.first_replayable()
    inputs = pipeline.journal.replay(after=first.sequence)
    host = pipeline.host if isinstance(skill, Guest) else None
    if host is not None:
        host.admit([name])
        host.ready()
    judged = relived(inputs, skill, start=first.state, host=host, tell=tell)
    return [one for one in judged if one.at >= since]


def _listed(names: frozenset[str]) -> str:
    return ", ".join(sorted(names)) or "nothing"
