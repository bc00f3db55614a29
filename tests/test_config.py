"""Settings: their file, the environment over it, and where each came from."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field

from agent.app.settings import Settings
from agent.config import PolicySettings, Section, check, overlay, parse
from agent.errors import ConfigError


def test_the_environment_overrides_the_file_and_both_are_named_as_sources() -> None:
    tables = parse("zone = 'Europe/Berlin'\n[policy]\nsilence_min = 3\n", name="x")
    merged, sources = overlay(
        tables, {"CARPAL_POLICY__SILENCE_MIN": "7", "HOME": "/x", "CARPAL_MODELS": "none"}, Settings
    )
    settings = check(Settings, merged)
    assert (settings.zone, settings.policy.silence_min) == ("Europe/Berlin", 7)
    assert sources == {
        "zone": "file",
        "policy.silence_min": "environment CARPAL_POLICY__SILENCE_MIN",
    }
    assert tables["policy"] == {"silence_min": 3}, "what was read is not changed"


@pytest.mark.parametrize(
    ("text", "value"),
    [("7", 7), ("0.5", 0.5), ("true", True), ("[1, 2]", [1, 2]), ('"7"', "7"), ("free", "free"),
     ("", ""), ("22:00:00", "22:00:00")],
)  # fmt: skip
def test_a_variable_is_read_as_the_value_that_it_spells(text: str, value: object) -> None:
    merged, _ = overlay({}, {"CARPAL_SKILLS__BREAK__RUN_MIN": text}, _Anything)
    skills = merged["skills"]
    assert isinstance(skills, dict)
    found = skills["break"]["run_min"]
    assert found == value or str(found) == value


class _Anything(Section):
    skills: dict[str, dict[str, object]] = Field(default_factory=dict)


def test_settings_cannot_be_changed_and_know_their_keys() -> None:
    settings = Settings()
    with pytest.raises(ValueError, match="frozen"):
        settings.zone = "UTC"
    with pytest.raises(ConfigError, match="nudges_per_day"):
        check(Settings, {"policy": {"nudges": 1}})


def test_every_setting_of_every_table_says_what_it_is() -> None:
    tables: list[type[BaseModel]] = [Settings]
    seen = 0
    while tables:
        table = tables.pop()
        for name, field in table.model_fields.items():
            kind = field.annotation
            inner = isinstance(kind, type) and issubclass(kind, BaseModel)
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                tables.append(kind)
            assert inner or field.description, name
            seen += 1
    assert seen > 15


@given(st.integers(0, 1440), st.integers(0, 100), st.floats(0, 1))
def test_every_value_in_its_range_is_taken(silence: int, most: int, sure: float) -> None:
    given_ = {"silence_min": silence, "nudges_per_day": most, "confidence_min": sure}
    assert check(PolicySettings, given_).model_dump(include=set(given_)) == given_


@given(st.integers().filter(lambda value: not 0 <= value <= 1440))
def test_every_value_outside_is_refused_with_key_and_range(value: int) -> None:
    with pytest.raises(ConfigError, match=r"silence_min = -?\d.* equal to (0|1440)"):
        check(PolicySettings, {"silence_min": value})
