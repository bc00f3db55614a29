"""What we tell a client of ourselves when it asks what there is."""

from typing import Any

from wyoming.info import (
    AsrModel,
    AsrProgram,
    Attribution,
    HandleModel,
    HandleProgram,
    Info,
    TtsProgram,
    TtsVoice,
    WakeModel,
    WakeProgram,
)

__all__ = ["Info", "described"]
NAME = "carpal"
WHO = Attribution(name=NAME, url="")


def described(*, version: str, voice: str, phrase: str, hears: bool) -> Info:
    """Return the programs of this device; *phrase* and *hears* are empty where one is not there."""
    of: dict[str, Any] = {"attribution": WHO, "installed": True, "version": version}
    english: dict[str, Any] = {"languages": ["en"], **of}
    ears = AsrModel(name="default", description="what carpal hears with", **english)
    mouth = TtsVoice(name=voice, description="what carpal speaks with", **english)
    wakes = WakeModel(name=phrase, description="the wake phrase", phrase=phrase, **english)
    answers = HandleModel(name=NAME, description="answers from memory", **english)
    asr = AsrProgram(name=NAME, description="speech to text", models=[ears], **of)
    wake = WakeProgram(name=NAME, description="wake phrase", models=[wakes], **of)
    return Info(
        asr=[asr] if hears else [],
        tts=[TtsProgram(name=NAME, description="text to speech", voices=[mouth], **of)],
        handle=[HandleProgram(name=NAME, description="answers", models=[answers], **of)],
        wake=[wake] if phrase else [],
    )
