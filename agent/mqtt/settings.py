"""What the wearer may set about MQTT, and the files that the settings name."""

import ssl
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from agent.errors import ConfigError
from agent.wire import Mapping


class Settings(BaseModel):
    """Where the broker is, and what we hear from it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str = Field(default="127.0.0.1", min_length=1, description="Name or address (no unit).")
    port: int = Field(default=1883, ge=1, le=65535, description="TCP port (no unit).")
    socket: str = Field(
        default="", description="Path of the broker's unix socket; wins over host and port."
    )
    username: str = Field(default="", description="User name at the broker; empty: none.")
    password_file: str = Field(default="", description="Path of a file whose first line it is.")
    tls_ca: str = Field(
        default="", description="Path of the CA (PEM) that signed the broker's key; empty: no TLS."
    )
    client_id: str = Field(
        default="carpal", min_length=1, max_length=64, description="Names the session (no unit)."
    )
    keepalive_s: int = Field(
        default=30, ge=5, le=3600, description="Silence until a ping, in seconds."
    )
    session_expiry_s: int = Field(
        default=604_800,
        ge=0,
        le=2**32 - 2,
        description="How long the broker keeps what comes while we are away, in seconds.",
    )
    receive_max: int = Field(
        default=500, ge=1, le=65535, description="Messages that may wait for us at once (count)."
    )
    wearer: str = Field(
        default="me", max_length=64, pattern=r"^[^/+#\s]+$", description="Second level of topics."
    )
    mappings: tuple[Mapping, ...] = Field(
        default=(), max_length=200, description="Other systems' topics and what they measure."
    )
    owntracks: str = Field(
        default="",
        max_length=64,
        pattern=r"^[^/+#\s]*$",
        description="User name in OwnTracks, whose topics are then heard; empty: off.",
    )
    owntracks_key_file: str = Field(
        default="",
        description="Path of a file whose first line is the encryption key of OwnTracks' settings.",
    )


def password_of(settings: Settings) -> str | None:
    """Return the first line of the password file; raise ConfigError if it cannot be read."""
    return _first_line("mqtt.password_file", settings.password_file)


def owntracks_key_of(settings: Settings) -> str:
    """Return the first line of the key file, empty without one; raise ConfigError."""
    return _first_line("mqtt.owntracks_key_file", settings.owntracks_key_file) or ""


def _first_line(key: str, path: str) -> str | None:
    if not path:
        return None
    try:
        return Path(path).read_text().partition("\n")[0].strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(key, path, f"cannot be read: {error}") from error


def tls_of(settings: Settings) -> ssl.SSLContext | None:
    """Return what trusts the wearer's own CA and no other; raise ConfigError; None without TLS."""
    path = settings.tls_ca
    if not path or settings.socket:
        return None
    try:
        return ssl.create_default_context(cafile=path)
    except (OSError, ValueError) as error:
        raise ConfigError("mqtt.tls_ca", path, f"cannot be read: {error}") from error
