"""The buttons of the voice: be called, close the microphone, open it."""

import asyncio
from collections.abc import Callable
from typing import Protocol, get_args

from agent.control import Show
from agent.errors import ControlError
from agent.voice.conversation import Conversation
from agent.voice.deeds import Called, Muted
from agent.voice.turn import Phase

START_S_MAX = 5.0
ACTS = ("listen", "mute", "unmute")
OPEN, CLOSED, LOST = "open", "closed", "lost"
OVER = ("idle", "muted")
PHASES = get_args(Phase)


class Voice(Protocol):
    """What has these buttons."""

    conversation: Conversation

    @property
    def microphone(self) -> str:
        """Return whether it is open, closed or lost, and why."""

    async def ready(self) -> None:
        """Wait until something is listened to."""

    def watch(self, told: Callable[[str], None], /) -> Callable[[], None]:
        """Tell *told* what goes on from here on; return what ends that."""


async def press(voice: Voice, act: str, show: Show) -> None:
    """Carry out *act*, one of ACTS, to its end; raise ControlError."""
    if act not in ACTS:
        raise ControlError(f"the voice knows {', '.join(ACTS)}, not {act[:32]!r}")
    if act == "listen":
        await _listen(voice, show)
    else:
        await _device(voice, closed=act == "mute")


async def hears(voice: Voice, within_s: float) -> None:
    """Return when something is listened to; raise ControlError if that takes longer."""
    try:
        async with asyncio.timeout(within_s):
            await voice.ready()
    except TimeoutError as error:
        raise ControlError(f"nothing can be heard: microphone {voice.microphone}") from error


async def _listen(voice: Voice, show: Show) -> None:
    """Call carpal, and show what comes of it until it is done."""
    if voice.conversation.phase == "muted":
        raise ControlError("the microphone is closed: `carpal voice unmute` opens it")
    await hears(voice, START_S_MAX)
    if voice.microphone.startswith(LOST):
        raise ControlError(f"nothing can be heard: microphone {voice.microphone}")
    lines: asyncio.Queue[str] = asyncio.Queue()
    end = voice.watch(lines.put_nowait)
    try:
        voice.conversation.happen(Called("button"))
        begun = False
        while not begun or voice.conversation.phase not in OVER or not lines.empty():
            line = await lines.get()
            begun = begun or line in PHASES
            await show(line)
    finally:
        end()


async def _device(voice: Voice, *, closed: bool) -> None:
    """Close the device, or open it, and return when that is so."""
    lines: asyncio.Queue[str] = asyncio.Queue()
    end = voice.watch(lines.put_nowait)
    was = OPEN if closed else CLOSED
    try:
        voice.conversation.happen(Muted(closed=closed))
        async with asyncio.timeout(START_S_MAX):
            while voice.microphone.startswith(was):
                await lines.get()
    except TimeoutError as error:
        reason = f"the microphone is still {voice.microphone} after {START_S_MAX:g} s"
        raise ControlError(reason) from error
    finally:
        end()
