"""Checks of one fact each, for `carpal doctor`: a model's file, the key, the backup, a source."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from agent.app import feeds
from agent.app.settings import Settings
from agent.fusion.sources import Sources
from agent.fusion.stress import CONDUCTS, HEARD, UNMOVED
from agent.signals import ELECTRODERMAL, HEART_RATE, IBI, LOCATION

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BACKUP_OLD = 2 * DAY  # one a day, and a device sleeps
GGUF = b"GGUF"
MODEL_BYTES_MIN = 1_000_000  # no model that finds words is smaller
Delivered = Mapping[str, Mapping[str, tuple[int, datetime]]]
"""For each source and signal: how many came, and when the newest was measured."""


class Check(NamedTuple):
    """One thing that was looked at."""

    name: str
    ok: bool
    detail: str


def model_fault(name: str, path: Path) -> str:
    """Return why *path* is no model, judged by its beginning and size; empty if it may be one."""
    file = path / "model.bin" if name == "speech" else path
    what = "folder with a model.bin (CTranslate2's Whisper)" if name == "speech" else "GGUF file"
    try:
        if not path.exists():
            return f"{path} does not exist: correct the path, or write `default`"
        if not file.is_file():
            return f"{path} is no {what}: correct the path, or write `default`"
        with file.open("rb") as opened:
            magic = opened.read(len(GGUF))
        size = file.stat().st_size
    except OSError as error:
        return f"{path} cannot be read ({error.strerror}): give your user the right to"
    if name != "speech" and magic != GGUF:
        return f"{path} is no GGUF file (it begins with {magic!r}): convert it, or take another"
    if size < MODEL_BYTES_MIN:
        return f"{path} is too small for a model ({size} bytes): copy it again, whole"
    return ""


def key_check(path: Path) -> Check:
    """Return how the key at *path* is kept."""
    try:
        wrap, mode = json.loads(path.read_text())["wrap"], path.stat().st_mode
    except (OSError, ValueError, KeyError, TypeError) as error:
        return Check("key", ok=False, detail=f"{path} cannot be read ({error}): restore it")
    if wrap != "none":
        return Check("key", ok=True, detail=f"{path}, wrapped by your passphrase")
    if mode & 0o077:
        told = f"{path} is in the clear, and others may read it: chmod 600 {path}"
        return Check("key", ok=False, detail=told)
    told = f"{path} is in the clear, for your user alone: who has your disk has your memory"
    return Check("key", ok=True, detail=told)


def backup_check(path: Path, *, now: datetime) -> Check:
    """Return how old the backup at *path* is."""
    if not path.exists():
        return Check("backup", ok=False, detail="none yet: a running daemon makes one a day")
    age = now - datetime.fromtimestamp(path.stat().st_mtime, tz=now.tzinfo)
    late = age > BACKUP_OLD
    why = ": a running daemon makes one a day, see its log for why not" if late else ""
    return Check("backup", not late, f"{path}, {ago(age)} old{why}")


def source_check(
    source: str, signals: Mapping[str, tuple[int, datetime]], sources: Sources, *, now: datetime
) -> Check:
    """Return what *source* delivers, what that can feed, and whether it still does."""
    newest = max(at for _, at in signals.values())
    parts = [f"{name} {count} ({ago(now - at)} old)" for name, (count, at) in signals.items()]
    fed = feeds.told(sources.delivered.get(source, {}))
    off = sources.off_since.get(source)
    worn = f"; not worn for {ago(now - off)}" if off is not None else ""
    silent = now - newest > DAY
    what = f"; silent for {ago(now - newest)}: charge it, or look whether it still sends"
    told = f"{fed}; {', '.join(parts)}" if fed else ", ".join(parts)
    return Check(f"source {source}", not silent, f"{told}{worn}{what if silent else ''}")


def rival_checks(sources: Sources, priority: Mapping[str, Sequence[str]]) -> list[Check]:
    """Return, for each signal that several sources deliver, whose value counts."""
    found = []
    for signal, holder in sorted(sources.holders.items()):
        rivals = [
            name
            for name, delivered in sorted(sources.delivered.items())
            if name != holder.source
            and signal in delivered
            and holder.at - delivered[signal].newest < DAY
        ]
        if rivals:
            order = f"[priority] {signal} orders them"
            why = (
                order if signal in priority else f"the first one counts until it is silent; {order}"
            )
            told = f"{holder.source} counts, before {', '.join(rivals)} ({why})"
            found.append(Check(f"rivals {signal}", ok=True, detail=told))
    return found


def told_checks(delivered: Delivered, settings: Settings, *, now: datetime) -> list[Check]:
    """Return what can be told from what came during the last day."""
    fresh = {
        signal
        for signals in delivered.values()
        for signal, (_, at) in signals.items()
        if now - at <= DAY
    }
    moves = bool(set(feeds.MOVES) & fresh)
    still = "no motion: gates nothing; stairs may look like stress (let a device send motion)"
    shops = any(place.kind == "grocery" for place in settings.places)
    return [
        _stress(fresh, moves=moves, confidence_min=settings.policy.confidence_min),
        Check("motion", moves, "motion: exercise holds nudges back" if moves else still),
        _grocery(located=LOCATION.id in fresh, shops=shops),
    ]


def _stress(fresh: set[str], *, moves: bool, confidence_min: float) -> Check:
    if not {HEART_RATE.id, IBI.id} & fresh:
        return Check("stress", ok=False, detail="no heart rate in the last day: nothing is told")
    beats = IBI.id in fresh
    what = "beats: stress" if beats else "averaged heart rate, no beats: stress with low confidence"
    heard = HEARD[beats] + (CONDUCTS if ELECTRODERMAL.id in fresh else 0.0)
    most = heard * (1.0 if moves else UNMOVED)
    enough = most >= confidence_min
    held = "" if enough else f", under policy.confidence_min {confidence_min:g}: it never nudges"
    return Check("stress", enough, f"{what} (at most {most:.1f}{held})")


def _grocery(*, located: bool, shops: bool) -> Check:
    if not located:
        return Check("places", not shops, "no location in the last day: no grocery nudge")
    known = "location and a grocery: a nudge there"
    return Check("places", ok=True, detail=known if shops else "no grocery among [[places]]")


def ago(old: timedelta) -> str:
    """Return *old* in the largest unit that says enough."""
    if old >= 2 * DAY:
        return f"{old // DAY} days"
    hours = old // HOUR
    return f"{hours} h" if hours else f"{max(old, timedelta()) // timedelta(minutes=1)} min"
