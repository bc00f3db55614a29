"""Ways to reach the wearer, and the one that uses them all."""

import asyncio
from collections.abc import Mapping

from agent.errors import DeliveryError
from agent.ports import Notifier, Nudge

__all__ = ["Fan"]


class Fan:
    """Show a nudge in every way there is; it is delivered if one of them worked."""

    def __init__(self, notifiers: Mapping[str, Notifier]) -> None:
        self._notifiers = dict(notifiers)

    def join(self, name: str, notifier: Notifier) -> None:
        """Show nudges by *notifier* too from here on."""
        self._notifiers[name] = notifier

    async def say(self, nudge: Nudge) -> None:
        """Show *nudge* in all ways at once; raise DeliveryError with the reasons if all failed."""
        if not self._notifiers:
            raise DeliveryError("there is no way to reach the wearer: see [notify] in carpal.toml")
        tries = [self._try(name, notifier, nudge) for name, notifier in self._notifiers.items()]
        # One alone is no task of its own: nothing else gets a turn before it is on record.
        tried = [await tries[0]] if len(tries) == 1 else await asyncio.gather(*tries)
        failed = [reason for reason in tried if reason]
        if len(failed) == len(tried):
            raise DeliveryError("; ".join(failed))

    async def _try(self, name: str, notifier: Notifier, nudge: Nudge) -> str:
        try:
            await notifier.say(nudge)
        except DeliveryError as error:
            return f"{name}: {error}"
        return ""
