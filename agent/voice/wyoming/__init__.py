"""The Wyoming protocol: other programs of this device use carpal's ears, mouth and brain.

What it speaks: one line of JSON, then as many bytes of JSON and of sound as the line says
(`wyoming` of the Open Home Foundation defines the events).  Here it is bounded, and local.
"""

import asyncio
import ipaddress
import json
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator
from wyoming.event import Event, async_write_event

from agent.errors import AgentError

LINE_MAX_BYTES = 64 << 10
DATA_MAX_BYTES = 256 << 10
PAYLOAD_MAX_BYTES = 1 << 20


class WyomingError(AgentError):
    """What the other side sent is not of the protocol, or too much."""


def checked(address: str) -> str:
    """Return *address* if it is `unix:///PATH` or `tcp://LOOPBACK:PORT`; raise ValueError."""
    parts = urlsplit(address)
    if parts.scheme == "unix" and parts.path.startswith("/") and not parts.netloc:
        return address
    if parts.scheme == "tcp" and parts.port and _is_loopback(parts.hostname or ""):
        return address
    raise ValueError("write unix:///PATH or tcp://127.0.0.1:PORT: sound does not leave this device")


Address = Annotated[str, AfterValidator(checked)]


def place_of(address: str) -> Path | tuple[str, int]:
    """Return the socket's path, or its host and port."""
    parts = urlsplit(checked(address))
    return Path(parts.path) if parts.scheme == "unix" else (parts.hostname or "", parts.port or 0)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


async def read(reader: asyncio.StreamReader) -> Event | None:
    """Return the next event, or None at the end; raise WyomingError for what is none."""
    try:
        line = await reader.readline()
    except ValueError as error:
        raise WyomingError("a line of the Wyoming protocol has no end") from error
    if not line:
        return None
    head = _object(line)
    kind, data = head.get("type"), head.get("data", {})
    if not isinstance(kind, str) or not isinstance(data, dict):
        raise WyomingError("an event of the Wyoming protocol has a `type` and `data`")
    try:
        more = await reader.readexactly(_length(head, "data_length", DATA_MAX_BYTES))
        payload = await reader.readexactly(_length(head, "payload_length", PAYLOAD_MAX_BYTES))
    except asyncio.IncompleteReadError as error:
        raise WyomingError("an event of the Wyoming protocol ended in its middle") from error
    if more:
        data = {**data, **_object(more)}
    return Event(kind, data, payload or None)


async def write(event: Event, writer: asyncio.StreamWriter) -> None:
    """Send *event*."""
    await async_write_event(event, writer)


def _object(text: bytes) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise WyomingError("an event of the Wyoming protocol is no JSON") from error
    if not isinstance(found, dict):
        raise WyomingError("an event of the Wyoming protocol is no JSON object")
    return found


def _length(head: dict[str, Any], name: str, most: int) -> int:
    length = head.get(name)
    if length is None:
        return 0
    if not isinstance(length, int) or isinstance(length, bool) or not 0 <= length <= most:
        raise WyomingError(f"{name} of an event is not between 0 and {most}")
    return length
