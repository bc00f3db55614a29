"""What is likely to be heard from the wearer, for who listens beside the daemon."""

from collections.abc import Mapping

from pydantic import JsonValue

from agent.app.brains import SPHINX
from agent.app.pipeline import Pipeline
from agent.ask.phrasebook import grammars
from agent.ask.vocabulary import names, vocabulary
from agent.control import Reply
from agent.errors import ConfigError
from agent.ports import Hints
from agent.voice.settings import Settings

WHOLE = "pocketsphinx hears commands only, and no recording: set `default`, or `many`"


async def words(pipeline: Pipeline, _: Mapping[str, JsonValue]) -> Reply:
    """Return the words and the sentences to listen for in a spoken question."""
    tools = [tool for skill in pipeline.granted() for tool in skill.tools]
    context = pipeline.present()
    told: list[JsonValue] = [*grammars(tools, context)]
    own: list[JsonValue] = [*names(context)]
    return {"prompt": vocabulary(tools), "hotwords": own, "grammars": told}


def hints(reply: Mapping[str, JsonValue], voice: Settings, *, readings: int = 1) -> Hints:
    """Return the hints that *reply*, of the command `vocabulary`, has for the ear in *voice*."""
    if voice.model != SPHINX:
        own = _texts(reply.get("hotwords", []))  # an older daemon tells none
        return Hints(prompt=str(reply["prompt"]), hotwords=own, n_best=readings)
    return Hints(grammars=_texts(reply["grammars"]))


def _texts(told: JsonValue) -> tuple[str, ...]:
    return tuple(map(str, told)) if isinstance(told, list) else ()


def check_whole(voice: Settings) -> None:
    """Raise ConfigError where the ear in *voice* cannot hear a recording of anything."""
    if voice.model == SPHINX:
        raise ConfigError("voice.model", SPHINX, WHOLE)
