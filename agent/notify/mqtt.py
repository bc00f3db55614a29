"""A nudge as a message on `carpal/WEARER/notify`, for a watch or a phone to show."""

import json
from collections.abc import Awaitable, Callable

from agent.errors import DeliveryError
from agent.ports import Nudge
from agent.wire import notify_topic

Send = Callable[[str, bytes], Awaitable[bool]]
"""Sends a payload to a topic, and tells whether anyone listens; raises DeliveryError."""


def payload_of(nudge: Nudge) -> bytes:
    """Return the JSON that a device shows: id, at, skill, glance, text, haptic, actions."""
    content = {
        "id": nudge.id,
        "at": nudge.at.isoformat(),
        "skill": nudge.skill,
        "glance": nudge.glance,
        "text": nudge.text,
        "haptic": nudge.haptic,
        "actions": nudge.actions,
    }
    return json.dumps(content, ensure_ascii=False).encode()


class Published:
    """Publish each nudge; devices answer on `carpal/WEARER/feedback`."""

    def __init__(self, send: Send, *, wearer: str) -> None:
        self._send = send
        self._topic = notify_topic(wearer)

    async def say(self, nudge: Nudge) -> None:
        """Publish *nudge*; raise DeliveryError if the broker has nobody to give it to."""
        if not await self._send(self._topic, payload_of(nudge)):
            raise DeliveryError(f"no device has subscribed to {self._topic}")
