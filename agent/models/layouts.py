"""How messages become one text: by the model's own chat template, or plainly where it has none."""

from collections.abc import Sequence
from typing import Any

import jinja2
from llama_cpp.llama_chat_format import Jinja2ChatFormatter

from agent.errors import ModelError
from agent.models.engine import Engine

Messages = Sequence[tuple[str, str]]
NO_TEMPLATE = "this model file has no chat template: messages are laid out plainly"
WRONG = (
    jinja2.TemplateError,
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
"""What a template may raise: it is a program in a sandbox, written by whoever made the file."""
ROUNDS_MAX = 4


class Layout:
    """Lays messages out; words that would steer the model lose that power."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.notices: list[str] = []
        self.stop: tuple[str, ...] = ()
        self.begins = False
        """Whether the tokenizer must add what begins a text."""
        self._template = self._of_the_file(engine.told("tokenizer.chat_template"))
        if self._template is None:
            self.notices.append(NO_TEMPLATE)
            self.begins = True
            self._chatml = len(engine.tokens("<|im_start|>", special=True)) == 1
            self.stop = () if self._chatml else ("\nuser:", "\nsystem:")

    def tokens(self, messages: Messages, *, open_: bool = True) -> list[int]:
        """Return the tokens of *messages*; *open_*: and of the beginning of the reply."""
        tame = [(role, self._tame(content)) for role, content in messages]
        text = self._text(tame, open_=open_)
        return self._engine.tokens(text, special=True, begin=self.begins)

    def raw(self, text: str) -> list[int]:
        """Return the tokens of *text*, with what begins a text if it does not begin with it."""
        bos = self._engine.token_of("bos")
        written = bos >= 0 and text.startswith(_text_of(self._engine, bos) or "\0")
        return self._engine.tokens(text, special=True, begin=not written)

    def _text(self, messages: Messages, *, open_: bool) -> str:
        if self._template is None:
            return _plain(messages, open_=open_, chatml=self._chatml)
        try:
            return self._rendered(messages, open_=open_)
        except WRONG:
            pass  # some templates know no system: what it says then begins the user's message
        try:
            return self._rendered(_without_system(messages), open_=open_)
        except WRONG as error:
            wrong = f"the model's chat template fails: {type(error).__name__}"
            raise ModelError(f"{wrong}; give a model file with another one") from error

    def _rendered(self, messages: Messages, *, open_: bool) -> str:
        assert self._template is not None
        self._template.add_generation_prompt = open_
        shown = [{"role": role, "content": content} for role, content in messages]
        return str(self._template(messages=shown).prompt)

    def _of_the_file(self, template: str) -> Any:
        if not template:
            return None
        bos, eos = (_text_of(self._engine, self._engine.token_of(t)) for t in ("bos", "eos"))
        try:
            return Jinja2ChatFormatter(template, eos_token=eos, bos_token=bos)
        except WRONG as error:
            wrong = f"the model's chat template is damaged: {type(error).__name__}"
            raise ModelError(f"{wrong}; give a model file with another one") from error

    def _tame(self, content: str) -> str:
        # A note may hold `<|im_end|>`: as text it is harmless, as a token it ends the note.
        for _ in range(ROUNDS_MAX):
            found = {t for t in self._engine.tokens(content, special=True) if self._steers(t)}
            if not found:
                return content
            for token in found:
                name = _text_of(self._engine, token)
                content = content.replace(name, f"{name[0]} {name[1:]}" if name else "")
        raise ModelError("a message holds what would steer the model")

    def _steers(self, token: int) -> bool:
        return self._engine.is_special(token) and bool(_text_of(self._engine, token))


def _text_of(engine: Engine, token: int) -> str:
    return engine.piece(token, special=True).decode("utf-8", "replace") if token >= 0 else ""


def _plain(messages: Messages, *, open_: bool, chatml: bool) -> str:
    if chatml:
        text = "".join(f"<|im_start|>{role}\n{said}<|im_end|>\n" for role, said in messages)
        return text + ("<|im_start|>assistant\n" if open_ else "")
    text = "".join(f"{role}: {said}\n" for role, said in messages)
    return text + ("assistant:" if open_ else "")


def _without_system(messages: Messages) -> Messages:
    said = [content for role, content in messages if role == "system"]
    rest = [message for message in messages if message[0] != "system"]
    for place, (role, content) in enumerate(rest):
        if role == "user":
            rest[place] = (role, "\n\n".join([*said, content]))
            break
    return rest
