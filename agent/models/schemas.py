"""A grammar for a JSON schema of the simple kind that tools have.  Pure.

One form of the JSON is allowed, with its properties in order and everything bounded.  Ranges of
numbers are not in the grammar: whoever reads the answer checks them.
"""

import json
from collections.abc import Mapping, Sequence

from agent.errors import ModelError

DEPTH_MAX = 8
STRING_MAX = 120
"""Characters of a string whose schema names no length."""
STRING_LIMIT = 1000
ITEMS_MAX = 8
ITEMS_LIMIT = 64
VALUES_MAX = 200
PROPERTIES_MAX = 40
REFUSED = ("pattern", "allOf", "not", "if", "patternProperties", "prefixItems", "multipleOf")
BASE = (
    r"""char ::= [^"\\\x01-\x1f\x7f] | "\\" ["\\/bfnrt]""",
    r"""integer ::= "-"? ("0" | [1-9] [0-9]{0,14})""",
    r"""number ::= integer ("." [0-9]{1,9})?""",
    r"""boolean ::= "true" | "false" """.rstrip(),
    r"""null ::= "null" """.rstrip(),
)

Schema = Mapping[str, object]


def from_schema(schema: Schema) -> str:
    """Return the grammar of the JSON that *schema* describes; raise ModelError if it cannot be.

    Known: objects, arrays, strings, integers, numbers, booleans, null, enum, const, anyOf, and
    $ref into its own $defs.
    """
    return "\n".join((f"root ::= {_Writer(schema).written(schema, 0)}", *BASE))


class _Writer:
    def __init__(self, whole: Schema) -> None:
        self._defs = whole.get("$defs")

    def written(self, schema: object, depth: int) -> str:
        if not isinstance(schema, Mapping):
            raise ModelError("the schema holds something that is no schema")
        if depth > DEPTH_MAX:
            raise ModelError(f"the schema is nested more than {DEPTH_MAX} deep")
        refused = [word for word in REFUSED if word in schema]
        if refused:
            raise ModelError(f"the schema uses {refused[0]}, which no grammar here can say")
        if "$ref" in schema:
            return self.written(self._named(schema["$ref"]), depth + 1)
        for word in ("anyOf", "oneOf"):
            if word in schema:
                ways = [self.written(one, depth + 1) for one in _listed(schema[word], word)]
                return f"({' | '.join(ways)})"
        return self._typed(schema, depth)

    def _typed(self, schema: Schema, depth: int) -> str:
        if "const" in schema:
            return _one_of([schema["const"]])
        if "enum" in schema:
            return _one_of(_listed(schema["enum"], "enum"))
        kind = schema.get("type")
        match kind:
            case "object":
                return self._object(schema, depth)
            case "array":
                return self._array(schema, depth)
            case "string":
                least, most = _bounds(schema, "Length", STRING_MAX, STRING_LIMIT)
                return rf'"\"" char{{{least},{most}}} "\""' if most else r'"\"\""'
            case "integer" | "number" | "boolean" | "null":
                return str(kind)
            case _:
                raise ModelError(
                    f"the schema has a type that no grammar here can say: {kind!r:.40}"
                )

    def _array(self, schema: Schema, depth: int) -> str:
        least, most = _bounds(schema, "Items", ITEMS_MAX, ITEMS_LIMIT)
        if not most:
            return '"[]"'
        item = self.written(schema.get("items"), depth + 1)
        more = f'(", " {item}){{{max(0, least - 1)},{most - 1}}}' if most > 1 else ""
        inner = f"{item} {more}".strip()
        return f'"[" {inner} "]"' if least else f'"[" ({inner})? "]"'

    def _object(self, schema: Schema, depth: int) -> str:
        properties = schema.get("properties", {})
        if not isinstance(properties, Mapping) or len(properties) > PROPERTIES_MAX:
            raise ModelError("the schema's properties are none, or too many")
        needed = schema.get("required", [])
        required = {str(name) for name in needed} if isinstance(needed, Sequence) else set()
        pairs = [
            (f"{_quoted(f'{json.dumps(str(name))}: ')} {self.written(one, depth + 1)}", str(name))
            for name, one in properties.items()
        ]
        ways = []
        for place, (pair, name) in enumerate(pairs):
            rest = [
                f'", " {more}' if other in required else f'(", " {more})?'
                for more, other in pairs[place + 1 :]
            ]
            ways.append(" ".join((pair, *rest)))
            if name in required:
                break
        else:
            return f'"{{" ({" | ".join(ways)})? "}}"' if ways else '"{}"'
        return f'"{{" ({" | ".join(ways)}) "}}"'

    def _named(self, ref: object) -> object:
        name = str(ref).removeprefix("#/$defs/")
        if not isinstance(self._defs, Mapping) or name not in self._defs:
            raise ModelError("the schema refers to what it does not define")
        return self._defs[name]


def _one_of(values: Sequence[object]) -> str:
    try:
        written = [_quoted(json.dumps(value, ensure_ascii=False)) for value in values]
    except (TypeError, ValueError) as error:
        raise ModelError("the schema's values are no JSON") from error
    return f"({' | '.join(written)})"


def _quoted(text: str) -> str:
    signs = []
    for sign in text:
        if sign in '"\\':
            signs.append(f"\\{sign}")
        elif 32 <= ord(sign) < 127:
            signs.append(sign)
        else:
            signs.append(f"\\U{ord(sign):08x}")
    return f'"{"".join(signs)}"'


def _listed(values: object, word: str) -> Sequence[object]:
    if not isinstance(values, Sequence) or isinstance(values, str) or not values:
        raise ModelError(f"the schema's {word} is no list, or empty")
    if len(values) > VALUES_MAX:
        raise ModelError(f"the schema's {word} has more than {VALUES_MAX} entries")
    return values


def _bounds(schema: Schema, what: str, usual: int, limit: int) -> tuple[int, int]:
    least, most = schema.get(f"min{what}", 0), schema.get(f"max{what}")
    least = least if isinstance(least, int) else 0
    most = most if isinstance(most, int) else max(usual, least)
    if not 0 <= least <= most <= limit:
        raise ModelError(f"the schema's min{what} and max{what} are not in order up to {limit}")
    return least, most
