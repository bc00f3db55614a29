"""The wire: our own topics and payloads, both ways, and those of other systems.  Pure.

| topic | payload |
|---|---|
| `carpal/WEARER/SOURCE/SIGNAL` | `{"time", "value", "unit", "sequence"}` or an array of those |
| `carpal/WEARER/SOURCE/location` | `{"time", "latitude", "longitude", "accuracy", "sequence"}` |
| `carpal/WEARER/SOURCE/synced` | nothing, or `{"time"}`: the source has delivered all it had |
| `carpal/WEARER/SOURCE/calendar` | all of one calendar: `CalendarChanged` as JSON |
| `carpal/WEARER/SOURCE/gesture` | `tap`, `double_tap`, `shake`, `yes`, `no` or `later` |
| `carpal/WEARER/list/NAME` | `{"items": ["milk", {"name", "amount", "aisle", "done"}], "time"}` |
| `carpal/WEARER/feedback` | `{"id", "answer": "accepted", "dismissed" or "snoozed", "minutes"}` |
| `carpal/WEARER/ask` | the question as plain text, or `{"text", "by": "text" or "voice"}` |
| `carpal/WEARER/zone` | `{"zone": "Europe/Berlin"}` |
| `carpal/WEARER/notify` | outgoing: what the wearer is shown |
| `carpal/WEARER/act/SKILL/...` | outgoing: JSON, what the wearer agreed that a skill does |
| `carpal/WEARER/act/lists/NAME` | outgoing: `{"added", "removed"}`, names of a list's items |
| `carpal/WEARER/answer` | outgoing: `{"question", "text"}`, the answer to what came on `ask` |

An array may also come as `{"samples": [...]}`, a gesture as `{"gesture", "time"}`.  `time` is
RFC 3339 with an offset or a number of Unix seconds; `sequence` counts up by one and is optional;
`unit` is the signal's own or one of its other spellings.
"""

from agent.wire.foreign import Mapping, decode_foreign, matches
from agent.wire.incoming import ROOT, SAMPLES_MAX, bounded, decode, level
from agent.wire.markup import Markup
from agent.wire.outgoing import act_topic, encode_edit, encode_samples, list_topic, notify_topic
from agent.wire.strict import (
    PAYLOAD_BYTES_MAX,
    WRONG,
    WrongError,
    because,
    instant,
    number,
    parse,
    shown,
    table,
    whole,
)

__all__ = [
    "PAYLOAD_BYTES_MAX",
    "ROOT",
    "SAMPLES_MAX",
    "WRONG",
    "Mapping",
    "Markup",
    "WrongError",
    "act_topic",
    "because",
    "bounded",
    "decode",
    "decode_foreign",
    "encode_edit",
    "encode_samples",
    "instant",
    "level",
    "list_topic",
    "matches",
    "notify_topic",
    "number",
    "parse",
    "shown",
    "table",
    "whole",
]
