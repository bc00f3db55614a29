"""What systemd is told: that we are ready, alive, reloading, stopping.

The protocol of sd_notify(3): lines of text in a datagram to the socket in NOTIFY_SOCKET.
"""

import os
import socket


def notify(state: str) -> bool:
    """Tell systemd *state*; return whether there is a systemd to tell."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return False
    if address.startswith("@"):
        address = "\0" + address[1:]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as link:
        try:
            link.connect(address)
            link.sendall(state.encode())
        except OSError:
            return False
    return True


def watchdog_s() -> float | None:
    """Return how often systemd wants a sign of life, in seconds, halved as it asks; or None."""
    spent_us = os.environ.get("WATCHDOG_USEC", "")
    owner = os.environ.get("WATCHDOG_PID", str(os.getpid()))
    if not spent_us.isdigit() or owner != str(os.getpid()):
        return None
    return int(spent_us) / 2_000_000
