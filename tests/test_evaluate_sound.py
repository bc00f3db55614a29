"""`carpal evaluate voice` as a whole: what can be measured is, and what cannot says why."""

import asyncio
from pathlib import Path

import pytest

from agent.app.settings import Settings
from agent.errors import ConfigError, ModelError
from agent.evaluate import named
from agent.figures import Table, joined, shown, table


def test_tables_are_joined_in_their_order() -> None:
    one = table("one", "left", 2, [shown("a", 1, unit="", n=2)])
    two = table("two", "right", 3, [shown("b", 2, unit="", n=3)])
    both = joined("both", (one, two))
    assert (both["name"], both["data"], both["n"]) == ("both", "left; right", 5)
    assert [figure["name"] for figure in both["figures"]] == ["a", "b"]


def test_what_cannot_be_measured_says_why_and_keeps_the_rest(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async def notes(_: named.Options, __: Settings) -> Table:
        return table("notes", "talks", 1, [shown("notes", 0.9, unit="", n=1)])

    monkeypatch.setattr(named, "_notes", notes)
    (tmp_path / "speech").mkdir()
    found = named.run("voice", named.Options(data=tmp_path), Settings())
    assert [figure["name"] for figure in found["figures"]] == ["notes"]
    assert "wake not measured: there are no recordings in" in found["data"]
    assert "coaching not measured: " in found["data"]
    assert "commands not measured: " in found["data"]


def test_where_nothing_can_be_measured_it_is_an_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async def notes(_: named.Options, __: Settings) -> Table:
        await asyncio.sleep(0)
        raise ModelError("no model")

    monkeypatch.setattr(named, "_notes", notes)
    with pytest.raises(ConfigError, match="there is no folder speech in it"):
        named.run("voice", named.Options(data=tmp_path), Settings())
    (tmp_path / "speech").mkdir()
    with pytest.raises(ModelError, match="commands not measured"):
        named.run("voice", named.Options(data=tmp_path), Settings())
    with pytest.raises(ConfigError, match="the folder with the recordings"):
        named.run("voice", named.Options(), Settings())
