"""`carpal chat`: a talk in the terminal."""

import asyncio
import signal
import sys
from contextlib import suppress

import typer
from pydantic import JsonValue

from agent.app import alone
from agent.app.settings import Settings
from agent.cli.ask import explain, say, tell
from agent.cli.root import ConfigOption, commands, looked_at
from agent.errors import AgentError

ENDS = frozenset(("exit", "quit", "bye", "/exit", "/quit"))
WHY = "/why"
HELLO = "Ask away.  /why explains the last answer, Ctrl-C stops one, exit or Ctrl-D ends."


@commands.command()
def chat(config: ConfigOption = None) -> None:
    """Talk in the terminal: follow-ups such as "and yesterday?" are understood."""
    asyncio.run(_talk(looked_at(config)))


async def _talk(settings: Settings) -> None:
    async with alone.talk(settings) as ask:
        if sys.stdin.isatty():
            typer.echo(HELLO)
        last: dict[str, JsonValue] = {}
        while (line := _read()) is not None:
            asked = line.strip()
            if asked.lower() in ENDS:
                return
            if asked == WHY:
                explain(last) if last else typer.echo("Nothing was answered yet.")
            elif asked:
                last = await _answer(ask, asked) or last


def _read() -> str | None:
    """Return the next line, or None at the end; nothing else has to go on meanwhile."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        if sys.stdin.isatty():
            typer.echo("> ", nl=False)
        return sys.stdin.readline() or None
    except KeyboardInterrupt:
        return None
    finally:
        signal.signal(signal.SIGINT, before)


async def _answer(ask: alone.Ask, question: str) -> dict[str, JsonValue] | None:
    """Print the answer and return its reply; None if it failed or was stopped."""
    said: list[str] = []
    answering = asyncio.ensure_future(
        ask("ask", {"question": question}, lambda part: say(part, said))
    )
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGINT, answering.cancel)
    try:
        reply = await answering
    except AgentError as error:
        typer.echo(f"carpal: {error}", err=True)
        return None
    except asyncio.CancelledError:
        typer.echo(" (stopped)")
        return None
    finally:
        with suppress(ValueError):
            loop.remove_signal_handler(signal.SIGINT)
    tell(reply, said, why=False)
    return reply
