"""The daemon's side of the guests' process: start it, ask it, end it when it does not answer."""

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from pydantic import JsonValue, TypeAdapter, ValidationError

from agent.context import Context, Memory
from agent.errors import ModelError, SkillError
from agent.events import PROPOSALS_MAX, Input, Proposal, SkillNoted
from agent.guests.declared import Declared, DeclaredTool, Guest, arguments_of
from agent.guests.find import Found
from agent.guests.narrow import narrowed
from agent.guests.recalled import look_up
from agent.guests.way import ended_how, environment, read, unwritable
from agent.models import frames
from agent.ports import Recall
from agent.skill import MEMORY_BYTES_MAX, Answer, Tool

MEMORY_MAX_MB = 256
START_S = 20.0
ASK_S = 0.5
RECALLS_MAX = 64  # in one answer: more is no question, but a reading of all there is
DEEDS = {"list_edited": "lists", "reminder_set": "reminders", "reminder_cancelled": "reminders"}
Message = dict[str, Any]
ResultT = TypeVar("ResultT")

_context = TypeAdapter(Context)
_answer = TypeAdapter(Answer)
_proposals = TypeAdapter(tuple[Proposal, ...])
_memory: TypeAdapter[dict[str, JsonValue]] = TypeAdapter(dict[str, JsonValue])


class Question(NamedTuple):
    """Which of a guest's tools is asked, and with what."""

    tool: str
    arguments: Mapping[str, JsonValue]


class Host:
    """Hold the process; every call has a deadline, and a fault names the skill."""

    def __init__(self, found: Sequence[Found]) -> None:
        self._found = tuple(found)
        self._child: subprocess.Popen[bytes] | None = None
        self._way: socket.socket | None = None
        self._lock = threading.Lock()
        self._deadly: set[str] = set()
        """Who ended the process when it was loaded: nobody loads that again."""
        self._admitted: frozenset[str] | None = None
        """Who may share a process; None: all."""
        self._asked = "guests"
        """Whom the last call was for."""
        self.guests: tuple[Guest, ...] = ()
        self.refused: dict[str, str] = {}
        """Why each of the others is not here."""

    def seek(self, found: Sequence[Found]) -> None:
        """Load *found* in place of those before, if they are others."""
        if tuple(found) != self._found:
            self._found = tuple(found)
            self._deadly = set()
            self.refused = {}
            self.start()

    def start(self) -> None:
        """Learn what each guest declares, one at a time and alone; then be ready.

        Call it in the main thread: Linux ends the child with the thread that started it.
        """
        self.refused = {name: self.refused[name] for name in sorted(self._deadly)}
        guests: list[Guest] = []
        for one in self._found:
            if one.name not in self._deadly:
                guests += self._alone(one)
        self.guests = tuple(guests)
        if len(guests) != 1:  # who stays alone can stay where it was loaded
            self.stop()
        self.ready()

    def admit(self, names: Collection[str]) -> None:
        """Let these guests, and no others, share a process from here on."""
        if self._admitted != frozenset(names):
            self._admitted = frozenset(names)
            self.stop()

    def ready(self) -> None:
        """Run the process of those that are admitted, if it does not; in the main thread."""
        while self._ended() and any(self._is_in(one.name) for one in self.guests):
            try:
                self._spawn()
            except SkillError as error:
                self.refused |= {one.name: error.reason for one in self._found}
                self.guests = ()
                return
            for one in self._found:
                if self._is_in(one.name) and self._load(one) is None:
                    self.guests = tuple(left for left in self.guests if left.name != one.name)
                    if self._ended():
                        break  # begin anew, without it

    def _is_in(self, name: str) -> bool:
        known = any(one.name == name for one in self.guests)
        return known and (self._admitted is None or name in self._admitted)

    def _alone(self, one: Found) -> list[Guest]:
        """Return what *one* declares, from a process in which nobody else is."""
        try:
            self._spawn()
        except SkillError as error:
            self.refused[one.name] = error.reason
            return []
        guest = self._load(one)
        if not self.alive:
            self._deadly.add(one.name)
        return [guest] if guest is not None else []

    def stop(self) -> None:
        """End the process."""
        if self._way is not None:
            self._way.close()
        if self._child is not None:
            self._child.kill()
            self._child.wait()
        self._child = self._way = None

    @property
    def alive(self) -> bool:
        """Return whether it can be asked."""
        return not self._ended()

    def _ended(self) -> bool:
        return self._child is None or self._child.poll() is not None

    def consider(self, guest: Guest, context: Context) -> tuple[Proposal, ...]:
        """Return what *guest* would say; raise SkillError."""
        settings = dict(context.rules.skills.get(guest.name, {}))
        asked = {"skill": guest.name, "context": _seen(guest, context), "settings": settings}
        said = self._ask(guest.name, "consider", asked).get("proposals")
        if isinstance(said, list) and len(said) > PROPOSALS_MAX:
            raise SkillError(guest.name, f"it proposed {len(said)} things at once")
        return _read_as(guest, _proposals, said)

    def fold(self, guest: Guest, event: Input, context: Context) -> Memory:
        """Return the memory of *guest* after its own *event*; raise SkillError."""
        asked = {
            "skill": guest.name,
            "memory": dict(context.own(guest.name)),
            "event": event.model_dump(mode="json"),
            "context": _seen(guest, context),
        }
        memory = _read_as(guest, _memory, self._ask(guest.name, "fold", asked).get("memory"))
        size = len(json.dumps(memory))
        if size > MEMORY_BYTES_MAX:
            reason = f"its memory of {size} bytes is over {MEMORY_BYTES_MAX}"
            raise SkillError(guest.name, reason)
        return memory

    def answer(self, guest: Guest, question: Question, recall: Recall, context: Context) -> Answer:
        """Return the answer of one of its tools; raise SkillError."""
        asked = {
            "skill": guest.name,
            "tool": question.tool,
            "arguments": dict(question.arguments),
            "context": _seen(guest, context),
        }
        found = self._ask(guest.name, "answer", asked, recall=recall if guest.recalls else None)
        return _read_as(guest, _answer, found.get("answer"))

    def _load(self, one: Found) -> Guest | None:
        try:
            asked = {"entry": one.entry, "texts": dict(one.texts)}
            declared = Declared.model_validate(self._ask(one.name, "load", asked))
        except SkillError as error:
            self.refused[one.name] = error.reason
            return None
        except ValidationError as error:
            first = error.errors()[0]
            self.refused[one.name] = f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
            return None
        wrong = declared.wrong()
        if declared.name != one.name:
            wrong = f"it calls itself {declared.name!r}, not {one.name!r}"
        if wrong:
            self.refused[one.name] = wrong
            return None
        return self._guest(declared)

    def _guest(self, declared: Declared) -> Guest:
        guest = Guest(declared, ())
        guest.tools = tuple(self._tool(guest, tool) for tool in declared.tools)
        return guest

    def _tool(self, guest: Guest, declared: DeclaredTool) -> Tool[Any]:
        def answered(arguments: Any, recall: Recall, context: Context) -> Answer:
            self.ready()
            try:
                given = arguments.model_dump(mode="json")
                asked = Question(declared.name, given)
                return _permitted(guest, self.answer(guest, asked, recall, context))
            except SkillError as error:
                failed = f"I can't tell: the skill {guest.name} failed ({error.reason})."
                return Answer(failed, known=False)

        return Tool(
            name=declared.name,
            what=declared.what,
            examples=declared.examples,
            arguments=arguments_of(declared.slots),
            answer=answered,
            now_only=declared.now_only,
            grammar=declared.grammar,
            own=declared.own,
            acts=declared.acts,
        )

    def _spawn(self) -> None:
        self.stop()
        ours, theirs = socket.socketpair()
        command = ["-P", "-m", "agent.models.sealed", str(os.getpid()), str(MEMORY_MAX_MB)]
        with theirs:
            self._child = subprocess.Popen(  # noqa: S603  # ourselves
                [sys.executable, *command, "agent.guests.child", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=environment(),
            )
        self._way = ours
        self._asked = "guests"
        begun = self._exchange("guests", {"op": "begin"}, deadline_s=START_S)
        if begun.get("open") is not None:
            self.stop()
            raise SkillError("guests", f"their process is not sealed: {begun['open']}")

    def _ask(
        self, skill: str, op: str, arguments: Message, *, recall: Recall | None = None
    ) -> Message:
        with self._lock:
            message = {"op": op, "arguments": arguments}
            return self._exchange(skill, message, deadline_s=ASK_S, recall=recall)

    def _exchange(
        self, skill: str, message: Message, *, deadline_s: float, recall: Recall | None = None
    ) -> Message:
        way, child = self._way, self._child
        if way is None or child is None:
            raise SkillError(skill, "the process of third parties' skills does not run")
        before, self._asked = self._asked, skill
        call = os.urandom(8).hex()  # so that nobody can answer what was not asked yet
        message = {**message, "id": call}
        ends = time.monotonic() + deadline_s
        try:
            reply = _told(way, message, ends=ends)
            for _ in range(RECALLS_MAX):
                if "recall" not in reply:
                    break
                reply = _told(way, _recalled(recall, reply["recall"]), ends=ends)
        except TimeoutError as error:
            self.stop()
            raise SkillError(skill, f"no answer in {deadline_s:g} s") from error
        except (OSError, ModelError) as error:
            ended = ended_how(child)
            self.stop()
            raise SkillError(skill, ended or str(error)) from error
        if reply.get("id") not in (call, None):
            self.stop()
            raise SkillError(before, "it spoke out of turn")
        return self._checked(skill, reply)

    def _checked(self, skill: str, reply: Message) -> Message:
        """Return what *reply* holds; raise SkillError.  A guest can write to the way itself."""
        found = reply.get("ok")
        if "fault" in reply and "id" in reply:
            raise SkillError(skill, str(reply["fault"])[:200])
        if not isinstance(found, dict) or "id" not in reply:
            self.stop()
            raise SkillError(skill, "it answered out of turn, or asked memory without end")
        wrong = unwritable(found)
        if wrong:
            raise SkillError(skill, f"its answer {wrong}")
        return found


def _told(way: socket.socket, message: Message, *, ends: float) -> Message:
    way.settimeout(max(0.001, ends - time.monotonic()))
    way.sendall(frames.pack(message))
    head = read(way, frames.HEAD.size, ends=ends)
    return frames.unpack(read(way, frames.length(head), ends=ends))


def _permitted(guest: Guest, answer: Answer) -> Answer:
    """Return *answer* if the guest may do all that it does; raise SkillError."""
    for event in (*answer.events, *answer.undo):
        own = isinstance(event, SkillNoted) and event.skill == guest.name
        if not own and DEEDS.get(event.kind) not in guest.does:
            raise SkillError(guest.name, f"it would do what it was not granted: {event.kind}")
    return answer


def _read_as(guest: Guest, known: TypeAdapter[ResultT], found: object) -> ResultT:
    try:
        return known.validate_python(found)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise SkillError(guest.name, f"its answer: {where}: {first['msg']}"[:200]) from error


def _recalled(recall: Recall | None, asked: Message) -> Message:
    if recall is None:
        return {"refused": True}
    try:
        return {"found": look_up(recall, str(asked["method"]), dict(asked["arguments"]))}
    except (ValueError, KeyError, TypeError, OverflowError):
        return {"refused": True}


def _seen(guest: Guest, context: Context) -> str:
    return _context.dump_json(narrowed(context, skill=guest.name, reads=guest.reads)).decode()
