"""A sound device, by PortAudio.  `python -m agent.voice.ears.sources.microphone DESCRIPTOR`."""

import os
from collections import deque
from contextlib import suppress
from typing import Any, ClassVar

import sounddevice

from agent.errors import DeliveryError
from agent.voice.ears.child import Block, serve
from agent.voice.ears.events import RATE_HZ
from agent.voice.ears.heard import Heard
from agent.voice.ears.resampling import RATE_MAX_HZ, RATE_MIN_HZ, mono

BLOCK_S = 0.128  # four frames: eight wake-ups a second, and as many of PortAudio's thread
LATENCY_S = 2 * BLOCK_S  # of less PortAudio makes pieces that a sound server sends more often
BLOCKS_MAX = 80  # 10 s wait while the child is busy; what comes then is dropped and counted
ANY = "microphone"
NAMES_MAX = 8


class Microphone:
    """The device is open from the making of this object to `close`.

    PortAudio's thread puts each block into a bounded queue, and a byte into a pipe that can be
    waited for.
    """

    finite: ClassVar[bool] = False
    pushed: ClassVar[bool] = False

    def __init__(self, heard: Heard) -> None:
        device = None if heard.source == ANY else heard.source
        _look_again()
        self.lost_s = 0.0
        self._blocks: deque[bytes] = deque()
        self._heard_end, self._bell = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self.descriptor: int | None = self._heard_end
        try:
            self._open(device)
        except (sounddevice.PortAudioError, ValueError) as error:
            self._close_pipe()
            raise DeliveryError(_fault(device, error)) from error

    def _open(self, device: str | None) -> None:
        found = sounddevice.query_devices(device, "input")
        self.name = str(found["name"])
        self._channels = min(2, int(found["max_input_channels"]))
        self.rate_hz = _rate(device, int(found["default_samplerate"]), self._channels)
        self._stream = sounddevice.RawInputStream(
            samplerate=self.rate_hz,
            blocksize=round(self.rate_hz * BLOCK_S),
            device=device,
            channels=self._channels,
            dtype="int16",
            latency=LATENCY_S,
            callback=self._take,
            finished_callback=self._ring_bell,  # a device that is unplugged stops its stream
        )
        self._stream.start()

    def read(self) -> Block | None:
        """Return what has come; None if the device is gone."""
        with suppress(BlockingIOError):
            os.read(self._heard_end, BLOCKS_MAX)
        if not self._blocks and not self._stream.active:
            return None
        taken = [self._blocks.popleft() for _ in range(len(self._blocks))]
        return Block(mono(b"".join(taken), self._channels), self.rate_hz)

    def close(self) -> None:
        """Close the device."""
        with suppress(sounddevice.PortAudioError):  # it is gone already
            self._stream.abort()
        with suppress(sounddevice.PortAudioError):
            self._stream.close()
        self._close_pipe()

    def _take(self, block: Any, frames: int, _time: Any, _flags: Any) -> None:
        if len(self._blocks) >= BLOCKS_MAX:
            self.lost_s += frames / self.rate_hz
            return
        self._blocks.append(bytes(block))
        self._ring_bell()

    def _ring_bell(self) -> None:
        with suppress(BlockingIOError):  # it rings already
            os.write(self._bell, b"!")

    def _close_pipe(self) -> None:
        os.close(self._heard_end)
        os.close(self._bell)


def _rate(device: str | None, usual_hz: int, channels: int) -> int:
    """Return 16 kHz where the device has it, or else its own rate, which we resample."""
    try:
        sounddevice.check_input_settings(
            device=device, channels=channels, dtype="int16", samplerate=RATE_HZ
        )
    except (sounddevice.PortAudioError, ValueError):
        return min(RATE_MAX_HZ, max(RATE_MIN_HZ, usual_hz))
    return RATE_HZ


def _look_again() -> None:
    """Make PortAudio see the devices that are there now: it looks once, at its start."""
    with suppress(sounddevice.PortAudioError):
        sounddevice._terminate()  # noqa: SLF001 (there is no other way)
    with suppress(sounddevice.PortAudioError):
        sounddevice._initialize()  # noqa: SLF001


def _fault(device: str | None, error: Exception) -> str:
    """Return why *device* does not open, and what to do."""
    names = _names()
    if not names:
        return "no microphone was found: plug one in, or name one in voice.ears.source"
    if device is not None and str(error).startswith("No input device"):
        return f"no microphone is called {device[:64]!r}: there is {', '.join(names)}"
    return f"no microphone: {_reason(error)}"


def _names() -> list[str]:
    try:
        every = sounddevice.query_devices()
    except sounddevice.PortAudioError:
        return []
    return [str(one["name"])[:64] for one in every if one["max_input_channels"]][:NAMES_MAX]


def _reason(error: Exception) -> str:
    return str(error).splitlines()[0][:200] if str(error) else type(error).__name__


if __name__ == "__main__":
    serve(Microphone)
