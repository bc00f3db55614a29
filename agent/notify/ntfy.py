"""A nudge to an ntfy server of the wearer's own, at an address that cannot leave the house."""

import asyncio
import http.client
import json
import socket
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field

from agent.errors import ConfigError, DeliveryError
from agent.ports import Nudge

WAIT_S_MAX = 1.5  # it is near; and the daemon must end within two seconds
ANSWER_BYTES_MAX = 4096
# Not `is_private`: that also holds link-local ones, where clouds keep their metadata.
_NEAR = tuple(
    map(
        ip_network,
        ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7"),
    )
)
_PRIORITIES = {"tap": 3, "double": 4, "long": 5}  # of ntfy: default, high, max


class Settings(BaseModel):
    """Where the wearer's own ntfy listens."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str = Field(
        default="http://127.0.0.1:2586",
        max_length=200,
        description="Its address: http, and a loopback or private one.",
    )
    topic: str = Field(
        default="carpal",
        pattern=r"^[A-Za-z0-9_-]{1,64}$",
        description="The topic that the phone has subscribed to (no unit).",
    )
    token_file: str = Field(
        default="", description="Path of a file whose first line is an access token; empty: none."
    )


class Ntfy:
    """Publish each nudge as JSON; no proxy and no redirect is followed."""

    def __init__(self, settings: Settings) -> None:
        parts = urlsplit(settings.url)
        if parts.scheme != "http" or not parts.hostname or parts.path not in ("", "/"):
            raise ConfigError("notify.ntfy.url", settings.url, "http://ADDRESS:PORT is wanted")
        try:
            self._host, self._port = parts.hostname, parts.port or 80
        except ValueError as error:
            raise ConfigError("notify.ntfy.url", settings.url, str(error)) from error
        self._settings = settings
        self._token = _token(settings)
        try:
            self._address()
        except OSError:
            return  # a name that is not known yet: it is judged again at every connection
        except DeliveryError as error:
            raise ConfigError("notify.ntfy.url", settings.url, str(error)) from error

    async def say(self, nudge: Nudge) -> None:
        """Publish *nudge*; raise DeliveryError if the server is away, far or does not take it."""
        body = json.dumps(
            {
                "topic": self._settings.topic,
                "title": nudge.glance,
                "message": nudge.text,
                "priority": _PRIORITIES.get(nudge.haptic, 3),
                "tags": [nudge.skill],
            }
        ).encode()
        await asyncio.to_thread(self._post, body)

    def _post(self, body: bytes) -> None:
        headers = {"Content-Type": "application/json", "Host": f"{self._host}:{self._port}"}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        try:
            connection = http.client.HTTPConnection(
                str(self._address()), self._port, timeout=WAIT_S_MAX
            )
            try:
                connection.request("POST", "/", body, headers)
                answer = connection.getresponse()
                answer.read(ANSWER_BYTES_MAX)
            finally:
                connection.close()
        except (OSError, http.client.HTTPException) as error:
            raise DeliveryError(f"ntfy at {self._settings.url}: {error}") from error
        if answer.status != http.client.OK:
            raise DeliveryError(f"ntfy at {self._settings.url} answered {answer.status}")

    def _address(self) -> IPv4Address | IPv6Address:
        """Return an address of the host, all of which are near; raise DeliveryError, OSError.

        The connection is made to this very address, so that a name cannot change in between.
        """
        found = socket.getaddrinfo(self._host, self._port, type=socket.SOCK_STREAM)
        addresses = [_plain(str(entry[4][0])) for entry in found]
        for address in addresses:
            if not any(address in network for network in _NEAR):
                raise DeliveryError(f"{self._host} is {address}, neither loopback nor private")
        return addresses[0]


def _plain(text: str) -> IPv4Address | IPv6Address:
    address = ip_address(text.partition("%")[0])
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _token(settings: Settings) -> str:
    if not settings.token_file:
        return ""
    try:
        return Path(settings.token_file).read_text().partition("\n")[0].strip()
    except (OSError, UnicodeDecodeError) as error:
        key = "notify.ntfy.token_file"
        raise ConfigError(key, settings.token_file, f"cannot be read: {error}") from error
