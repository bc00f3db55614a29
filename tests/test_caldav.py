"""A calendar on a server comes in, again when it changes, whatever the server says."""

import asyncio
import ssl
import threading
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from radicale import config
from radicale.app import Application

from agent import broker
from agent.errors import ConfigError, DecodeError
from agent.events import CalendarChanged, Input, InputQuarantined
from sensors.calendar.caldav import CalDav, Settings
from sensors.calendar.dav import Account, AwayError, Collection, Mark, parse

ZONE = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 24, 7, tzinfo=UTC)
SINCE, UNTIL = NOW - timedelta(days=1), NOW + timedelta(days=8)
ENDLESS = "DTSTART:20200101T080000Z\nDURATION:PT15M\nRRULE:FREQ=DAILY"
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Moved:
    def __init__(self) -> None:
        self.at = NOW

    def now(self) -> datetime:
        return self.at


class Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


class Silent(WSGIServer):
    def handle_error(self, *_: object) -> None:
        pass  # whoever breaks a connection off is tested here


@contextmanager
def serving(app: Wsgi, *, tls: ssl.SSLContext | None = None) -> Iterator[int]:
    with make_server("127.0.0.1", 0, app, server_class=Silent, handler_class=Quiet) as server:
        if tls is not None:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    """A Radicale with one empty calendar, `/ada/work/`."""
    (tmp_path / "users").write_text("ada:secret\n")
    settings = config.load()
    told: dict[str, dict[str, object]] = {
        "auth": {
            "type": "htpasswd",
            "htpasswd_filename": str(tmp_path / "users"),
            "htpasswd_encryption": "plain",
            "delay": 0,
        },
        "storage": {"filesystem_folder": str(tmp_path / "store"), "_filesystem_fsync": False},
        "logging": {"level": "critical"},
    }
    settings.update(told, "test", privileged=True)
    with serving(Application(settings)) as found:
        assert send(found, "MKCALENDAR", "/ada/work/", b"") == 201
        yield found


AUTH = {"Authorization": "Basic YWRhOnNlY3JldA==", "Content-Type": "text/calendar"}


def send(port: int, method: str, path: str, body: bytes) -> int:
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request(method, path, body, AUTH)
    status = connection.getresponse().status
    connection.close()
    return status


def put(port: int, name: str, *lines: str) -> None:
    entry = "\n".join(lines).split("\n")
    text = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//t//", "BEGIN:VEVENT", f"UID:{name}"]
    text += [f"SUMMARY:{name}", *entry, "END:VEVENT", "END:VCALENDAR", ""]
    assert send(port, "PUT", f"/ada/work/{name}.ics", "\r\n".join(text).encode()) == 201


def settings(port: int, tmp_path: Path, *, path: str = "/ada/work/") -> Settings:
    (tmp_path / "password").write_text("secret\n")
    return Settings(
        urls=(f"http://127.0.0.1:{port}{path}",),
        username="ada",
        password_file=str(tmp_path / "password"),
        poll_s=0.05,
    )


def titles(batch: Sequence[Input]) -> list[str]:
    (event,) = batch
    assert isinstance(event, CalendarChanged)
    assert event.source == "caldav/127.0.0.1/ada/work/"
    return [f"{one.title} {one.start:%d}" for one in event.meetings]


def test_a_calendar_comes_in_at_start_on_change_and_each_day(port: int, tmp_path: Path) -> None:
    put(port, "one", "DTSTART:20260325T100000Z", "DURATION:PT1H")
    put(port, "old", "DTSTART:20240325T100000Z", "DURATION:PT1H")
    clock = Moved()

    async def run() -> None:
        live = CalDav(settings(port, tmp_path), clock=clock, zone=ZONE).events()
        async with asyncio.timeout(60):
            assert titles(await anext(live)) == ["one 25"]
            await asyncio.to_thread(put, port, "two", "DTSTART:20260326T100000Z")
            assert titles(await anext(live)) == ["one 25", "two 26"]
            await asyncio.to_thread(send, port, "DELETE", "/ada/work/one.ics", b"")
            assert titles(await anext(live)) == ["two 26"]
            clock.at += timedelta(days=1)
            (again,) = await anext(live)
            assert isinstance(again, CalendarChanged)
            assert again.since == datetime(2026, 3, 24, tzinfo=ZONE)

    asyncio.run(run())


def test_only_the_days_around_today_are_asked_for_and_a_rule_without_end_ends(
    port: int, tmp_path: Path
) -> None:
    put(port, "endless", ENDLESS)
    put(port, "far", "DTSTART:20360101T080000Z", "RRULE:FREQ=HOURLY")
    collection = Collection(Account(f"http://localhost:{port}/ada/work/", "ada", "secret"))
    text = collection.between(SINCE, UNTIL)
    assert b"UID:endless" in text
    assert b"UID:far" not in text

    async def run() -> Sequence[Input]:
        live = CalDav(settings(port, tmp_path), clock=Moved(), zone=ZONE).events()
        return await anext(live)

    assert titles(asyncio.run(run())) == [f"endless {day}" for day in (*range(23, 32), "01")][:9]


def test_a_collection_changes_only_when_it_does(port: int) -> None:
    collection = Collection(Account(f"http://127.0.0.1:{port}/ada/work/", "ada", "secret"))
    first = collection.changed(Mark(), since=SINCE, until=UNTIL)
    assert first
    assert first.token
    assert collection.changed(first, since=SINCE, until=UNTIL) is None
    put(port, "one", "DTSTART:20260325T100000Z")
    second = collection.changed(first, since=SINCE, until=UNTIL)
    assert second
    assert second != first
    assert collection.changed(second, since=SINCE, until=UNTIL) is None
    forgotten = Mark(token="http://radicale.org/ns/sync/0000")  # noqa: S106
    assert collection.changed(forgotten, since=SINCE, until=UNTIL) == second


@pytest.mark.parametrize(
    ("account", "why"),
    [
        (("/ada/work/", "ada", "wrong"), "401: are name and password right"),
        (("/ada/none/", "ada", "secret"), "404: is the path"),
    ],
)
def test_a_refusal_says_what_to_do(port: int, account: tuple[str, str, str], why: str) -> None:
    path, name, password = account
    collection = Collection(Account(f"http://127.0.0.1:{port}{path}", name, password))
    with pytest.raises(AwayError, match=why):
        collection.changed(Mark(), since=SINCE, until=UNTIL)


@pytest.mark.parametrize(
    "url",
    ["http://example.org/a", "ftp://127.0.0.1/", "https://ada:secret@example.org/", "work", ""],
)
def test_an_address_that_gives_the_password_away_is_refused_at_start(url: str) -> None:
    with pytest.raises(ConfigError, match="wanted"):
        CalDav(Settings(urls=(url,)), clock=Moved(), zone=ZONE)


def answering(*answers: tuple[str, bytes]) -> tuple[Wsgi, list[tuple[str, bytes]]]:
    """Return a server that gives *answers* in turn, the last one again, and what it was asked."""
    asked, left = list[tuple[str, bytes]](), list(answers)

    def app(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        asked.append((environ["REQUEST_METHOD"], body))
        status, text = left.pop(0) if len(left) > 1 else left[0]
        start(status, [("Location", "http://127.0.0.2/"), ("Content-Length", str(len(text)))])
        return [text]

    return app, asked


def multistatus(inner: str) -> bytes:
    return f'<m:multistatus xmlns:m="DAV:">{inner}</m:multistatus>'.encode()


def test_a_redirect_is_not_followed() -> None:
    app, asked = answering(("301 Moved", b""))
    with serving(app) as port:
        collection = Collection(Account(f"http://127.0.0.1:{port}/"))
        with pytest.raises(AwayError, match="301: set the address it moved to"):
            collection.between(SINCE, UNTIL)
    assert len(asked) == 1


def test_where_a_server_has_no_token_its_tag_or_the_etags_tell_of_a_change() -> None:
    def etags(one: str) -> tuple[str, bytes]:
        prop = f"<m:propstat><m:prop><m:getetag>{one}</m:getetag></m:prop></m:propstat>"
        return "207 M", multistatus(f"<m:response><m:href>/a</m:href>{prop}</m:response>")

    none = ("207 M", multistatus("<m:response><m:href>/</m:href></m:response>"))
    app, _ = answering(none, etags("1"), none, etags("1"), none, etags("2"))
    with serving(app) as port:
        collection = Collection(Account(f"http://127.0.0.1:{port}/"))
        first = collection.changed(Mark(), since=SINCE, until=UNTIL)
        assert first
        assert first.tag
        assert collection.changed(first, since=SINCE, until=UNTIL) is None
        assert collection.changed(first, since=SINCE, until=UNTIL) not in (None, first)


def test_a_server_that_is_away_or_talks_nonsense_is_told_once_and_asked_again(
    tmp_path: Path,
) -> None:
    entry = b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:a\r\nDTSTART:20260325T100000Z\r\nSUMMARY:a\r\n"
    text = (entry + b"END:VEVENT\r\nEND:VCALENDAR\r\n").decode()
    tag = '<m:prop><s:getctag xmlns:s="http://calendarserver.org/ns/">7</s:getctag></m:prop>'
    data = f'<c:calendar-data xmlns:c="urn:ietf:params:xml:ns:caldav">{text}</c:calendar-data>'
    app, asked = answering(
        ("503 Busy", b""),
        ("207 M", b"hello"),
        ("207 M", b"hello"),
        ("207 M", multistatus(f"<m:response><m:propstat>{tag}</m:propstat></m:response>")),
        ("207 M", multistatus(f"<m:response><m:propstat><m:prop>{data}</m:prop></m:propstat></m:response>")),  # noqa: E501
    )  # fmt: skip

    async def run(port: int) -> list[Sequence[Input]]:
        chosen = settings(port, tmp_path, path="/ada/work/")
        live = CalDav(chosen, clock=Moved(), zone=ZONE).events()
        async with asyncio.timeout(60):
            return [await anext(live), await anext(live)]

    with serving(app) as port:
        (bad,), good = asyncio.run(run(port))
    assert isinstance(bad, InputQuarantined)
    assert "no XML" in bad.reason
    assert titles(good) == ["a 25"]
    assert len(asked) == 5


def test_only_a_server_that_a_known_authority_signed_for_that_name_is_asked(
    tmp_path: Path,
) -> None:
    broker._certify(tmp_path, ["localhost"], at=datetime.now(UTC))  # noqa: TID251  # TLS looks at it
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(tmp_path / "server.pem", tmp_path / "server.key")
    app, asked = answering(("207 M", multistatus("")))
    ours = str(tmp_path / "ca.pem")
    with serving(app, tls=tls) as port:
        good = Collection(Account(f"https://localhost:{port}/", "ada", "secret", ours))
        assert good.between(SINCE, UNTIL).startswith(b"BEGIN:VCALENDAR")
        others = [
            Account(f"https://127.0.0.1:{port}/", "ada", "secret", ours),
            Account(f"https://localhost:{port}/", "ada", "secret"),
        ]
        for account in others:
            with pytest.raises(AwayError, match="CERTIFICATE_VERIFY_FAILED"):
                Collection(account).between(SINCE, UNTIL)
    assert len(asked) == 1


BOMB = b'<!DOCTYPE m [<!ENTITY a "aaaa">]><m:multistatus xmlns:m="DAV:">&a;</m:multistatus>'


@pytest.mark.parametrize("text", [b"", b"hello", b"<a/>", BOMB, b"\xff\xfe\x00"])
def test_what_is_no_multistatus_is_refused(text: bytes) -> None:
    with pytest.raises(DecodeError, match="caldav: the answer is"):
        parse(text)


@given(
    st.binary(max_size=200)
    | st.lists(st.sampled_from(["<m:response>", "</m:response>", "<m:href>", "a", "<x/>"]))
    .map("".join)
    .map(multistatus)
)
def test_whatever_a_server_says_only_a_decode_error_is_raised(text: bytes) -> None:
    with suppress(DecodeError):
        parse(text)


def test_one_that_hangs_is_left_when_the_daemon_ends() -> None:
    begun = threading.Event()

    def app(_: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        start("207 M", [])
        begun.set()
        ended.wait(20)
        return [b""]

    async def run(port: int) -> None:
        live = CalDav(Settings(urls=(f"http://127.0.0.1:{port}/",)), clock=Moved(), zone=ZONE)
        task = asyncio.create_task(first(live.events()))
        await asyncio.to_thread(begun.wait)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    async def first(live: AsyncIterator[Sequence[Input]]) -> None:
        await anext(live)

    ended = threading.Event()
    with serving(app) as port:
        asyncio.run(run(port))  # which waits for its threads
        assert not ended.is_set()
        ended.set()
