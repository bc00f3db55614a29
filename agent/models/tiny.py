"""Write a chat model of a few kilobytes with random weights: it says nonsense, but it runs.

Only tests of the machinery use it.  It needs numpy, so no daemon imports it.
"""

from pathlib import Path
from typing import Any

import gguf
import numpy as np

WIDTH = 64
HIDDEN = 128
HEADS = 2
SEED = 7
CONTEXT_TOKENS = 512


def write_tiny(target: Path) -> None:
    """Write the model, a llama of one layer over bytes; the same bytes each time."""
    words = _vocabulary()
    writer = gguf.GGUFWriter(target, "llama")
    writer.add_name("tiny")
    writer.add_context_length(CONTEXT_TOKENS)
    writer.add_embedding_length(WIDTH)
    writer.add_feed_forward_length(HIDDEN)
    writer.add_block_count(1)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(WIDTH // HEADS)
    writer.add_vocab_size(len(words))
    writer.add_tokenizer_model("llama")
    writer.add_token_list([word for word, _ in words])
    writer.add_token_types([kind for _, kind in words])
    writer.add_token_scores([0.0] * len(words))
    writer.add_unk_token_id(0)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    _add_tensors(writer, len(words))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _vocabulary() -> list[tuple[str, int]]:
    words: list[tuple[str, int]] = [("<unk>", gguf.TokenType.UNKNOWN)]
    words += [("<s>", gguf.TokenType.CONTROL), ("</s>", gguf.TokenType.CONTROL)]
    return words + [(f"<0x{byte:02X}>", gguf.TokenType.BYTE) for byte in range(256)]


def _add_tensors(writer: Any, words: int) -> None:
    chance = np.random.default_rng(SEED)
    shapes = {
        "token_embd.weight": (words, WIDTH),
        "output.weight": (words, WIDTH),
        "blk.0.attn_q.weight": (WIDTH, WIDTH),
        "blk.0.attn_k.weight": (WIDTH, WIDTH),
        "blk.0.attn_v.weight": (WIDTH, WIDTH),
        "blk.0.attn_output.weight": (WIDTH, WIDTH),
        "blk.0.ffn_gate.weight": (HIDDEN, WIDTH),
        "blk.0.ffn_up.weight": (HIDDEN, WIDTH),
        "blk.0.ffn_down.weight": (WIDTH, HIDDEN),
    }
    for name, shape in shapes.items():
        kind = gguf.GGMLQuantizationType.Q4_0 if "attn" in name else gguf.GGMLQuantizationType.Q8_0
        weights = chance.standard_normal(shape, dtype=np.float32)
        writer.add_tensor(name, gguf.quants.quantize(weights, kind), raw_dtype=kind)
    for name in ("blk.0.attn_norm.weight", "blk.0.ffn_norm.weight", "output_norm.weight"):
        writer.add_tensor(name, np.ones(WIDTH, dtype=np.float32))
