"""A file that describes a made-up person is read, or refused with what is wrong with it."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent import config
from agent.errors import ConfigError
from agent.evaluate import persons
from sensors.simulated.month import month
from sensors.simulated.person import WEEK, Person

OFFICE = (Path(__file__).parents[1] / "data/persons/office.toml").read_text()


def test_six_people_ship_and_are_unlike() -> None:
    people = persons.built_in()
    assert len({one.name for one in people}) == 6
    assert {one.work.by for one in people if one.work.days} == {"train", "car", "bicycle", "walk"}
    assert sum(not one.work.days for one in people) == 2
    assert any(one.pills for one in people)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("onset_h = 22.9", "onset_h = 25", "sleep.onset_h"),
        ("wake_h = 6.5", "wake_h = 23.5", "a night lasts 4 to 14 hours"),
        ("km = 11", "km = 0", "work.km"),
        ('by = "train"', 'by = "rocket"', "work.by"),
        ("Europe/Berlin", "Europe/Nowhere", "no time zone"),
        ('name = "Eckladen"', 'name = "Home"', "two places of one name"),
        ("a_day = 30", "a_day = nan", "phone.a_day"),
        ("accept = 0.5, dismiss = 0.2", "accept = 0.5, dismiss = 0.6", "at most 1 together"),
        ("sits_long_share", "sits_for_long_share", "is no setting"),
        ('name = "office worker"\n', "", "missing"),
    ],
)
def test_a_wrong_value_is_named_with_its_key(old: str, new: str, told: str) -> None:
    assert old in OFFICE
    with pytest.raises(ConfigError, match=told):
        persons.decode(OFFICE.replace(old, new, 1), name="office.toml")


def test_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        persons.read(tmp_path / "nobody.toml")
    with pytest.raises(ConfigError, match="cannot be read"):
        persons.read(tmp_path)
    big = tmp_path / "big.toml"
    big.write_bytes(b"#" * (persons.BYTES_MAX + 1))
    with pytest.raises(ConfigError, match="larger"):
        persons.read(big)
    big.write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match="UTF-8"):
        persons.read(big)


@given(st.text(max_size=200))
@settings(max_examples=150)
def test_any_text_is_a_person_or_a_config_error(text: str) -> None:
    try:
        persons.decode(text, name="any")
    except ConfigError:
        return


def _named(part: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    return st.lists(part, max_size=3, unique_by=lambda one: str(one["name"]))


HOURS = st.floats(0, 23.99)
SHARES = st.floats(0, 1)
DAYS = st.lists(st.sampled_from(WEEK), max_size=7, unique=True)
PEOPLE: st.SearchStrategy[dict[str, object]] = st.fixed_dictionaries(
    {
        "name": st.text(min_size=1, max_size=8),
        "sleep": st.fixed_dictionaries(
            {"onset_h": HOURS, "wake_h": HOURS, "free_onset_h": HOURS, "free_wake_h": HOURS,
             "short_share": SHARES}
        ),
        "work": st.fixed_dictionaries(
            {"days": DAYS, "starts_h": HOURS, "ends_h": HOURS, "km": st.floats(0.3, 60),
             "kind": st.sampled_from(("desk", "standing")),
             "by": st.sampled_from(("walk", "bicycle", "train", "car")), "free_share": SHARES}
        ),
        "meetings": st.fixed_dictionaries({"a_day": st.floats(0, 8), "long_share": SHARES}),
        "shops": _named(
            st.fixed_dictionaries(
                {"name": st.sampled_from("abcdef"), "days": DAYS, "at_h": HOURS,
                 "where": st.sampled_from(("home", "way", "work")),
                 "pause_s": st.floats(0, 75)}
            ),
        ),
        "outings": _named(
            st.fixed_dictionaries(
                {"name": st.sampled_from("uvwxyz"), "days": DAYS, "at_h": HOURS,
                 "km": st.floats(0.3, 30), "in_calendar": st.booleans()}
            ),
        ),
        "sport": st.fixed_dictionaries(
            {"kind": st.sampled_from(("run", "cycle")), "days": DAYS, "at_h": HOURS}
        ),
        "pills": st.lists(
            st.fixed_dictionaries({"name": st.just("p"), "at_h": st.lists(HOURS, min_size=1,
                                                                           max_size=3)}),
            max_size=2),
    }
)  # fmt: skip


@given(PEOPLE, st.integers(0, 99))
@settings(max_examples=60, deadline=None)
def test_every_person_that_is_let_in_can_be_lived(values: dict[str, object], seed: int) -> None:
    try:
        person = config.check(Person, values)
    except ConfigError:
        return
    found = month(person, seed=seed, days=8)
    spells = found.latent.spells
    assert all(one.end == other.start for one, other in pairwise(spells))
    assert all(one.end > one.start for one in found.latent.meetings)
    assert len(spells) < 8 * 400
