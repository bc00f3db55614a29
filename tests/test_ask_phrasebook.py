"""The tools' own sentences as grammars for a recogniser that hears nothing else."""

import asyncio
import re
from pathlib import Path

import pytest

from agent.ask.phrasebook import LENGTH_MAX, grammars
from agent.context import Context
from agent.models.worker import Limits, Worker
from agent.ports import Hints
from agent.voice import transcriber
from agent.voice.settings import Settings
from agent.voice.speaking.espeak import Espeak
from skills import SKILLS
from tests.default_models import needs
from tests.sound import espeak

TOOLS = [tool for skill in SKILLS for tool in skill.tools]


def test_every_grammar_is_whole_and_bounded() -> None:
    found = grammars(TOOLS, Context())
    assert len(found) > len(TOOLS) // 2
    for one in found:
        assert len(one) < LENGTH_MAX
        assert one.count("(") == one.count(")")
        assert one.count("[") == one.count("]")
        defined = set(re.findall(r"<([a-z_]+)> =", one))
        assert set(re.findall(r"<([a-z_]+)>", one)) == defined


def test_a_tool_with_words_of_the_wearers_own_is_not_guessed() -> None:
    (keep,) = [tool for tool in TOOLS if tool.name == "keep"]
    assert "<text>" not in "".join(grammars([keep], Context()))


@pytest.mark.audio
@needs("pocketsphinx", "numpy", "av")
@espeak
def test_a_command_is_heard_among_all_of_them(tmp_path: Path) -> None:
    question = tmp_path / "question.wav"

    async def run() -> str:
        begin = transcriber.begin(tmp_path, Settings())
        worker = Worker("speech", transcriber.SPHINX_COMMAND, begin=begin, limits=Limits(call_s=60))
        try:
            await Espeak(Settings(voice="en-us")).to_file("When is my next meeting?", question)
            hints = Hints(grammars=grammars(TOOLS, Context()))
            return (await transcriber.Sphinx(worker).transcribe(question, hints)).text
        finally:
            await worker.close()

    assert asyncio.run(run()) == "when is my next meeting"
