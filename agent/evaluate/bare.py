"""The bare model, as it comes: it sees the values and writes freely, and what it wrote is read."""

import re
from collections.abc import Sequence

from agent.errors import ModelError
from agent.events import Fact
from agent.ports import LanguageModel, Prompt

SYSTEM = (
    "You are an assistant on a watch. Answer the question in one short sentence. Use only the "
    "evidence. Do not invent anything."
)
TOKENS_MAX = 60
_NUMBER = re.compile(r"\d+(?:[.:,]\d+)*")
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{2,}")


async def say(model: LanguageModel, question: str, facts: Sequence[Fact]) -> str:
    """Return what the bare model answers; "" where it fails."""
    evidence = "\n".join(f"{fact.name}: {fact.value}" for fact in facts)
    asked = f"Evidence:\n{evidence}\n\nQuestion: {question}"
    prompt = Prompt(messages=(("system", SYSTEM), ("user", asked)), tokens_max=TOKENS_MAX)
    try:
        return (await model.generate(prompt)).text.strip()
    except ModelError:
        return ""


def stated(text: str, facts: Sequence[Fact]) -> set[str]:
    """Return the names of the facts whose values are in *text*."""
    return {fact.name for fact in facts if fact.value.lower() in text.lower()}


def foreign(text: str, facts: Sequence[Fact], question: str) -> list[str]:
    """Return the figures and names in *text* that neither the facts nor the question have."""
    known = f"{question} " + " ".join(f"{fact.name} {fact.value}" for fact in facts)
    figures = set(_NUMBER.findall(known))
    found = [one for one in _NUMBER.findall(text) if one not in figures]
    return found + [one for one in _NAME.findall(text) if one.lower() not in known.lower()]
