"""What a device tells Home Assistant about its own topics (MQTT discovery).  Pure."""

import re
from typing import NamedTuple

from pydantic import JsonValue

from agent.wire import WrongError, shown

TOPIC_LENGTH_MAX = 256
_SIMPLE = re.compile(
    r"""\{\{\s*value_json
    (?P<path>(?:\.[A-Za-z_][A-Za-z0-9_]*|\[\s*(?:'[^'\[\]]{1,64}'|"[^"\[\]]{1,64}"|[0-9]{1,3})\s*\])+)
    \s*(?:\|\s*(?:float|int|round)\s*(?:\(\s*[0-9.]{0,8}\s*\))?\s*)*\}\}""",
    re.VERBOSE,
)
_STEP = re.compile(r"""\.([A-Za-z_][A-Za-z0-9_]*)|\[\s*['"]([^'"]+)['"]\s*\]|\[\s*([0-9]+)\s*\]""")


class Announced(NamedTuple):
    """One entity, and where its state is."""

    entity: str
    topic: str
    path: tuple[str | int, ...]
    """The keys to its value in the JSON; empty where the payload is the value."""
    unit: str = ""


def announced(component: str, node: str, found: dict[str, JsonValue]) -> Announced | None:
    """Return the entity that a discovery message describes; None if it has no state to read.

    The abbreviations of the format are known.  Of the templates only those that name a value, as
    `{{ value_json.a.b | float }}` does, are; another one raises WrongError, for we run no code.
    """
    base = _text(found, "~")
    topic = _text(found, "state_topic", "stat_t")
    topic = base + topic[1:] if topic.startswith("~") else topic
    topic = topic[:-1] + base if topic.endswith("~") else topic
    if not topic or len(topic) > TOPIC_LENGTH_MAX:
        return None
    name = _text(found, "default_entity_id", "object_id", "obj_id", "unique_id", "uniq_id") or node
    plain = "_".join(re.findall(r"[a-z0-9]+", name.rpartition(".")[2].casefold()))
    template = _text(found, "value_template", "val_tpl").strip()
    return Announced(
        entity=f"{component}.{plain or 'unnamed'}"[:128],
        topic=topic,
        path=_path(template) if template else (),
        unit=_text(found, "unit_of_measurement", "unit_of_meas")[:16],
    )


def _path(template: str) -> tuple[str | int, ...]:
    simple = _SIMPLE.fullmatch(template)
    if simple is None:
        raise WrongError(f"value_template {shown(template, 60)!r} is more than value_json.x")
    return tuple(
        int(number) if number else key or quoted for key, quoted, number in _STEP.findall(simple[1])
    )


def _text(found: dict[str, JsonValue], *keys: str) -> str:
    texts = (found.get(key) for key in keys)
    return next((text for text in texts if isinstance(text, str)), "")
