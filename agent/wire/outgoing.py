"""To the wire: the messages whose decoding gives the same events.  Pure."""

import json
from collections.abc import Iterable, Iterator
from itertools import groupby, islice
from typing import NamedTuple

from pydantic import JsonValue

from agent.events import (
    CalendarChanged,
    FeedbackGiven,
    GestureMade,
    Input,
    ListChanged,
    ListEdited,
    LocationMeasured,
    SampleMeasured,
    SourceSynced,
    UtteranceHeard,
    ZoneChanged,
)
from agent.signals import LOCATION, SIGNALS
from agent.wire.incoming import ROOT, level

Told = CalendarChanged | FeedbackGiven | ListChanged | SourceSynced | UtteranceHeard | ZoneChanged


class _Message(NamedTuple):
    topic: str
    content: dict[str, JsonValue]


def encode_samples(
    events: Iterable[Input], wearer: str, *, together_max: int = 1
) -> Iterator[tuple[str, bytes]]:
    """Yield a topic and a payload for every event that has a topic, in their order.

    Up to *together_max* neighbours of one source and signal share a message.  What has no topic
    (reminders, settings, reports) is left out; a source that cannot be a level of a topic raises
    ValueError.
    """
    messages = (message for event in events if (message := _message(event, wearer)) is not None)
    for topic, run in groupby(messages, key=lambda message: message.topic):
        while together := list(islice(run, together_max)):
            yield from _joined(topic, together)


def notify_topic(wearer: str) -> str:
    """Return the topic of what the wearer is shown."""
    return f"{ROOT}/{level(wearer)}/notify"


def act_topic(wearer: str, topic: str) -> str:
    """Return where an action of a skill is published: *topic* is `SKILL/…`."""
    return f"{ROOT}/{level(wearer)}/act/{topic}"


def list_topic(wearer: str, name: str) -> str:
    """Return where a change of the list *name* is published, for whoever keeps it too."""
    return act_topic(wearer, f"lists/{level(name)}")


def encode_edit(edited: ListEdited, wearer: str) -> tuple[str, bytes]:
    """Return topic and payload of what the wearer put on a list and took off; raise ValueError."""
    added: list[JsonValue] = [item.name for item in edited.added]
    removed: list[JsonValue] = [*edited.removed]
    return list_topic(wearer, edited.name), _written({"added": added, "removed": removed})


def _joined(topic: str, together: list[_Message]) -> Iterator[tuple[str, bytes]]:
    if len(together) > 1 and topic.rpartition("/")[2] in SIGNALS:
        yield topic, _written([message.content for message in together])
        return
    for message in together:
        yield topic, _written(message.content)


def _written(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def _message(event: Input, wearer: str) -> _Message | None:
    at = event.at.isoformat()
    head = f"{ROOT}/{level(wearer)}"
    match event:
        case SampleMeasured(signal=signal, value=value, source=source):
            content: dict[str, JsonValue] = {
                "time": at,
                "value": value,
                "unit": SIGNALS[signal].unit,
            }
            content |= _sequence(event.source_sequence)
            return _Message(f"{head}/{level(source)}/{signal}", content)
        case LocationMeasured(source=source):
            content = {
                "time": at,
                "latitude": event.latitude_deg,
                "longitude": event.longitude_deg,
                "accuracy": event.accuracy_m,
            }
            content |= _sequence(event.source_sequence)
            return _Message(f"{head}/{level(source)}/{LOCATION.id}", content)
        case GestureMade(source=source, gesture=gesture):
            content = {"time": at, "gesture": gesture}
            return _Message(f"{head}/{level(source)}/gesture", content)
        case (
            CalendarChanged()
            | FeedbackGiven()
            | ListChanged()
            | SourceSynced()
            | UtteranceHeard()
            | ZoneChanged()
        ):
            return _told(event, head, at)
        case _:
            return None


def _told(event: Told, head: str, at: str) -> _Message:
    match event:
        case CalendarChanged(source=source):
            return _Message(f"{head}/{level(source)}/calendar", event.model_dump(mode="json"))
        case SourceSynced(source=source):
            return _Message(f"{head}/{level(source)}/synced", {"time": at})
        case ListChanged(name=name, source=source):
            items = event.model_dump(mode="json")["items"]
            content = {"time": at, "source": source, "items": items}
            return _Message(f"{head}/list/{level(name)}", content)
        case FeedbackGiven(judgement=id_, answer=answer, snooze_min=minutes):
            content = {"time": at, "id": id_, "answer": answer, "minutes": minutes}
            return _Message(f"{head}/feedback", content)
        case UtteranceHeard(text=text, by=by):
            return _Message(f"{head}/ask", {"time": at, "text": text, "by": by})
        case ZoneChanged(zone=zone):
            return _Message(f"{head}/zone", {"time": at, "zone": zone})


def _sequence(sequence: int | None) -> dict[str, JsonValue]:
    return {} if sequence is None else {"sequence": sequence}
