"""`carpal ask`, `carpal why`, `carpal feedback`, `carpal remind`."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from pydantic import JsonValue

from agent.cli.root import ConfigOption, JsonOption, carry_out, commands, show


@commands.command()
def ask(
    question: Annotated[str, typer.Argument(help="What you want to know.")],
    config: ConfigOption = None,
    json_: JsonOption = False,
    why: Annotated[bool, typer.Option(help="Show what the answer rests on.")] = False,
) -> None:
    """Answer a question from memory."""
    asked: dict[str, JsonValue] = {"question": question}
    if json_:
        show(carry_out(config, "ask", asked))
        return
    said: list[str] = []
    tell(carry_out(config, "ask", asked, part=lambda text: say(text, said)), said, why=why)


def say(part: str, said: list[str]) -> None:
    """Print a part of an answer as it comes, and note it in *said*."""
    typer.echo(part if not said else f" {part}", nl=False)
    said.append(part)


def tell(reply: dict[str, JsonValue], said: Sequence[str] = (), *, why: bool) -> None:
    """Print what of an answer was not yet *said*, and with *why* what it rests on."""
    text = str(reply["text"])
    before = " ".join(said)
    typer.echo(text.removeprefix(before) if text.startswith(before) else f"\n{text}")
    if why:
        explain(reply)


def explain(reply: dict[str, JsonValue]) -> None:
    """Print how an answer came about: understood, chosen, worded, and what it rests on."""
    times = reply["times"]
    typer.echo(f"  tier {reply['tier']}, {reply['tool'] or 'no tool'}: {reply['reason']}")
    if reply["arguments"]:
        typer.echo(f"  arguments: {json.dumps(reply['arguments'], ensure_ascii=False)}")
    typer.echo(f"  words: {reply['wording']} ({reply['worded']}); {reply['choice']}")
    if isinstance(times, dict):
        spent = ", ".join(f"{name.removesuffix('_ms')} {ms} ms" for name, ms in times.items())
        typer.echo(f"  times: {spent}, in all {reply['ms']} ms")
    evidence = reply["evidence"]
    for line in evidence if isinstance(evidence, list) else ():
        if isinstance(line, dict):
            typer.echo(f"  {line['role']}: {line['value']}{_measured(line)}")


def _measured(line: dict[str, JsonValue]) -> str:
    span = f"{line['since']} to {line['until']}" if line["since"] or line["until"] else ""
    count = f"{line['samples']} samples" if line["samples"] else ""
    told = ", ".join(filter(None, (span, count)))
    return f" ({told})" if told else ""


@commands.command()
def why(
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[[not] ID]",
            help="A judgement's id or a skill's name; `not`: why it is silent.",
        ),
    ] = None,
    config: ConfigOption = None,
    json_: JsonOption = False,
) -> None:
    """Explain the last nudge, or one judgement, and the silences beside it."""
    if words and words[0] == "not":
        _why_not(config, " ".join(words[1:]), json_=json_)
        return
    reply = carry_out(config, "why", {"id": " ".join(words) if words else None})
    if json_:
        show(reply)
        return
    spoken, held, zone = reply["spoken"], reply["held"], ZoneInfo(str(reply["zone"]))
    if isinstance(spoken, dict):
        at = _local(spoken["at"], zone)
        typer.echo(f"{at} {spoken['skill']} said: {spoken['text']}")
        evidence = spoken["evidence"]
        for line in evidence if isinstance(evidence, list) else ():
            typer.echo(f"  because: {line}")
    else:
        typer.echo("nothing was said in the last week")
    for one in held if isinstance(held, list) else ():
        if isinstance(one, dict):
            at = _local(one["at"], zone)
            typer.echo(f"{at} {one['skill']} held ({one['verdict']}): {one['text']}")


def _why_not(config: ConfigOption, skill: str, *, json_: bool) -> None:
    reply = carry_out(config, "why_not", {"skill": skill})
    if json_:
        show(reply)
        return
    zone = ZoneInfo(str(reply["zone"]))
    for line in _lines(reply["reasons"]):
        typer.echo(f"{skill}: {line}")
    held = reply["held"]
    for one in held if isinstance(held, list) else ():
        if isinstance(one, dict):
            at, verdict = _local(one["at"], zone), str(one["verdict"])
            typer.echo(f"{at} it was held: {REASONS.get(verdict, verdict)} ({one['text']})")
    last = reply["last"]
    if isinstance(last, dict):
        typer.echo(f"{_local(last['at'], zone)} it said: {last['text']}")
    for line in _lines(reply["unknown"]):
        typer.echo(f"not known now: {line}")


def _lines(values: JsonValue) -> list[str]:
    return [str(one) for one in values] if isinstance(values, list) else []


REASONS = {
    "denied": "it wanted more than it was allowed",
    "muted": "you muted it",
    "expired": "it was no news any more",
    "stale": "what it rests on was too old",
    "unsure": "it was not sure enough",
    "unsafe": "it would open something on a location alone",
    "snoozed": "you said later",
    "asleep": "you slept",
    "quiet_hours": "it was in the quiet hours",
    "in_meeting": "you were in a meeting",
    "driving": "you were driving",
    "exercising": "you were exercising",
    "talking": "you were talking",
    "focus": "you wanted quiet",
    "batched": "it waits for the next digest",
    "duplicate": "another skill had just said the same",
    "not_worth": "by your answers it is not worth an interruption",
    "cap": "the cap of the day was reached",
    "budget": "the budget of the day was used up",
    "theme_budget": "the budget of its theme was used up",
    "cooldown": "too soon after the last nudge",
    "act": "it was done without a word",
}


def _local(at: JsonValue, zone: ZoneInfo) -> str:
    return f"{datetime.fromisoformat(str(at)).astimezone(zone):%Y-%m-%d %H:%M}"


@commands.command()
def feedback(
    answer: Annotated[str, typer.Argument(help="accepted, dismissed or snoozed")],
    id_: Annotated[str | None, typer.Option("--id", help="The nudge; else the last one.")] = None,
    minutes: Annotated[int, typer.Option(help="How long to snooze.")] = 30,
    config: ConfigOption = None,
) -> None:
    """Answer a nudge."""
    asked: dict[str, JsonValue] = {"answer": answer, "id": id_, "minutes": minutes}
    reply = carry_out(config, "feedback", asked)
    typer.echo(f"{reply['answer']}: {reply.get('text', reply['judgement'])}")


@commands.command()
def remind(
    due: Annotated[str, typer.Argument(help="When: 2026-03-02T14:30, local time.")],
    text: Annotated[str, typer.Argument(help="What to be told.")],
    config: ConfigOption = None,
) -> None:
    """Set a reminder."""
    reply = carry_out(config, "remind", {"due": due, "text": text})
    typer.echo(f"{reply['due']}: {reply['text']} ({reply['id']})")
