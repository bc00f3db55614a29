"""The time zone follows the wearer: it is looked up where a position is far from the last one."""

import asyncio
import logging
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from math import asin, cos, radians, sin, sqrt
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from agent.events import Event, Input, LocationMeasured, ZoneChanged

FAR_KM = 30.0
EARTH_RADIUS_KM = 6_371.0
ACCURACY_M_MAX = 5_000
FRESH = timedelta(minutes=10)  # where the wearer was last summer says nothing of now
DEADLINE_S = 20
SEA = "Etc/"
"""What the map calls the open sea: there the clock stays as it was."""
Publish = Callable[[Sequence[Input]], Awaitable[None]]
LookUp = Callable[[LocationMeasured], Awaitable[str]]
_log = logging.getLogger(__name__)


class Zones:
    """A listener of the bus that looks zones up, one at a time, and publishes where one differs.

    A position counts that is good and of now.  Once one was looked up, another counts only after
    a second that is far from it too: a single stray fix moves no clock.
    """

    def __init__(
        self,
        *,
        zone: Callable[[], str],
        now: Callable[[], datetime],
        publish: Publish,
        look_up: LookUp,
    ) -> None:
        self._zone = zone
        self._now = now
        self._publish = publish
        self._look_up = look_up
        self._looked: LocationMeasured | None = None
        self._strayed: LocationMeasured | None = None
        self._waiting: LocationMeasured | None = None
        self._woken = asyncio.Event()

    def hear(self, event: Event) -> None:
        """Take note of a position; return at once."""
        if not isinstance(event, LocationMeasured) or not self._counts(event):
            return
        if self._looked is not None:
            if distance_km(self._looked, event) <= FAR_KM:
                self._strayed = None
                return
            before, self._strayed = self._strayed, event
            if before is None or distance_km(before, event) > FAR_KM:
                return
        self._looked, self._strayed = event, None
        self._waiting = event
        self._woken.set()

    async def run(self) -> None:
        """Look up what was noted, for as long as the task lives."""
        while True:
            await self._woken.wait()
            self._woken.clear()
            fix, self._waiting = self._waiting, None
            if fix is None:
                continue
            zone = await self._look_up(fix)
            if zone and not zone.startswith(SEA) and zone != self._zone() and _is_known(zone):
                await self._publish([ZoneChanged(at=fix.at, zone=zone)])

    def _counts(self, fix: LocationMeasured) -> bool:
        if self._now() - fix.at > FRESH:
            return False
        return fix.quality == "good" and fix.accuracy_m <= ACCURACY_M_MAX


def distance_km(one: LocationMeasured, other: LocationMeasured) -> float:
    """Return the great circle between two positions (haversine: Sinnott 1984, Sky & Telescope)."""
    first, second = radians(one.latitude_deg), radians(other.latitude_deg)
    across = radians(other.longitude_deg - one.longitude_deg) / 2
    part = sin((second - first) / 2) ** 2 + cos(first) * cos(second) * sin(across) ** 2
    return 2 * EARTH_RADIUS_KM * asin(sqrt(min(1.0, part)))


async def look_up(fix: LocationMeasured) -> str:
    """Return the zone at *fix*, from a short-lived child; empty where it cannot be told."""
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-P",
        "-m",
        "agent.app.zoned",
        repr(fix.latitude_deg),
        repr(fix.longitude_deg),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(part for part in sys.path if part)},
    )
    try:
        async with asyncio.timeout(DEADLINE_S):
            out, _ = await child.communicate()
    except TimeoutError:
        out = b""
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    if child.returncode:
        _log.warning("the time zone of a place could not be looked up")
    return out.decode("ascii", "replace").strip()[:64]


def _is_known(zone: str) -> bool:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
