"""Taps and shakes are told from what hands do otherwise, in movement made up for it."""

from collections.abc import Iterable, Iterator
from itertools import chain
from math import exp, pi, sin
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.acceleration import Acceleration
from agent.acceleration.gestures import Gestures, Vector

RATES = [50.0, 100.0, 200.0]


def made(samples: Iterable[Vector], rate_hz: float) -> list[str]:
    """Return the gestures in *samples*, through all that a sensor folds."""
    folded = Acceleration(rate_hz)
    seconds = [second for one in samples if (second := folded.add(*one))]
    return [second.gesture for second in seconds if second.gesture is not None]


def noisy(x: float, y: float, z: float, chance: Random, noise_g: float = 0.015) -> Vector:
    return (
        x + chance.gauss(0, noise_g),
        y + chance.gauss(0, noise_g),
        z + chance.gauss(0, noise_g),
    )


def rest(seconds: float, rate_hz: float, chance: Random) -> Iterator[Vector]:
    for _ in range(round(seconds * rate_hz)):
        yield noisy(0.1, 0.2, 0.97, chance)


def blows(
    times_s: list[float],
    rate_hz: float,
    chance: Random,
    *,
    peak_g: float = 2.5,
    ring_s: float = 0.02,
) -> Iterator[Vector]:
    """Yield blows against a hand at rest, each a ringing that dies away, and a second of rest."""
    for index in range(round((max(times_s) + 1) * rate_hz)):
        now, push = index / rate_hz, 0.0
        for begun in times_s:
            if begun <= now:
                age = now - begun
                push += peak_g * exp(-age / ring_s) * sin(2 * pi * 18 * age + pi / 3)
        yield noisy(0.1, 0.2 + 0.3 * push, 0.97 + push, chance)


def swinging(
    seconds: float, hz: float, size_g: float, rate_hz: float, chance: Random
) -> Iterator[Vector]:
    for index in range(round(seconds * rate_hz)):
        along = size_g * sin(2 * pi * hz * index / rate_hz)
        yield noisy(0.1 + along, 0.2 + 0.2 * along, 0.97, chance)


def walking(seconds: float, rate_hz: float, chance: Random, *, running: bool) -> Iterator[Vector]:
    """Yield steps: a bounce, a blow at each heel, and an arm that swings at half their rate."""
    steps_hz, bounce_g, heel_g, arm_g = (2.8, 1.1, 2.2, 1.0) if running else (1.8, 0.3, 0.5, 0.25)
    for index in range(round(seconds * rate_hz)):
        now = index / rate_hz
        age = now % (1 / steps_hz)
        up = bounce_g * sin(2 * pi * steps_hz * now) + heel_g * exp(-age / 0.02)
        arm = arm_g * sin(pi * steps_hz * now)
        yield noisy(0.1 + arm, 0.2 + 0.5 * arm, 0.97 + up, chance, 0.05)


def clapping(count: int, hz: float, rate_hz: float, chance: Random) -> Iterator[Vector]:
    """Yield claps: hands that come together slowly, a blow, and apart again."""
    for index in range(round(count / hz * rate_hz)):
        age = index / rate_hz % (1 / hz)
        blow = 4.0 * exp(-age / 0.015) * sin(2 * pi * 25 * age + pi / 2)
        yield noisy(0.1 + 0.5 * sin(2 * pi * hz * age) + blow, 0.2, 0.97, chance, 0.03)


def typing(seconds: float, rate_hz: float, chance: Random) -> Iterator[Vector]:
    """Yield keys at random, six a second, as a wrist feels them."""
    age = 1.0
    for _ in range(round(seconds * rate_hz)):
        age = 0.0 if chance.random() < 6 / rate_hz else age + 1 / rate_hz
        yield noisy(0.1, 0.2, 0.97 + 0.35 * exp(-age / 0.015), chance, 0.02)


@pytest.mark.parametrize(("rate_hz", "missed_max"), [(50.0, 3), (100.0, 0), (200.0, 0)])
@pytest.mark.parametrize("name", ["tap", "double_tap", "shake"])
def test_taps_and_shakes_of_a_hand_at_rest_are_told(
    rate_hz: float, missed_max: int, name: str
) -> None:
    missed = 0
    for seed in range(30):
        chance = Random(seed)  # noqa: S311
        match name:
            case "tap":
                act = blows([0.0], rate_hz, chance, peak_g=chance.uniform(2, 4))
            case "double_tap":
                act = blows([0.0, chance.uniform(0.18, 0.4)], rate_hz, chance, peak_g=3)
            case _:
                length_s, hz = chance.uniform(0.8, 1.4), chance.uniform(3.5, 5.5)
                act = swinging(length_s, hz, chance.uniform(1.5, 3), rate_hz, chance)
        samples = chain(rest(3, rate_hz, chance), act, rest(3, rate_hz, chance))
        found = made(samples, rate_hz)
        assert found in ([name], [])
        missed += not found
    assert missed <= missed_max


@pytest.mark.parametrize("rate_hz", [25.0, *RATES])
@pytest.mark.parametrize("seed", range(5))
def test_walking_running_clapping_and_typing_are_no_gestures(rate_hz: float, seed: int) -> None:
    chance = Random(seed)  # noqa: S311
    for act in (
        walking(40, rate_hz, chance, running=False),
        walking(40, rate_hz, chance, running=True),
        clapping(3, 2.5, rate_hz, chance),
        clapping(4, 3.5, rate_hz, chance),
        clapping(20, 3.0, rate_hz, chance),
        typing(60, rate_hz, chance),
        blows([0.0, 0.25, 0.5], rate_hz, chance),
        blows([0.0, 0.3, 0.6, 0.9, 1.2], rate_hz, chance),
        swinging(10, 4.5, 2.0, rate_hz, chance),
        swinging(3, 1.2, 0.8, rate_hz, chance),
    ):
        samples = chain(rest(2, rate_hz, chance), act, rest(2, rate_hz, chance))
        assert made(samples, rate_hz) == []


def test_where_the_sensor_is_slow_only_shakes_are_told() -> None:
    chance = Random(1)  # noqa: S311
    taps = chain(rest(2, 25, chance), blows([0.0], 25, chance), rest(2, 25, chance))
    assert made(taps, 25) == []
    shake = chain(rest(2, 25, chance), swinging(1, 4.5, 2, 25, chance), rest(2, 25, chance))
    assert made(shake, 25) == ["shake"]


@given(
    st.lists(st.tuples(*[st.floats(-16, 16)] * 3), max_size=400),
    st.floats(10, 256),
    st.integers(0, 3),
)
def test_whatever_the_hand_does_a_gesture_is_known_and_little_is_held(
    samples: list[Vector], rate_hz: float, steps: int
) -> None:
    gestures = Gestures(rate_hz)
    for one in samples:
        assert gestures.add(one, steps=steps) in (None, "tap", "double_tap", "shake")
    assert len(gestures._burst) <= 2.4 * rate_hz + 3
