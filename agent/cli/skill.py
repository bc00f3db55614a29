"""`carpal skill new`, `carpal skill test`: a skill of your own, as one small file."""

import typer

from agent.app import scaffold, trials
from agent.app.settings import SKILLS_FOLDER, load
from agent.cli.root import ConfigOption, commands
from agent.cli.skills import Name

skill = typer.Typer(
    help="A skill of your own: write a working one, and test it.", no_args_is_help=True
)
commands.add_typer(skill, name="skill")


@skill.command()
def new(name: Name, config: ConfigOption = None) -> None:
    """Write a skill that works, with its test and its scenario."""
    settings = load(config).settings
    for path in scaffold.create(settings.store.folder / SKILLS_FOLDER, name):
        typer.echo(path)
    typer.echo(f"next: edit it, `carpal skill test {name}`, `carpal allow {name}`")


@skill.command(name="test")
def try_(name: Name, config: ConfigOption = None) -> None:
    """Load a skill in its sealed process, ask it, and live through its scenario."""
    failed = 0
    for one in trials.check(load(config).settings.store.folder / SKILLS_FOLDER, name):
        typer.echo(f"{'FAILED' if one.wrong else 'ok'}  {one.what}")
        if one.wrong:
            typer.echo(f"        {one.wrong}")
            failed += 1
    typer.echo(f"{name}: {f'{failed} of its checks failed' if failed else 'all is well'}")
    raise typer.Exit(1 if failed else 0)
