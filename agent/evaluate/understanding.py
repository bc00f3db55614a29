"""`carpal evaluate understanding`: which tool a sentence means, with which arguments.

Rows (see `utterances`) are asked one by one through the whole route, each in the same situation
(see `situation`), as they are written and as a recognizer may mishear them.  A row without a tool
is right where no tool is used; asking back is no tool used.  "wrong action" counts what was done:
an acting tool executed though another or none was meant, or with other arguments.
"""

import json
import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from agent.ask.letters import lessons, tools_of
from agent.ask.route import Reply, Route
from agent.errors import DecodeError
from agent.evaluate.noise import misheard
from agent.evaluate.situation import Nothing, situation
from agent.evaluate.utterances import Row, decode, same_arguments
from agent.figures import Figure, Table, at_least, at_most, shown, table
from agent.ports import Understanding
from skills import SKILLS

TOOL_AIM, ALL_AIM, WRONG_AIM = 0.95, 0.88, 0.005
SCOPE_AIM, OUTSIDE_AIM, COST_MAX = 0.95, 0.60, 0.015
REFIT_S_AIM, ASK_MS_AIM = 10.0, 60.0
SEED = 20260304
ROWS = Path("heldout") / "utterances.jsonl"
Labelled = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Judged:
    """One row, and how it was understood."""

    row: Row
    reply: Reply
    tool: bool
    arguments: bool
    wrong: bool
    """Something was done that was not meant."""
    ms: float


async def evaluate(
    understandings: Sequence[Understanding],
    *,
    file: Path | None = None,
    clinc: Path | None = None,
    slurp: Path | None = None,
    data_folder: Path,
) -> Table:
    """Return the figures; raise DecodeError for a file that is not as it should be."""
    if clinc is not None:
        return await _clinc(understandings[0], clinc)
    if slurp is not None:
        return await _slurp(understandings[0], slurp)
    path = file or data_folder / ROWS
    rows = decode(_bytes(path), name=str(path))
    begun = time.perf_counter()
    for one in understandings:
        await one.fit(lessons(tools_of(SKILLS)))
    refit_s = time.perf_counter() - begun
    clean = await judge(understandings, rows)
    unclear = [_misheard(row, n) for n, row in enumerate(rows)]
    noisy = await judge(understandings, unclear, spoken=True)
    figures = [*_overall(clean, refit_s), *_noise(noisy), *_by_tool(clean)]
    return table("understanding", str(path), len(rows), figures)


async def judge(
    understandings: Sequence[Understanding], rows: Sequence[Row], *, spoken: bool = False
) -> list[Judged]:
    """Return how each of *rows* is understood, none after another; *spoken* as aloud."""
    route = Route(SKILLS, understandings)
    judged = []
    for row in rows:
        named = row.arguments.get("items", []) if row.tool == "grocery.remove" else []
        on = row.arguments.get("list_name", "grocery")
        context = situation(named if isinstance(named, list) else [named], on=str(on))
        begun = time.perf_counter()
        reply = await route.answer(row.say, recall=Nothing(), context=context, spoken=spoken)
        ms = 1000 * (time.perf_counter() - begun)
        used = reply.tool if row.tool or not _asks_back(reply) else ""
        tool = used == row.tool
        arguments = tool and (not row.tool or same_arguments(row, reply.arguments, context))
        wrong = bool(reply.answer.events) and not arguments
        judged.append(Judged(row, reply, tool, arguments, wrong, ms))
    return judged


def _asks_back(reply: Reply) -> bool:
    return reply.dialogue.pending is not None


def _overall(judged: Sequence[Judged], refit_s: float) -> list[Figure]:
    n = len(judged)
    slowest = sorted(one.ms for one in judged)[max(0, -(-95 * n // 100) - 1)]
    return [
        at_least("tool right", _share(judged, "tool"), TOOL_AIM, unit="fraction", n=n),
        at_least(
            "tool and arguments right",
            _share(judged, "arguments"),
            ALL_AIM,
            unit="fraction",
            n=n,
        ),
        at_most("wrong action", _share(judged, "wrong"), WRONG_AIM, unit="fraction", n=n),
        at_most("refit", refit_s, REFIT_S_AIM, unit="s", n=1),
        at_most("ask p95", slowest, ASK_MS_AIM, unit="ms", n=n),
    ]


def _noise(judged: Sequence[Judged]) -> list[Figure]:
    named = (
        ("tool right", "tool"),
        ("tool and arguments right", "arguments"),
        ("wrong action", "wrong"),
    )
    return [
        shown(name, _share(judged, field), unit="fraction", n=len(judged), group="noise")
        for name, field in named
    ]


def _by_tool(judged: Sequence[Judged]) -> list[Figure]:
    figures = []
    for name in sorted({one.row.tool for one in judged}):
        own = [one for one in judged if one.row.tool == name]
        group = name or "no tool"
        for field, title in (("tool", "tool right"), ("arguments", "tool and arguments right")):
            share = _share(own, field)
            figures.append(shown(title, share, unit="fraction", n=len(own), group=group))
    return figures


def _share(judged: Sequence[Judged], field: str) -> float:
    return sum(bool(getattr(one, field)) for one in judged) / len(judged)


def _misheard(row: Row, place: int) -> Row:
    draw = random.Random(SEED + place)  # noqa: S311 (a repeatable choice)
    heard = misheard(row.say, draw) if any(one.isalnum() for one in row.say) else row.say
    return Row(say=heard, tool=row.tool, arguments=row.arguments)


async def _clinc(understanding: Understanding, folder: Path) -> Table:
    """Return the figures of CLINC-150: fitted on its train part, without its out-of-scope ones."""
    path = folder / "train_val.json"
    parts = _labelled(path, ("train", "val", "oos_val"))
    ranked = await _ranked(understanding, parts["train"], parts["val"])
    outside = [(await understanding.rank(said))[0][1] for said, _ in parts["oos_val"]]
    right = [name == of for (name, _), (_, of) in zip(ranked, parts["val"], strict=True)]
    scope = sum(right) / len(right)
    threshold = _threshold([sure for _, sure in ranked], right)
    refused = sum(sure < threshold for sure in outside) / len(outside)
    figures = [
        at_least("in scope", scope, SCOPE_AIM, unit="fraction", n=len(right)),
        at_least("out-of-scope recall", refused, OUTSIDE_AIM, unit="fraction", n=len(outside)),
        shown("threshold", threshold, unit="fraction", n=len(right)),
    ]
    return table("understanding", str(path), len(right) + len(outside), figures)


def _threshold(sure: Sequence[float], right: Sequence[bool]) -> float:
    """Return the highest confidence to ask for that loses at most COST_MAX of the right ones."""
    confident = sorted(one for one, ok in zip(sure, right, strict=True) if ok)
    return confident[min(int(COST_MAX * len(sure)), len(confident) - 1)] if confident else 0.0


async def _slurp(understanding: Understanding, path: Path) -> Table:
    """Return the figures of SLURP: fitted on its rows with an even place, asked the odd ones."""
    rows: list[tuple[str, str]] = []
    try:
        for line in _bytes(path).splitlines():
            one = json.loads(line)
            rows.append((str(one["sentence"]), f"{one['scenario']}/{one['action']}"))
    except (ValueError, KeyError, TypeError) as error:
        raise DecodeError(str(path), f"line {len(rows) + 1} is no row: {error!r}") from error
    train, asked = rows[::2], rows[1::2]
    ranked = await _ranked(understanding, train, asked)
    pairs = [(name, of) for (name, _), (_, of) in zip(ranked, asked, strict=True)]
    intent = sum(name == of for name, of in pairs) / len(pairs)
    scene = sum(name.split("/")[0] == of.split("/")[0] for name, of in pairs) / len(pairs)
    figures = [
        shown("scenario", scene, unit="fraction", n=len(pairs)),
        shown("intent", intent, unit="fraction", n=len(pairs)),
    ]
    return table("understanding", str(path), len(rows), figures)


async def _ranked(
    understanding: Understanding, train: Labelled, asked: Labelled
) -> list[tuple[str, float]]:
    examples: dict[str, list[str]] = {}
    for said, meaning in train:
        examples.setdefault(meaning, []).append(said)
    await understanding.fit(examples)
    return [(await understanding.rank(said))[0] for said, _ in asked]


def _labelled(path: Path, names: Sequence[str]) -> Mapping[str, Labelled]:
    try:
        found = json.loads(_bytes(path))
        return {name: [(str(said), str(of)) for said, of in found[name]] for name in names}
    except (ValueError, KeyError, TypeError) as error:
        raise DecodeError(str(path), f"is not as CLINC-150 is published: {error!r}") from error


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise DecodeError(str(path), f"cannot be read: {error.strerror}") from error
