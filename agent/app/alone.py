"""A command without a daemon: it takes the lock, opens the store itself, and leaves."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from agent import control
from agent.app import house, resources
from agent.app.answering import Device
from agent.app.brains import Brains
from agent.app.clocks import WorldClock
from agent.app.commands import Arguments, Commands
from agent.app.pipeline import Parts, Pipeline
from agent.app.settings import Settings
from agent.control import Reply
from agent.errors import DeliveryError
from agent.ports import Nudge

log = logging.getLogger(__name__)


class Nobody:
    """A notifier for a command that shows no nudges."""

    async def say(self, nudge: Nudge) -> None:
        """Refuse: the daemon will say it."""
        raise DeliveryError("no daemon runs")


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[tuple[Pipeline, Brains]]:
    """Hold the store and the models of *settings*; raise LockError or StoreError."""
    clock = WorldClock()
    with house.locked(settings.store.folder):
        home = house.enter(settings.store.folder, clock=clock)
        for line in home.news:
            log.warning("%s", line)
        brains = Brains(settings.models, settings.voice)
        pipeline = Pipeline(
            Parts(
                db=home.db,
                clock=clock,
                notifier=Nobody(),
                words=brains.words,
                understandings=brains.understandings,
                device=Device(resources.moment, brains.candidate),
            )
        )
        pipeline.settle(settings.rules())
        try:
            yield pipeline, brains
        finally:
            await brains.close()
            home.db.close()


async def command(settings: Settings, name: str, arguments: Arguments) -> Reply:
    """Return the reply of the running daemon, or carry *name* out here if there is none."""
    reply = control.call(settings.control.folder, name, arguments)
    if reply is not None:
        return reply
    async with opened(settings) as (pipeline, _):
        known = Commands(pipeline, WorldClock(), settings=lambda: settings)
        return await known.handle(name, arguments)
