"""A command without a daemon: it takes the lock, opens the store itself, and leaves."""

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Protocol

from agent import control
from agent.app import house, resources
from agent.app.answering import Device
from agent.app.brains import Brains
from agent.app.clocks import WorldClock
from agent.app.commands import Arguments, Commands
from agent.app.pipeline import Parts, Pipeline
from agent.app.settings import Settings, guests
from agent.control import Reply, Show
from agent.errors import ControlError, DeliveryError
from agent.ports import Nudge

Part = Callable[[str], None]
"""Receives a part of an answer as soon as it may be said."""
log = logging.getLogger(__name__)


class Ask(Protocol):
    """What carries out one command of a talk."""

    async def __call__(self, name: str, arguments: Arguments, part: Part | None = None) -> Reply:
        """Return the reply; raise AgentError."""


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
                large=brains.large,
                understandings=brains.understandings,
                device=Device(resources.moment, brains.candidate),
            )
        )
        pipeline.seek(guests(settings))
        pipeline.settle(settings.rules())
        try:
            yield pipeline, brains
            await pipeline.guests.settle()
        finally:
            pipeline.host.stop()
            await brains.close()
            home.db.close()


async def command(
    settings: Settings,
    name: str,
    arguments: Arguments,
    *,
    part: Part | None = None,
) -> Reply:
    """Return the reply of the running daemon, or carry *name* out here if there is none.

    *part* receives each part of an answer as soon as it may be said.
    """
    reply = await control.ask(settings.control.folder, name, arguments, part=part)
    if reply is not None:
        return reply
    async with opened(settings) as (pipeline, _):
        known = Commands(pipeline, WorldClock(), settings=lambda: settings)
        return await known.handle(name, arguments, shown(part))


@asynccontextmanager
async def talk(settings: Settings) -> AsyncIterator[Ask]:
    """Hold a talk of many commands: with the daemon where one runs, or else with one store."""
    if control.call(settings.control.folder, "status", {}) is not None:

        async def passed_on(name: str, arguments: Arguments, part: Part | None = None) -> Reply:
            folder = settings.control.folder
            reply = await control.ask(folder, name, arguments, part=part)
            if reply is None:
                raise ControlError("the daemon has ended: start it again, or leave and come back")
            return reply

        yield passed_on
        return
    async with opened(settings) as (pipeline, _):
        known = Commands(pipeline, WorldClock(), settings=lambda: settings)

        async def carried_out(name: str, arguments: Arguments, part: Part | None = None) -> Reply:
            return await known.handle(name, arguments, shown(part))

        yield carried_out


def shown(part: Part | None) -> Show:
    """Return what shows each part of an answer to *part*."""

    async def show(text: str) -> None:
        if part is not None:
            part(text)

    return show
