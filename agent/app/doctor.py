"""What `carpal doctor` looks at: each check says what was found, and what to do about it."""

import os
import shutil
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from pydantic import JsonValue

from agent.app import house, sources, voice_checks
from agent.app.brains import DEFAULT, NONE
from agent.app.checks import (
    DAY,
    HOUR,
    Check,
    Delivered,
    ago,
    backup_check,
    key_check,
    model_fault,
    rival_checks,
    source_check,
    told_checks,
)
from agent.app.settings import Settings
from agent.control import Reply
from agent.core import FAULTS_MAX
from agent.events import EPOCH, InputQuarantined, LocationMeasured, NudgeDropped, SkillFaulted
from agent.memory.recall import Memory
from agent.models import fetch
from agent.signals import LOCATION
from agent.state import State

WEEK, MONTH = 7 * DAY, 30 * DAY
SAID_WITHIN = timedelta(minutes=5)
FREE_MB_MIN = 500
LETTERS_MAX = 20  # as many as the memory tells
REASONS_MAX = 3
SIGNS_MAX = 120
PACKAGES = {"words": "chat", "large": "chat"}
"""Which package brings a model that has another name in use."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """All that is looked at."""

    settings: Settings
    memory: Memory
    state: State
    now: datetime
    daemon: Reply
    """What only a running daemon knows (`mqtt`, `models`); empty without one."""


def examine(case: Case) -> Reply:
    """Return every check, and whether all is well."""
    found = [check for part in PARTS for check in part(case)]
    checks: list[JsonValue] = [dict(check._asdict()) for check in found]
    return {"checks": checks, "ok": all(check.ok for check in found)}


def wrong_models(settings: Settings) -> list[str]:
    """Return a line for each model path of the settings that cannot be a model."""
    paths = {name: setting for name, setting in _wanted(settings) if setting not in (DEFAULT, NONE)}
    faults = [(name, model_fault(name, Path(path).expanduser())) for name, path in paths.items()]
    return [f"the {name} model cannot be used: {fault}" for name, fault in faults if fault]


def _wanted(settings: Settings) -> list[tuple[str, str]]:
    models, speech = settings.models, settings.voice.model
    wanted = [("words", models.words), ("large", models.chat), ("embedding", models.embedding)]
    return [*wanted, ("speech", speech)] if voice_checks.is_file(speech) else wanted


def _broker(case: Case) -> Iterator[Check]:
    mqtt, known = case.settings.mqtt, case.daemon.get("mqtt")
    if mqtt is None:
        told = "not configured: `carpal broker` writes a configuration and says what to set"
        yield Check("broker", case.settings.folder is not None, told)
        return
    where = mqtt.socket or f"{mqtt.host}:{mqtt.port}"
    if not isinstance(known, dict):
        told = f"{where} was not tried: no daemon runs; start it with `carpal run`"
        yield Check("broker", ok=False, detail=told)
    elif known["connected"]:
        yield Check("broker", ok=True, detail=f"connected to {where}")
    else:
        why = str(known["error"] or "no attempt has ended yet")
        told = f"not connected to {where}: {why}; look whether the broker runs (`carpal broker`)"
        yield Check("broker", ok=False, detail=told)


def _models(case: Case) -> Iterator[Check]:
    told = case.daemon.get("models")
    reports = {
        str(one["name"]): one
        for one in (told if isinstance(told, list) else [])
        if isinstance(one, dict)
    }
    for name, setting in _wanted(case.settings):
        yield _model(name, setting, reports.get(name))


def _model(name: str, setting: str, report: Mapping[str, JsonValue] | None) -> Check:
    title, folder = f"model {name}", fetch.models_folder()
    if setting == NONE or (setting == DEFAULT and folder is None):
        by = "the settings" if setting == NONE else fetch.SWITCH
        return Check(title, ok=True, detail=f"switched off by {by}: carpal works, plainer")
    package = PACKAGES.get(name, name)
    path = fetch.find(package, folder) if setting == DEFAULT else Path(setting).expanduser()
    if path is None:
        detail = f"not set up: `carpal models get {package}`; until then carpal works, plainer"
        return Check(title, ok=False, detail=detail)
    fault = model_fault(name, path)
    return Check(title, ok=False, detail=fault) if fault else _worker(title, path, report)


def _worker(title: str, path: Path, report: Mapping[str, JsonValue] | None) -> Check:
    if report is None:
        return Check(title, ok=True, detail=f"{path} is there; no daemon has used it")
    if report["sealed"] is False:
        leak = "its worker is not sealed: it could open a socket; set it to `none` and report it"
        return Check(title, ok=False, detail=f"{path}: {leak}")
    state = "loaded" if report["loaded"] else "loads at the first question"
    if report["last_fault"]:
        fault = f"{report['crashes']} faults, the last: {str(report['last_fault'])[:SIGNS_MAX]}"
        tell = "; it is tried again at the next question, else see the log"
        return Check(title, bool(report["loaded"]), f"{path}: {state}; {fault}{tell}")
    return Check(title, ok=True, detail=f"{path}: {state}")


def _programs(case: Case) -> Iterator[Check]:
    mqtt = case.settings.mqtt
    broker = shutil.which("mosquitto", path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin")
    known = case.daemon.get("mqtt")
    other = mqtt is None or (isinstance(known, dict) and known["connected"] is True)
    absent = "not installed here: install the package mosquitto, unless your broker is elsewhere"
    yield Check("mosquitto", bool(broker) or other, broker or absent)


def _voice(case: Case) -> Iterator[Check]:
    told = case.daemon.get("voice")
    yield from voice_checks.checks(case.settings.voice, told if isinstance(told, dict) else None)


def _store(case: Case) -> Iterator[Check]:
    folder = case.settings.store.folder
    yield key_check(folder / house.KEY)
    yield backup_check(folder / house.BACKUP, now=case.now)
    free_mb = shutil.disk_usage(folder).free // 1_000_000
    room = "" if free_mb >= FREE_MB_MIN else ": make room, or nothing can be kept soon"
    yield Check("disk", not room, f"{free_mb} MB free{room}")
    files = [folder / f"{house.DATABASE}{end}" for end in ("", "-wal")]
    size_mb = sum(file.stat().st_size for file in files if file.exists()) / 1e6
    kept = f"{size_mb:.1f} MB; samples are kept for {case.settings.store.retention_days} days"
    yield Check("database", ok=True, detail=kept)


def _paths(case: Case) -> Iterator[Check]:
    named = list(_named(case.settings))
    wrong = [(what, path) for what, path in named if not os.access(path, os.R_OK)]
    for what, path in wrong:
        why = "cannot be read" if path.exists() else "does not exist"
        yield Check(what, ok=False, detail=f"{path} {why}: correct the settings or put it there")
    if named and not wrong:
        yield Check("paths", ok=True, detail=f"all {len(named)} of the settings are there")


def _named(settings: Settings) -> Iterator[tuple[str, Path]]:
    for path in settings.calendar.paths if settings.calendar else ():
        yield "calendar", path
    if settings.mealplan is not None and settings.mealplan.path is not None:
        yield "mealplan", settings.mealplan.path
    for path in settings.folder.paths if settings.folder else ():
        yield "folder", path
    if settings.mqtt is not None:
        files = {"mqtt.tls_ca": settings.mqtt.tls_ca, "mqtt.password_file": ""}
        files["mqtt.password_file"] = settings.mqtt.password_file
        yield from ((what, Path(path)) for what, path in files.items() if path)


def _sources(case: Case) -> Iterator[Check]:
    delivered = _delivered(case)
    for line in sources.unwired(case.settings):
        yield Check("sources", ok=False, detail=line)
    for name, why in sources.silent(case.settings, delivered):
        yield Check(f"source {name}", ok=False, detail=f"has never delivered: {why}")
    if not delivered:
        told = "no source has delivered anything yet: connect a device, or `carpal import`"
        yield Check("sources", ok=False, detail=told)
        return
    heard = case.state.context.sources
    for source, signals in delivered.items():
        yield source_check(source, signals, heard, now=case.now)
    yield from rival_checks(heard, case.settings.priority)
    yield from told_checks(delivered, case.settings, now=case.now)


def _delivered(case: Case) -> Delivered:
    found = {source: dict(signals) for source, signals in case.memory.sources().items()}
    for fix in _fixes(case):
        one = found.setdefault(fix.source, {})
        count, newest = one.get(LOCATION.id, (0, EPOCH))
        one[LOCATION.id] = (count + 1, max(newest, fix.at))
    return found


def _fixes(case: Case) -> Sequence[LocationMeasured]:
    """Return the fixes of the last day; where there are none, those of the last month."""
    for window in (DAY, MONTH):
        events = case.memory.events("location_measured", since=case.now - window)
        fixes = [one for one in events if isinstance(one, LocationMeasured)]
        if fixes:
            return fixes
    return ()


def _faults(case: Case) -> Iterator[Check]:
    for skill, count in case.state.faults.items():
        rests = case.state.rests(skill)
        what = "it rests for an hour: report it" if rests else f"it rests at {FAULTS_MAX}"
        reasons = case.memory.events("skill_faulted", since=EPOCH)
        last = [
            one.reason for one in reasons if isinstance(one, SkillFaulted) if one.skill == skill
        ]
        why = f"; the last: {last[-1][:SIGNS_MAX]}" if last else ""
        yield Check(f"skill {skill}", ok=False, detail=f"{count} faults, {what}{why}")
    for skill, until in case.state.ledger.snoozed.items():
        if until > case.now:
            told = f"silent at your wish for {ago(until - case.now)} more"
            yield Check(f"skill {skill}", ok=True, detail=told)


def _nudges(case: Case) -> Iterator[Check]:
    late = [one for one in case.state.pending.values() if case.now - one.at > SAID_WITHIN]
    if case.state.pending:
        told = f"{len(case.state.pending)} admitted and not yet shown"
        where = (
            "see the log for why no screen takes them" if case.daemon else "`carpal run` shows them"
        )
        yield Check("nudges pending", not late, f"{told}; {where}")
    events = case.memory.events("nudge_dropped", since=case.now - WEEK)
    dropped = [one for one in events if isinstance(one, NudgeDropped)]
    if dropped:
        last = f"the last at {dropped[-1].at:%F %H:%M} UTC: {dropped[-1].reason[:SIGNS_MAX]}"
        told = f"{len(dropped)} in a week; {last}; `carpal why` tells what it was"
        yield Check("nudges dropped", ok=False, detail=told)
    if not case.state.pending and not dropped:
        yield Check("nudges", ok=True, detail="none waits, none was dropped in a week")


def _unread(case: Case) -> Iterator[Check]:
    letters = case.memory.dead_letters()
    if not letters:
        yield Check("payloads", ok=True, detail="all could be read")
        return
    at, topic, reason = letters[0]
    many = f"{len(letters)}{' or more' if len(letters) == LETTERS_MAX else ''} could not be read"
    recent = case.now - at <= WEEK
    said = f"{many}; the last on {topic} at {at:%F %H:%M} UTC: {reason}"
    yield Check("payloads", not recent, f"{said}; correct what the device sends")


def _quarantined(case: Case) -> Iterator[Check]:
    count = case.memory.counts().get("input_quarantined", 0)
    last = _last_refused(case)
    if not last:
        told = f"none in a week, {count} in all" if count else "none"
        yield Check("quarantined", ok=True, detail=told)
        return
    why = "; ".join(_refused(one) for one in last)
    yield Check("quarantined", ok=False, detail=f"{count} inputs were not let in; the last: {why}")


def _refused(event: InputQuarantined) -> str:
    """Return the reason, behind its source where it does not begin with that already."""
    start = f"{event.source}: "
    return f"{start}{event.reason.removeprefix(start)[:SIGNS_MAX]}"


def _last_refused(case: Case) -> Sequence[InputQuarantined]:
    """Return the last few of a week; the narrowest window that has them, for there may be many."""
    last: deque[InputQuarantined] = deque(maxlen=REASONS_MAX)
    for window in (HOUR, DAY, WEEK):
        last.clear()
        found = case.memory.events("input_quarantined", since=case.now - window)
        last.extend(one for one in found if isinstance(one, InputQuarantined))
        if len(last) == REASONS_MAX:
            break
    return tuple(last)


PARTS: tuple[Callable[[Case], Iterator[Check]], ...] = (
    _broker,
    _models,
    _programs,
    _voice,
    _store,
    _paths,
    _sources,
    _quarantined,
    _unread,
    _nudges,
    _faults,
)
