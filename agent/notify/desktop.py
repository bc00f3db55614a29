"""A nudge as a notification on the desktop (org.freedesktop.Notifications 1.2, over D-Bus)."""

import asyncio
import html
from collections.abc import Callable, Sequence

from dbus_fast import BusType, Message, MessageType, Variant
from dbus_fast.aio import MessageBus
from dbus_fast.errors import AuthError, DBusError, InvalidAddressError

from agent.errors import DeliveryError
from agent.events import FeedbackKind
from agent.ports import Nudge

SERVICE = "org.freedesktop.Notifications"
PATH = "/org/freedesktop/Notifications"
WAIT_S_MAX = 3
SHOWN_MAX = 100  # whose answers are still listened for
BY_THE_WEARER = 2  # the reason of a closing that was not a timeout and not ours
ANSWERS: dict[str, FeedbackKind] = {"yes": "accepted", "no": "dismissed", "later": "snoozed"}
LABELS = {"yes": "Yes", "no": "No", "later": "Later"}
URGENCY_NORMAL = 1

Answered = Callable[[str, FeedbackKind], None]
"""Takes the id of a judgement and what the wearer answered."""


class Desktop:
    """Show nudges, each replacing the one that its skill showed before, and hear the answers."""

    def __init__(self, answered: Answered) -> None:
        self._answered = answered
        self._bus: MessageBus | None = None
        self._markup = False
        self._shown: dict[int, Nudge] = {}

    async def say(self, nudge: Nudge) -> None:
        """Show *nudge*; raise DeliveryError if no desktop took it."""
        try:
            async with asyncio.timeout(WAIT_S_MAX):
                bus = await self._connected()
                (number,) = await _call(bus, "Notify", "susssasa{sv}i", self._body(nudge))
        except TimeoutError as error:
            raise DeliveryError(f"the desktop did not answer in {WAIT_S_MAX} s") from error
        except (OSError, EOFError, AuthError, DBusError, InvalidAddressError) as error:
            self.close()
            raise DeliveryError(f"no desktop: {error}") from error
        self._remember(int(str(number)), nudge)

    def close(self) -> None:
        """Leave the bus; what is shown stays, unanswered."""
        if self._bus is not None:
            self._bus.disconnect()
            self._bus = None
        self._shown.clear()

    async def _connected(self) -> MessageBus:
        if self._bus is not None and self._bus.connected:
            return self._bus
        self.close()
        bus = self._bus = await MessageBus(bus_type=BusType.SESSION).connect()
        bus.add_message_handler(self._hear)
        rule = f"type='signal',interface='{SERVICE}',path='{PATH}'"
        await _call(bus, "AddMatch", "s", [rule], to="org.freedesktop.DBus")
        (capabilities,) = await _call(bus, "GetCapabilities", "", [])
        self._markup = isinstance(capabilities, list) and "body-markup" in capabilities
        return bus

    def _body(self, nudge: Nudge) -> list[object]:
        text = html.escape(nudge.text, quote=False) if self._markup else nudge.text
        actions = [word for key in nudge.actions for word in (key, LABELS.get(key, key))]
        before = (number for number, one in self._shown.items() if one.skill == nudge.skill)
        hints = {"urgency": Variant("y", URGENCY_NORMAL), "category": Variant("s", "im.received")}
        return ["carpal", next(before, 0), "", nudge.glance, text, actions, hints, -1]

    def _remember(self, number: int, nudge: Nudge) -> None:
        self._shown.pop(number, None)
        self._shown[number] = nudge
        while len(self._shown) > SHOWN_MAX:
            del self._shown[next(iter(self._shown))]

    def _hear(self, message: Message) -> None:
        if message.message_type is not MessageType.SIGNAL or message.interface != SERVICE:
            return
        match message.member, message.body:
            case "ActionInvoked", [int(number), str(key)]:
                self._answer(number, ANSWERS.get(key))
            case "NotificationClosed", [int(number), int(reason)]:
                self._answer(number, "dismissed" if reason == BY_THE_WEARER else None)
            case _:
                return  # other signals of the service say nothing about an answer

    def _answer(self, number: int, answer: FeedbackKind | None) -> None:
        nudge = self._shown.pop(number, None)
        if nudge is not None and answer is not None:
            self._answered(nudge.id, answer)


async def _call(
    bus: MessageBus, member: str, signature: str, body: list[object], *, to: str = SERVICE
) -> Sequence[object]:
    path = PATH if to == SERVICE else "/org/freedesktop/DBus"
    reply = await bus.call(
        Message(
            destination=to, path=path, interface=to, member=member, signature=signature, body=body
        )
    )
    if reply is None or reply.message_type is MessageType.ERROR:
        raise DBusError("org.freedesktop.DBus.Error.Failed", f"{member}: {reply and reply.body}")
    body_of: Sequence[object] = reply.body
    return body_of
