"""A Wyoming server: describe, transcribe, synthesize, wake, handle, over a local socket."""

import asyncio
import logging
import os
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from wyoming.asr import Transcribe, Transcript
from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.error import Error
from wyoming.event import Event, Eventable
from wyoming.handle import Handled, NotHandled
from wyoming.info import Describe, Info
from wyoming.ping import Ping, Pong
from wyoming.tts import Synthesize
from wyoming.wake import Detect, Detection, NotDetected

from agent.errors import AgentError, ConfigError
from agent.ports import Hints, Sound
from agent.ports import Transcript as Heard
from agent.voice.speaking import Piece
from agent.voice.wyoming import LINE_MAX_BYTES, WyomingError, place_of, read, write
from agent.voice.wyoming.sound import Gathering, begins, is_sound

CONNECTIONS_MAX = 8
CHUNK_BYTES = 4096
TEXT_MAX = 2000
LATE_S = 0.5
UNREAD_S_MAX = 30.0
IDLE_S_MAX = 60.0
log = logging.getLogger(__name__)


class Waking(Protocol):
    """A wake detector of one connection."""

    async def feed(self, pcm: bytes) -> None:
        """Take in sound at 16 kHz; raise ModelError."""

    async def heard(self) -> str:
        """Wait for the wake phrase and return it."""

    async def close(self) -> None:
        """End it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """What this device can do for others; what it cannot is None."""

    info: Callable[[], Info]
    transcribe: Callable[[Sound, Hints], Awaitable[Heard]] | None = None
    synthesize: Callable[[str], AsyncIterator[Piece]] | None = None
    handle: Callable[[str], Awaitable[tuple[str, bool]]] | None = None
    """Answer a question: the words, and whether it was known."""
    wake: Callable[[tuple[str, ...]], Awaitable[Waking]] | None = None
    """Begin to listen for these phrases, or for the usual ones where none is named."""


@asynccontextmanager
async def serving(address: str, services: Services) -> AsyncIterator[asyncio.Server]:
    """Serve at *address* for as long as the block lasts; raise ConfigError."""
    place, house = place_of(address), _House(services)
    try:
        if isinstance(place, Path):
            server = await _on_path(place, house)
        else:
            log.warning("%s: every user of this device may ask the memory; a socket's path is for "
                        "you alone (unix:///PATH)", address)  # fmt: skip
            server = await asyncio.start_server(house.hold, *place, limit=LINE_MAX_BYTES)
    except OSError as error:
        why = error.strerror or str(error)
        raise ConfigError("voice.wyoming", address, f"it cannot be listened on: {why}") from error
    try:
        yield server
    finally:
        server.close()
        await house.close()
        if isinstance(place, Path):
            _forget(place)


async def _on_path(path: Path, house: "_House") -> asyncio.Server:
    _make_way(path)
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    mask = os.umask(0o177)  # of the whole process: nothing may be awaited meanwhile
    try:
        listening.bind(str(path))
    except OSError:
        listening.close()
        raise
    finally:
        os.umask(mask)
    return await asyncio.start_unix_server(house.hold, sock=listening, limit=LINE_MAX_BYTES)


def _make_way(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.is_socket() and not _is_served(path):  # a dead daemon's
        path.unlink()


def _is_served(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(str(path)) == 0


def _forget(path: Path) -> None:
    path.unlink(missing_ok=True)


class _House:
    """All that are connected."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._guests: set[asyncio.Task[None]] = set()

    async def hold(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one that connected, until it goes."""
        task = asyncio.current_task()
        talk = _Talk(self._services, writer)
        if task is None or len(self._guests) >= CONNECTIONS_MAX:
            with suppress(ConnectionError, TimeoutError):
                await talk.refuse(f"{CONNECTIONS_MAX} others are connected already", "busy")
            writer.close()
            return
        self._guests.add(task)
        try:
            with suppress(ConnectionError, TimeoutError):
                await talk.run(reader)
        finally:
            self._guests.discard(task)
            await talk.close()
            writer.close()

    async def close(self) -> None:
        for guest in tuple(self._guests):
            guest.cancel()
        await asyncio.gather(*self._guests, return_exceptions=True)


class _Talk:
    """One connection."""

    def __init__(self, services: Services, writer: asyncio.StreamWriter) -> None:
        self._services, self._writer = services, writer
        self._sound: Gathering | None = None
        self._language = ""
        self._waking: Waking | None = None
        self._watch: asyncio.Task[None] | None = None
        self._woken = asyncio.Event()
        self._names: tuple[str, ...] | None = None

    async def run(self, reader: asyncio.StreamReader) -> None:
        try:
            while (event := await _next(reader)) is not None:
                await self._meet(event)
        except WyomingError as error:
            await self.refuse(str(error), "protocol")

    async def close(self) -> None:
        await self._rest()

    async def _meet(self, event: Event) -> None:
        try:
            await self._serve(event)
        except WyomingError:
            raise
        except AgentError as error:
            log.warning("a Wyoming client could not be served: %s", error)
            await self.refuse(str(error), type(error).__name__)

    async def _serve(self, event: Event) -> None:
        if is_sound(event) or begins(event) or AudioStop.is_type(event.type):
            await self._hear(event)
        elif Describe.is_type(event.type):
            await self._say(self._services.info())
        elif Ping.is_type(event.type):
            await self._say(Pong(text=_text(event)))
        elif Transcribe.is_type(event.type):
            self._sound, self._names = Gathering(), None
            self._language = str(event.data.get("language") or "")[:2].lower()
        elif Detect.is_type(event.type):
            self._names = _names(event)
        elif Synthesize.is_type(event.type):
            await self._speak(_text(event))
        elif Transcript.is_type(event.type):
            await self._handle(_text(event))
        # What we do not know is for others: a client may be newer than we are.

    async def _hear(self, event: Event) -> None:
        if begins(event) and self._names is None:
            self._sound = Gathering()
        elif begins(event):
            self._sound = None
            await self._wake_up(self._names or ())
        elif is_sound(event) and self._waking is not None and self._sound is not None:
            await self._waking.feed(self._sound.pass_on(event))
        elif is_sound(event) and self._names is None:  # what was to be woken by is no question
            self._sound = self._sound or Gathering()
            self._sound.add(event)
        elif AudioStop.is_type(event.type) and self._waking is not None:
            with suppress(TimeoutError):  # the last of the sound is still being listened to
                async with asyncio.timeout(0 if self._woken.is_set() else LATE_S):
                    await self._woken.wait()
            await self._rest()
            if not self._woken.is_set():
                await self._say(NotDetected())
        elif AudioStop.is_type(event.type) and self._sound is not None:
            sound, self._sound = self._sound, None
            await self._transcribe(sound.pcm)

    async def _wake_up(self, names: tuple[str, ...]) -> None:
        await self._rest()
        if self._services.wake is None:
            await self.refuse("no wake phrase is listened for here", "wake")
            return
        self._woken.clear()
        self._waking, self._sound = await self._services.wake(names), Gathering()
        self._watch = asyncio.create_task(self._tell_of(self._waking))

    async def _tell_of(self, waking: Waking) -> None:
        while True:
            phrase = await waking.heard()
            self._woken.set()
            await self._say(Detection(name=phrase))

    async def _rest(self) -> None:
        waking, self._waking = self._waking, None
        watch, self._watch = self._watch, None
        if watch is not None:
            watch.cancel()
            await asyncio.gather(watch, return_exceptions=True)
        if waking is not None:
            await waking.close()

    async def _transcribe(self, pcm: bytes) -> None:
        if self._services.transcribe is None:
            await self.refuse("the speech model is not set up", "transcribe")
            return
        heard = await self._services.transcribe(pcm, Hints(language=self._language))
        await self._say(Transcript(text=heard.text, language=heard.language or None))

    async def _speak(self, text: str) -> None:
        if self._services.synthesize is None:
            await self.refuse("there is no voice here", "synthesize")
            return
        rate_hz = 0
        async for piece in self._services.synthesize(text):
            if not rate_hz:
                rate_hz = piece.rate_hz
                await self._say(AudioStart(rate=rate_hz, width=2, channels=1))
            for begin in range(0, len(piece.pcm), CHUNK_BYTES):
                chunk = piece.pcm[begin : begin + CHUNK_BYTES]
                await self._say(AudioChunk(rate=rate_hz, width=2, channels=1, audio=chunk))
        if not rate_hz:
            await self._say(AudioStart(rate=22_050, width=2, channels=1))
        await self._say(AudioStop())

    async def _handle(self, text: str) -> None:
        if self._services.handle is None:
            await self._say(NotHandled(text="Nothing is answered here."))
            return
        words, known = await self._services.handle(text)
        await self._say(Handled(text=words) if known else NotHandled(text=words))

    async def _say(self, told: Eventable) -> None:
        async with asyncio.timeout(UNREAD_S_MAX):  # else who never reads keeps a place for ever
            await write(told.event(), self._writer)

    async def refuse(self, text: str, code: str) -> None:
        """Say why something is not done."""
        await self._say(Error(text=text, code=code))


async def _next(reader: asyncio.StreamReader) -> Event | None:
    """Return the next event; raise WyomingError where none comes: others wait for the place."""
    try:
        async with asyncio.timeout(IDLE_S_MAX):
            return await read(reader)
    except TimeoutError as error:
        raise WyomingError(f"nothing was sent for {IDLE_S_MAX:g} s") from error


def _text(event: Event) -> str:
    text = event.data.get("text")
    return _sound_text(text)[:TEXT_MAX] if isinstance(text, str) else ""


def _names(event: Event) -> tuple[str, ...]:
    names = event.data.get("names")
    return tuple(_sound_text(str(one))[:64] for one in names[:8]) if isinstance(names, list) else ()


def _sound_text(text: str) -> str:
    """Return *text* without half characters, which JSON can hold and nothing else."""
    return text.encode("utf-8", "replace").decode()
