"""The chat model as a plain torch module, dequantized from the very GGUF that runs, with a LoRA.

llama.cpp keeps the query and key weights in the order of its interleaved rotary embedding, so the
rotation here is over pairs (2i, 2i + 1) and nothing is permuted, on either side.
"""

import math
from pathlib import Path
from typing import NamedTuple

import gguf
import torch
import torch.nn.functional as F  # noqa: N812 (its usual name)
from gguf.quants import dequantize
from torch import Tensor, nn

RANK = 16
ALPHA = 32.0
PARTS = ("attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down")


class Shape(NamedTuple):
    """The hyperparameters that the file states."""

    layers: int
    heads: int
    heads_kv: int
    width: int
    rope_base: float
    epsilon: float


class Adapted(nn.Module):
    """A frozen weight and a low-rank addition (Hu et al. 2021): W x + (alpha / r) B A x."""

    weight: Tensor

    def __init__(self, weight: Tensor) -> None:
        super().__init__()
        self.register_buffer("weight", weight)
        self.a = nn.Parameter(torch.randn(RANK, weight.shape[1]) / math.sqrt(weight.shape[1]))
        self.b = nn.Parameter(torch.zeros(weight.shape[0], RANK))

    def forward(self, x: Tensor) -> Tensor:
        """Return the adapted product."""
        low = F.linear(x, self.a.to(x.dtype))
        return F.linear(x, self.weight) + F.linear(low, self.b.to(x.dtype)) * (ALPHA / RANK)


class Block(nn.Module):
    """One transformer block of the Llama kind."""

    norm_1: Tensor
    norm_2: Tensor

    def __init__(self, tensors: dict[str, Tensor], prefix: str, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.register_buffer("norm_1", tensors[f"{prefix}.attn_norm.weight"])
        self.register_buffer("norm_2", tensors[f"{prefix}.ffn_norm.weight"])
        for part in PARTS:
            self.add_module(part, Adapted(tensors[f"{prefix}.{part}.weight"]))

    def forward(self, x: Tensor, cosine: Tensor, sine: Tensor) -> Tensor:
        """Return the hidden states (batch x length x width) after this block."""
        shape = self.shape
        h = _norm(x, self.norm_1, shape)
        query = _rotated(self._split(self.attn_q(h), shape.heads), cosine, sine)
        key = _rotated(self._split(self.attn_k(h), shape.heads_kv), cosine, sine)
        value = self._split(self.attn_v(h), shape.heads_kv)
        times = shape.heads // shape.heads_kv
        key, value = key.repeat_interleave(times, 1), value.repeat_interleave(times, 1)
        seen = F.scaled_dot_product_attention(query, key, value, is_causal=True)
        x = x + self.attn_output(seen.transpose(1, 2).flatten(2))
        h = _norm(x, self.norm_2, shape)
        return x + self.ffn_down(F.silu(self.ffn_gate(h)) * self.ffn_up(h))

    def _split(self, x: Tensor, heads: int) -> Tensor:
        return x.unflatten(-1, (heads, -1)).transpose(1, 2)


class Network(nn.Module):
    """The whole model; its output weights are applied by the caller, where a loss is wanted."""

    embedding: Tensor
    output: Tensor
    norm: Tensor

    def __init__(self, path: Path, kind: torch.dtype = torch.bfloat16) -> None:
        super().__init__()
        reader = gguf.GGUFReader(path)
        read = {t.name: torch.tensor(dequantize(t.data, t.tensor_type)) for t in reader.tensors}
        tensors = {name: tensor.to(kind) for name, tensor in read.items()}
        self.shape = _shape(reader)
        self.register_buffer("embedding", tensors["token_embd.weight"])
        self.register_buffer("output", tensors.get("output.weight", tensors["token_embd.weight"]))
        self.register_buffer("norm", tensors["output_norm.weight"])
        self.blocks = nn.ModuleList(
            Block(tensors, f"blk.{n}", self.shape) for n in range(self.shape.layers)
        )

    def forward(self, tokens: Tensor) -> Tensor:
        """Return the last hidden states (batch x length x width) of *tokens* (batch x length)."""
        shape, x = self.shape, F.embedding(tokens, self.embedding)
        half = torch.arange(0, shape.width // shape.heads, 2, device=tokens.device)
        steps = shape.rope_base ** (-half / (shape.width // shape.heads))
        angles = torch.arange(tokens.shape[1], device=tokens.device)[:, None] * steps
        cosine, sine = angles.cos().to(x.dtype), angles.sin().to(x.dtype)
        for block in self.blocks:
            x = block(x, cosine, sine)
        return _norm(x, self.norm, shape)

    def adapted(self) -> dict[str, Adapted]:
        """Return every adapted weight by its name in the file."""
        return {
            f"blk.{n}.{part}.weight": getattr(block, part)
            for n, block in enumerate(self.blocks)
            for part in PARTS
        }


def _shape(reader: gguf.GGUFReader) -> Shape:
    def told(name: str) -> float:
        field = reader.get_field(f"llama.{name}")
        if field is None:
            raise SystemExit(f"this file does not say llama.{name}: it is no model of that kind")
        return float(field.contents())

    return Shape(
        layers=int(told("block_count")),
        heads=int(told("attention.head_count")),
        heads_kv=int(told("attention.head_count_kv")),
        width=int(told("embedding_length")),
        rope_base=told("rope.freq_base"),
        epsilon=told("attention.layer_norm_rms_epsilon"),
    )


def _norm(x: Tensor, weight: Tensor, shape: Shape) -> Tensor:
    return F.rms_norm(x, (x.shape[-1],), weight, shape.epsilon)


def _rotated(x: Tensor, cosine: Tensor, sine: Tensor) -> Tensor:
    even, odd = x[..., 0::2], x[..., 1::2]
    turned = torch.stack((even * cosine - odd * sine, even * sine + odd * cosine), -1)
    return turned.flatten(-2)
