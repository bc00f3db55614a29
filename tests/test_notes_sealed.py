"""Sealed recordings: what is damaged loses itself alone, and nothing else opens them."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.errors import StoreError
from agent.notes import recorder
from agent.notes.recorder import Recorder, pieces
from agent.notes.sealed import BLOCK_MAX, KIND, SALT_BYTES, Opened, Sealer
from agent.ports import CUT_MAX_S
from tests.days import at
from tests.test_skill_talk import NOON

SECRET = bytes(range(32))
BLOCKS = [b"one" * 500, b"two" * 500, b"three" * 500]
HEAD = len(KIND) + SALT_BYTES
FRAME = 4 + 16


def sealed(path: Path, blocks: list[bytes] | None = None) -> Path:
    sealer = Sealer(path, SECRET)
    for block in BLOCKS if blocks is None else blocks:
        sealer.write(block)
    sealer.close()
    return path


def test_what_was_sealed_is_opened_in_its_order(tmp_path: Path) -> None:
    path = sealed(tmp_path / "one")
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(Opened(path, SECRET).blocks()) == BLOCKS
    assert not any(block[:9] in path.read_bytes() for block in BLOCKS)


def test_the_same_sound_is_never_sealed_alike(tmp_path: Path) -> None:
    one, other = sealed(tmp_path / "one").read_bytes(), sealed(tmp_path / "two").read_bytes()
    assert one[HEAD + FRAME :] != other[HEAD + FRAME :]


def test_another_key_opens_nothing(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="key"):
        list(Opened(sealed(tmp_path / "one"), bytes(32)).blocks())


def test_a_torn_last_block_loses_only_itself(tmp_path: Path) -> None:
    path = sealed(tmp_path / "one")
    whole = path.read_bytes()
    for end in (len(whole) - 1, len(whole) - 1000, len(whole) - len(BLOCKS[2]) - FRAME + 2):
        path.write_bytes(whole[:end])
        opened = Opened(path, SECRET)
        assert list(opened.blocks()) == BLOCKS[:2]
        assert opened.lost == 0


def test_a_crash_before_the_first_word_leaves_an_empty_recording(tmp_path: Path) -> None:
    path = sealed(tmp_path / "one")
    for end in (0, 3, HEAD - 1, HEAD, HEAD + 5):
        path.write_bytes(path.read_bytes()[:end] if end else b"")
        assert list(Opened(path, SECRET).blocks()) == []


def test_a_damaged_block_is_passed_over_and_counted(tmp_path: Path) -> None:
    path = sealed(tmp_path / "one")
    raw = bytearray(path.read_bytes())
    raw[HEAD + 2 * FRAME + 7] ^= 1
    path.write_bytes(raw)
    opened = Opened(path, SECRET)
    assert list(opened.blocks()) == BLOCKS[1:]
    assert opened.lost == 1


@contextmanager
def full(file_max_bytes: int) -> Iterator[None]:
    """Let no file grow beyond that, as on a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (file_max_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("left_bytes", [0, 3, 100])
@pytest.mark.parametrize("failing", [{1}, {1, 2}, {0, 3}, {5}])
def test_a_block_that_a_full_disk_refused_loses_only_itself(
    tmp_path: Path, left_bytes: int, failing: set[int]
) -> None:
    path, blocks = tmp_path / "one", [bytes([65 + number]) * 500 for number in range(6)]
    sealer = Sealer(path, SECRET)
    for number, block in enumerate(blocks):
        if number in failing:
            with full(path.stat().st_size + left_bytes), pytest.raises(OSError, match="large"):
                sealer.write(block)
        else:
            sealer.write(block)
    sealer.close()
    opened = Opened(path, SECRET)
    assert list(opened.blocks()) == [one for n, one in enumerate(blocks) if n not in failing]
    assert opened.lost == len(failing - {5})  # a torn end is no loss that is told


def test_no_number_seals_twice(tmp_path: Path) -> None:
    path = tmp_path / "one"
    sealer = Sealer(path, SECRET)
    begin = path.stat().st_size
    with full(begin + 90), pytest.raises(OSError, match="large"):
        sealer.write(bytes(100))
    torn = path.read_bytes()[begin + 4 :]
    sealer.write(bytes(100))
    sealer.close()
    assert torn[:32] not in path.read_bytes()  # the same key and number would seal zeros alike


def test_blocks_that_changed_places_are_not_taken(tmp_path: Path) -> None:
    path = sealed(tmp_path / "one", [b"a" * 50, b"b" * 50])
    raw = path.read_bytes()
    first, size = HEAD + FRAME, FRAME + 50
    swapped = raw[:first] + raw[first + size : first + 2 * size] + raw[first : first + size]
    path.write_bytes(swapped)
    opened = Opened(path, SECRET)
    assert list(opened.blocks()) == []
    assert opened.lost == 2


@settings(max_examples=50, deadline=None)
@given(raw=st.binary(max_size=200), ours=st.booleans())
def test_any_file_is_opened_or_refused(
    tmp_path_factory: pytest.TempPathFactory, raw: bytes, ours: bool
) -> None:
    path = tmp_path_factory.mktemp("any") / "one"
    path.write_bytes(KIND + raw if ours else raw)
    found: list[bytes] = []
    with suppress(StoreError):
        found += Opened(path, SECRET).blocks()
    assert found == []


def test_a_file_that_is_gone_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot read"):
        list(Opened(tmp_path / "none", SECRET).blocks())


def test_pieces_end_with_sentences_and_are_never_long(tmp_path: Path) -> None:
    one = Recorder.begin(tmp_path, SECRET, title="talk", at=at(NOON))
    sentences = [bytes([number]) * 32_000 * (1 + number) for number in range(1, 12)]
    for sentence in sentences:
        one.feed(sentence)
    found = list(pieces(one.finish(), SECRET))
    pause = bytes(int(recorder.PAUSE_S * recorder.RATE_HZ) * 2)
    assert b"".join(pcm for _, pcm in found) == b"".join(one + pause for one in sentences)
    assert all(len(pcm) <= CUT_MAX_S * 32_000 for _, pcm in found)
    assert all(pcm.endswith(pause) for _, pcm in found)
    done = 0.0
    for since_s, pcm in found:
        assert since_s == pytest.approx(done)
        done += len(pcm) / 32_000


def test_a_long_sentence_is_a_piece_of_its_own(tmp_path: Path) -> None:
    one = Recorder.begin(tmp_path, SECRET, title="talk", at=at(NOON))
    for seconds in (2, 25, 2, 3, 45):
        one.feed(bytes(32_000 * seconds))
    found = [len(pcm) / 32_000 for _, pcm in pieces(one.finish(), SECRET)]
    assert found == pytest.approx([2.6, 25.6, 6.2, 30, 15.6])


def test_a_sentence_that_never_ends_is_cut(tmp_path: Path) -> None:
    one = Recorder.begin(tmp_path, SECRET, title="talk", at=at(NOON))
    one.feed(bytes(32_000 * 70))
    found = [len(pcm) for _, pcm in pieces(one.finish(), SECRET)]
    assert max(found) <= BLOCK_MAX
    assert sum(found) == 32_000 * 70 + int(recorder.PAUSE_S * recorder.RATE_HZ) * 2
