"""The ears, as the daemon sees them: told what to do, and heard; restarted when they crash."""

import asyncio
import time
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from agent.errors import ModelError
from agent.models.frames import Message
from agent.shipped import shipped
from agent.voice.ears import wav
from agent.voice.ears.events import EarEvent, SourceEnded, SourceLost, as_event
from agent.voice.ears.process import EarsDiedError, Process
from agent.voice.ears.settings import Settings

SOURCES = "agent.voice.ears.sources"
NONE, MICROPHONE, SENT, STANDARD_INPUT = "none", "microphone", "mqtt", "-"
SHIPPED = {"hey carpal": "wake/hey_carpal.npz"}
READY_S = 20.0
AGAIN_S = 0.2  # after a crash; with the start it is less than a second
AGAIN_MAX_S = 10.0
DOUBLED_MAX = 6  # times: more than enough for the longest wait, and no number grows for days
AT_ONCE = 3  # crashes in a row after which it is waited longer: a child that always dies is no help
LASTED_S = 30.0  # a run this long was no failure to start
BEHIND_MAX_BYTES = 1 << 20  # pushed sound that the child has not taken
OTHER_S = 2.0  # after so long without a word another one may speak


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """How the ears are, for `carpal status` and `carpal doctor`."""

    pid: int | None
    sealed: bool | None
    """Whether nothing but this device can be reached; None before the first start."""
    starts: int
    crashes: int
    last_fault: str | None
    muted: bool
    dropped_bytes: int
    """Pushed sound that came while the child was busy, or another one spoke."""


class Ears:
    """Own the child; every event of it is told in order."""

    def __init__(self, settings: Settings, *, models: Path | None = None) -> None:
        self._settings = settings
        self._models = models
        """The folder of the model `wake`; None where it is not set up."""
        self._process: Process | None = None
        self._muted = self._speaking = False
        self._endless: Message | None = None
        """What every speech is to be heard by, until `rest`: a child that is new is told so."""
        self._starts = self._crashes = self._dropped_bytes = 0
        self._sealed: bool | None = None
        self._fault: str | None = None
        self._pusher, self._pushed_s = "", 0.0
        self._hears = asyncio.Event()

    @property
    def report(self) -> Report:
        """Return how they are now."""
        return Report(
            pid=self._process.pid if self._process is not None else None,
            sealed=self._sealed,
            starts=self._starts,
            crashes=self._crashes,
            last_fault=self._fault,
            muted=self._muted,
            dropped_bytes=self._dropped_bytes,
        )

    async def run(self, hear: Callable[[EarEvent], None]) -> None:
        """Listen until cancelled, or until a file has ended; tell *hear* what happens."""
        if self._settings.source == NONE:
            return
        failed = 0
        while True:
            begun_s, starts = time.monotonic(), self._starts
            try:
                await self._listen(hear)
            except ModelError as error:
                self._crashes += isinstance(error, EarsDiedError)
                # What did listen was lost anew; what never does for one reason is told once.
                if self._starts > starts or str(error) != self._fault:
                    hear(SourceLost(str(error)))
                self._fault = str(error)
            else:
                return
            failed = 1 if time.monotonic() - begun_s > LASTED_S else failed + 1
            await asyncio.sleep(again_s(failed))

    async def ready(self) -> None:
        """Wait until the child has begun: what is pushed before is dropped."""
        await self._hears.wait()

    def attend(self, window_s: float, *, after_s: float = 0.0, for_us: bool = True) -> None:
        """Hear the next speech that begins within *window_s* without a wake phrase.

        0: every speech, until `rest`; where that is not *for_us*, what is being said when we are
        called is over.  *after_s* waits before that, while we still speak.
        """
        told = {"op": "attend", "window_s": window_s, "after_s": after_s, "for_us": for_us}
        self._endless = told if window_s == 0 else None
        self._tell(told)

    def rest(self) -> None:
        """Drop what is being said, and wait for the wake phrase."""
        self._endless = None
        self._tell({"op": "rest"})

    def close(self) -> None:
        """Close the device; SourceClosed is told when it is."""
        self._muted, self._endless = True, None
        self._tell({"op": "close"})

    def open(self) -> None:
        """Open the device again."""
        self._muted = False
        self._tell({"op": "open"})

    def duck(self, on: bool) -> None:
        """Say whether we speak ourselves: then one must be louder to interrupt."""
        self._speaking = on
        self._tell({"op": "duck", "on": on})

    def push(self, source: str, sound: bytes, *, rate_hz: int = 16_000, channels: int = 1) -> None:
        """Hear *sound* that *source* sent: a WAV chunk, or bare samples; nothing: it has ended.

        Raise DecodeError if it is neither.  While one source speaks others are not heard.
        """
        told = wav.decode(sound, source=source, rate_hz=rate_hz, channels=channels)
        now_s = time.monotonic()
        other = source != self._pusher and now_s - self._pushed_s < OTHER_S
        behind = self._process is None or self._process.behind_bytes > BEHIND_MAX_BYTES
        if other or (behind and told.pcm):
            self._dropped_bytes += len(sound)
            return
        self._pusher, self._pushed_s = source, now_s
        content = b64encode(told.pcm).decode("ascii")
        about = {"rate_hz": told.rate_hz, "channels": told.channels}
        self._tell({"op": "push", "pcm": content, **about})

    async def _listen(self, hear: Callable[[EarEvent], None]) -> None:
        module, local = _child_of(self._settings.source)
        standard = self._settings.source == STANDARD_INPUT
        process = await Process.spawn(module, local=local, standard_input=standard)
        try:
            about = {"local": local, "muted": self._muted}
            process.tell({"op": "begin", "heard": self._told(), **about})
            async with asyncio.timeout(READY_S):
                ready = await process.hear()
            if "fault" in ready:
                raise ModelError(str(ready["fault"]))
            self._sealed = ready.get("sealed") is True
            self._starts += 1
            self._process = process
            self._hears.set()
            self._renew()
            while True:
                event = as_event(await process.hear())
                hear(event)
                if isinstance(event, SourceEnded):
                    return
        except TimeoutError as error:
            raise EarsDiedError(f"the ears did not start in {READY_S:g} s") from error
        finally:
            self._process = None
            self._hears.clear()
            await process.end()

    def _renew(self) -> None:
        """Tell a new child what the one before it knew."""
        if self._speaking:
            self._tell({"op": "duck", "on": True})
        if self._endless is not None:
            self._tell(self._endless)

    def _told(self) -> Message:
        told = self._settings.model_dump()
        told["wake"] = shipped_head(self._settings.wake)
        told["folder"] = "" if self._models is None else str(self._models)
        return told

    def _tell(self, message: Message) -> None:
        if self._process is not None:
            self._process.tell(message)


def again_s(failed: int) -> float:
    """Return how long to wait after so many failures in a row."""
    doubled = min(DOUBLED_MAX, max(0, failed - AT_ONCE))
    return min(AGAIN_MAX_S, AGAIN_S * 2.0**doubled)


def shipped_head(wake: str) -> str:
    """Return the file of a phrase that carpal brings; *wake* itself if it is none."""
    return str(shipped(SHIPPED[wake])) if wake in SHIPPED else wake


def _child_of(source: str) -> tuple[str, bool]:
    """Return the module that hears *source*, and whether it needs a socket of this device."""
    if source == SENT:
        return f"{SOURCES}.pushed", False
    if source == STANDARD_INPUT or Path(source).is_file():
        return f"{SOURCES}.file", False
    return f"{SOURCES}.microphone", True
