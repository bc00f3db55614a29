"""A made-up wearer: seeded days and nights of body, place and plan.

One office worker's working day: asleep until half past six, a walk and a train, meetings
back to back until after one with growing strain, lunch, a calm afternoon, the grocery on the way
home, a run, an evening, sleep.  A latent plan (`diary`) moves a body (`body`) through a town
(`town`); a watch and a phone measure both (`watch`), and `day` puts it in order of arrival.
The sources of the models are named in `body`.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from datetime import datetime

from agent.events import Input
from sensors.simulated.day import PARTS, Watch, nights, simulate
from sensors.simulated.journal import decode, read, write
from sensors.simulated.town import places

__all__ = [
    "PARTS",
    "Simulated",
    "Watch",
    "decode",
    "nights",
    "places",
    "read",
    "simulate",
    "write",
]


class Simulated:
    """Simulated batches as a live source, each when its time has come."""

    name = "simulated"

    def __init__(
        self,
        batches: Iterable[tuple[datetime, Sequence[Input]]],
        *,
        pace: Callable[[datetime], Awaitable[None]],
    ) -> None:
        self._batches = batches
        self._pace = pace

    async def events(self) -> AsyncIterator[Sequence[Input]]:
        """Yield batch after batch; *pace* returns when the arrival it is given has come."""
        for arrival, batch in self._batches:
            await self._pace(arrival)
            yield batch
