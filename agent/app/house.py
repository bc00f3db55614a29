"""The house that a daemon lives in: its lock, its key, its store, and what to do with a wreck."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from agent import key
from agent.errors import DamageError, LockError, StoreError
from agent.memory.salvage import Saved, salvage
from agent.ports import Clock
from agent.store import Database, open_store, opens, private, replace, reserve

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
    private(folder / LOCK)
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

    A damaged database is kept aside; the last backup and what can still be read take its place,
    and what that loses is in the news.  Raise StoreError if there is neither, or a database whose
    key is missing or wrong.
    """
    secret, news = _key(folder)
    path = folder / DATABASE
    if (folder / BACKUP).exists():
        private(folder / BACKUP)
    try:
        db = open_store(path, key=secret)
    except DamageError as error:
        wreck = _salvage(folder, error, secret=secret, now=clock.now())
        db, news = open_store(path, key=secret), [*news, wreck]
    reserve(folder)
    return House(folder, db, secret, tuple(news))


def secret_of(folder: Path) -> bytes:
    """Return the key of the store in *folder*, which is there; raise StoreError."""
    return key.read(folder / KEY, passphrase=os.environ.get(PASSPHRASE))


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
    """Put the backup and what can still be read in place of a damaged file; return the news.

    Raise StoreError, and move nothing, if the key opens neither: then it may be another's.
    """
    path, backup, fresh = folder / DATABASE, folder / BACKUP, folder / f"{DATABASE}.new"
    begun, legible = _begin(backup, fresh, secret), opens(path, key=secret)
    if not begun and not legible:
        raise StoreError(_refusal(folder)) from error
    kept = folder / f"{DATABASE}.damaged-{now:%Y%m%dT%H%M%S}"
    db = open_store(fresh, key=secret)
    try:
        saved = salvage(db, path, key=secret)
    finally:
        db.close()
    replace(path, fresh=fresh, kept=kept)
    since = datetime.fromtimestamp(backup.stat().st_mtime, tz=UTC) if begun else None
    return f"the database was damaged and is kept as {kept.name}; {_told(since, saved)}"


def _begin(backup: Path, fresh: Path, secret: bytes) -> bool:
    """Make *fresh* a copy of *backup*, or empty; return whether the backup could be used."""
    for suffix in ("", "-wal", "-shm"):
        fresh.with_name(fresh.name + suffix).unlink(missing_ok=True)
    if not backup.exists():
        return False
    try:
        open_store(backup, key=secret).close()
    except DamageError:
        return False
    private(fresh)
    shutil.copyfile(backup, fresh)
    return True


def _refusal(folder: Path) -> str:
    both = (folder / BACKUP).exists()
    opens_not = f"opens neither {DATABASE} nor {BACKUP}" if both else f"does not open {DATABASE}"
    what, lone = ("both", "") if both else ("the file", ", and there is no backup")
    return (
        f"the key in {folder / KEY} {opens_not}{lone}: another key's, or damaged; put back the "
        f"key file that was made with it, or move {what} away to begin anew"
    )


def _told(since: datetime | None, saved: Saved) -> str:
    parts = [f"the backup of {since:%Y-%m-%d %H:%M} UTC took its place"] if since else []
    later = " later" if since else ""
    parts.append(f"{saved.inputs}{later} inputs were saved from the damaged file")
    if saved.whole:
        parts.append("nothing that was kept is lost")
    elif saved.until is None:
        parts.append("all else is lost")
    else:
        parts.append(f"what came after {saved.until.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC is lost")
    return "; ".join(parts)
