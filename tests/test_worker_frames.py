"""Frames and the breaker, over everything that could come."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import ModelError
from agent.models import frames
from agent.models.breaker import CRASHES_MAX, OPEN_S, WINDOW_S, Breaker

texts = st.text(st.characters(exclude_categories=["Cs"]))
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts
json = st.recursive(
    scalars.filter(lambda value: value not in (float("inf"), float("-inf"))),
    lambda inner: st.lists(inner) | st.dictionaries(texts, inner),
)


@given(st.dictionaries(texts, json))
def test_what_is_packed_is_unpacked_the_same(message: frames.Message) -> None:
    packed = frames.pack(message)
    head, body = packed[: frames.HEAD.size], packed[frames.HEAD.size :]
    assert frames.length(head) == len(body)
    assert frames.unpack(body) == message


@given(st.binary(max_size=4096))
def test_no_bytes_raise_anything_but_a_model_error(body: bytes) -> None:
    try:
        message = frames.unpack(body)
    except ModelError:
        return
    assert isinstance(message, dict)


@given(st.binary(max_size=8))
def test_no_head_promises_more_than_the_bound(head: bytes) -> None:
    try:
        size = frames.length(head)
    except ModelError:
        return
    assert 0 <= size <= frames.FRAME_MAX_BYTES


def test_deep_nesting_is_a_model_error() -> None:
    with pytest.raises(ModelError):
        frames.unpack(b"[" * 200_000)


@pytest.mark.parametrize("value", [float("nan"), object(), "\ud800"])
def test_what_is_no_json_is_not_packed(value: object) -> None:
    with pytest.raises(ModelError):
        frames.pack({"value": value})


def test_a_frame_longer_than_the_bound_is_refused_by_its_head() -> None:
    with pytest.raises(ModelError, match="longer"):
        frames.length(struct.pack(">I", frames.FRAME_MAX_BYTES + 1))


@given(st.lists(st.floats(min_value=0.1, max_value=100), min_size=1, max_size=40))
def test_the_breaker_is_open_only_after_three_crashes_within_its_window(gaps: list[float]) -> None:
    breaker, now, since_open = Breaker(), 0.0, list[float]()
    for gap in gaps:
        now += gap
        if breaker.open_for(now):
            continue  # no one calls, so nothing crashes
        breaker.crashed(now)
        since_open.append(now)
        recent = since_open[-CRASHES_MAX:]
        opened = len(recent) == CRASHES_MAX and recent[-1] - recent[0] <= WINDOW_S
        assert (breaker.open_for(now) > 0) == opened
        if opened:
            assert breaker.open_for(now + OPEN_S) == 0
            since_open.clear()
