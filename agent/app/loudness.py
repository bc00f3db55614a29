"""How loud we may speak, for who speaks beside the daemon."""

from collections.abc import Callable, Mapping

from pydantic import JsonValue

from agent.app.pipeline import Pipeline
from agent.app.settings import Settings
from agent.context import Context
from agent.control import Reply
from agent.ports import Clock
from agent.voice.speaking import manner


async def volume(
    pipeline: Pipeline, settings: Callable[[], Settings], _: Mapping[str, JsonValue]
) -> Reply:
    """Return the amplitude for what was asked for, here and now; None: be silent."""
    return {"gain": manner.gain(pipeline.present(), settings().voice)}


def by_hour(settings: Settings, clock: Clock) -> float | None:
    """Return the same where nobody knows where the wearer is."""
    return manner.gain(Context(now=clock.now(), rules=settings.rules()), settings.voice)
