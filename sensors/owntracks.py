"""OwnTracks: where a phone is, as its app publishes it (`owntracks/USER/DEVICE`).  Pure."""

from collections.abc import Sequence
from datetime import datetime

from pydantic import JsonValue

from agent.errors import DecodeError
from agent.events import Input, LocationMeasured
from agent.sensor import admit, measured
from agent.signals import BATTERY
from agent.wire import WRONG, WrongError, because, instant, level, number, parse, shown, table

# What the app also publishes, and says nothing about where the wearer is.
_IGNORED = frozenset(
    {
        "beacon",
        "card",
        "cmd",
        "configuration",
        "dump",
        "lwt",
        "request",
        "status",
        "steps",
        "transition",
        "waypoint",
        "waypoints",
    }
)
_ENCRYPTED = (
    "it is encrypted: empty the encryption key in the app's settings and let TLS protect the "
    "way to the broker (carpal broker --tls)"
)


def decode(topic: str, payload: bytes, arrived: datetime) -> Sequence[Input]:
    """Return the location in *payload*, and the phone's battery if it says so.

    Messages of other kinds are no events; what is none of the app's raises DecodeError.
    """
    source = shown(topic, 256)
    try:
        found = _told(parse(payload)) if payload else None
        events = [] if found is None else _events(found, device=_device(topic))
    except WRONG as error:
        raise DecodeError(source, because(error)) from error
    return [admit(event, source=source, arrived=arrived) for event in events]


def _told(value: JsonValue) -> dict[str, JsonValue] | None:
    if not isinstance(value, dict):
        raise WrongError(f"{shown(value)} is not a JSON object")
    match value.get("_type"):
        case "location":
            return value
        case "encrypted":
            raise WrongError(_ENCRYPTED)
        case str(kind) if kind in _IGNORED:
            return None
        case kind:
            raise WrongError(f"_type {shown(kind)!r} is none of OwnTracks'")


def _device(topic: str) -> str:
    levels = topic.split("/")
    if len(levels) < 3:
        raise WrongError("the topic names no device: owntracks/USER/DEVICE is one")
    return f"owntracks-{level(levels[2])}"[:64]


def _events(found: dict[str, JsonValue], *, device: str) -> list[Input]:
    table(found, needs=("tst", "lat", "lon"), may=found)
    at = instant(found["tst"], "tst")
    place = LocationMeasured(
        at=at,
        latitude_deg=number(found["lat"], "lat"),
        longitude_deg=number(found["lon"], "lon"),
        accuracy_m=number(found.get("acc", 20), "acc"),
        source=device,
    )
    if "batt" not in found:
        return [place]
    return [place, measured(BATTERY.id, number(found["batt"], "batt"), at=at, source=device)]
