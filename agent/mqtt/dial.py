"""The way to the broker: a unix socket, or TCP with or without TLS."""

import socket

from agent.errors import AgentError
from agent.mqtt.settings import Settings, tls_of

CONNECT_S_MAX = 5


def dialled(settings: Settings) -> socket.socket:
    """Return a connected socket, past its TLS handshake; raise OSError or ValueError."""
    if settings.socket:
        opened = socket.socket(socket.AF_UNIX)
        opened.settimeout(CONNECT_S_MAX)
    else:
        opened = socket.create_connection((settings.host, settings.port), CONNECT_S_MAX)
    try:
        if settings.socket:
            opened.connect(settings.socket)
        else:
            opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # 44 ms less
        trusted = tls_of(settings)
        return trusted.wrap_socket(opened, server_hostname=settings.host) if trusted else opened
    except (OSError, ValueError, AgentError):
        opened.close()
        raise
