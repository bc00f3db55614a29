"""The key of the store: random bytes in a small file, in the clear or wrapped by a passphrase."""

import json
import os
import secrets
from base64 import b64decode, b64encode
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from agent.errors import StoreError

KEY_BYTES = 32
SALT_BYTES = 16
NONCE_BYTES = 12
MEMORY_KIB = 64 * 1024  # RFC 9106, second recommended option: 64 MiB, three passes
PASSES = 3
LANES = 4
_BOUND = b"carpal key 1"


def create(path: Path, *, passphrase: str | None = None) -> bytes:
    """Write a new random key to *path*, and return it; refuse to replace one (StoreError)."""
    if path.exists():
        raise StoreError(f"{path} is there already: a new key would lose what it opens")
    key = secrets.token_bytes(KEY_BYTES)
    write(path, key, passphrase=passphrase)
    return key


def write(path: Path, key: bytes, *, passphrase: str | None) -> None:
    """Put *key* at *path* so that a crash leaves the old file or the new one, never neither."""
    fresh = path.with_name(f"{path.name}.new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(_wrap(key, passphrase), file)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


def read(path: Path, *, passphrase: str | None = None) -> bytes:
    """Return the key at *path*; raise StoreError if it is damaged or the passphrase is wrong."""
    try:
        kept = json.loads(path.read_text())
        bare = kept["wrap"] == "none"
        key = b64decode(kept["key"]) if bare else _unwrap(kept, path, passphrase)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreError(f"{path} is no key file ({error}): restore it from your copy") from error
    if len(key) != KEY_BYTES:
        raise StoreError(f"{path} holds {len(key)} bytes, not {KEY_BYTES}: restore it")
    return key


def _wrap(key: bytes, passphrase: str | None) -> dict[str, str | int]:
    if passphrase is None:
        return {"version": 1, "wrap": "none", "key": b64encode(key).decode()}
    salt, nonce = secrets.token_bytes(SALT_BYTES), secrets.token_bytes(NONCE_BYTES)
    sealed = AESGCM(_stretch(passphrase, salt)).encrypt(nonce, key, _BOUND)
    parts = {"salt": salt, "nonce": nonce, "key": sealed}
    encoded = {name: b64encode(part).decode() for name, part in parts.items()}
    return {"version": 1, "wrap": "argon2id", **encoded}


def _unwrap(kept: dict[str, str], path: Path, passphrase: str | None) -> bytes:
    if passphrase is None:
        raise StoreError(f"{path} is wrapped: give its passphrase in CARPAL_PASSPHRASE")
    salt, nonce, sealed = (b64decode(kept[name]) for name in ("salt", "nonce", "key"))
    try:
        return AESGCM(_stretch(passphrase, salt)).decrypt(nonce, sealed, _BOUND)
    except InvalidTag as error:
        raise StoreError(f"the passphrase does not open {path}") from error


def _stretch(passphrase: str, salt: bytes) -> bytes:
    stretch = Argon2id(
        salt=salt, length=KEY_BYTES, iterations=PASSES, lanes=LANES, memory_cost=MEMORY_KIB
    )
    return stretch.derive(passphrase.encode())
