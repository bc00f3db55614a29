"""The ground around a point as a plane: exact enough for some kilometres.  Pure."""

from math import cos, radians

METRES_A_DEGREE = 111_195  # of a great circle of the mean Earth radius, 6,371 km

Degrees = tuple[float, float]
"""Latitude and longitude (WGS 84)."""


def east_north_m(point: Degrees, *, origin: Degrees) -> tuple[float, float]:
    """Return how far east and north of *origin* the *point* lies, in metres."""
    north_deg = point[0] - origin[0]
    east_deg = turned_deg(point[1] - origin[1])
    return east_deg * METRES_A_DEGREE * cos(radians(origin[0])), north_deg * METRES_A_DEGREE


def turned_deg(apart_deg: float) -> float:
    """Return a difference of longitudes the short way round, over the date line if need be."""
    return (apart_deg + 180) % 360 - 180
