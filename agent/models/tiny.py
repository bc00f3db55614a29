"""Write chat models and adapters with random weights: they say nonsense, but they run.

Tests of the machinery use the small ones, benchmarks those of the shape of a real model.  It
needs numpy, so no daemon imports it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gguf
import numpy as np
from numpy.typing import NDArray

SEED = 7
RANK = 4
ALPHA = 8.0
Q4_0, Q8_0 = gguf.GGMLQuantizationType.Q4_0, gguf.GGMLQuantizationType.Q8_0


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How large the parts of a llama are."""

    layers: int
    width: int
    hidden: int
    heads: int
    heads_kv: int
    words: int
    """At least the 259 of a vocabulary over bytes."""
    context_tokens: int

    @property
    def width_kv(self) -> int:
        """Return the width of keys and values."""
        return self.width // self.heads * self.heads_kv


TINY = Shape(layers=1, width=64, hidden=128, heads=2, heads_kv=2, words=259, context_tokens=512)
PLUMP = Shape(layers=1, width=256, hidden=512, heads=4, heads_kv=2, words=259, context_tokens=512)
"""Its rows are long enough for every kind of quantization."""
HALF = Shape(
    layers=24,
    width=896,
    hidden=4864,
    heads=14,
    heads_kv=2,
    words=151_936,
    context_tokens=4096,
)
"""The shape of a chat model of half a billion weights, with a vocabulary of full size."""


def write_tiny(target: Path) -> None:
    """Write a llama of one layer over bytes, a few kilobytes; the same bytes each time."""
    _write_tiny(target, "")


def write_templated(target: Path, template: Path) -> None:
    """Write the tiny model with the chat template that is in the file *template*."""
    _write_tiny(target, template.read_text("utf-8"))


def _write_tiny(target: Path, template: str) -> None:
    writer = _begun(target, TINY)
    if template:
        writer.add_chat_template(template)
    chance = np.random.default_rng(SEED)
    for name, shape in (*_tables(TINY), *_matrices(TINY)):
        kind = Q4_0 if "attn" in name else Q8_0
        weights = chance.standard_normal(shape, dtype=np.float32)
        writer.add_tensor(name, gguf.quants.quantize(weights, kind), raw_dtype=kind)
    _finish(writer, TINY)


def write_plump(target: Path) -> None:
    """Write a llama of one layer whose rows every kind of quantization can take."""
    write_shaped(target, PLUMP)


def write_shaped(target: Path, shape: Shape = HALF) -> None:
    """Write a llama of that *shape* in Q4_0, its vocabulary's table in Q8_0: only speed is real."""
    writer = _begun(target, shape)
    chance = np.random.default_rng(SEED)
    table = ("token_embd.weight", (shape.words, shape.width))
    for name, (rows, columns) in (table, *_matrices(shape)):
        kind = Q8_0 if name == "token_embd.weight" else Q4_0
        writer.add_tensor(name, _blocks(chance, rows, columns, kind), raw_dtype=kind)
    _finish(writer, shape)


def write_adapter(target: Path) -> None:
    """Write a random LoRA on the tiny model."""
    _write_adapter(target, TINY, scale=0.2)


def write_zero_adapter(target: Path) -> None:
    """Write a LoRA on the tiny model that changes nothing."""
    _write_adapter(target, TINY, scale=0.0)


def write_other_adapter(target: Path) -> None:
    """Write a LoRA on a model that is wider than the tiny one."""
    wider = Shape(
        layers=1, width=128, hidden=128, heads=2, heads_kv=2, words=259, context_tokens=512
    )
    _write_adapter(target, wider, scale=0.2)


def _write_adapter(target: Path, shape: Shape, *, scale: float) -> None:
    writer = gguf.GGUFWriter(target, "llama")
    writer.add_string("general.type", "adapter")
    writer.add_string("adapter.type", "lora")
    writer.add_float32("adapter.lora.alpha", ALPHA)
    chance = np.random.default_rng(SEED + 1)
    for name, (rows, columns) in _matrices(shape):
        down = chance.standard_normal((RANK, columns), dtype=np.float32)
        up = chance.standard_normal((rows, RANK), dtype=np.float32) * np.float32(scale)
        writer.add_tensor(f"{name}.lora_a", down.astype(np.float16))
        writer.add_tensor(f"{name}.lora_b", up.astype(np.float16))
    _written(writer)


def _begun(target: Path, shape: Shape) -> Any:
    words = _vocabulary(shape.words)
    writer = gguf.GGUFWriter(target, "llama")
    writer.add_name(target.stem)
    writer.add_context_length(shape.context_tokens)
    writer.add_embedding_length(shape.width)
    writer.add_feed_forward_length(shape.hidden)
    writer.add_block_count(shape.layers)
    writer.add_head_count(shape.heads)
    writer.add_head_count_kv(shape.heads_kv)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(shape.width // shape.heads)
    writer.add_vocab_size(len(words))
    writer.add_tokenizer_model("llama")
    writer.add_token_list([word for word, _ in words])
    writer.add_token_types([kind for _, kind in words])
    writer.add_token_scores([-float(place) for place in range(len(words))])
    writer.add_unk_token_id(0)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    return writer


def _vocabulary(count: int) -> list[tuple[str, int]]:
    words: list[tuple[str, int]] = [("<unk>", gguf.TokenType.UNKNOWN)]
    words += [("<s>", gguf.TokenType.CONTROL), ("</s>", gguf.TokenType.CONTROL)]
    words += [(f"<0x{byte:02X}>", gguf.TokenType.BYTE) for byte in range(256)]
    more = range(count - len(words))
    return words + [(f"\u2581w{number}", gguf.TokenType.NORMAL) for number in more]


def _tables(shape: Shape) -> Iterator[tuple[str, tuple[int, int]]]:
    yield "token_embd.weight", (shape.words, shape.width)
    yield "output.weight", (shape.words, shape.width)


def _matrices(shape: Shape) -> Iterator[tuple[str, tuple[int, int]]]:
    for layer in range(shape.layers):
        yield f"blk.{layer}.attn_q.weight", (shape.width, shape.width)
        yield f"blk.{layer}.attn_k.weight", (shape.width_kv, shape.width)
        yield f"blk.{layer}.attn_v.weight", (shape.width_kv, shape.width)
        yield f"blk.{layer}.attn_output.weight", (shape.width, shape.width)
        yield f"blk.{layer}.ffn_gate.weight", (shape.hidden, shape.width)
        yield f"blk.{layer}.ffn_up.weight", (shape.hidden, shape.width)
        yield f"blk.{layer}.ffn_down.weight", (shape.width, shape.hidden)


def _blocks(
    chance: np.random.Generator, rows: int, columns: int, kind: gguf.GGMLQuantizationType
) -> NDArray[np.uint8]:
    # Blocks as they lie in the file: a scale in half precision, then 32 weights.
    size, spread = (18, 4.6) if kind == Q4_0 else (34, 73.0)
    blocks = chance.integers(0, 256, (rows, columns // 32, size), dtype=np.uint8)
    blocks[..., :2] = np.frombuffer(np.float16(0.02 / spread).tobytes(), dtype=np.uint8)
    return blocks.reshape(rows, -1)


def _finish(writer: Any, shape: Shape) -> None:
    for layer in range(shape.layers):
        for name in ("attn_norm", "ffn_norm"):
            writer.add_tensor(f"blk.{layer}.{name}.weight", np.ones(shape.width, dtype=np.float32))
    writer.add_tensor("output_norm.weight", np.ones(shape.width, dtype=np.float32))
    _written(writer)


def _written(writer: Any) -> None:
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
