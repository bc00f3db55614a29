"""Other systems' topics, mapped to our signals by the wearer's settings.  Pure."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue, model_validator

from agent.errors import DecodeError
from agent.events import Input, InputQuarantined
from agent.sensor import admit, measured
from agent.signals import LOCATION, SIGNALS
from agent.wire.incoming import LEVEL_LENGTH_MAX, TOPIC_LENGTH_MAX
from agent.wire.strict import (
    WRONG,
    WrongError,
    because,
    instant,
    number,
    parse,
    shown,
    text_of,
)

# What Home Assistant and Zigbee gateways send where there is no value: no sample, and no fault.
_ABSENT = frozenset({"", "unavailable", "unknown", "none", "null"})
_STEP = re.compile(r"(?:^|\.)([^.\[\]]+)|\[([0-9]{1,4})\]")
_DECIMAL = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")


class Mapping(BaseModel):
    """One signal in another system's message."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    topic: str = Field(
        min_length=1,
        max_length=TOPIC_LENGTH_MAX,
        description="Topic filter; + stands for any one level.",
    )
    signal: str = Field(description="Id of the signal, as in the table of signals.")
    unit: str = Field(description="Unit of the value after scale and offset: the signal's own.")
    path: str = Field(
        default="",
        max_length=200,
        description="Where the value is in the JSON: keys joined by dots, [n] for the n-th of an "
        "array from 0; empty for a payload that is a bare number.",
    )
    time_path: str = Field(
        default="",
        max_length=200,
        description="Where its time is (RFC 3339 or Unix seconds); empty: the time it arrives. A "
        "message without a time that the broker delivers twice counts twice.",
    )
    scale: float = Field(
        default=1, ge=-1e9, le=1e9, description="What the value is multiplied by (no unit)."
    )
    offset: float = Field(
        default=0, ge=-1e9, le=1e9, description="What is added to it then, in *unit*."
    )
    source: str = Field(
        default="",
        max_length=LEVEL_LENGTH_MAX,
        pattern=r"^[^/+#]*$",
        description="Name of the source; empty: the levels that + stood for, or the topic's first.",
    )

    @model_validator(mode="after")
    def _possible(self) -> Self:
        signal = SIGNALS.get(self.signal)
        if signal is None or signal is LOCATION:
            known = ", ".join(sorted(set(SIGNALS) - {LOCATION.id}))
            raise ValueError(f"signal {shown(self.signal)!r} is not one of {known}")
        if self.unit != signal.unit and self.unit not in signal.also:
            raise ValueError(f"unit {shown(self.unit)!r}: {signal.id} has {signal.unit!r}")
        if any(set(part) & set("+#") and part != "+" for part in self.topic.split("/")):
            raise ValueError(
                f"topic {shown(self.topic)!r}: + must be a whole level, # is not taken"
            )
        steps(self.path)
        steps(self.time_path)
        return self


def matches(pattern: str, topic: str) -> bool:
    """Return whether the topic filter *pattern* covers *topic* (MQTT 5, section 4.7)."""
    wanted, found = pattern.split("/"), topic.split("/")
    if wanted[-1] == "#":
        wanted = wanted[:-1]
        found = found[: len(wanted)]
    return len(wanted) == len(found) and all(
        one in ("+", other) for one, other in zip(wanted, found, strict=True)
    )


def steps(path: str) -> Sequence[str | int]:
    """Return the keys and places that *path* names; raise ValueError if it is no path."""
    found, end = list[str | int](), 0
    for step in _STEP.finditer(path):
        if step.start() != end:
            break
        end = step.end()
        found.append(step[1] if step[1] is not None else int(step[2]))
    if end != len(path):
        raise ValueError(f"path {shown(path)!r}: keys joined by dots and [n], as in a.b[0].c")
    return found


def decode_foreign(
    topic: str, payload: bytes, *, mappings: Sequence[Mapping], arrived: datetime
) -> Sequence[Input]:
    """Return a sample for each mapping that covers *topic*.

    Where one of several fails, it comes back as InputQuarantined; where all do, DecodeError is
    raised.  A value that the other system calls unavailable is no event.
    """
    source = shown(topic, TOPIC_LENGTH_MAX)
    events, bad = list[Input](), list[Exception]()
    for mapping in (one for one in mappings if matches(one.topic, topic)):
        try:
            events += _samples(mapping, topic, payload, arrived)
        except WRONG as error:
            bad.append(error)
    if bad and not events:
        raise DecodeError(source, because(bad[0])) from bad[0]
    told = [InputQuarantined(at=arrived, source=source, reason=because(error)) for error in bad]
    return [*(admit(event, source=source, arrived=arrived) for event in events), *told]


def _samples(mapping: Mapping, topic: str, payload: bytes, arrived: datetime) -> Sequence[Input]:
    if not mapping.path and text_of(payload).strip().lower() in _ABSENT:
        return ()
    content = parse(payload)
    value = _found(content, mapping.path)
    if value is None or (isinstance(value, str) and value.strip().lower() in _ABSENT):
        return ()
    if isinstance(value, str) and _DECIMAL.fullmatch(value):
        value = float(value)
    at = instant(_found(content, mapping.time_path)) if mapping.time_path else arrived
    scaled = number(value, mapping.path or "the payload") * mapping.scale + mapping.offset
    return [measured(mapping.signal, scaled, at=at, source=_source(mapping, topic))]


def _found(content: JsonValue, path: str) -> JsonValue:
    value = content
    for step in steps(path):
        match value, step:
            case dict(), str() if step in value:
                value = value[step]
            case list(), int() if step < len(value):
                value = value[step]
            case _:
                raise WrongError(f"there is nothing at {shown(path, 200)!r}")
    return value


def _source(mapping: Mapping, topic: str) -> str:
    if mapping.source:
        return mapping.source
    levels = topic.split("/")
    pairs = zip(mapping.topic.split("/"), levels, strict=True)
    stood = "-".join(level for wanted, level in pairs if wanted == "+")
    return (stood or levels[0] or "mqtt")[:LEVEL_LENGTH_MAX]
