"""`carpal journal`: what days were like, as Markdown, on the screen or a file each."""

from pathlib import Path
from typing import Annotated

import typer

from agent.cli.root import ConfigOption, JsonOption, carry_out, commands, show
from agent.errors import ConfigError


@commands.command()
def journal(
    config: ConfigOption = None,
    json_: JsonOption = False,
    since: Annotated[
        str | None, typer.Option(help="The first day, as 2026-03-03; else today alone.")
    ] = None,
    folder: Annotated[
        Path | None, typer.Option(help="Write a file for each day here: 2026-03-03.md.")
    ] = None,
) -> None:
    """Write the journal of a day, or of many: only what was measured, planned or said."""
    reply = carry_out(config, "journal", {} if since is None else {"since": since})
    if json_:
        show(reply)
        return
    rows = reply["entries"]
    entries = [one for one in (rows if isinstance(rows, list) else ()) if isinstance(one, dict)]
    if folder is None:
        typer.echo("\n".join(str(one["text"]) for one in entries), nl=False)
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for one in entries:
            (folder / f"{one['day']}.md").write_text(str(one["text"]), encoding="utf-8")
    except OSError as error:
        raise ConfigError("--folder", str(folder), f"cannot be written: {error}") from error
    typer.echo(f"wrote {len(entries)} file(s) to {folder}")
