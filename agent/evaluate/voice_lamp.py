"""Commands in other languages: heard in English, and understood by the right tool or by none."""

from pathlib import Path

from pydantic import BaseModel

from agent.ask.explain import ASK_COST, Explainer
from agent.ask.explain_paths import Pronounce
from agent.evaluate.voice_sounds import load, pcm
from agent.figures import Figure, shown
from agent.ports import Alternative, Hints, Recall, Transcriber
from agent.skill import Answer, Context, Tool

GRAMMAR = """#JSGF V1.0;
grammar lamp;
public <switch> = [please] [can you] <verb> [<state>] [the] <where> [<state>] [please];
<verb> = turn | switch | put;
<state> = on | off;
<where> = [living room] (light | lights | lamp) [in the living room];
"""
LAMP = "lamp.switch"
WANTED = {
    "living_room_light_en.wav": LAMP,
    "turn_on_the_living_room_lamp.wav": LAMP,
    "living_room_light_de.wav": LAMP,
    "living_room_light_es.wav": LAMP,
    "whats_your_name_french.wav": "",  # no lamp is meant
}


class Switch(BaseModel):
    """Which lamp, and whether it shall shine."""

    where: str
    state: str


def _switch(wanted: Switch, _: Recall, __: Context) -> Answer:
    return Answer(f"The {wanted.where} is {wanted.state}.")


def tool() -> Tool[Switch]:
    """Return the tool of a skill that has one lamp."""
    return Tool(
        name="switch",
        what="switches a lamp",
        examples=("turn on the living room light",),
        arguments=Switch,
        answer=_switch,
        acts=True,
        grammar=GRAMMAR,
    )


async def translated(many: Transcriber, data: Path, pronounce: Pronounce) -> list[Figure]:
    """Return how many of the recordings a multilingual model brings to the right tool."""
    explainer = Explainer({LAMP: tool()}, pronounce)
    rows: list[Figure] = []
    right = []
    folder = data / "speech" / "lamp"
    for name, wanted in WANTED.items():
        if not (folder / name).is_file():
            continue
        sound = pcm(load(folder / name))
        heard = await many.transcribe(sound, Hints(task="translate"))
        found = explainer.candidates([Alternative(text=heard.text, score=0.0)])
        understood = found[0].tool if found and found[0].cost <= ASK_COST else ""
        right.append(understood == wanted)
        group = f"{name} ({heard.language} {heard.language_p:.2f}): {heard.text[:60]}"
        rows.append(shown("translated", float(right[-1]), unit="fraction", n=1, group=group))
    if not right:
        return []
    share = sum(right) / len(right)
    return [shown("translated", share, unit="fraction", n=len(right)), *rows]
