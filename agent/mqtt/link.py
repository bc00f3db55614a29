"""One connection to the broker, on the running event loop: the only door to paho."""

import asyncio
import contextlib
import selectors
import socket
import ssl
import threading
import time
from collections.abc import Callable, Sequence

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from agent.errors import AgentError, DeliveryError
from agent.mqtt.dial import CONNECT_S_MAX, dialled
from agent.mqtt.settings import Settings, password_of

SENDING_MAX = 64  # messages on their way out at once
READS_MAX = 200  # packets, before the loop's other tasks have their turn
PACKET_BYTES_MAX = 1024 * 1024  # the broker keeps what is larger to itself
NOBODY_LISTENS = 0x10  # the reason code of a message that matched no subscription
HURRY_S_MAX = 0.01  # a broker in the house has confirmed by then

Message = MQTTMessage
"""What came in: topic, payload, and the number and quality of service to acknowledge it by."""


class LinkError(AgentError):
    """The connection could not be made, or is lost; what was not acknowledged comes again."""


class _Client(Client):
    """paho, but sockets are ours: its own leaks one for each handshake that fails."""

    def _create_socket(self) -> socket.socket:
        return dialled(self.user_data_get())


class Link:
    """One connection, driven by the running event loop without a thread of its own."""

    def __init__(
        self,
        settings: Settings,
        *,
        heard: Callable[[MQTTMessage], None] = lambda _: None,
        changed: Callable[[], None] = lambda: None,
    ) -> None:
        self._settings = settings
        self._changed = changed
        self._loop = asyncio.get_running_loop()
        self._heard, self._count = heard, 0
        self._ready: asyncio.Future[None] = self._loop.create_future()
        self._subscribed: asyncio.Future[Sequence[ReasonCode]] = self._loop.create_future()
        self._sending: dict[int, asyncio.Future[bool]] = {}
        self._window = asyncio.Semaphore(SENDING_MAX)
        self._attached = False
        self.reached = False
        """Whether the broker ever let us in."""
        self.lost = asyncio.Event()
        self.why = ""
        self._client = self._made()

    async def open(self) -> None:
        """Connect and wait for the broker's word; raise LinkError."""
        try:
            async with asyncio.timeout(CONNECT_S_MAX):
                await self._opened()
                self._attach()
                await self._ready
        except TimeoutError as error:
            raise LinkError(f"{self._where()} did not answer in {CONNECT_S_MAX} s") from error
        except (OSError, ValueError) as error:
            raise LinkError(f"{self._where()}: {error}") from error

    async def subscribe(self, topics: Sequence[str]) -> Sequence[str]:
        """Subscribe at QoS 1, and return what the broker refused; raise LinkError."""
        # What we publish ourselves is not for us; what is retained comes with a new session only.
        options = SubscribeOptions(qos=1, noLocal=True, retainHandling=1)
        self._client.subscribe([(topic, options) for topic in topics])
        try:
            async with asyncio.timeout(CONNECT_S_MAX):
                codes = await self._subscribed
        except TimeoutError as error:
            raise LinkError(f"{self._where()} did not confirm the subscriptions") from error
        return [topic for topic, code in zip(topics, codes, strict=True) if code.is_failure]

    async def post(self, topic: str, payload: bytes, *, qos: int = 1) -> "asyncio.Future[bool]":
        """Send, waiting only while the window is full; the future is as `send` answers."""
        await self._window.acquire()
        done: asyncio.Future[bool] = self._loop.create_future()
        done.add_done_callback(self._settled)
        if self.lost.is_set():
            done.set_exception(DeliveryError(f"MQTT: {self.why or 'closed'}"))
            return done
        info = self._client.publish(topic, payload, qos=qos)
        if info.rc != MQTTErrorCode.MQTT_ERR_SUCCESS:
            done.set_exception(DeliveryError(f"MQTT: {topic}: {info.rc.name}"))
        elif qos == 0:
            done.set_result(True)
        else:
            self._sending[info.mid] = done
        return done

    def hurry(self, done: "asyncio.Future[bool]", *, at_most_s: float = HURRY_S_MAX) -> None:
        """Read until *done*, for a moment, before anything else gets its turn.

        Between the wearer's seeing a nudge and our knowing it, a kill makes us say it twice.
        """
        deadline_s = time.monotonic() + at_most_s
        with selectors.DefaultSelector() as selector:
            opened = self._client.socket()
            if opened is not None:
                selector.register(opened, selectors.EVENT_READ)
            while opened is not None and not done.done() and not self.lost.is_set():
                left_s = deadline_s - time.monotonic()
                if left_s <= 0 or not selector.select(left_s):
                    return
                self._readable()

    async def flush(self) -> None:
        """Wait until the broker has all that was posted; raise DeliveryError."""
        try:
            async with asyncio.timeout(CONNECT_S_MAX):
                await asyncio.gather(*self._sending.values())
        except TimeoutError as error:
            raise DeliveryError(f"MQTT: {self._where()} has not confirmed all of it") from error

    def acknowledge(self, messages: Sequence[MQTTMessage]) -> None:
        """Tell the broker that *messages* need not come again."""
        for message in messages:
            self._client.ack(message.mid, message.qos)

    def keep_alive(self) -> None:
        """Ping when it is time; call it a few times per keepalive."""
        self._client.loop_misc()

    def close(self) -> None:
        """Say goodbye; the session stays with the broker for as long as it was told."""
        self._client.disconnect()
        self._client.loop_write()
        left = self._client.socket()
        if left is not None:
            self._detach(left)
            left.close()
        self._fail("closed")

    def _made(self) -> Client:
        ours = self._settings
        client = _Client(
            CallbackAPIVersion.VERSION2,
            client_id=ours.client_id,
            protocol=MQTTv5,
            transport="unix" if ours.socket else "tcp",
            manual_ack=True,
            userdata=ours,
        )
        client.max_inflight_messages_set(SENDING_MAX)
        if ours.username:
            client.username_pw_set(ours.username, password_of(ours))
        client.on_socket_close = self._on_socket_close
        client.on_socket_register_write = self._on_register_write
        client.on_socket_unregister_write = self._on_unregister_write
        client.on_connect = self._on_connect
        client.on_disconnect = self._on_disconnect
        client.on_subscribe = self._on_subscribe
        client.on_publish = self._on_publish
        client.on_message = self._on_message
        return client

    def _settled(self, done: "asyncio.Future[bool]") -> None:
        self._window.release()
        if not done.cancelled():
            done.exception()  # who posts may not care; then nobody need be told

    def _where(self) -> str:
        ours = self._settings
        return ours.socket or f"{ours.host}:{ours.port}"

    async def _opened(self) -> None:
        """Connect in a thread that nobody need wait for: names and handshakes may take long."""
        done: asyncio.Future[None] = self._loop.create_future()

        def settle(error: Exception | None) -> None:
            if done.cancelled():
                self.close()
            elif error is None:
                done.set_result(None)
            else:
                done.set_exception(error)

        def work() -> None:
            error: Exception | None = None
            try:
                self._dial()
            except (OSError, ValueError, AgentError) as caught:
                error = caught
            with contextlib.suppress(RuntimeError):  # the loop has ended meanwhile
                self._loop.call_soon_threadsafe(settle, error)

        threading.Thread(target=work, name="mqtt connect", daemon=True).start()
        await done

    def _dial(self) -> None:
        ours = self._settings
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        properties.SessionExpiryInterval = ours.session_expiry_s
        properties.ReceiveMaximum = ours.receive_max
        properties.MaximumPacketSize = PACKET_BYTES_MAX
        self._client.connect(
            ours.socket or ours.host,
            ours.port,
            keepalive=ours.keepalive_s,
            clean_start=False,
            properties=properties,
        )

    def _attach(self) -> None:
        opened = self._client.socket()
        if opened is None:
            raise LinkError(f"{self._where()} closed the connection at once")
        self._attached = True
        self._loop.add_reader(opened, self._readable)
        if self._client.want_write():
            self._loop.add_writer(opened, self._client.loop_write)

    def _detach(self, closing: object) -> None:
        if self._attached and isinstance(closing, socket.socket):
            self._attached = False
            self._loop.remove_reader(closing)
            self._loop.remove_writer(closing)

    def _readable(self) -> None:
        for _ in range(READS_MAX):
            count = self._count
            self._client.loop_read()
            if self._count == count and not self._buffered():
                return
        if self._buffered():
            self._loop.call_soon(self._readable)

    def _buffered(self) -> bool:
        """Return whether TLS has decrypted what select can no longer see."""
        reading = self._client.socket()
        return isinstance(reading, ssl.SSLSocket) and reading.pending() > 0

    def _fail(self, why: str) -> None:
        self.why = self.why or why
        self.lost.set()
        for waiting in (self._ready, self._subscribed):
            if not waiting.done():
                waiting.set_exception(LinkError(f"{self._where()}: {self.why}"))
                waiting.exception()  # whether anyone waits is not known here
        for sending in self._sending.values():
            if not sending.done():
                sending.set_exception(DeliveryError(f"MQTT: {self.why}"))
        self._sending.clear()
        self._changed()

    def _on_socket_close(self, _client: Client, _data: object, closing: object) -> None:
        self._detach(closing)

    def _on_register_write(self, _client: Client, _data: object, opened: object) -> None:
        if self._attached and isinstance(opened, socket.socket):  # else we are in the thread
            self._loop.add_writer(opened, self._client.loop_write)

    def _on_unregister_write(self, _client: Client, _data: object, opened: object) -> None:
        if self._attached and isinstance(opened, socket.socket):
            self._loop.remove_writer(opened)

    def _on_connect(
        self, _client: Client, _data: object, _flags: ConnectFlags, code: ReasonCode, _more: object
    ) -> None:
        if code.is_failure:
            self._fail(f"refused: {code}")
        elif not self._ready.done():
            self.reached = True
            self._ready.set_result(None)

    def _on_disconnect(
        self,
        _client: Client,
        _data: object,
        _flags: DisconnectFlags,
        code: ReasonCode,
        _more: object,
    ) -> None:
        self._fail(f"connection lost: {code}")

    def _on_subscribe(
        self, _client: Client, _data: object, _mid: int, codes: list[ReasonCode], _more: object
    ) -> None:
        if not self._subscribed.done():
            self._subscribed.set_result(codes)

    def _on_publish(
        self, _client: Client, _data: object, mid: int, code: ReasonCode, _more: object
    ) -> None:
        done = self._sending.pop(mid, None)
        if done is None or done.done():
            return
        if code.is_failure:
            done.set_exception(DeliveryError(f"MQTT: the broker refused it: {code}"))
        else:
            done.set_result(code.value != NOBODY_LISTENS)

    def _on_message(self, _client: Client, _data: object, message: MQTTMessage) -> None:
        self._count += 1
        self._heard(message)
