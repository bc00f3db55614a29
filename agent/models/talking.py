"""The chat model inside its worker: prompts read once, replies made token by token.

Only a worker imports this: llama.cpp ends the whole process on some inputs.
"""

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import llama_cpp
import numpy as np

from agent.errors import ModelError
from agent.models import grammars, kept, speeds
from agent.models.engine import Engine, common
from agent.models.frames import Message
from agent.models.layouts import Layout, Messages
from agent.models.llama import ENCODERS
from agent.models.measuring import measured, no_one
from agent.models.replies import Reply
from agent.models.sampling import Chances, Sampler
from agent.models.serving import Turn

PINS_MAX = 8
PIN_GAIN_TOKENS = 8  # below that, reading is as fast as restoring
STOPS_MAX = 16


@dataclass(frozen=True, slots=True)
class Pin:
    """The beginning of prompts that was read once and for all."""

    tokens: list[int]
    state: bytes | None
    """None where it lies on disk, to be read again when it is wanted."""


class ChatModel:
    """A chat model; its state after the last prompt and after the pinned beginnings is kept."""

    def __init__(self, begin: Message) -> None:
        self._path = Path(begin["path"])
        self._adapter = str(begin.get("adapter", ""))
        self._folder = Path(begin["keep"]) if begin.get("keep") else None
        threads = int(begin["threads"])
        self._engine = Engine(
            self._path,
            context_tokens=int(begin["context_tokens"]),
            threads=threads or 1,
            adapter=self._adapter,
        )
        if self._engine.told("general.architecture") in ENCODERS:
            raise ModelError(f"{self._path.name} embeds sentences and cannot chat")
        self._layout = Layout(self._engine)
        self._chances = Chances(self._engine.words)
        self._pins: list[Pin] = []
        # The first token shows what this processor cannot run, before anyone waits for an answer.
        self._engine.read_on([self._any_token()], no_one)
        self._engine.forget_after(0)
        self._speed = None if threads else self._measured()
        self._threads = self._speed.threads if self._speed else threads
        self._prompt_threads = self._speed.prompt_threads if self._speed else threads
        self._engine.use_threads(self._threads, self._prompt_threads)
        for prefix in begin.get("prefixes", ()):
            self._pin(prefix, no_one)

    def hello(self) -> Message:
        """Return its threads, speed, and what its file lacks."""
        return {
            "threads": self._threads,
            "prompt_threads": self._prompt_threads,
            "tokens_s": self._speed.tokens_s if self._speed else None,
            "notices": self._layout.notices,
        }

    def handle(self, op: str, arguments: Message, cancelled: Turn) -> Message:
        """Answer `complete`, `tokenize` and `pin`."""
        match op:
            case "complete":
                return self._complete(_Asked.of(arguments), cancelled)
            case "tokenize":
                return {"count": len(self._engine.tokens(str(arguments["text"])))}
            case "pin":
                return self._pin(arguments, cancelled)
            case _:
                raise ModelError(f"a chat model cannot {op[:64]!r}")

    def _complete(self, asked: "_Asked", cancelled: Turn) -> Message:
        began = time.perf_counter()
        prompt = self._tokens(asked.messages, asked.text, open_=True)
        sampler = Sampler(
            self._engine.vocabulary,
            temperature=asked.temperature,
            seed=asked.seed,
            grammar=asked.grammar,
        )
        try:
            reused = self._read(prompt, cancelled)
            told = self._reply(asked, sampler, cancelled, began=began)
        finally:
            sampler.close()
        ms = round((time.perf_counter() - began) * 1000, 2)
        return {**told, "tokens_prompt": len(prompt), "tokens_reused": reused, "ms": ms}

    def _reply(self, asked: "_Asked", sampler: Sampler, turn: Turn, *, began: float) -> Message:
        reply = Reply((*asked.stop, *self._layout.stop))
        made, chances, first_ms, finish = 0, 0.0, 0.0, "length"
        while True:
            scores = self._engine.scores()
            token = sampler.pick(scores)
            chances += self._chances.of(scores, token)
            made += 1
            first_ms = first_ms or round((time.perf_counter() - began) * 1000, 2)
            if self._engine.ends(token):
                finish = "stop"
                break
            self._tell(reply.push(self._engine.piece(token)), asked, turn)
            if reply.stopped:
                finish = "stop"
                break
            if made >= asked.tokens_max or len(self._engine.read) >= self._engine.context_tokens:
                break
            if turn():
                raise ModelError("it was cancelled")
            self._engine.read_on([token], turn)
        self._tell(reply.push(b"", last=True), asked, turn)
        return {
            "text": reply.text,
            "tokens_made": made,
            "finish": finish,
            "chance": round(chances / made, 4) if np.isfinite(chances) else None,
            "first_ms": first_ms,
        }

    def _tell(self, text: str, asked: "_Asked", turn: Turn) -> None:
        if text and asked.streamed:
            turn.say(text)

    def _tokens(self, messages: Messages, text: str, *, open_: bool) -> list[int]:
        tokens = self._layout.tokens(messages, open_=open_) if messages else self._layout.raw(text)
        if len(tokens) >= self._engine.context_tokens:
            raise ModelError(
                f"the question's {len(tokens)} tokens do not fit into "
                f"{self._engine.context_tokens} tokens: shorten it, or raise models.context_tokens"
            )
        return tokens or [self._any_token()]

    def _read(self, prompt: list[int], cancelled: Turn) -> int:
        known = common(self._engine.read, prompt)
        best = max(self._pins, key=lambda pin: common(pin.tokens, prompt), default=None)
        if best and common(best.tokens, prompt) > known + PIN_GAIN_TOKENS:
            state = best.state or self._on_disk(best.tokens)
            if state:
                self._engine.restore(state, best.tokens)
        return self._engine.read_prompt(prompt, cancelled)

    def _on_disk(self, tokens: list[int]) -> bytes | None:
        path = self._place(tokens)
        found = kept.load_state(path) if path else None
        return found[1] if found and found[0] == tokens else None

    def _pin(self, asked: Message, cancelled: Turn) -> Message:
        tokens = self._tokens(_messages(asked), str(asked.get("text", "")), open_=False)
        if any(pin.tokens == tokens for pin in self._pins):
            return {"tokens": len(tokens), "restored": True}
        found = self._on_disk(tokens)
        restored = found is not None and self._engine.restore(found, tokens)
        state = None
        if not restored:
            self._engine.read_prompt(tokens, cancelled)
            state = self._engine.state()
            if self._saved(tokens, state):
                state = None  # memory is dearer than reading it again
        self._pins = [*self._pins[1 - PINS_MAX :], Pin(tokens, state)]
        return {"tokens": len(tokens), "restored": restored}

    def _saved(self, tokens: list[int], state: bytes) -> bool:
        path = self._place(tokens)
        saved = path is not None and kept.save_state(path, tokens, state)
        if path is not None:
            kept.oldest_away(path.parent, keep=2 * PINS_MAX)
        return saved

    def _place(self, tokens: list[int]) -> Path | None:
        if self._folder is None:
            return None
        files = [self._path, *([Path(self._adapter)] if self._adapter else [])]
        library = [llama_cpp.__version__, self._engine.context_tokens]
        key = kept.key_of([kept.identity(*files), tokens, *library])
        return self._folder / "prefixes" / f"{key}.state"

    def _measured(self) -> speeds.Speed:
        key = speeds.key_of(self._path)
        speed = speeds.recall(self._folder, key) if self._folder else None
        if speed is None:
            speed = measured(self._engine, self._any_token())
            if self._folder:
                speeds.remember(self._folder, key, speed)
        return speed

    def _any_token(self) -> int:
        return max(0, self._engine.token_of("bos"))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """One checked question."""

    messages: Messages
    text: str
    tokens_max: int
    temperature: float
    seed: int
    stop: tuple[str, ...]
    grammar: str
    streamed: bool

    @classmethod
    def of(cls, arguments: Message) -> Self:
        """Return what *arguments* ask; raise ModelError."""
        try:
            asked = cls(
                messages=_messages(arguments),
                text=str(arguments.get("prompt", "")),
                tokens_max=int(arguments.get("tokens_max", 64)),
                temperature=float(arguments.get("temperature", 0)),
                seed=int(arguments.get("seed", 0)),
                stop=tuple(str(text) for text in arguments.get("stop", ()))[:STOPS_MAX],
                grammar=str(arguments.get("grammar", "")) or _grammar(arguments.get("schema")),
                streamed=bool(arguments.get("stream", False)),
            )
        except (TypeError, ValueError, KeyError) as error:
            raise ModelError(f"the question is malformed: {type(error).__name__}") from error
        if asked.tokens_max < 1 or asked.seed < 0:
            raise ModelError("a reply has at least 1 token, and a seed is not negative")
        return asked


def _messages(arguments: Message) -> Messages:
    if "messages" in arguments:
        return [(str(one["role"]), str(one["content"])) for one in arguments["messages"]]
    if "system" in arguments:
        return [("system", str(arguments["system"])), ("user", str(arguments["user"]))]
    return []


def _grammar(schema: object) -> str:
    if not schema:
        return ""
    try:
        read = json.loads(schema) if isinstance(schema, str) else schema
    except (ValueError, RecursionError) as error:
        raise ModelError("the schema is no JSON") from error
    if not isinstance(read, dict):
        raise ModelError("the schema is no JSON object")
    return grammars.from_schema(read)
