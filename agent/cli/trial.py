"""`carpal replay --skill`: what a skill would have said in the past."""

import asyncio
import re
import sys
from collections import Counter
from datetime import timedelta
from zoneinfo import ZoneInfo

import typer

from agent.app import alone, trials
from agent.app.settings import Settings
from agent.cli.root import show
from agent.errors import ConfigError
from agent.events import ProposalJudged

_SPAN = re.compile(r"(\d{1,4})([dh])")


def would_have_said(settings: Settings, skill: str, since: str, *, json_: bool) -> None:
    """Print what *skill* alone would have said and held in that time; raise ConfigError."""
    judged, zone = asyncio.run(_relive(settings, skill, _span(since)))
    spoken = [one for one in judged if one.verdict in ("speak", "act")]
    held = Counter(str(one.verdict) for one in judged if one not in spoken)
    if json_:
        rows = [one.model_dump(mode="json") for one in judged]
        show({"skill": skill, "said": len(spoken), "held": dict(held), "judged": rows})
        return
    for one in spoken:
        typer.echo(f"{one.at.astimezone(zone):%Y-%m-%d %H:%M} {one.text}")
    told = ", ".join(f"{count} {verdict}" for verdict, count in held.most_common())
    typer.echo(f"{skill}: {len(spoken)} would have been said; held: {told or 'none'}")


async def _relive(
    settings: Settings, skill: str, span: timedelta
) -> tuple[list[ProposalJudged], ZoneInfo]:
    async with alone.opened(settings) as (pipeline, _):
        context = pipeline.present()
        tell = _tell if sys.stderr.isatty() else _quiet
        judged = trials.past(pipeline, skill, since=context.now - span, tell=tell)
        return judged, context.local


def _tell(count: int) -> None:
    typer.echo(f"\r{count} inputs", err=True, nl=False)


def _quiet(_: int) -> None:
    """Tell nothing where no one looks."""


def _span(text: str) -> timedelta:
    found = _SPAN.fullmatch(text)
    if found is None:
        raise ConfigError("--since", text, "is no span such as 30d or 12h")
    count = int(found[1])
    return timedelta(days=count) if found[2] == "d" else timedelta(hours=count)
