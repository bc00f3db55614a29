"""The one process of all third parties' skills: `python -m agent.guests.child DESCRIPTOR`, sealed.

It is started without a socket (`agent.models.sealed`).  Before a line of a guest runs it gives up
every file, every new process and every signal, and proves that from C.  A guest's modules come as
text over the descriptor; of libraries it has those that were imported here.
"""

import ctypes
import errno
import importlib.abc
import importlib.machinery
import importlib.util
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from types import ModuleType
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo, available_timezones

import pyseccomp
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import to_jsonable_python

from agent import phrases, quantiles, signals  # noqa: F401  # what a guest may import
from agent.context import Context
from agent.events import Input
from agent.guests.recalled import Recalled
from agent.models.serving import Channel, way_out
from agent.skill import Answer, Skill, Tool

Message = dict[str, Any]

ALLOWED = (
    "read", "write", "writev", "close", "lseek", "fstat", "poll", "ppoll", "select", "pselect6",
    "brk", "mmap", "munmap", "mremap", "mprotect", "madvise", "futex", "rt_sigaction",
    "rt_sigprocmask", "rt_sigreturn", "sigaltstack", "restart_syscall", "getrandom", "time",
    "gettimeofday", "clock_gettime", "clock_getres", "clock_nanosleep", "nanosleep",
    "sched_yield", "getpid", "gettid", "getppid", "exit", "exit_group",
)  # fmt: skip
"""What Linux does for a guest: memory, the clock, and the descriptor that it was given.

All else is denied: a list of what is denied would miss a call (a signal has five of them), and
the calls of the next kernel.
"""
LIBRARIES = (
    "bisect", "calendar", "collections", "dataclasses", "datetime", "decimal", "enum", "fractions",
    "functools", "heapq", "itertools", "json", "math", "operator", "re", "statistics", "string",
    "textwrap", "typing", "zoneinfo",
)  # fmt: skip
FAULT_MAX = 200

_context = TypeAdapter(Context)
_input: TypeAdapter[Input] = TypeAdapter(Input)


class _Loaded(NamedTuple):
    skill: Skill
    tools: Mapping[str, Tool[Any]]


class _Texts(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports a guest's own modules from their text."""

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}

    def add(self, texts: Mapping[str, str]) -> None:
        """Know these modules, too."""
        self._texts |= texts

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname not in self._texts:
            return None
        package = any(name.startswith(f"{fullname}.") for name in self._texts)
        return importlib.util.spec_from_loader(fullname, self, is_package=package)

    def exec_module(self, module: ModuleType) -> None:
        code = compile(self._texts[module.__name__], f"<{module.__name__}>", "exec")
        exec(code, module.__dict__)  # noqa: S102  # what the wearer installed, in a sealed process


def close_files() -> None:
    """Deny this process all but memory, the clock and its descriptor from now on."""
    rules = pyseccomp.SyscallFilter(pyseccomp.ERRNO(errno.EPERM))
    for name in ALLOWED:
        try:
            rules.add_rule(pyseccomp.ALLOW, name)
        except OSError:
            continue  # this processor's Linux has no such call
    itself = pyseccomp.Arg(0, pyseccomp.EQ, os.getpid())
    rules.add_rule(pyseccomp.ALLOW, "tgkill", itself)  # as abort() does
    rules.load()


def way_to_files() -> str | None:
    """Return how a file could still be opened, or None if none can; it is tried from C."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.open(b"/proc/self/status", os.O_RDONLY) >= 0:
        return "a file can be opened"
    return None if ctypes.get_errno() == errno.EPERM else "a file could be opened, if it were there"


class Room:
    """The guests, and what is asked of them."""

    def __init__(self, channel: Channel, texts: _Texts) -> None:
        self._channel = channel
        self._texts = texts
        self._loaded: dict[str, _Loaded] = {}

    def load(self, entry: str, texts: Mapping[str, str]) -> Message:
        """Return what the skill at *entry* (`module:Name`, or `module`) of *texts* declares."""
        self._texts.add(texts)
        module_name, _, name = entry.partition(":")
        module = importlib.import_module(module_name)  # noqa: TID251  # from its text alone
        skill = _instance(module, name)
        self._loaded[skill.name] = _Loaded(skill, {tool.name: tool for tool in skill.tools})
        return {
            "name": skill.name,
            "what": skill.what or (module.__doc__ or "").strip().split("\n")[0],
            "theme": skill.theme,
            "fresh_min": skill.fresh_min,
            "reads": sorted(skill.reads),
            "wakes": sorted(skill.wakes) or ["minute"],
            "does": sorted(skill.does),
            "tools": [_tool(tool) for tool in skill.tools],
        }

    def consider(self, skill: str, context: str, settings: Message) -> Message:
        """Return what *skill* would say."""
        one = self._loaded[skill].skill
        said = one.consider(_context.validate_json(context), _settings(one, settings))
        return {"proposals": [proposal.model_dump(mode="json") for proposal in said]}

    def fold(self, skill: str, memory: Message, event: Message, context: str) -> Message:
        """Return its memory after *event*."""
        one, now = self._loaded[skill].skill, _context.validate_json(context)
        return {"memory": one.fold(memory, _input.validate_python(event), now)}

    def answer(self, skill: str, tool: str, arguments: Message, context: str) -> Message:
        """Return the answer of one of its tools; what it recalls is asked for on the way."""
        one = self._loaded[skill].tools[tool]
        asked = one.arguments.model_validate({k: v for k, v in arguments.items() if v is not None})
        found = one.answer(asked, Recalled(self._channel), _context.validate_json(context))
        assert isinstance(found, Answer)
        return {"answer": to_jsonable_python(found)}


def _instance(module: ModuleType, name: str) -> Skill:
    found = getattr(module, name) if name else _only_skill(module)
    skill = found() if isinstance(found, type) else found
    if not isinstance(skill, Skill):
        raise TypeError(f"{name or module.__name__} is no skill: derive it from agent.skill.Skill")
    return skill


def _only_skill(module: ModuleType) -> type[Skill]:
    own = [
        one
        for one in vars(module).values()
        if isinstance(one, type) and issubclass(one, Skill) and one.__module__ == module.__name__
    ]
    if len(own) != 1:
        raise TypeError(f"{module.__name__} has {len(own)} skills: it must have one")
    return own[0]


def _settings(skill: Skill, given: Message) -> BaseModel:
    return skill.settings.model_validate(given)


def _tool(tool: Tool[Any]) -> Message:
    fields = tool.arguments.model_fields
    return {
        "name": tool.name,
        "what": tool.what,
        "examples": list(tool.examples),
        "slots": {name: field.is_required() for name, field in fields.items()},
        "now_only": tool.now_only,
        "own": tool.own,
        "acts": tool.acts,
        "grammar": tool.grammar,
    }


def answer(room: Room, message: Message) -> Message:
    """Return what came of one call; a guest's fault is one, and nothing else ends us."""
    calls: Mapping[str, Callable[..., Message]] = {
        "load": room.load,
        "consider": room.consider,
        "fold": room.fold,
        "answer": room.answer,
    }
    try:
        found = calls[message["op"]](**message["arguments"])
        json.dumps(found, allow_nan=False)
    except ValidationError as error:
        first = error.errors()[0]
        return {"fault": f"{'.'.join(map(str, first['loc']))}: {first['msg']}"[:FAULT_MAX]}
    except Exception as error:  # noqa: BLE001
        # The fence around guests, in their own process: one that raises is told apart by name.
        return {"fault": f"{type(error).__name__}: {error}"[:FAULT_MAX]}
    return {"ok": found}


def main() -> None:
    """Take the texts, close every way out, and answer until the daemon closes its end."""
    channel = Channel(int(sys.argv[1]))
    begin = channel.receive()
    if begin is None:
        return
    kept = {name: ZoneInfo(name) for name in available_timezones()}  # each is a file, until now
    for name in LIBRARIES:
        importlib.import_module(name)  # noqa: TID251  # so that a guest may import it
    close_files()
    open_way = way_out(int(sys.argv[1])) or way_to_files()
    channel.send({"id": begin["id"], "ok": {"open": open_way, "zones": len(kept)}})
    if open_way is not None:
        return
    texts = _Texts()
    sys.meta_path.insert(0, texts)
    room = Room(channel, texts)
    while (message := channel.receive()) is not None:
        channel.send({"id": message["id"], **answer(room, message)})


if __name__ == "__main__":
    main()
