"""The daemon's voice: what is listened to, spoken and served, as the settings have it."""

import asyncio
import json
import logging
from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime
from functools import partial

from agent.app.brains import Brains
from agent.app.enrolling import learned
from agent.app.listening import Around, Keep, Listening
from agent.app.pipeline import Pipeline
from agent.app.served import services
from agent.app.settings import Settings
from agent.control import Reply, Show
from agent.errors import ConfigError, DeliveryError
from agent.events import Input
from agent.mqtt import Mqtt, Route
from agent.notify import Fan
from agent.ports import Clock
from agent.voice.ears.listening import NONE, SENT
from agent.voice.faults import told
from agent.voice.turn import Phase
from agent.voice.wyoming.server import serving

log = logging.getLogger(__name__)
Begin = Callable[[Coroutine[None, None, None]], None]
"""Lets something run beside."""
AGAIN_S = 1.0


class Voice:
    """The voice of one run of the daemon."""

    def __init__(self, settings: Settings, mqtt: Callable[[], Mqtt | None], begin: Begin) -> None:
        self._settings, self._mqtt, self._begin = settings, mqtt, begin
        self._listening: Listening | None = None
        self._served: tuple[Pipeline, Brains] | None = None

    def routes(self) -> Sequence[Route]:
        """Return who reads the sound that comes over the broker."""
        settings = self._settings
        if settings.mqtt is None or settings.voice.ears.source != SENT:
            return ()
        return (Route(f"carpal/{settings.mqtt.wearer}/audio/#", self._sound, ours=True),)

    def join(
        self, pipeline: Pipeline, brains: Brains, *, clock: Clock, keep: Keep, secret: bytes
    ) -> None:
        """Be the voice of *pipeline*; *secret* is the key of its store."""
        voice = learned(self._settings)
        self._served = (pipeline, brains)
        if voice.ears.source != NONE:
            around = Around(
                clock=clock,
                keep=keep,
                store=self._settings.store.folder,
                secret=lambda: secret,
                shown=self._show,
            )
            self._listening = Listening(pipeline, brains, voice, around)

    def speak(self, fan: Fan) -> None:
        """Say nudges aloud too, where the wearer wants it."""
        if self._listening is not None and self._settings.voice.speak == "all":
            fan.join("voice", self._listening)

    @property
    def hears(self) -> bool:
        """Return whether anything is listened to."""
        return self._listening is not None

    async def handle(self, act: str, show: Show) -> Reply:
        """Carry out a command; only where it `hears`."""
        return await self._listening.handle(act, show) if self._listening is not None else {}

    def status(self) -> Reply:
        """Return how it is."""
        return self._listening.status() if self._listening is not None else {}

    async def run(self) -> None:
        """Listen, talk and serve until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            if self._listening is not None:
                tasks.create_task(kept_up(self._listening.run, "the voice"), name="listening")
            address, served = self._settings.voice.wyoming, self._served
            if address is not None and served is not None:
                serve = partial(self._serve, address, *served)
                tasks.create_task(kept_up(serve, "the Wyoming server"), name="wyoming")

    async def _serve(self, address: str, pipeline: Pipeline, brains: Brains) -> None:
        try:
            async with serving(address, services(pipeline, brains, learned(self._settings))):
                await asyncio.Event().wait()
        except ConfigError as error:  # the rest of the day goes on without it
            log.error("%s", error)  # noqa: TRY400  # no traceback

    def _sound(self, topic: str, payload: bytes, _: datetime) -> Sequence[Input]:
        """Hear a WAV chunk; it is no event, and is kept nowhere.  Raise DecodeError."""
        if self._listening is not None:
            self._listening.push(topic, payload)
        return ()

    def _show(self, phase: Phase) -> None:
        """Show whose turn it is, and whether the microphone is open, to the wearer's devices."""
        if self._listening is None:
            return
        heard = self._listening
        body = {"phase": phase, "microphone": heard.microphone, "interpreted": heard.interpreted}
        self._begin(self._send(json.dumps(body).encode()))

    async def _send(self, body: bytes) -> None:
        mqtt = self._mqtt()
        if mqtt is None or self._settings.mqtt is None:
            return
        try:
            await mqtt.send(f"carpal/{self._settings.mqtt.wearer}/voice", body, qos=0)
        except DeliveryError as error:
            log.debug("whose turn it is was not shown: %s", error)


async def kept_up(run: Callable[[], Coroutine[None, None, None]], name: str) -> None:
    """Let *run* run until it returns or is cancelled; after a fault of its own, once more.

    Whatever befalls the voice, the rest of the day goes on.
    """
    while True:
        task = asyncio.create_task(run(), name=name)
        try:
            await asyncio.wait({task})
        finally:
            if not task.done():
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
        error = None if task.cancelled() else task.exception()
        if error is None:
            return
        while isinstance(error, BaseExceptionGroup):
            error = error.exceptions[0]
        log.error("%s failed, and begins again: %s", name, told(error))
        await asyncio.sleep(AGAIN_S)
