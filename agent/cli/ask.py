"""`carpal ask`, `carpal why`, `carpal feedback`, `carpal remind`."""

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
    reply = carry_out(config, "ask", {"question": question})
    if json_:
        show(reply)
    else:
        tell(reply, why=why)


def tell(reply: dict[str, JsonValue], *, why: bool) -> None:
    """Print an answer, and with *why* what it rests on."""
    typer.echo(reply["text"])
    if not why:
        return
    typer.echo(f"  tier {reply['tier']}, {reply['tool'] or 'no tool'}: {reply['reason']}")
    evidence = reply["evidence"]
    for line in evidence if isinstance(evidence, list) else ():
        if isinstance(line, dict):
            count = f", {line['samples']} samples" if line["samples"] else ""
            typer.echo(
                f"  {line['role']}: {line['value']} ({line['since']} to {line['until']}{count})"
            )


@commands.command()
def why(
    id_: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="A judgement's id or a skill's name.")
    ] = None,
    config: ConfigOption = None,
    json_: JsonOption = False,
) -> None:
    """Explain the last nudge, or one judgement, and the silences beside it."""
    reply = carry_out(config, "why", {"id": id_})
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
    typer.echo(f"{reply['answer']}: {reply['judgement']}")


@commands.command()
def remind(
    due: Annotated[str, typer.Argument(help="When: 2026-03-02T14:30, local time.")],
    text: Annotated[str, typer.Argument(help="What to be told.")],
    config: ConfigOption = None,
) -> None:
    """Set a reminder."""
    reply = carry_out(config, "remind", {"due": due, "text": text})
    typer.echo(f"{reply['due']}: {reply['text']} ({reply['id']})")
