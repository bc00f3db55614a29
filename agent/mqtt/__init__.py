"""MQTT: stay connected to the broker, hand over what it holds, send what goes out."""

from agent.mqtt.feed import Counters, DeadLetter, Mqtt, Publish, Route, publishing
from agent.mqtt.link import Link, LinkError
from agent.mqtt.settings import Settings, owntracks_key_of

__all__ = [
    "Counters",
    "DeadLetter",
    "Link",
    "LinkError",
    "Mqtt",
    "Publish",
    "Route",
    "Settings",
    "owntracks_key_of",
    "publishing",
]
