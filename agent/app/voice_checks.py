"""Checks of the voice, for `carpal doctor`: what hears, what wakes, what speaks."""

import shutil
from collections.abc import Iterator, Mapping

from pydantic import JsonValue

from agent.app.checks import Check
from agent.voice.ears.listening import NONE
from agent.voice.settings import Settings
from agent.voice.speaking.espeak import PROGRAM
from agent.voice.speaking.player import installed

ELSEWHERE = "://"
PROGRAMS = ("pocketsphinx", "many")


def is_file(model: str) -> bool:
    """Return whether the setting *model* names files, and no program or other default."""
    return ELSEWHERE not in model and model not in PROGRAMS


def checks(settings: Settings, told: Mapping[str, JsonValue] | None) -> Iterator[Check]:
    """Yield what is well and what is not; *told* is what a running daemon says of its voice."""
    speaks = shutil.which(PROGRAM)
    mute = f"not installed: answers are shown, not spoken; install the package {PROGRAM}"
    yield Check(PROGRAM, bool(speaks) or settings.model == NONE, speaks or mute)
    if settings.ears.source == NONE:
        told_off = "nothing is listened to: set voice.ears.source to listen"
        yield Check("microphone", ok=True, detail=told_off)
        return
    yield _loudspeaker(told)
    yield from _ears(settings, told)


def _loudspeaker(told: Mapping[str, JsonValue] | None) -> Check:
    """Return what plays; where the daemon's last words were not heard, why not."""
    player = installed()
    if player is None:
        silent = "no program plays sound: install pulseaudio-utils or alsa-utils"
        return Check("loudspeaker", ok=False, detail=silent)
    fault = told.get("unspoken") if told else None
    if fault:
        unheard = f"{player}: what was to be said last was not heard: {fault}"
        return Check("loudspeaker", ok=False, detail=unheard)
    return Check("loudspeaker", ok=True, detail=player)


def _ears(settings: Settings, told: Mapping[str, JsonValue] | None) -> Iterator[Check]:
    if not told:
        where = f"{settings.ears.source} was not tried: no daemon runs"
        yield Check("microphone", ok=False, detail=where)
        return
    how = str(told.get("microphone"))
    closed = told.get("phase") == "muted"
    advice = "; `carpal voice unmute` opens it" if closed else ""
    fault = told.get("last_fault")
    why = f"; {fault}" if fault and "open" not in how else ""
    yield Check("microphone", closed or how.startswith("open"), f"{how}{advice}{why}")
    if told.get("sealed") is False:
        yield Check("ears", ok=False, detail="their process is not sealed: report it")
