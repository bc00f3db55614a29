"""The file and its key: encrypted on disk, refused with another key, brought up to date."""

import json
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent import key, store
from agent.errors import DamageError, StoreError
from agent.memory.journal import Journal
from agent.store import KEY_BYTES, Database, back_up, open_store, replace, survivors, transaction
from tests.days import KEY, at, open_bus, sample, shopping

OTHER = bytes(reversed(range(32)))
WANTED = "pomegranates"


def kept(path: Path) -> int:
    db = open_store(path, key=KEY)
    found: int = next(iter(db.query("select count(*) as n from event")))["n"]
    db.close()
    return found


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A store with one list in it."""
    file = tmp_path / "carpal.db"
    bus = open_bus(file)
    bus.publish([shopping(1, WANTED), sample(2, "heart_rate", 71)])
    bus._journal._db.close()
    return file


def test_nothing_of_what_is_kept_can_be_read_on_the_disk(path: Path) -> None:
    for file in path.parent.iterdir():
        raw = file.read_bytes()
        assert WANTED.encode() not in raw
        assert b"SQLite format 3" not in raw
        assert b"create table" not in raw.lower()


def test_another_key_is_refused_and_changes_nothing(path: Path) -> None:
    before = path.read_bytes()
    with pytest.raises(DamageError, match="damaged, or another key's"):
        open_store(path, key=OTHER)
    assert path.read_bytes() == before
    assert kept(path) == 1


def test_a_key_of_the_wrong_length_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="32 bytes, not 31"):
        open_store(tmp_path / "carpal.db", key=KEY[:-1])


@pytest.mark.parametrize("where", [20, 4096 + 100, -200])
def test_one_flipped_bit_is_noticed(path: Path, where: int) -> None:
    raw = bytearray(path.read_bytes())
    raw[where] ^= 1
    path.write_bytes(raw)
    with pytest.raises(DamageError):
        open_store(path, key=KEY)


def test_a_file_that_is_no_database_is_damage(tmp_path: Path) -> None:
    path = tmp_path / "carpal.db"
    path.write_bytes(b"not a database " * 1000)
    with pytest.raises(DamageError):
        open_store(path, key=KEY)


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="may this user write there"):
        open_store(tmp_path / "absent" / "carpal.db", key=KEY)


def test_the_schema_is_brought_up_to_date_once_and_what_is_there_stays(path: Path) -> None:
    for _ in range(2):
        db = open_store(path, key=KEY)
        applied = [one.name for one in store.migration.applied(db)]
        assert applied == sorted(set(applied))
        assert store.migration.pending(db) == []
        db.close()
    assert kept(path) == 1


def _emptied(db: Database, *, then: Callable[[], object]) -> None:
    with transaction(db):
        db.execute("delete from event")
        then()


def test_a_block_that_fails_writes_nothing(path: Path) -> None:
    db = open_store(path, key=KEY)
    with pytest.raises(ZeroDivisionError):
        _emptied(db, then=lambda: 1 / 0)
    with pytest.raises(StoreError, match="nothing was written"):
        _emptied(db, then=lambda: db.execute("insert into nowhere values (1)"))
    db.close()
    assert kept(path) == 1


def test_a_backup_is_whole_encrypted_and_takes_the_place_of_a_wreck(path: Path) -> None:
    backup, wreck = path.with_name("backup.db"), path.with_name("wreck.db")
    back_up(path, backup, key=KEY)
    assert WANTED.encode() not in backup.read_bytes()
    path.write_bytes(b"\0" * 8192)
    replace(path, fresh=backup, kept=wreck)
    assert kept(path) == 1
    assert wreck.read_bytes() == b"\0" * 8192
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_journal_of_a_new_file_is_empty_and_starts_at_nothing(tmp_path: Path) -> None:
    db = open_store(tmp_path / "carpal.db", key=KEY)
    assert Journal(db).last().sequence == 0
    db.close()


def test_a_time_comes_back_to_the_microsecond() -> None:
    for minute in (0, 0.5, 1e6, -1e6):
        assert store.from_us(store.to_us(at(minute))) == at(minute)


def test_what_lies_before_a_damaged_page_can_still_be_read(tmp_path: Path) -> None:
    path = tmp_path / "carpal.db"
    bus = open_bus(path)
    bus.publish([sample(minute, "motion", 10) for minute in range(2_000)])
    bus._journal._db.close()
    raw = bytearray(path.read_bytes())
    for place in range(len(raw) // 2, len(raw), 4096):
        raw[place] ^= 1
    path.write_bytes(raw)
    rows = list[object]()
    with pytest.raises(DamageError, match=r"carpal\.db"):
        rows.extend(survivors(path, "select * from sample order by sequence", key=KEY))
    query = "select * from sample where sequence <= ? order by sequence"
    assert list(survivors(path, query, [5], key=KEY)) == rows[:5]
    assert store.opens(path, key=KEY)
    assert not store.opens(path, key=OTHER)
    assert path.read_bytes() == raw


def test_a_wrong_key_leaves_the_telling_to_us(
    path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(DamageError):
        open_store(path, key=OTHER)
    assert not store.opens(path, key=OTHER)
    assert capfd.readouterr() == ("", "")


def test_every_file_is_for_its_owner_alone(path: Path) -> None:
    back_up(path, path.with_name("backup.db"), key=KEY)
    store.reserve(path.parent)
    db = open_store(path, key=KEY)
    modes = {one.name: stat.S_IMODE(one.stat().st_mode) for one in path.parent.iterdir()}
    db.close()
    assert {"carpal.db", "backup.db", "reserve"} <= set(modes)
    assert set(modes.values()) == {0o600}


# The key.


def test_a_key_in_the_clear_is_for_its_owner_alone_and_is_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "carpal.key"
    made = key.create(path)
    assert key.read(path) == made
    assert len(made) == KEY_BYTES
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(StoreError, match="there already"):
        key.create(path)
    assert key.read(path) == made


def test_a_wrapped_key_opens_with_its_passphrase_alone(tmp_path: Path) -> None:
    path = tmp_path / "carpal.key"
    made = key.create(path, passphrase="correct horse")  # noqa: S106  # a test's
    assert key.read(path, passphrase="correct horse") == made  # noqa: S106
    assert made.hex() not in path.read_text()
    with pytest.raises(StoreError, match="does not open"):
        key.read(path, passphrase="correct hors")  # noqa: S106
    with pytest.raises(StoreError, match="CARPAL_PASSPHRASE"):
        key.read(path)
    key.write(path, made, passphrase=None)
    assert key.read(path) == made


def test_two_wraps_of_one_key_have_nothing_in_common(tmp_path: Path) -> None:
    path, texts = tmp_path / "carpal.key", []
    for _ in range(2):
        key.write(path, KEY, passphrase="same")  # noqa: S106
        texts.append(json.loads(path.read_text()))
    assert not {texts[0][name] for name in ("salt", "nonce", "key")} & set(texts[1].values())


DAMAGED = st.one_of(
    st.binary(max_size=80),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=9),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(("wrap", "key", "salt", "nonce")), inner, max_size=4)
        ),
        max_leaves=6,
    ).map(lambda value: json.dumps(value).encode()),
    st.fixed_dictionaries(
        {"wrap": st.sampled_from(("none", "argon2id", "rot13")), "key": st.text(max_size=44)},
        optional={"salt": st.text(max_size=9), "nonce": st.text(max_size=9)},
    ).map(lambda value: json.dumps(value).encode()),
)


@given(DAMAGED)
@settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
def test_a_damaged_key_file_is_refused_and_stays(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "carpal.key"
    path.write_bytes(raw)
    for passphrase in (None, "a passphrase"):
        with pytest.raises(StoreError, match=r"carpal\.key"):
            key.read(path, passphrase=passphrase)
    assert path.read_bytes() == raw
