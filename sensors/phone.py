"""A phone's notifications over MQTT, as Gadgetbridge and KDE Connect word them.

Their text is anyone's: it is cleaned, bounded and kept, and nothing is done because of it.

| who | payload |
|---|---|
| Gadgetbridge (as to a Bangle.js) | `{"t": "notify", "id", "src", "title", "body"}`, `{"t": "notify-", "id"}` |
| KDE Connect | `{"type": "kdeconnect.notification", "body": {"id", "appName", "title", "text", "isCancel"}}` |
"""  # noqa: E501  # a row of a table is one line

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated
from unicodedata import category

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from agent.errors import DecodeError
from agent.events import Input, NotificationCleared, NotificationReceived
from agent.wire import WRONG, WrongError, because, parse, shown, table

NAME = "phone"
ID_LENGTH_MAX, APP_LENGTH_MAX, TITLE_LENGTH_MAX, TEXT_LENGTH_MAX = 128, 128, 256, 2000
# Their own words for a message that cannot wait.
URGENT_APPS = frozenset({"com.android.dialer", "incoming call"})
Message = dict[str, JsonValue]

Filter = Annotated[str, Field(max_length=256, pattern=r"^([^+#/]+|\+)(/([^+#/]+|\+))*(/#)?$|^#$")]
"""A topic filter (MQTT 5, section 4.7)."""


class Settings(BaseModel):
    """Where the phone's notifications come in."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    topics: tuple[Filter, ...] = Field(
        default=("phone/+/notification",),
        max_length=16,
        description="MQTT filters of the phone's notifications; the source is the topic",
    )


def decode(topic: str, payload: bytes, arrived: datetime) -> Sequence[Input]:
    """Return the notification that came or went, at its arrival; nothing for other messages.

    Raise DecodeError for what neither of the two would send.
    """
    source = shown(topic, 256)
    try:
        found = table(parse(payload), may=_Anything())
        reader = _reader(found)
        event = reader(found, _source(topic), arrived) if reader is not None else None
    except WRONG as error:
        raise DecodeError(source, because(error)) from error
    return [event] if event is not None else ()


class _Anything(frozenset[str]):
    """Holds every key: phones add new ones."""

    def __contains__(self, key: object) -> bool:
        return True


Event = NotificationReceived | NotificationCleared
Reader = Callable[[Message, str, datetime], Event | None]


def _reader(found: Message) -> Reader | None:
    kind = found.get("type")
    if isinstance(kind, str) and kind.startswith("kdeconnect."):
        return _kde_connect if kind == "kdeconnect.notification" else None
    if isinstance(found.get("t"), str):
        return _gadgetbridge
    raise WrongError("it has neither the t of Gadgetbridge nor the type of KDE Connect")


def _gadgetbridge(found: Message, source: str, arrived: datetime) -> Event | None:
    match found["t"]:
        case "notify-":
            return NotificationCleared(at=arrived, source=source, id=_id(found))
        case "notify":
            app = _clean(found, "src", APP_LENGTH_MAX)
            # What it calls a sender or a subject, others call the title.
            title = next(
                (
                    text
                    for key in ("title", "subject", "sender")
                    if (text := _clean(found, key, TITLE_LENGTH_MAX))
                ),
                "",
            )
            return NotificationReceived(
                at=arrived,
                source=source,
                id=_id(found),
                app=app,
                title=title,
                text=_clean(found, "body", TEXT_LENGTH_MAX),
                urgent=app.casefold() in URGENT_APPS,
            )
        case _:
            return None  # it sets the clock, tells of music, of the weather ...


def _kde_connect(found: Message, source: str, arrived: datetime) -> Event | None:
    body = found.get("body")
    if not isinstance(body, dict):
        raise WrongError("it has no body")
    if body.get("isCancel") is True:
        return NotificationCleared(at=arrived, source=source, id=_id(body))
    if not body.keys() & {"title", "text", "ticker", "appName"}:
        return None  # a request to list them all
    return NotificationReceived(
        at=arrived,
        source=source,
        id=_id(body),
        app=_clean(body, "appName", APP_LENGTH_MAX),
        title=_clean(body, "title", TITLE_LENGTH_MAX),
        text=_clean(body, "text", TEXT_LENGTH_MAX) or _clean(body, "ticker", TEXT_LENGTH_MAX),
    )


def _id(found: Message) -> str:
    """Return what names the notification, so that it can be told when it goes."""
    value = found.get("id")
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise WrongError("id is missing: it could never be cleared")
    return _printable(str(value)[:ID_LENGTH_MAX]) or "?"


def _clean(found: Message, key: str, length_max: int) -> str:
    value = found.get(key)
    return _printable(value[: 2 * length_max])[:length_max] if isinstance(value, str) else ""


def _printable(text: str) -> str:
    """Return *text* as one line, without what steers a terminal or turns the writing around."""
    plain = "".join(" " if category(one)[0] in "CZ" else one for one in text)
    return " ".join(plain.split())


def _source(topic: str) -> str:
    return shown(topic, 64) or NAME
