"""`carpal skills`, `allow`, `deny`, `mute`, `quiet`, `nudges`, `yes`, `no`, `later`."""

from collections import Counter
from typing import Annotated

import typer
from pydantic import JsonValue

from agent.cli.root import ConfigOption, JsonOption, carry_out, commands, show

Name = Annotated[str, typer.Argument(metavar="SKILL", help="Its name in `carpal skills`.")]
IdOption = Annotated[
    str | None,
    typer.Option("--id", help="Which nudge; the last one, if it came within four hours."),
]
WIDTH = 100


@commands.command()
def skills(config: ConfigOption = None, json_: JsonOption = False) -> None:
    """List the skills: what each reads and may do, whether it is heard, and what it is worth."""
    reply = carry_out(config, "skills", {})
    if json_:
        show(reply)
        return
    _refused(reply["refused"])
    for one in _rows(reply["skills"]):
        told = _listed(one["what"]) if isinstance(one["what"], list) else one["what"]
        typer.echo(f"{one['name']} ({one['theme']}, {_standing(one)}): {told}")
        typer.echo(f"  reads {_listed(one['reads'])}; may {_listed(one['does'])}{_alone(one)}")
        worth = one["worth"]
        if isinstance(worth, dict) and (worth["glad"] or worth["sorry"]):
            learned = f"{worth['glad']} glad, {worth['sorry']} sorry answers, the older the lighter"
            typer.echo(f"  worth {worth['here']} here and now, learned of {learned}")


def _refused(reasons: JsonValue) -> None:
    for name, reason in reasons.items() if isinstance(reasons, dict) else ():
        typer.echo(f"{name} (refused): {reason}")


def _standing(one: dict[str, JsonValue]) -> str:
    faults = one["faults"]
    parts = (
        "allowed" if one["granted"] else "not allowed",
        "of a third party" if one["guest"] else "",
        "muted" if one["muted"] else "",
        f"failed {faults} times" if faults else "",
    )
    return ", ".join(part for part in parts if part)


def _alone(one: dict[str, JsonValue]) -> str:
    return f"; without asking: {_listed(one['alone'])}" if one["alone"] else ""


def _listed(values: JsonValue) -> str:
    return ", ".join(map(str, values)) if isinstance(values, list) and values else "nothing more"


@commands.command()
def allow(
    skill: Name,
    alone: Annotated[
        list[str] | None, typer.Option(help="An action that it may take without asking.")
    ] = None,
    config: ConfigOption = None,
) -> None:
    """Let a skill read and do what it declares; its faults are forgiven."""
    reply = carry_out(config, "grant", {"skill": skill, "granted": True, "alone": [*(alone or ())]})
    reads, does = _listed(reply["reads"]), _listed(reply["does"])
    typer.echo(f"{skill} is allowed: it reads {reads}, and may {does}{_alone(reply)}")


@commands.command()
def deny(skill: Name, config: ConfigOption = None) -> None:
    """Let a skill do nothing: it is not asked, and says nothing."""
    carry_out(config, "grant", {"skill": skill, "granted": False})
    typer.echo(f"{skill} is not allowed any more")


@commands.command()
def mute(
    skill: Name,
    off: Annotated[bool, typer.Option("--off", help="Hear of it again, as new.")] = False,
    config: ConfigOption = None,
) -> None:
    """Hear no more of a skill, for ever; what you asked it for yourself is still said."""
    carry_out(config, "mute", {"skill": skill, "muted": not off})
    typer.echo(f"{skill} is {'heard again' if off else 'muted'}")


@commands.command()
def forget_answers(
    skill: Annotated[str, typer.Argument(metavar="[SKILL]", help="Else all of them.")] = "",
    config: ConfigOption = None,
) -> None:
    """Forget what was learned from your answers to nudges."""
    carry_out(config, "worth_reset", {"skill": skill})
    typer.echo(f"what was learned of {skill or 'every skill'} is forgotten")


@commands.command()
def quiet(
    hours: Annotated[float, typer.Argument(help="How long; 0 ends it.")] = 1.0,
    config: ConfigOption = None,
) -> None:
    """Keep quiet for some hours: only signs of danger and what you asked for are said."""
    until = carry_out(config, "quiet", {"hours": hours})["until"]
    typer.echo(f"quiet until {until}" if until else "quiet has ended")


@commands.command()
def nudges(
    week: Annotated[bool, typer.Option("--week", help="The last seven days.")] = False,
    days: Annotated[int, typer.Option(help="How many days, with today.")] = 1,
    config: ConfigOption = None,
    json_: JsonOption = False,
) -> None:
    """Show what was said on each day, what was held and why, and what you answered."""
    reply = carry_out(config, "nudges", {"days": 7 if week else days})
    if json_:
        show(reply)
        return
    known = reply["days"]
    assert isinstance(known, dict)
    if not known:
        typer.echo("nothing was judged in that time")
    for day, judged in known.items():
        rows = _rows(judged)
        said = [one for one in rows if one["verdict"] in ("speak", "act")]
        held = Counter(str(one["verdict"]) for one in rows if one not in said)
        told = ", ".join(f"{count} {verdict}" for verdict, count in held.most_common())
        typer.echo(f"{day}: {len(said)} said; held: {told or 'none'}")
        for one in said:
            answer = f" [{one['answer']}]" if one["answer"] else ""
            typer.echo(f"  {one['at']} {one['skill']}: {str(one['text'])[:WIDTH]}{answer}")


def _rows(values: JsonValue) -> list[dict[str, JsonValue]]:
    return [one for one in values if isinstance(one, dict)] if isinstance(values, list) else []


def _answer(config: ConfigOption, answer: str, id_: str | None, *, minutes: int = 30) -> None:
    asked: dict[str, JsonValue] = {"answer": answer, "id": id_, "minutes": minutes}
    reply = carry_out(config, "feedback", asked)
    told = f"{reply['skill']}: {reply['text']}" if "text" in reply else reply["judgement"]
    typer.echo(f"{answer}: {told}")


@commands.command()
def yes(id_: IdOption = None, config: ConfigOption = None) -> None:
    """Say yes to the last nudge."""
    _answer(config, "accepted", id_)


@commands.command()
def no(id_: IdOption = None, config: ConfigOption = None) -> None:
    """Say no to the last nudge."""
    _answer(config, "dismissed", id_)


@commands.command()
def later(
    minutes: Annotated[int, typer.Argument(help="How long, in minutes.")] = 30,
    id_: IdOption = None,
    config: ConfigOption = None,
) -> None:
    """Be told of the last nudge again, later."""
    _answer(config, "snoozed", id_, minutes=minutes)
