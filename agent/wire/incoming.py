"""From the wire: what one message of our own topics says.  Pure."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import JsonValue

from agent.errors import DecodeError
from agent.events import (
    CalendarChanged,
    FeedbackGiven,
    FeedbackKind,
    Gesture,
    GestureMade,
    Input,
    InputQuarantined,
    ListChanged,
    LocationMeasured,
    SourceSynced,
    UtteranceHeard,
    ZoneChanged,
)
from agent.sensor import admit, measured
from agent.signals import LOCATION, SIGNALS
from agent.wire.strict import (
    WRONG,
    WrongError,
    because,
    instant,
    number,
    parse,
    shown,
    string,
    table,
    text_of,
    whole,
)

ROOT = "carpal"
SAMPLES_MAX = 5_000
QUARANTINED_MAX = 10  # of one message; the rest is counted in one more line
TOPIC_LENGTH_MAX = 256
LEVEL_LENGTH_MAX = 64
UTTERANCE_LENGTH_MAX = 2_000
ITEMS_MAX = 1_000


class _Message(NamedTuple):
    source: str
    last: str
    payload: bytes
    arrived: datetime


def decode(topic: str, payload: bytes, *, wearer: str, arrived: datetime) -> Sequence[Input]:
    """Return the events of one message, each judged by its time against *arrived*.

    One bad sample of a batch comes back as InputQuarantined and the others stand; a message that
    is bad as a whole raises DecodeError.  What we send ourselves (`notify`) is no event.
    """
    source = shown(topic, TOPIC_LENGTH_MAX)
    try:
        events = _read(_message(topic, payload, wearer, arrived))
    except WRONG as error:
        raise DecodeError(source, because(error)) from error
    return bounded([admit(event, source=source, arrived=arrived) for event in events])


def bounded(events: Sequence[Input]) -> Sequence[Input]:
    """Return *events* with the quarantined beyond the first few told in one line."""
    bad = [event for event in events if isinstance(event, InputQuarantined)]
    if len(bad) <= QUARANTINED_MAX:
        return events
    kept = [event for event in events if not isinstance(event, InputQuarantined)]
    more = f"and {len(bad) - QUARANTINED_MAX} more of the same message"
    last = InputQuarantined(at=bad[0].at, source=bad[0].source, reason=more)
    return [*kept, *bad[:QUARANTINED_MAX], last]


def level(text: str) -> str:
    """Return *text* if it can be one level of a topic; raise ValueError."""
    if not 0 < len(text) <= LEVEL_LENGTH_MAX or not text.isprintable() or set(text) & set("/+#"):
        raise WrongError(
            f"{shown(text, LEVEL_LENGTH_MAX)!r} cannot be a level of a topic: 1 to "
            f"{LEVEL_LENGTH_MAX} printable characters without / + #"
        )
    return text


def _message(topic: str, payload: bytes, wearer: str, arrived: datetime) -> _Message:
    if len(topic) > TOPIC_LENGTH_MAX:
        raise WrongError(f"a topic of {len(topic)} characters, more than {TOPIC_LENGTH_MAX}")
    match topic.split("/"):
        case [root, whose, *_] if root == ROOT and whose != wearer:
            raise WrongError(f"a topic of another wearer ({shown(whose)}, ours is {wearer})")
        case [root, _, "act", *_] if root == ROOT:  # what we sent ourselves
            return _Message("", "notify", payload, arrived)
        case [root, _, last] if root == ROOT:
            return _Message("", last, payload, arrived)
        case [root, _, source, last] if root == ROOT:
            return _Message(level(source), level(last), payload, arrived)
        case _:
            raise WrongError(f"no topic of ours: {ROOT}/{wearer}/SOURCE/SIGNAL is one")


def _read(message: _Message) -> Sequence[Input]:
    if not message.source:
        if message.last not in _ALONE:
            known = ", ".join(_ALONE)
            raise WrongError(f"{shown(message.last)!r} is not one of {known}, and has no signal")
        return _ALONE[message.last](message)
    if message.source == "list":
        return [_list(message)]
    reader = _OF_SOURCE.get(message.last)
    if reader is not None:
        return [reader(message)]
    return _samples(message)


def _samples(message: _Message) -> Sequence[Input]:
    if message.last not in SIGNALS:
        known = ", ".join(sorted({*SIGNALS, *_OF_SOURCE}))
        raise WrongError(f"{shown(message.last)!r} is none of the signals {known}")
    one = _location if message.last == LOCATION.id else _sample
    value = parse(message.payload)
    if isinstance(value, dict) and "samples" not in value:
        return [one(value, message)]
    return [_kept(one, sample, message, index) for index, sample in enumerate(_batch(value))]


def _batch(value: JsonValue) -> Sequence[JsonValue]:
    samples = table(value, needs=("samples",))["samples"] if isinstance(value, dict) else value
    if not isinstance(samples, list):
        raise WrongError(f"{shown(samples)} is neither a sample nor an array of samples")
    if len(samples) > SAMPLES_MAX:
        raise WrongError(f"{len(samples)} samples, more than {SAMPLES_MAX}: send less at once")
    return samples


def _kept(
    read: Callable[[JsonValue, _Message], Input], value: JsonValue, message: _Message, index: int
) -> Input:
    try:
        return read(value, message)
    except WRONG as error:
        reason = f"sample {index}: {because(error)}"
        source = f"{message.source}/{message.last}"
        return InputQuarantined(at=message.arrived, source=source, reason=reason)


def _sample(value: JsonValue, message: _Message) -> Input:
    found = table(value, needs=("time", "value", "unit"), may=("sequence",))
    signal = SIGNALS[message.last]
    if found["unit"] != signal.unit and found["unit"] not in signal.also:
        raise WrongError(f"unit is {shown(found['unit'])!r}, {signal.id} has {signal.unit!r}")
    return measured(
        signal.id,
        number(found["value"], "value"),
        at=instant(found["time"]),
        source=message.source,
        source_sequence=_sequence(found),
    )


def _location(value: JsonValue, message: _Message) -> Input:
    found = table(value, needs=("time", "latitude", "longitude"), may=("accuracy", "sequence"))
    return LocationMeasured(
        at=instant(found["time"]),
        latitude_deg=number(found["latitude"], "latitude"),
        longitude_deg=number(found["longitude"], "longitude"),
        accuracy_m=number(found.get("accuracy", 20), "accuracy"),
        source=message.source,
        source_sequence=_sequence(found),
    )


def _sequence(found: dict[str, JsonValue]) -> int | None:
    sequence = found.get("sequence")
    return None if sequence is None else whole(sequence, "sequence")


def _at(found: dict[str, JsonValue], message: _Message) -> datetime:
    return instant(found["time"]) if "time" in found else message.arrived


def _synced(message: _Message) -> Input:
    found = table(parse(message.payload or b"{}"), may=("time",))
    return SourceSynced(at=_at(found, message), source=message.source)


def _calendar(message: _Message) -> Input:
    parse(message.payload)  # what a model would forgive: repeated keys, half characters
    changed = CalendarChanged.model_validate_json(message.payload, strict=True)
    if changed.source != message.source:
        raise WrongError(f"source is {shown(changed.source)!r}, its topic says {message.source!r}")
    return changed


def _gesture(message: _Message) -> Input:
    """Return the gesture: a word alone, for a watch's button that can say no more, or JSON."""
    text = text_of(message.payload).strip()
    found: dict[str, JsonValue] = {"gesture": text}
    if text.startswith("{"):
        found = table(parse(message.payload), needs=("gesture",), may=("time",))
    gestures: dict[JsonValue, Gesture] = {one: one for one in get_args(Gesture)}
    name = string(found["gesture"], "gesture", LEVEL_LENGTH_MAX)
    if name not in gestures:
        raise WrongError(f"{shown(name)!r} is not one of {', '.join(map(str, gestures))}")
    return GestureMade(at=_at(found, message), source=message.source, gesture=gestures[name])


def _list(message: _Message) -> Input:
    found = table(parse(message.payload), needs=("items",), may=("time", "source"))
    items = found["items"]
    if not isinstance(items, list) or len(items) > ITEMS_MAX:
        raise WrongError(f"items is not an array of at most {ITEMS_MAX}")
    written = {
        "at": _at(found, message).isoformat(),
        "source": string(found.get("source", "mqtt"), "source", LEVEL_LENGTH_MAX),
        "name": message.last,
        "items": [{"name": item} if isinstance(item, str) else item for item in items],
    }
    return ListChanged.model_validate_json(json.dumps(written), strict=True)


def _feedback(message: _Message) -> Sequence[Input]:
    found = table(parse(message.payload), needs=("id", "answer"), may=("minutes", "time"))
    answers: dict[JsonValue, FeedbackKind] = {kind: kind for kind in get_args(FeedbackKind)}
    text = string(found["answer"], "answer", LEVEL_LENGTH_MAX)
    if text not in answers:
        raise WrongError(f"answer is {shown(text)!r}, not one of {', '.join(map(str, answers))}")
    return [
        FeedbackGiven(
            at=_at(found, message),
            judgement=string(found["id"], "id", LEVEL_LENGTH_MAX),
            answer=answers[text],
            snooze_min=whole(found.get("minutes", 30), "minutes"),
        )
    ]


def _ask(message: _Message) -> Sequence[Input]:
    text = text_of(message.payload).strip()
    found: dict[str, JsonValue] = {"text": text}
    if text.startswith("{"):
        found = table(parse(message.payload), needs=("text",), may=("by", "time"))
    question = string(found["text"], "text", UTTERANCE_LENGTH_MAX)
    if not question.strip():
        raise WrongError("nothing is asked")
    by = found.get("by", "text")
    if by not in ("text", "voice"):
        raise WrongError(f"by is {shown(by)!r}, not one of text, voice")
    heard = UtteranceHeard(at=_at(found, message), text=question, by="text")
    return [heard if by == "text" else UtteranceHeard(at=heard.at, text=question, by="voice")]


def _zone(message: _Message) -> Sequence[Input]:
    found = table(parse(message.payload), needs=("zone",), may=("time",))
    zone = string(found["zone"], "zone", LEVEL_LENGTH_MAX)
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise WrongError(f"{shown(zone)!r} is no time zone: Europe/Berlin is one") from error
    return [ZoneChanged(at=_at(found, message), zone=zone)]


def _nothing(_message: _Message) -> Sequence[Input]:
    return ()


_ALONE = {"feedback": _feedback, "ask": _ask, "zone": _zone, "notify": _nothing}
_OF_SOURCE = {"synced": _synced, "calendar": _calendar, "gesture": _gesture}
