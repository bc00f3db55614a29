"""The child's loop: what the daemon says, what the source brings, and what both make happen.

Each module of `sources/` calls `serve` with the class of its source, so that only what that
source needs is loaded.  The daemon may be slow: what it is told waits in the socket, and if that
is full, in the source's own bounded buffer.
"""

import select
import sys
import time
from base64 import b64decode
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from agent.errors import DeliveryError, ModelError
from agent.models.serving import Channel, way_out
from agent.voice.ears.detectors import detector_of
from agent.voice.ears.events import (
    EarEvent,
    Loudness,
    SourceClosed,
    SourceEnded,
    SourceLost,
    SourceOpened,
    as_message,
)
from agent.voice.ears.heard import Heard, heard_from
from agent.voice.ears.listener import Listener
from agent.voice.ears.memory import give_back
from agent.voice.ears.resampling import Resampler, mono

Message = dict[str, Any]  # what a frame holds

AGAIN_S = 1.0  # between two looks for a microphone
STILL_S = 3.0  # a device that gives nothing for so long is gone, whatever it says
SETTLED_BLOCKS = 20
LOCAL = "AF_UNIX"


@dataclass(frozen=True, slots=True)
class Block:
    """Some sound as it comes from a source, one channel."""

    samples: NDArray[np.int16]
    rate_hz: int


class Source(Protocol):
    """An open source of sound."""

    name: str
    rate_hz: int
    lost_s: float
    """Sound that was dropped because nobody took it, since it was asked last."""
    descriptor: int | None
    """What becomes readable when there is sound; None: it is read without waiting."""
    finite: ClassVar[bool]
    """Whether its end is an end, and no loss."""
    pushed: ClassVar[bool]
    """Whether its sound comes with the daemon's words, and it is not read at all."""

    def __init__(self, heard: Heard) -> None:
        """Open it; raise DeliveryError where there is none."""

    def read(self) -> Block | None:
        """Return what has come, None at the end."""

    def close(self) -> None:
        """Let go of the device."""


class Child:
    """One run of the ears."""

    def __init__(
        self, channel: Channel, descriptor: int, begin: Message, make: type[Source]
    ) -> None:
        self._channel, self._descriptor = channel, descriptor
        self._heard, self._make = heard_from(begin["heard"]), make
        self._listener = Listener(self._heard, detector_of(self._heard))
        self._source: Source | None = None
        self._resampler: Resampler | None = None
        self._rate_hz = 0
        self._wanted = begin.get("muted") is not True  # the device is not even opened
        self._ended = False
        self._fault = ""
        self._next_try_s = 0.0
        self._last_sound_s = 0.0
        self._blocks = 0

    def run(self) -> None:
        """Listen until the daemon closes its end."""
        while True:
            self._open_if_wanted()
            ready = self._wait()
            if self._descriptor in ready and not self._obey():
                return
            source = self._source
            if source is not None and not source.pushed:
                if source.descriptor is None or source.descriptor in ready:
                    self._read(source)
                elif time.monotonic() - self._last_sound_s > STILL_S:
                    self._lose(f"{source.name} gives no sound any more")

    def _wait(self) -> list[int]:
        source, watched = self._source, [self._descriptor]
        wait_s: float | None = None
        if source is not None and not source.pushed:
            wait_s = STILL_S if source.descriptor is not None else 0.0
            if source.descriptor is not None:
                watched.append(source.descriptor)
        elif self._wanted and source is None and not self._ended:
            wait_s = max(0.0, self._next_try_s - time.monotonic())
        return select.select(watched, [], [], wait_s)[0]

    def _open_if_wanted(self) -> None:
        now_s = time.monotonic()
        wanted = self._wanted and not self._ended and self._source is None
        if not wanted or now_s < self._next_try_s:
            return
        try:
            self._source = self._make(self._heard)
        except DeliveryError as error:
            self._next_try_s = now_s + AGAIN_S
            if self._make.finite:  # it will be no better a second later
                self._ended = True
                self._tell([SourceLost(str(error)), SourceEnded()])
            elif str(error) != self._fault:  # told once, not every second
                self._fault = str(error)
                self._tell([SourceLost(self._fault)])
            return
        self._fault, self._last_sound_s = "", time.monotonic()
        self._tell([SourceOpened(self._source.name, self._source.rate_hz)])

    def _read(self, source: Source) -> None:
        block = source.read()
        if block is None:
            if source.finite:
                self._finish()
            else:
                self._lose(f"{source.name} is gone")
            return
        if len(block.samples):
            self._last_sound_s = time.monotonic()
            self._hear(block)

    def _hear(self, block: Block) -> None:
        if self._resampler is None or block.rate_hz != self._rate_hz:
            self._resampler, self._rate_hz = Resampler(block.rate_hz), block.rate_hz
        self._tell(self._listener.feed(self._resampler.feed(block.samples)))
        self._blocks += 1
        if self._blocks == SETTLED_BLOCKS:
            give_back()

    def _tell(self, events: Iterable[EarEvent]) -> None:
        for event in events:
            told = event
            if isinstance(event, Loudness) and self._source is not None and self._source.lost_s:
                told = replace(event, lost_s=round(self._source.lost_s, 3))
                self._source.lost_s = 0.0
            self._channel.send(as_message(told))

    def _close_source(self) -> None:
        if self._source is not None:
            self._source.close()
            self._source = None

    def _lose(self, reason: str) -> None:
        # What was heard until then is kept: the sentence ends here.
        self._tell(self._listener.end())
        self._close_source()
        self._fault = reason
        self._next_try_s = time.monotonic() + AGAIN_S
        self._tell([SourceLost(reason)])

    def _finish(self) -> None:
        self._tell(self._listener.end())
        self._close_source()
        self._ended = True
        self._tell([SourceEnded()])

    def _obey(self) -> bool:
        message = self._channel.receive()
        if message is None:
            return False
        match message.get("op"):
            case "attend":
                window_s, after_s = float(message["window_s"]), float(message["after_s"])
                for_us = bool(message["for_us"])
                ended = self._listener.attend(window_s, after_s=after_s, for_us=for_us)
                self._tell([] if ended is None else [ended])
            case "rest":
                self._listener.rest()
            case "duck":
                self._listener.duck(speaking=bool(message["on"]))
            case "push":
                self._take_pushed(message)
            case "close" | "open" as asked:
                self._want(wanted=asked == "open")
            case _:
                raise ModelError("the ears were told what they do not know")
        return True

    def _want(self, *, wanted: bool) -> None:
        if self._wanted and not wanted:
            self._listener.rest()
            self._close_source()
            self._tell([SourceClosed()])
        self._wanted, self._next_try_s = wanted, 0.0

    def _take_pushed(self, message: Message) -> None:
        source = self._source
        if source is None or not source.pushed:
            return  # muted, or another source is set
        sound = b64decode(message["pcm"])
        if sound:
            self._hear(Block(mono(sound, int(message["channels"])), int(message["rate_hz"])))
        else:
            self._tell(self._listener.end())


def serve(make: type[Source]) -> None:
    """Load, say so, and listen.  The command line's first argument is the descriptor."""
    descriptor = int(sys.argv[1])
    channel = Channel(descriptor)
    begin = channel.receive()
    if begin is None:
        return
    way = way_out(descriptor)
    local = begin.get("local") is True and way is not None and LOCAL in way
    try:
        child = Child(channel, descriptor, begin, make)
    except ModelError as error:
        channel.send({"fault": str(error)})
        return
    channel.send({"ready": True, "sealed": way is None or local, "open": way})
    try:
        child.run()
    except BrokenPipeError:
        return  # the daemon is gone
