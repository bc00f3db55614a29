"""What others on this device are served: the ears as the wearer set them."""

import asyncio
from pathlib import Path

import pytest

from agent.app import alone, served
from agent.errors import ModelError
from agent.voice.ears.settings import Settings as EarsSettings
from agent.voice.settings import Settings as VoiceSettings
from tests.test_hearing import plain


def test_a_wake_phrase_is_served_as_sure_as_it_must_be_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = list[EarsSettings]()
    monkeypatch.setattr(served, "OneWake", begun.append)
    ears = EarsSettings(source="microphone", wake="okay nabu", threshold=0.83, voiced_min=0.4)

    async def run() -> None:
        async with alone.opened(plain(tmp_path, {"model": "none"})) as (pipeline, brains):
            offered = served.services(pipeline, brains, VoiceSettings(ears=ears))
            assert offered.wake is not None
            await offered.wake(("okay nabu",))
            with pytest.raises(ModelError, match="and no other"):
                await offered.wake(("hey robin",))

    asyncio.run(run())
    assert [(one.source, one.threshold, one.voiced_min) for one in begun] == [("mqtt", 0.83, 0.4)]
