"""Turn the sentence embedding's weights (safetensors, float32) into one Q8_0 GGUF file.

Run as `python -m agent.models.convert FOLDER TARGET` in a process of its own: it needs numpy,
which the daemon never imports.
"""

import json
import sys
from pathlib import Path
from typing import Any

import gguf
import numpy as np
from safetensors import SafetensorError, safe_open

SKIPPED = ("embeddings.position_ids", "pooler.dense.weight", "pooler.dense.bias")
PARTS = {
    "attention.self.query": "attn_q",
    "attention.self.key": "attn_k",
    "attention.self.value": "attn_v",
    "attention.output.dense": "attn_output",
    "attention.output.LayerNorm": "attn_output_norm",
    "intermediate.dense": "ffn_up",
    "output.dense": "ffn_down",
    "output.LayerNorm": "layer_output_norm",
}
WHOLE = {
    "embeddings.word_embeddings.weight": "token_embd.weight",
    "embeddings.position_embeddings.weight": "position_embd.weight",
    "embeddings.token_type_embeddings.weight": "token_types.weight",
    "embeddings.LayerNorm.weight": "token_embd_norm.weight",
    "embeddings.LayerNorm.bias": "token_embd_norm.bias",
}


def convert(folder: Path, target: Path) -> None:
    """Write the GGUF of the BERT encoder in *folder*; the same input gives the same bytes."""
    config = json.loads((folder / "config.json").read_text("utf-8"))
    writer = gguf.GGUFWriter(target, "bert")
    _add_shape(writer, config)
    _add_vocabulary(writer, (folder / "vocab.txt").read_text("utf-8").split("\n"))
    with safe_open(folder / "model.safetensors", "np") as tensors:
        for name in sorted(tensors.keys()):
            if name not in SKIPPED:
                _add_tensor(writer, tensor_name(name), tensors.get_tensor(name))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def tensor_name(name: str) -> str:
    """Return llama.cpp's name of a BERT tensor; raise KeyError for one it does not have."""
    if name in WHOLE:
        return WHOLE[name]
    _, _, layer, part = name.split(".", 3)
    part, kind = part.rsplit(".", 1)
    return f"blk.{int(layer)}.{PARTS[part]}.{kind}"


def _add_shape(writer: Any, config: dict[str, Any]) -> None:
    writer.add_name("all-MiniLM-L6-v2")
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_head_count(config["num_attention_heads"])
    writer.add_layer_norm_eps(config["layer_norm_eps"])
    writer.add_causal_attention(False)
    writer.add_pooling_type(gguf.PoolingType.MEAN)
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_Q8_0)


def _add_vocabulary(writer: Any, lines: list[str]) -> None:
    words = lines[:-1] if lines[-1] == "" else lines
    special = {"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"}
    kinds = [gguf.TokenType.CONTROL if word in special else gguf.TokenType.NORMAL for word in words]
    writer.add_tokenizer_model("bert")
    writer.add_tokenizer_pre("default")
    writer.add_token_list([word if word in special else _as_piece(word) for word in words])
    writer.add_token_types(kinds)
    writer.add_token_type_count(2)
    writer.add_pad_token_id(words.index("[PAD]"))
    writer.add_unk_token_id(words.index("[UNK]"))
    writer.add_bos_token_id(words.index("[CLS]"))
    writer.add_sep_token_id(words.index("[SEP]"))
    writer.add_eos_token_id(words.index("[SEP]"))
    writer.add_mask_token_id(words.index("[MASK]"))


def _as_piece(word: str) -> str:
    # llama.cpp marks where a word begins; WordPiece marks where one goes on.
    return word[2:] if word.startswith("##") else f"\u2581{word}"


def _add_tensor(writer: Any, name: str, data: "np.ndarray[Any, Any]") -> None:
    small = data.ndim == 1 or name in ("position_embd.weight", "token_types.weight")
    kind = gguf.GGMLQuantizationType.F32 if small else gguf.GGMLQuantizationType.Q8_0
    writer.add_tensor(name, gguf.quants.quantize(data, kind), raw_dtype=kind)


if __name__ == "__main__":
    try:
        convert(Path(sys.argv[1]), Path(sys.argv[2]))
    except (OSError, KeyError, ValueError, SafetensorError) as error:
        sys.exit(f"cannot convert {sys.argv[1]}: {type(error).__name__}: {error}")
