"""Write the adapter in llama.cpp's format: `general.type adapter`, a pair of matrices a weight."""

from pathlib import Path

import gguf
import numpy as np
from torch import Tensor

from data.adapter.network import ALPHA

NAME = "carpal wording adapter for SmolLM2-135M-Instruct"


def export(weights: dict[str, tuple[Tensor, Tensor]], to: Path) -> None:
    """Write *weights* (name of the adapted tensor: A, B) to *to*, in half precision."""
    fresh = to.with_suffix(".new")
    writer = gguf.GGUFWriter(fresh, "llama")
    writer.add_string("general.type", "adapter")
    writer.add_string("general.name", NAME)
    writer.add_string("general.license", "apache-2.0")
    writer.add_string("adapter.type", "lora")
    writer.add_float32("adapter.lora.alpha", ALPHA)
    for name, (a, b) in weights.items():
        writer.add_tensor(f"{name}.lora_a", a.float().numpy().astype(np.float16))
        writer.add_tensor(f"{name}.lora_b", b.float().numpy().astype(np.float16))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    fresh.replace(to)
