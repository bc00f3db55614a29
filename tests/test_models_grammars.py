"""Grammars: what is dangerous is refused, and what is let through llama.cpp understands."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from agent.errors import ModelError
from agent.models import grammars
from agent.models.chat import Chat, chat_worker
from agent.models.settings import Settings
from agent.ports import Prompt
from tests.default_models import needs
from tests.tiny_models import tiny  # noqa: F401 (a fixture)

SETTINGS = Settings(threads=1, context_tokens=512)


@pytest.mark.parametrize(
    ("grammar", "reason"),
    [
        ("", "no rule named root"),
        ("root ::= missing", "missing, which is not defined"),
        ('root ::= root "a"', "begins with itself"),
        ('root ::= "a"? root', "begins with itself"),
        ('root ::= one\none ::= two\ntwo ::= "x"? one', "begins with itself"),
        ('root ::= ("a"*)*', "endless or nothing"),
        ('root ::= ("a"?)+', "endless or nothing"),
        ('root ::= one*\none ::= "a" "b"*', "endless or nothing"),
        ('root ::= one*\none ::= "[" one? "]"', "endless or nothing"),
        ("root ::= [\\d]", "unknown escape"),
        ('root ::= "\\d"', "unknown escape"),
        ('root ::= "a"{9999}', "between 0 and"),
        ('root ::= "a"{5,2}', "between 0 and"),
        ('root ::= "a"**', "repetition is repeated"),
        ("root ::= [z-a]", "backwards"),
        ("root ::= []", "allows nothing"),
        ('root ::= ""', "says nothing"),
        ('root ::= "a', "ends too early"),
        ('root ::= ("a"', "not closed"),
        ('root ::= "a")', "left over"),
        ('root ::= "a" |', "nothing is said"),
        ('root ::= "\\ud800"', "no character"),
        ('root ::= "a\x00"', "character that no grammar"),
        ('root ::= "a"\nroot ::= "b"', "defined twice"),
        ("rules of the house", "NAME ::="),
        (f"root ::= {'(' * 50}", "nested more than"),
        (f"root ::= {' '.join(['[a-z]{1000}'] * 21)}", "too many"),
        ('root ::= "a"\n' + "\n".join(f'r{n} ::= "a"' for n in range(500)), "more than"),
        ("x" * 40_000, "longer than"),
    ],
)
def test_a_dangerous_grammar_is_refused_with_its_reason(grammar: str, reason: str) -> None:
    with pytest.raises(ModelError, match=reason):
        grammars.check(grammar)


@given(st.text(max_size=300) | st.text('root ::=|"[]ab()*+?{}0123,\\-\n', max_size=300))
def test_checking_any_text_ends_with_yes_or_a_model_error(text: str) -> None:
    with suppress(ModelError):
        grammars.check(text)


@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["type", "properties", "anyOf", "enum", "items", "required", "$ref"])
        | st.text(max_size=4),
        inner | st.sampled_from(["object", "array", "string"]),
        max_size=4,
    ),
))  # fmt: skip
def test_any_schema_gives_a_grammar_that_passes_or_a_model_error(schema: object) -> None:
    if not isinstance(schema, dict):
        return
    try:
        made = grammars.from_schema(schema)
    except ModelError:
        return
    grammars.check(made)


class Reminder(BaseModel):
    text: str
    minutes: int | None = None
    urgent: bool


SCHEMAS: list[dict[str, object]] = [
    {"type": "object", "properties": {}},
    {"type": "string", "maxLength": 5},
    {"type": "string", "maxLength": 0},
    {"enum": ['a"b\\', "ü", 3, None, True]},
    {"type": "array", "items": {"type": "integer"}, "maxItems": 3, "minItems": 1},
    {"type": "array", "items": {"type": "number"}, "maxItems": 1},
    {
        "anyOf": [
            {"type": "object", "properties": {"tool": {"const": "a"}}, "required": ["tool"]},
            {
                "type": "object",
                "properties": {"x": {"type": "null"}, "n": {"type": "boolean"}},
                "required": ["n"],
            },
        ]
    },
    Reminder.model_json_schema(),
]


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda schema: json.dumps(schema)[:40])
def test_the_grammar_of_a_schema_passes_the_check(schema: dict[str, object]) -> None:
    grammars.check(grammars.from_schema(schema))


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "string", "pattern": "\\d"},
        {"type": "string", "maxLength": 10**6},
        {"type": "string", "minLength": 9, "maxLength": 3},
        {"$ref": "#/$defs/Absent"},
        {"$defs": {"Loop": {"$ref": "#/$defs/Loop"}}, "$ref": "#/$defs/Loop"},
        {"type": "array"},
        {"enum": []},
        {"type": "tuple"},
        {},
    ],
)
def test_what_no_grammar_here_can_say_is_refused(schema: dict[str, object]) -> None:
    with pytest.raises(ModelError):
        grammars.from_schema(schema)


names = st.sampled_from(["root", "one", "two", "three"])
texts = st.text("abc {}[]|()*", min_size=1, max_size=4).map(lambda text: f'"{text}"')
atoms = texts | st.sampled_from(["[a-z]", '[^"\\\\]', ".", "[\\x00-\\x1f-]", "[a\\]-]"]) | names
times = st.sampled_from(["", "", "", "*", "+", "?", "{2}", "{0,5}", "{3,}", "{1,40}"])


def _joined(parts: list[tuple[str, str]]) -> str:
    return " ".join(f"{what}{many}" for what, many in parts)


ways = st.lists(st.tuples(atoms, times), min_size=1, max_size=4).map(_joined)
groups = st.tuples(ways, ways, times).map(lambda g: f"({g[0]} | {g[1]}){g[2]}")
bodies = st.lists(ways | groups, min_size=1, max_size=3).map(" | ".join)
written = st.tuples(bodies, bodies, bodies, bodies).map(
    lambda four: "\n".join(
        f"{name} ::= {body}"
        for name, body in zip(("root", "one", "two", "three"), four, strict=True)
    )
)


@pytest.fixture(scope="module")
def loop() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="module")
def chat(loop: asyncio.Runner, tiny: Path) -> Iterator[Chat]:  # noqa: F811
    one = Chat(chat_worker(tiny, SETTINGS))
    yield one
    loop.run(one.worker.close())


@needs("llama_cpp", "gguf")
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=150)
@given(grammar=written)
def test_what_passes_the_check_llama_understands(
    loop: asyncio.Runner, chat: Chat, grammar: str
) -> None:
    try:
        grammars.check(grammar)
    except ModelError:
        return
    loop.run(chat.generate(Prompt(text="a", tokens_max=6, grammar=grammar)))
    assert chat.worker.starts == 1


@needs("llama_cpp", "gguf")
@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda schema: json.dumps(schema)[:40])
@pytest.mark.parametrize("seed", [1, 2])
def test_a_random_model_held_to_a_schema_says_json_of_it(
    loop: asyncio.Runner, chat: Chat, schema: dict[str, object], seed: int
) -> None:
    asked = Prompt(text="a", tokens_max=400, schema=json.dumps(schema), temperature=1.5, seed=seed)
    done = loop.run(chat.generate(asked))
    if done.finish == "stop":
        json.loads(done.text)
    else:
        assert done.tokens_made == 400


@needs("llama_cpp", "gguf")
def test_a_bad_grammar_is_a_model_error_and_the_worker_lives(
    loop: asyncio.Runner, chat: Chat
) -> None:
    for bad in (Prompt(text="a", grammar="root ::= no"), Prompt(text="a", schema="[1")):
        with pytest.raises(ModelError):
            loop.run(chat.generate(bad))
    assert loop.run(chat.generate(Prompt(text="a", grammar='root ::= "yes"'))).text == "yes"
