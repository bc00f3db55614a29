"""`carpal evaluate voice` as a whole: what can be measured is, and what cannot says why."""

import asyncio
from pathlib import Path

import pytest

from agent.app.settings import Settings
from agent.errors import ConfigError, ModelError
from agent.evaluate import apart, named
from agent.figures import Table, joined, shown, table


def test_tables_are_joined_in_their_order() -> None:
    one = table("one", "left", 2, [shown("a", 1, unit="", n=2)])
    two = table("two", "right", 3, [shown("b", 2, unit="", n=3)])
    both = joined("both", (one, two))
    assert (both["name"], both["data"], both["n"]) == ("both", "left; right", 5)
    assert [figure["name"] for figure in both["figures"]] == ["a", "b"]


async def notes(_: named.Options, __: Settings) -> Table:
    """Return the table of the notes, as if it were measured."""
    return table("notes", "talks", 1, [shown("notes", 0.9, unit="", n=1)])


def test_what_cannot_be_measured_beside_the_commands_says_why_and_keeps_the_rest(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async def commands(_: Path, *, short: bool) -> Table:
        return table("voice", "orders", 2, [shown("rtf", 0.1, unit="", n=2 - short)])

    monkeypatch.setattr(named, "_notes", notes)
    monkeypatch.setattr(apart, "voice", commands)
    (tmp_path / "speech").mkdir()
    found = named.run("voice", named.Options(data=tmp_path), Settings())
    assert [figure["name"] for figure in found["figures"]] == ["rtf", "notes"]
    assert "wake not measured: there are no recordings in" in found["data"]
    assert "coaching not measured: " in found["data"]


def test_without_commands_nothing_else_is_measured(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async def never(_: named.Options, __: Settings) -> Table:
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr(named, "_notes", never)
    with pytest.raises(ConfigError, match="there is no folder speech in it"):
        named.run("voice", named.Options(data=tmp_path), Settings())
    (tmp_path / "speech").mkdir()
    with pytest.raises(ModelError):
        named.run("voice", named.Options(data=tmp_path), Settings())
    with pytest.raises(ConfigError, match="the folder with the recordings"):
        named.run("voice", named.Options(), Settings())
