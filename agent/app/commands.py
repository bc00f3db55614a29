"""What a command of the wearer's does, whether a daemon runs it or the command itself."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from hashlib import blake2b
from pathlib import Path
from time import perf_counter
from typing import Literal, Protocol, get_args
from zoneinfo import ZoneInfo

from pydantic import JsonValue, TypeAdapter

from agent.app import days, doctor, imports, journal, likely, loudness, present, wishes
from agent.app.answering import readable
from agent.app.pipeline import Pipeline
from agent.app.settings import Settings
from agent.context import Context
from agent.control import Reply, Show
from agent.errors import ControlError
from agent.events import (
    EPOCH,
    FeedbackGiven,
    FeedbackKind,
    ProposalJudged,
    ReminderSet,
)
from agent.fusion.reminders.recurrence import wall
from agent.phrases import clock
from agent.ports import Clock
from agent.skill import Evidence

WEEK = timedelta(days=7)
HOUR = timedelta(hours=1)
LAST_MAX = 4 * HOUR  # a bare yes to what was said longer ago is hardly meant for it
YEARS_MAX = 100  # a reminder for later than that is a slip of the pen
HELD_MAX = 10
Arguments = Mapping[str, JsonValue]
_values: TypeAdapter[dict[str, JsonValue]] = TypeAdapter(dict[str, JsonValue])


class Voice(Protocol):
    """The voice of a running daemon."""

    async def handle(self, act: str, show: Show) -> Reply:
        """Carry out `listen`, `mute` or `unmute`; raise ControlError."""


class Commands:
    """Carry out commands on one pipeline."""

    voice: Voice | None = None
    """Where something is listened to."""

    def __init__(
        self,
        pipeline: Pipeline,
        clock: Clock,
        *,
        settings: Callable[[], Settings],
        extra: Callable[[], Reply] = dict,
    ) -> None:
        """*settings*: those in force; *extra*: what only a running daemon knows."""
        self._pipeline = pipeline
        self._clock = clock
        self._settings = settings
        self._extra = extra
        self._known: dict[str, Callable[[Arguments], Awaitable[Reply]]] = {
            "status": self._status,
            "vocabulary": partial(likely.words, pipeline),
            "volume": partial(loudness.volume, pipeline, settings),
            "why": self._why,
            "doctor": self._doctor,
            "feedback": self._feedback,
            "remind": self._remind,
            "now": self._now,
            "places": self._places,
            "place": self._place,
            "skills": self._skills,
            "nudges": self._nudges,
            "why_not": self._why_not,
            "grant": partial(wishes.grant, pipeline),
            "mute": partial(wishes.mute, pipeline),
            "worth_reset": partial(wishes.reset, pipeline),
            "quiet": partial(wishes.quiet, pipeline),
            "journal": partial(journal.journal, pipeline),
        }

    async def handle(self, command: str, arguments: Arguments, show: Show) -> Reply:
        """Return the reply to *command*; raise ControlError if it is none, or AgentError.

        *show* receives each part of an answer as soon as it may be said.
        """
        if command == "ask":
            return await self._ask(arguments, show)
        if command == "import":
            return await self._import(arguments, show)
        if command == "voice":
            return await self._voice(arguments, show)
        if command not in self._known:
            names = sorted((*self._known, "ask", "import", "voice"))
            raise ControlError(f"there is no command {command[:32]!r}, but {names}")
        return await self._known[command](arguments)

    async def _status(self, _: Arguments) -> Reply:
        bus, context = self._pipeline.bus, self._pipeline.bus.state.context
        counts = self._pipeline.memory.counts()
        return {
            "running": False,
            "sequence": bus.state.sequence,
            "since_start": dict(bus.counts),
            "kept": dict(sorted(counts.items())),
            "context": situation(context),
            "pending": len(bus.state.pending),
            "wording": dict(self._pipeline.worder.counts.shown()),
            **self._extra(),
        }

    async def _ask(self, arguments: Arguments, show: Show) -> Reply:
        question = _text(arguments, "question")
        begun = perf_counter()
        by: Literal["text", "voice"] = "voice" if arguments.get("by") == "voice" else "text"
        told = await self._pipeline.ask(question, by=by, show=show)
        spent_ms = 1000 * (perf_counter() - begun)
        reply = told.reply
        evidence: list[JsonValue] = [_evidence(one) for one in reply.answer.evidence]
        return {
            "text": reply.answer.text,
            "known": reply.answer.known,
            "tier": told.tier,
            "tool": reply.tool,
            "arguments": _json(reply.arguments),
            "evidence": evidence,
            "reason": reply.reason,
            "wording": told.worded.by,
            "worded": told.worded.reason,
            "choice": told.choice.reason,
            "model": told.choice.model,
            "times": {
                "understood_ms": round(told.understood_ms, 1),
                "worded_ms": round(told.worded_ms, 1),
                "first_token_ms": round(told.worded.first_ms, 1),
            },
            "ms": round(spent_ms, 1),
        }

    async def _import(self, arguments: Arguments, show: Show) -> Reply:
        """Take in what lies at a path; each part that is shown is the share that has been read."""
        known = days.importers(self._settings().zone, self._clock)
        path = Path(_text(arguments, "path"))
        found = await imports.take_in(self._pipeline, path, known, clock=self._clock, show=show)
        return _json(found)

    async def _voice(self, arguments: Arguments, show: Show) -> Reply:
        if self.voice is None:
            raise ControlError(
                "no daemon listens: set voice.ears.source in carpal.toml and start `carpal run`"
            )
        return await self.voice.handle(_text(arguments, "act"), show)

    async def _why(self, arguments: Arguments) -> Reply:
        """Explain one judgement by its id; else the last word, and the silences around it."""
        wanted = arguments.get("id")
        if wanted is not None and not isinstance(wanted, str):
            raise ControlError("the id of a judgement is a text")
        since = self._pipeline.bus.state.context.now - WEEK
        judged = self._pipeline.memory.judgements(since=EPOCH if wanted else since)
        found = [one for one in judged if wanted in (None, one.id, one.skill)]
        if wanted and not found:
            raise ControlError(f"nothing was judged under {str(wanted)[:64]!r}: see `carpal why`")
        spoken = [one for one in found if one.verdict == "speak"]
        shown = {one.judgement: one for one in self._pipeline.memory.notified(since=EPOCH)}
        last = spoken[-1] if spoken else None
        said = shown.get(last.id) if last else None
        held: list[JsonValue] = [_judgement(one) for one in found if one.verdict != "speak"]
        return {
            "spoken": _judgement(last) if last else None,
            "shown": said.model_dump(mode="json") if said else None,
            "held": held[-HELD_MAX:],
            "zone": self._pipeline.bus.state.context.local.key,
        }

    async def _doctor(self, _: Arguments) -> Reply:
        case = doctor.Case(
            settings=self._settings(),
            memory=self._pipeline.memory,
            state=self._pipeline.bus.state,
            now=self._clock.now(),
            daemon=self._extra(),
        )
        return doctor.examine(case)

    async def _feedback(self, arguments: Arguments) -> Reply:
        answer = arguments.get("answer")
        if answer not in get_args(FeedbackKind):
            raise ControlError(f"an answer is one of {get_args(FeedbackKind)}, not {answer!r}")
        id_, minutes = arguments.get("id"), arguments.get("minutes", 30)
        if id_ is None:
            id_ = self._last_spoken()
        if not isinstance(id_, str) or not isinstance(minutes, int) or not 1 <= minutes <= 1440:
            raise ControlError("feedback takes an id, an answer and 1 to 1440 minutes")
        if id_ not in {one.judgement for one in self._pipeline.bus.state.context.shown}:
            raise ControlError(f"none of the last nudges is {id_[:64]!r}: see `carpal why`")
        given = FeedbackGiven.model_validate(
            {
                "at": self._pipeline.present().now,
                "judgement": id_,
                "answer": answer,
                "snooze_min": minutes,
            }
        )
        await self._pipeline.keep([given])
        return {"judgement": id_, "answer": str(answer), **self._nudge(id_)}

    async def _remind(self, arguments: Arguments) -> Reply:
        text, when = _text(arguments, "text"), _text(arguments, "due")
        now = self._clock.now()
        due = _due(when, now, zone=self._pipeline.bus.state.context.local)
        name = f"{now.isoformat()}/{due.isoformat()}/{text}"
        id_ = blake2b(name.encode(), digest_size=5).hexdigest()
        await self._pipeline.keep([ReminderSet(at=now, id=id_, due=due, text=text)])
        return {"id": id_, "due": due.isoformat(), "text": text}

    async def _now(self, _: Arguments) -> Reply:
        return present.now(self._pipeline)

    async def _places(self, _: Arguments) -> Reply:
        return present.places(self._pipeline)

    async def _place(self, arguments: Arguments) -> Reply:
        return await present.name_place(self._pipeline, arguments)

    async def _skills(self, _: Arguments) -> Reply:
        wishes.seek(self._pipeline, self._settings())
        return wishes.skills(self._pipeline)

    async def _nudges(self, arguments: Arguments) -> Reply:
        return wishes.nudges(self._pipeline, arguments)

    async def _why_not(self, arguments: Arguments) -> Reply:
        return wishes.why_not(self._pipeline, arguments)

    def _last_spoken(self) -> str | None:
        shown = self._pipeline.bus.state.context.shown
        if not shown:
            raise ControlError("nothing was said yet that could be answered")
        id_, since = shown[-1].judgement, self._pipeline.present().now - shown[-1].at
        if since > LAST_MAX:
            text = self._nudge(id_).get("text", "")
            raise ControlError(
                f"the last nudge came {since // HOUR} hours ago ({text}): is it meant? "
                f"Then name it: `--id {id_}`"
            )
        return id_

    def _nudge(self, id_: str) -> Reply:
        """Return which nudge that was, in its own words."""
        found = (one for one in self._pipeline.memory.judgements(since=EPOCH) if one.id == id_)
        one = next(found, None)
        return {} if one is None else {"skill": one.skill, "text": one.text}


def situation(context: Context) -> Reply:
    """Return what is believed now, as `carpal status` shows it."""
    place, calendar = context.place, context.calendar
    known = place.known_at(context.now)
    meeting = calendar.meeting_at(context.now)
    upcoming = calendar.next_after(context.now, within=timedelta(hours=24))
    score = context.stress.at(context.now)
    return {
        "now": context.now.isoformat(),
        "zone": context.zone or context.rules.zone,
        "place": (place.here.name if place.here else "elsewhere") if known else "unknown",
        "motion": context.motion.at(context.now),
        "asleep": context.sleep.asleep_at(context.now),
        "nights": len(context.sleep.nights),
        "stress": None if score is None else round(score),
        "stress_confidence": context.stress.confidence if score is not None else None,
        "meeting": meeting.title if meeting else None,
        "meetings_4h_min": calendar.load(context.now, window=timedelta(hours=4))
        // timedelta(minutes=1),
        "next": f"{clock(upcoming.start, context.local)} {upcoming.title}" if upcoming else None,
        "latest": {name: context.value(name) for name in sorted(context.latest)},
    }


def _json(values: Mapping[str, object]) -> dict[str, JsonValue]:
    return _values.validate_python(dict(values))


def _evidence(one: Evidence) -> JsonValue:
    return {
        "role": one.role,
        "value": readable(one.value),
        "unit": one.unit,
        "kind": one.kind,
        "since": _iso(one.since),
        "until": _iso(one.until),
        "samples": one.samples,
    }


def _judgement(judged: ProposalJudged) -> Reply:
    return judged.model_dump(mode="json")


def _due(when: str, now: datetime, *, zone: ZoneInfo) -> datetime:
    try:
        due = datetime.fromisoformat(when)
    except ValueError as error:
        raise ControlError(f"{when[:64]!r} is no time: write 2026-03-02T14:30") from error
    if abs(due.year - now.year) > YEARS_MAX:
        raise ControlError(f"{when} is more than {YEARS_MAX} years away")
    return due if due.tzinfo else wall(due.date(), due.time(), zone)


def _text(arguments: Arguments, name: str) -> str:
    value = arguments.get(name)
    if not isinstance(value, str):
        raise ControlError(f"the command needs {name}")
    return value


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
