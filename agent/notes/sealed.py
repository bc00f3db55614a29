"""Sound on disk that only the store's key opens: blocks of AES-GCM, each whole or lost by itself.

A file is a head (what it is, and 16 random bytes) and blocks (four bytes of length, then what is
sealed).  Its key is drawn from the store's (HKDF, RFC 5869) and those random bytes, so that it
seals one file only; a block's nonce is its number, so that no two can change places.  Where a block
could not be written there is a gap in its stead, for its number sealed something once.
"""

import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from agent.errors import StoreError

KIND = b"carpal sound 1\n\0"
SALT_BYTES = 16
KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16
LENGTH_BYTES = 4
BLOCK_MAX = 30 * 32_000  # a longer sentence has several blocks: a model looks at 30 s at a time
GAP = TAG_BYTES.to_bytes(LENGTH_BYTES, "big") + bytes(TAG_BYTES)
"""In place of a block that could not be written: it opens with no key, and is counted as lost."""
PRIVATE = 0o600


class Sealer:
    """Writes blocks, each on disk before it returns."""

    def __init__(self, path: Path, secret: bytes) -> None:
        """Begin *path* anew, for its owner alone; raise OSError, and then leave nothing open."""
        salt = secrets.token_bytes(SALT_BYTES)
        self._cipher, self._number = _cipher(secret, salt), 0
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, PRIVATE)
        self._whole_bytes = self._gaps = 0
        try:
            self._append(KIND + salt)
            self.write(b"")  # opens only by the right key: so it is told from damage
        except OSError:
            self.close()
            raise

    def write(self, block: bytes) -> None:
        """Seal up to `BLOCK_MAX` bytes as the next block; raise OSError: then it alone is lost."""
        assert len(block) <= BLOCK_MAX
        sealed = self._cipher.encrypt(_nonce(self._number), block, KIND)
        self._number += 1
        self._gaps += 1  # until it is on disk
        frame = len(sealed).to_bytes(LENGTH_BYTES, "big") + sealed
        self._append(GAP * (self._gaps - 1) + frame)
        self._gaps = 0

    def _append(self, raw: bytes) -> None:
        os.ftruncate(self._file, self._whole_bytes)  # what a full disk took of the one before
        left = memoryview(raw)
        while left:
            left = left[os.write(self._file, left) :]
        os.fsync(self._file)
        self._whole_bytes += len(raw)

    def close(self) -> None:
        """End the file; what was written stays."""
        os.close(self._file)


class Opened:
    """The blocks of a file, one at a time."""

    def __init__(self, path: Path, secret: bytes) -> None:
        """*path* is opened when its blocks are asked for."""
        self._path, self._secret = path, secret
        self.lost = 0
        """How many blocks were damaged, or could not be written, and were passed over."""

    def blocks(self) -> Iterator[bytes]:
        """Yield what was sealed, to the last block that is whole; raise StoreError."""
        self.lost = 0
        try:
            with self._path.open("rb") as file:
                yield from self._read(file)
        except OSError as error:
            raise StoreError(f"cannot read {self._path}: {error.strerror}") from error

    def _read(self, file: IO[bytes]) -> Iterator[bytes]:
        kind, salt = file.read(len(KIND)), file.read(SALT_BYTES)
        if not KIND.startswith(kind):
            raise StoreError(f"{self._path} is no recording of carpal's")
        if len(salt) < SALT_BYTES:  # a crash came before the first word
            return
        cipher = _cipher(self._secret, salt)
        for number, sealed in enumerate(self._sealed(file)):
            try:
                block = cipher.decrypt(_nonce(number), sealed, KIND)
            except InvalidTag as error:
                if not number:
                    reason = f"the key of the store does not open {self._path}, or it is damaged"
                    raise StoreError(reason) from error
                self.lost += 1
                continue
            if number:
                yield block

    def _sealed(self, file: IO[bytes]) -> Iterator[bytes]:
        """Yield blocks as they lie there; a crash may have torn the last one."""
        while len(length := file.read(LENGTH_BYTES)) == LENGTH_BYTES:
            size = int.from_bytes(length, "big")
            if not TAG_BYTES <= size <= BLOCK_MAX + TAG_BYTES:
                self.lost += 1  # and where the next one begins, nobody knows
                return
            sealed = file.read(size)
            if len(sealed) < size:
                return
            yield sealed


def private(path: Path) -> IO[bytes]:
    """Open *path* for writing, for its owner alone."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE), "wb")


def _cipher(secret: bytes, salt: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), length=KEY_BYTES, salt=salt, info=KIND).derive(secret))


def _nonce(number: int) -> bytes:
    return number.to_bytes(NONCE_BYTES, "big")
