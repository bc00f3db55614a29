"""OwnTracks: where a phone is, what it came into, left and named (`owntracks/USER/DEVICE`).  Pure.

Read as the app's booklet describes its JSON: location, transition, waypoint(s), lwt, encrypted.
"""

import base64
import binascii
from collections.abc import Sequence
from datetime import datetime

from nacl.exceptions import CryptoError
from nacl.secret import SecretBox
from pydantic import JsonValue

from agent.errors import DecodeError
from agent.events import (
    GapDetected,
    Input,
    InputQuarantined,
    LocationMeasured,
    PlaceNamed,
    RegionCrossed,
)
from agent.sensor import admit, measured
from agent.signals import BATTERY, SPEED
from agent.wire import (
    WRONG,
    WrongError,
    because,
    bounded,
    instant,
    level,
    number,
    parse,
    shown,
    table,
)

# What the app also publishes, and says nothing about where the wearer is.
_IGNORED = frozenset(
    {"beacon", "card", "cmd", "configuration", "dump", "request", "status", "steps"}
)
_KINDS = {"home": "home", "work": "work", "office": "work"}  # what people call those two
_NO_KEY = (
    "it is encrypted: put the key of the app's settings into a file and name that in "
    "mqtt.owntracks_key_file, or empty the key there and let TLS protect the way to the broker "
    "(carpal broker --tls)"
)
_WRONG_KEY = "it does not open with the key in mqtt.owntracks_key_file: is it the app's?"
_LOCATION = frozenset({"tst", "lat", "lon"})
KEY_BYTES = SecretBox.KEY_SIZE
WAYPOINTS_MAX = 500
RADIUS_M_MIN, RADIUS_M_MAX = 10, 5000  # what a place of ours may have
KMH_A_MS = 3.6
ACCURACY_M = 20  # where the app says none
ACCURACY_M_MAX = 100_000
NAME_LENGTH_MAX = 64

Message = dict[str, JsonValue]


def decode(topic: str, payload: bytes, arrived: datetime, *, key: str = "") -> Sequence[Input]:
    """Return what *payload* tells, opened with *key* where it is encrypted.

    Messages of other kinds are no events; what is none of the app's raises DecodeError, and a
    waypoint among others that is damaged is told as InputQuarantined.
    """
    source = shown(topic, 256)
    try:
        found = _opened(parse(payload), key) if payload else None
        events = _events(found, topic, arrived) if found is not None else ()
    except WRONG as error:
        raise DecodeError(source, because(error)) from error
    return bounded([admit(event, source=source, arrived=arrived) for event in events])


def _opened(value: JsonValue, key: str) -> Message | None:
    """Return the message in *value*, or None if it says nothing of a place."""
    if not isinstance(value, dict):
        raise WrongError(f"{shown(value)} is not a JSON object")
    if value.get("_type") == "encrypted":
        value = parse(_decrypted(value.get("data"), key))
        if not isinstance(value, dict) or value.get("_type") == "encrypted":
            raise WrongError("what is encrypted is no message of the app's")
    kind = value.get("_type")
    return None if isinstance(kind, str) and kind in _IGNORED else value


def _decrypted(data: JsonValue, key: str) -> bytes:
    """Return the text in *data*: base64 of a nonce of 24 bytes and libsodium's secret box.

    As the app does it, the key is the bytes of the text, with zero bytes after them up to 32.
    """
    secret = key.encode()
    if not secret:
        raise WrongError(_NO_KEY)
    if len(secret) > KEY_BYTES:
        raise WrongError(f"mqtt.owntracks_key_file: the app's key has at most {KEY_BYTES} bytes")
    if not isinstance(data, str):
        raise WrongError("it is encrypted and has no data")
    try:
        sealed = base64.b64decode(data, validate=True)
        return SecretBox(secret.ljust(KEY_BYTES, b"\0")).decrypt(sealed)
    except binascii.Error as error:
        raise WrongError("its encrypted data is no base64") from error
    except (CryptoError, ValueError) as error:
        raise WrongError(_WRONG_KEY) from error


def _events(found: Message, topic: str, arrived: datetime) -> Sequence[Input]:
    device = _device(topic)
    match found.get("_type"):
        case "location":
            return _location(found, device)
        case "transition":
            return _transition(found, device)
        case "waypoint":
            return [place] if (place := _waypoint(found, device, arrived)) else ()
        case "waypoints":
            return _waypoints(found, device, arrived)
        case "lwt":
            # Its time is that of the connection that broke, not when the phone was heard last.
            return [GapDetected(at=arrived, source=device)]
        case kind:
            raise WrongError(f"_type {shown(kind)!r} is none of OwnTracks'")


def _device(topic: str) -> str:
    levels = topic.split("/")
    if len(levels) < 3:
        raise WrongError("the topic names no device: owntracks/USER/DEVICE is one")
    return f"owntracks-{level(levels[2])}"[:64]


def _fix(found: Message, device: str) -> LocationMeasured:
    table(found, needs=_LOCATION, may=found)
    return LocationMeasured(
        at=instant(found["tst"], "tst"),
        latitude_deg=number(found["lat"], "lat"),
        longitude_deg=number(found["lon"], "lon"),
        accuracy_m=min(ACCURACY_M_MAX, number(found.get("acc", ACCURACY_M), "acc")),
        source=device,
    )


def _location(found: Message, device: str) -> Sequence[Input]:
    """Return the fix, speed and charge; a negative speed is the app's word for none.

    The regions it lies in are passed over: a transition tells when one of them was crossed.
    """
    fix = _fix(found, device)
    events: list[Input] = [fix]
    speed_kmh = number(found.get("vel", -1), "vel")
    if speed_kmh >= 0:
        speed = round(speed_kmh / KMH_A_MS, 2)
        events.append(measured(SPEED.id, speed, at=fix.at, source=device))
    if "batt" in found:
        charge = number(found["batt"], "batt")
        events.append(measured(BATTERY.id, charge, at=fix.at, source=device))
    return events


def _transition(found: Message, device: str) -> Sequence[Input]:
    """Return the fix at which a region was crossed, if it came with one, and the crossing."""
    event = found.get("event")
    if event not in ("enter", "leave"):
        raise WrongError(f"event is {shown(event)!r}, not enter or leave")
    name = _name(found)
    at = instant(found.get("tst"), "tst")
    crossed = RegionCrossed(at=at, source=device, name=name, entered=event == "enter")
    return [_fix(found, device), crossed] if found.keys() >= _LOCATION else [crossed]


def _waypoints(found: Message, device: str, arrived: datetime) -> Sequence[Input]:
    several = found.get("waypoints")
    if not isinstance(several, list):
        raise WrongError("waypoints is not an array")
    if len(several) > WAYPOINTS_MAX:
        raise WrongError(f"{len(several)} waypoints, more than {WAYPOINTS_MAX}")
    events = list[Input]()
    for one in several:
        try:
            place = _waypoint(table(one, may=one if isinstance(one, dict) else ()), device, arrived)
        except WRONG as error:
            events.append(InputQuarantined(at=arrived, source=device, reason=because(error)))
        else:
            events += [place] if place else []
    return events


def _waypoint(found: Message, device: str, arrived: datetime) -> PlaceNamed | None:
    """Return the place, named as of now: the app keeps its first time when it is moved.

    A beacon, which has no position, is none.
    """
    if "uuid" in found or not found.keys() >= {"lat", "lon"}:
        return None
    name, radius_m = _name(found), number(found.get("rad", 0), "rad")
    limited = min(RADIUS_M_MAX, max(RADIUS_M_MIN, radius_m)) if radius_m > 0 else None
    return PlaceNamed.model_validate(
        {
            "at": arrived,
            "source": device,
            "name": name,
            "place": _KINDS.get(name.casefold(), "other"),
            "latitude_deg": number(found["lat"], "lat"),
            "longitude_deg": number(found["lon"], "lon"),
        }
        | ({"radius_m": limited} if limited else {})
    )


def _name(found: Message) -> str:
    """Return the name of a region, which the wearer typed: printable, and not too long."""
    text = found.get("desc")
    if not isinstance(text, str):
        raise WrongError("desc is missing: the region has no name")
    plain = "".join(one if one.isprintable() else " " for one in text[:NAME_LENGTH_MAX])
    name = " ".join(plain.split())
    if not name:
        raise WrongError("desc is empty: the region has no name")
    return name
