"""The week's meals become one list, and a damaged file says where."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import DecodeError
from agent.events import InputQuarantined, ListChanged, SourceSynced
from sensors.mealplan import BYTES_MAX, MealPlan, Settings, decode

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
EXAMPLE = Path(__file__).parent.parent / "data" / "mealplan.toml"
MEAL = '[[meal]]\nday = "monday"\nname = "x"\ningredients = [{}]\n'


class Fixed:
    def now(self) -> datetime:
        return AT


def decoded(*ingredients: str) -> list[tuple[str, str, int | None]]:
    text = "".join(MEAL.format(each) for each in ingredients)
    items = decode(text.encode(), at=AT, source="plan").items
    return [(item.name, item.amount, item.aisle) for item in items]


def test_the_example_that_ships_is_a_list_in_order_of_the_aisles() -> None:
    found = decode(EXAMPLE.read_bytes(), at=AT, source="plan")
    aisles = [item.aisle or 0 for item in found.items]
    assert (found.name, found.source, found.at) == ("grocery", "mealplan", AT)
    assert len(found.items) == 14
    assert aisles == sorted(aisles)


def test_what_two_meals_need_is_bought_once() -> None:
    found = decoded(
        '{ name = "Rice", amount = "300 g", aisle = 3 }, { name = "salt" }',
        '{ name = "rice", amount = "200 g" }, { name = "salt", amount = "a pinch" }',
        '{ name = "RICE", amount = "1 bag" }',
    )
    assert found == [("Rice", "500 g + 1 bag", 3), ("salt", "a pinch", None)]


def test_a_day_that_is_none_is_named_with_its_meal() -> None:
    text = MEAL.format("").replace("monday", "someday")
    with pytest.raises(DecodeError, match=r"plan: meal\.0\.day: Input should be 'monday'"):
        decode(text.encode(), at=AT, source="plan")


@pytest.mark.parametrize("text", [b"\xff", b"[[meal", b"a = " + b"[" * 100_000])
def test_what_is_no_toml_says_so(text: bytes) -> None:
    with pytest.raises(DecodeError, match="plan: is no TOML"):
        decode(text, at=AT, source="plan")


def test_a_file_that_is_too_large_is_not_parsed() -> None:
    with pytest.raises(DecodeError, match="more than"):
        decode(b"#" * (BYTES_MAX + 1), at=AT, source="plan")


@given(st.binary(max_size=300) | st.text(max_size=200).map(lambda text: MEAL.format(text).encode()))
def test_whatever_the_file_holds_it_is_a_list_or_a_decode_error(text: bytes) -> None:
    with suppress(DecodeError):
        assert len(decode(text, at=AT, source="plan").items) <= 3600


def test_a_change_of_the_file_comes_in_by_itself(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(MEAL.format('{ name = "rice" }'))

    async def run() -> None:
        live = MealPlan(Settings(path=path, poll_s=0.05), clock=Fixed()).events()
        async with asyncio.timeout(30):
            first, synced = await anext(live)
            assert isinstance(first, ListChanged)
            assert isinstance(synced, SourceSynced)
            path.write_text("[[meal")
            (broken,) = await anext(live)
            assert isinstance(broken, InputQuarantined)
            assert "is no TOML" in broken.reason
            path.unlink()
            (gone,) = await anext(live)
            assert isinstance(gone, InputQuarantined)
            assert "cannot be read" in gone.reason
            path.write_text(MEAL.format('{ name = "bread" }'))
            again, _ = await anext(live)
            assert isinstance(again, ListChanged)
            assert [item.name for item in again.items] == ["bread"]

    asyncio.run(run())


def test_without_a_path_nothing_is_watched() -> None:
    async def run() -> list[object]:
        return [batch async for batch in MealPlan(Settings(), clock=Fixed()).events()]

    assert asyncio.run(run()) == []
