"""The ways that the settings name to reach the wearer."""

import sys
from collections.abc import Callable
from zoneinfo import ZoneInfo

from agent.app.settings import Settings
from agent.events import FeedbackKind
from agent.mqtt import Mqtt
from agent.notify import Fan
from agent.notify.desktop import Desktop
from agent.notify.mqtt import Published
from agent.notify.ntfy import Ntfy
from agent.notify.terminal import Terminal
from agent.ports import Notifier


def screens(
    settings: Settings, *, mqtt: Mqtt | None, answered: Callable[[str, FeedbackKind], None]
) -> Fan:
    """Return one notifier that shows on all; raise ConfigError for an address that is not local."""
    notify = settings.notify
    ways: dict[str, Notifier] = {}
    if notify.terminal:
        ways["terminal"] = Terminal(sys.stdout, zone=ZoneInfo(settings.zone))
    if mqtt is not None and settings.mqtt is not None:
        ways["mqtt"] = Published(mqtt.send, wearer=settings.mqtt.wearer)
    if notify.desktop:
        ways["desktop"] = Desktop(answered)
    if notify.ntfy is not None:
        ways["ntfy"] = Ntfy(notify.ntfy)
    return Fan(ways)
