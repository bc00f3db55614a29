"""Merge an adapter into a model once, in a fast form: at run time it costs time each token.

Run as `python -m agent.models.merge BASE ADAPTER TO KIND` in a process of its own: it needs numpy,
which the daemon never imports (see `merging`).
"""

import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gguf
import numpy as np
from gguf import GGMLQuantizationType as Type
from numpy.typing import NDArray

from agent.errors import ModelError

KINDS = {
    "q4_0": (Type.Q4_0, gguf.LlamaFileType.MOSTLY_Q4_0),
    "q8_0": (Type.Q8_0, gguf.LlamaFileType.MOSTLY_Q8_0),
}
TABLES = ("token_embd.weight", "output.weight")
"""Kept at Q8_0 where they were finer than the rest: what they lose is lost in every word."""
WRITTEN_ANEW = ("general.architecture", "general.file_type", "general.alignment")
ROWS = 1024  # of a tensor at a time, so that memory stays bounded
DAMAGED = (ValueError, IndexError, KeyError, TypeError, AttributeError, OverflowError, MemoryError)

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Change:
    """What an adapter adds to one tensor: up (rows x rank) times down (rank x columns)."""

    up: Floats
    down: Floats


def merge(base: Path, adapter: Path, to: Path, *, kind: str) -> None:
    """Write *base* with *adapter* merged into it to *to*, as `q4_0` or `q8_0`; raise ModelError.

    All of the base's metadata are kept.  *to* appears whole or not at all.
    """
    if kind not in KINDS:
        raise ModelError(f"{kind!r:.40} is no kind to merge into: {', '.join(KINDS)}")
    reader, added = _read(base), _read(adapter)
    changes = _changes(added, adapter.name)
    tensors = {tensor.name: tensor for tensor in reader.tensors}
    _check_fits(reader, added, changes, adapter.name)
    new = to.with_name(f".{to.name}.new")
    try:
        _check_room(base, to)
        _write(reader, new, kind=kind, changes=changes)
        with new.open("rb") as file:
            os.fsync(file.fileno())
        new.replace(to)
    except OSError as error:
        raise ModelError(f"the merged model cannot be kept at {to}: {error.strerror}") from error
    except (*DAMAGED, NotImplementedError, gguf.quants.QuantError) as error:
        known = f"{len(tensors)} tensors"
        damaged = f"{base.name} ({known}) cannot be merged: {type(error).__name__}: {error}"
        raise ModelError(damaged) from error
    finally:
        with suppress(OSError):
            new.unlink(missing_ok=True)


def _read(path: Path) -> Any:
    try:
        return gguf.GGUFReader(path)
    except OSError as error:
        raise ModelError(f"cannot read {path}: {error.strerror}") from error
    except DAMAGED as error:
        raise ModelError(f"{path} is no GGUF file, or is damaged: {error}") from error


def _text(reader: Any, key: str) -> str:
    field = reader.get_field(key)
    return str(field.contents()) if field is not None else ""


def _changes(adapter: Any, name: str) -> dict[str, Change]:
    if _text(adapter, "adapter.type") != "lora":
        raise ModelError(f"{name} is no adapter: its file does not say that it is a LoRA")
    field = adapter.get_field("adapter.lora.alpha")
    alpha = float(field.contents()) if field is not None else 0.0
    parts = {t.name: gguf.quants.dequantize(t.data, t.tensor_type) for t in adapter.tensors}
    found = {}
    for part, down in parts.items():
        tensor = part.removesuffix(".lora_a")
        if tensor != part:
            up = parts.get(f"{tensor}.lora_b")
            if up is None or up.ndim != 2 or down.ndim != 2 or up.shape[1] != down.shape[0]:
                raise ModelError(f"{name} is damaged: the two parts of {tensor} do not fit")
            scale = alpha / down.shape[0] if alpha else 1.0  # as llama.cpp takes it
            found[tensor] = Change(up * np.float32(scale), down)
    if not found:
        raise ModelError(f"{name} is no adapter: it changes nothing")
    return found


def _check_fits(base: Any, adapter: Any, changes: Mapping[str, Change], name: str) -> None:
    shapes = {t.name: tuple(int(size) for size in reversed(t.shape)) for t in base.tensors}
    same = _text(base, "general.architecture") == _text(adapter, "general.architecture")
    for tensor, change in changes.items():
        wanted = (change.up.shape[0], change.down.shape[1])
        if not same or shapes.get(tensor) != wanted or tensor in TABLES:
            raise ModelError(f"the adapter {name} was made for another model: see {tensor}")


def _check_room(base: Path, to: Path) -> None:
    needed = 2 * base.stat().st_size  # Q8_0 of a four-bit file
    if shutil.disk_usage(to.parent).free < needed:
        raise ModelError(f"{to.parent} lacks the room for the merged model: free {needed >> 20} MB")


def _write(reader: Any, to: Path, *, kind: str, changes: Mapping[str, Change]) -> None:
    type_, file_type = KINDS[kind]
    writer = gguf.GGUFWriter(to, _text(reader, "general.architecture"))
    try:
        for field in reader.fields.values():
            if not field.name.startswith("GGUF.") and field.name not in WRITTEN_ANEW:
                inner = field.types[-1] if field.types[0] == gguf.GGUFValueType.ARRAY else None
                writer.add_key_value(field.name, field.contents(), field.types[0], sub_type=inner)
        writer.add_file_type(file_type)
        kinds = {t.name: _kind_of(t, type_, changed=t.name in changes) for t in reader.tensors}
        for tensor in reader.tensors:
            _announce(writer, tensor, kinds[tensor.name])
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_ti_data_to_file()
        for tensor in reader.tensors:
            change = changes.get(tensor.name)
            parts = list(_converted(tensor, kinds[tensor.name], change))
            writer.write_tensor_data(parts[0] if len(parts) == 1 else np.concatenate(parts))
    finally:
        writer.close()


def _kind_of(tensor: Any, wanted: Type, *, changed: bool) -> Type:
    own = Type(tensor.tensor_type)
    columns = int(tensor.shape[0])
    if len(tensor.shape) < 2 or columns % 32:
        return Type.F32 if changed else own
    if tensor.name in TABLES and _bits(own) > _bits(wanted):
        return Type.Q8_0
    return wanted


def _bits(kind: Type) -> float:
    count, bytes_ = gguf.GGML_QUANT_SIZES[kind]
    return 8 * bytes_ / count


def _announce(writer: Any, tensor: Any, kind: Type) -> None:
    shape = [int(size) for size in reversed(tensor.shape)]
    count, bytes_ = gguf.GGML_QUANT_SIZES[kind]
    size = int(np.prod(shape)) // count * bytes_
    writer.add_tensor_info(tensor.name, shape, np.dtype(np.float32), size, raw_dtype=kind)


def _converted(tensor: Any, kind: Type, change: Change | None) -> Iterator[NDArray[Any]]:
    if kind == tensor.tensor_type and change is None:
        yield tensor.data
        return
    for start in range(0, len(tensor.data), ROWS):
        rows = slice(start, start + ROWS)
        weights = gguf.quants.dequantize(tensor.data[rows], tensor.tensor_type)
        if change is not None:
            weights = weights + change.up[rows] @ change.down
        yield gguf.quants.quantize(weights, kind)


if __name__ == "__main__":
    try:
        merge(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), kind=sys.argv[4])
    except ModelError as told:
        sys.exit(str(told))
