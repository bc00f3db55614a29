"""The ground as a plane, held against the sphere."""

from math import hypot

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.fusion.place import distance_m
from agent.plane import east_north_m, turned_deg
from tests.days import SHOP, fix


@given(st.floats(-80, 80), st.floats(-180, 180), st.floats(-0.01, 0.01), st.floats(-0.01, 0.01))
def test_near_distances_are_those_on_the_sphere(
    latitude: float, longitude: float, north_deg: float, east_deg: float
) -> None:
    spot = SHOP.model_copy(update={"latitude_deg": latitude, "longitude_deg": longitude})
    there = latitude + north_deg, turned_deg(longitude + east_deg)
    seen = fix(0, SHOP).model_copy(update={"latitude_deg": there[0], "longitude_deg": there[1]})
    flat = hypot(*east_north_m(there, origin=(latitude, longitude)))
    assert flat == pytest.approx(distance_m(seen, spot), rel=0.01, abs=0.1)


def test_east_and_north_are_positive_and_the_date_line_is_no_border() -> None:
    east, north = east_north_m((0.001, -179.999), origin=(0, 179.999))
    assert (round(east), round(north)) == (222, 111)
    assert (turned_deg(359), turned_deg(-359), turned_deg(10)) == (-1, 1, 10)
