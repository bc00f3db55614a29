"""One CalDAV collection: has it changed, and what is in it between two times.

Asked are sync-collection (RFC 6578), the collection's properties, and calendar-query (RFC 4791,
section 7.8), over TLS to the one host that the wearer named: no redirect is followed, no proxy
asked, and nothing of the wearer's is sent but name and password.
"""

import http.client
import socket
import ssl
from base64 import b64encode
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from hashlib import sha256
from typing import NamedTuple
from urllib.parse import urlsplit
from xml.parsers import expat

from agent.errors import AgentError, DecodeError

CONNECT_S_MAX = 5  # a thread that connects cannot be broken off, and the daemon waits for it
WAIT_S_MAX = 20
ANSWER_BYTES_MAX = 32 << 20
DAV, CALENDAR, SERVER = "DAV:", "urn:ietf:params:xml:ns:caldav", "http://calendarserver.org/ns/"
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
MULTISTATUS = 207
# What a server answers to a token that it has forgotten, or to a question it does not know.
FORGOTTEN = frozenset({400, 403, 405, 409, 410, 412, 415, 501})

_MARKS = (
    f'<d:propfind xmlns:d="{DAV}" xmlns:s="{SERVER}"><d:prop><d:sync-token/><s:getctag/></d:prop>'
    "</d:propfind>"
)
_SYNC = (
    f'<d:sync-collection xmlns:d="{DAV}"><d:sync-token>{{token}}</d:sync-token>'
    "<d:sync-level>1</d:sync-level><d:prop><d:getetag/></d:prop></d:sync-collection>"
)
_QUERY = (
    f'<c:calendar-query xmlns:d="{DAV}" xmlns:c="{CALENDAR}"><d:prop>{{wanted}}</d:prop><c:filter>'
    '<c:comp-filter name="VCALENDAR"><c:comp-filter name="VEVENT">'
    '<c:time-range start="{since:%Y%m%dT%H%M%SZ}" end="{until:%Y%m%dT%H%M%SZ}"/>'
    "</c:comp-filter></c:comp-filter></c:filter></c:calendar-query>"
)


class AwayError(AgentError):
    """The server is away or refuses us: what was known stands, and it is asked again later."""


class Account(NamedTuple):
    """Where a collection is, and who asks."""

    url: str
    username: str = ""
    password: str = ""
    tls_ca: str = ""
    """The CA (PEM) that signed the server's key; empty: those that the system trusts."""


class Mark(NamedTuple):
    """What tells a changed collection from an unchanged one: the best that its server offers."""

    token: str = ""
    """Of RFC 6578."""
    tag: str = ""
    """The collection's own, or a hash of all etags between the two times."""


class Answer(NamedTuple):
    """What a multistatus (RFC 4918, section 13) says."""

    found: Sequence[Mapping[str, str]]
    """The properties of each member, by name; its address as `href`."""
    token: str = ""


class Collection:
    """A calendar on a server; its methods block, and are called beside the loop."""

    def __init__(self, account: Account) -> None:
        parts = urlsplit(account.url)
        if parts.username is not None or not parts.hostname:
            raise ValueError("https://HOST/PATH is wanted, without a name or password in it")
        if parts.scheme != "https" and (parts.scheme, parts.hostname in LOOPBACK) != ("http", True):
            raise ValueError("https is wanted: a password would be read by everyone on the way")
        self._host, self._port, self._path = parts.hostname, parts.port, parts.path or "/"
        self._tls = None
        if parts.scheme == "https":
            self._tls = ssl.create_default_context(cafile=account.tls_ca or None)
        self._headers = {"Content-Type": "application/xml; charset=utf-8", "User-Agent": "carpal"}
        if account.username:
            who = b64encode(f"{account.username}:{account.password}".encode()).decode()
            self._headers["Authorization"] = f"Basic {who}"
        self._socket: socket.socket | None = None
        """Of the question that is being asked."""

    def changed(self, mark: Mark, *, since: datetime, until: datetime) -> Mark | None:
        """Return the new mark if the collection changed since *mark*, else None.

        Raise AwayError or DecodeError.
        """
        if mark.token:
            body = _SYNC.format(token=_escaped(mark.token))
            status, text = self._ask("REPORT", body, depth="0")
            if status == MULTISTATUS:
                answer = parse(text)
                return Mark(answer.token or mark.token) if answer.found else None
            if status not in FORGOTTEN:
                raise self._refused(status)
        fresh = self._mark(since, until)
        return fresh if fresh != mark else None

    def between(self, since: datetime, until: datetime) -> bytes:
        """Return the entries in [since, until) as iCalendar; raise AwayError or DecodeError."""
        answer = self._query("<c:calendar-data/>", since, until)
        texts = [one["calendar-data"] for one in answer.found if "calendar-data" in one]
        return "\r\n".join(texts).encode() or b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"

    def close(self) -> None:
        """Break off what is being asked: whoever waits for it gets AwayError."""
        with suppress(OSError):
            if self._socket is not None:
                self._socket.shutdown(socket.SHUT_RDWR)

    def _mark(self, since: datetime, until: datetime) -> Mark:
        status, text = self._ask("PROPFIND", _MARKS, depth="0")
        said = next(iter(parse(text).found), {}) if status == MULTISTATUS else {}
        if status != MULTISTATUS and status not in FORGOTTEN:
            raise self._refused(status)
        if said.get("sync-token"):
            return Mark(token=said["sync-token"])
        if said.get("getctag"):
            return Mark(tag=said["getctag"])
        answer = self._query("<d:getetag/>", since, until)
        each = sorted((one.get("href", ""), one.get("getetag", "")) for one in answer.found)
        return Mark(tag=sha256(repr(each).encode()).hexdigest())

    def _query(self, wanted: str, since: datetime, until: datetime) -> Answer:
        first, last = since.astimezone(UTC), until.astimezone(UTC)
        body = _QUERY.format(wanted=wanted, since=first, until=last)
        status, text = self._ask("REPORT", body, depth="1")
        if status != MULTISTATUS:
            raise self._refused(status)
        return parse(text)

    def _ask(self, method: str, body: str, *, depth: str) -> tuple[int, bytes]:
        """Return status and body of one answer, on a connection of its own; raise AwayError."""
        connection = self._connection()
        try:
            connection.connect()
            self._socket = connection.sock
            self._socket.settimeout(WAIT_S_MAX)
            headers = {**self._headers, "Depth": depth}
            connection.request(method, self._path, body.encode(), headers)
            answer = connection.getresponse()
            text = answer.read(ANSWER_BYTES_MAX + 1)
        except (OSError, http.client.HTTPException) as error:
            raise AwayError(f"{self._host}: {str(error)[:200]}") from error
        finally:
            self._socket = None
            connection.close()
        if len(text) > ANSWER_BYTES_MAX:
            raise DecodeError(self._host, f"its answer is longer than {ANSWER_BYTES_MAX} bytes")
        return answer.status, text

    def _connection(self) -> http.client.HTTPConnection:
        if self._tls is None:
            return http.client.HTTPConnection(self._host, self._port, timeout=CONNECT_S_MAX)
        return http.client.HTTPSConnection(
            self._host, self._port, timeout=CONNECT_S_MAX, context=self._tls
        )

    def _refused(self, status: int) -> AwayError:
        hint = {401: ": are name and password right?", 404: ": is the path that of a calendar?"}
        why = hint.get(status, ": set the address it moved to" if 300 <= status < 400 else "")
        return AwayError(f"{self._host} answered {status}{why}")


def parse(text: bytes) -> Answer:
    """Return what a multistatus says; raise DecodeError if *text* is none.

    A document that declares entities is refused, for a few can stand for gigabytes.
    """
    reader = _Reader()
    try:
        reader.parser.Parse(text, True)  # expat's own order
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise DecodeError("caldav", f"the answer is no XML: {str(error)[:100]}") from error
    if reader.root != (DAV, "multistatus"):
        raise DecodeError("caldav", f"the answer is {reader.root[1][:64]!r}, no multistatus")
    return Answer(reader.found, reader.token.strip())


class _Reader:
    """Collects the text of each property of each response."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate(namespace_separator="\n")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._open
        self.parser.EndElementHandler = self._close
        self.parser.CharacterDataHandler = self._say
        self.parser.EntityDeclHandler = self._refuse
        self.root = ("", "")
        self.token = ""
        self.found = list[dict[str, str]]()
        self._path = list[str]()
        self._text = list[str]()

    def _open(self, name: str, _attributes: dict[str, str]) -> None:
        space, _, local = name.rpartition("\n")
        if not self._path:
            self.root = (space, local)
        self._path.append(local)
        self._text.clear()
        if self._path[1:] == ["response"]:
            self.found.append({})

    def _close(self, _name: str) -> None:
        text = "".join(self._text)
        match self._path[1:]:
            case ["sync-token"]:
                self.token = text
            case ["response", "href"]:
                self.found[-1]["href"] = text.strip()
            case ["response", "propstat", "prop", name] if text.strip():
                self.found[-1][name] = text
            case _:
                pass
        self._path.pop()
        self._text.clear()

    def _say(self, text: str) -> None:
        self._text.append(text)

    def _refuse(self, *declared: object) -> None:
        raise ValueError(f"it declares an entity ({str(declared[0])[:32]})")


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
