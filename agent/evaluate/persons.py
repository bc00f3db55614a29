"""Made-up people: read from their files, checked at the border."""

from pathlib import Path

from agent import config
from agent.errors import ConfigError
from agent.shipped import shipped
from sensors.simulated.person import Person

FOLDER = "persons"
BUILT_IN = ("office", "night-shift", "parent", "athlete", "commuter", "retired")
BYTES_MAX = 64 << 10


def decode(text: str, *, name: str) -> Person:
    """Return the person that *text* (TOML) describes; raise ConfigError for key and value."""
    return config.check(Person, config.parse(text, name=name))


def read(path: Path) -> Person:
    """Return the person in the file *path*; raise ConfigError naming what is wrong with it."""
    try:
        with path.open("rb") as file:
            raw = file.read(BYTES_MAX + 1)
    except OSError as error:
        raise ConfigError("--person", str(path), f"cannot be read: {error.strerror}") from error
    if len(raw) > BYTES_MAX:
        raise ConfigError("--person", str(path), f"is larger than {BYTES_MAX >> 10} KiB")
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        raise ConfigError("--person", str(path), "is not text in UTF-8") from error
    return decode(text, name=str(path))


def built_in() -> tuple[Person, ...]:
    """Return the six who ship."""
    return tuple(read(shipped(f"{FOLDER}/{name}.toml")) for name in BUILT_IN)
