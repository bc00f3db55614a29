"""The house that a daemon lives in: its lock, its key, its store, and what to do with a wreck."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from agent import key
from agent.errors import DamageError, LockError, StoreError
from agent.ports import Clock
from agent.store import Database, open_store, reserve, restore

DATABASE = "carpal.db"
KEY = "carpal.key"
BACKUP = "carpal.backup.db"
LOCK = "lock"
PASSPHRASE = "CARPAL_PASSPHRASE"  # noqa: S105  # the name of a variable


class House(NamedTuple):
    """An open store, and what happened on the way in."""

    folder: Path
    db: Database
    key: bytes
    news: tuple[str, ...]


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the one lock of *folder*; raise LockError naming who holds it."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / LOCK).open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            holder = file.read(32).strip() or "unknown"
            message = f"another carpal (process {holder}) uses {folder}: stop it, or use it"
            raise LockError(message) from error
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield


def enter(folder: Path, *, clock: Clock) -> House:
    """Open the store in *folder*, made anew if there is none; the lock must be held.

    A damaged database is kept aside and the last backup takes its place; what that loses is in
    the news.  Raise StoreError if there is neither, or a database whose key is missing or wrong.
    """
    secret, news = _key(folder)
    path = folder / DATABASE
    try:
        db = open_store(path, key=secret)
    except DamageError as error:
        wreck = _salvage(folder, error, secret=secret, now=clock.now())
        db, news = open_store(path, key=secret), [*news, wreck]
    path.chmod(0o600)
    reserve(folder)
    return House(folder, db, secret, tuple(news))


def _key(folder: Path) -> tuple[bytes, list[str]]:
    path, passphrase = folder / KEY, os.environ.get(PASSPHRASE)
    if path.exists():
        return key.read(path, passphrase=passphrase), []
    if (folder / DATABASE).exists():
        raise StoreError(f"{path} is gone, and nothing else opens {DATABASE}: restore it")
    made = key.create(path, passphrase=passphrase)
    how = "wrapped by your passphrase" if passphrase else "in the clear, for your user alone"
    return made, [f"a new key was made: {path}, {how}; without it the memory cannot be read"]


def _salvage(folder: Path, error: DamageError, *, secret: bytes, now: datetime) -> str:
    """Put the backup in place of a damaged file, and return what that lost; else raise *error*.

    A backup that the key does not open either means that the key is another's: then nothing
    is moved.
    """
    path, backup = folder / DATABASE, folder / BACKUP
    if not backup.exists():
        raise StoreError(f"{error}; there is no backup: move it away to begin anew") from error
    open_store(backup, key=secret).close()
    kept = folder / f"{DATABASE}.damaged-{now:%Y%m%dT%H%M%S}"
    since = datetime.fromtimestamp(backup.stat().st_mtime, tz=now.tzinfo)
    restore(path, backup=backup, kept=kept)
    return (
        f"the database was damaged ({error}) and is kept as {kept.name}; the backup of "
        f"{since:%Y-%m-%d %H:%M} UTC took its place: what came after it is lost"
    )
