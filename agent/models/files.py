"""What a model file is, before a library opens it."""

import os
from pathlib import Path

from agent.errors import ModelError
from agent.models import memory

MAGIC = b"GGUF"
LOOKED_AT = 64
NO_MODELS = {
    b"version https://git-lfs": "only points to a model that was not downloaded",
    b"<": "is a web page: the model may be gated, so sign in where it is from and get it by hand",
    b"PK": "is an archive: unpack it, and give the .gguf file inside",
}


def check_file(path: Path, *, what: str = "model") -> int:
    """Return the size of the GGUF file *path*; raise ModelError if it is none.

    It is one also if it would not fit into the memory that is free.
    """
    try:
        with path.open("rb") as file:
            begins = file.read(LOOKED_AT)
            size = os.fstat(file.fileno()).st_size
    except OSError as error:
        raise ModelError(f"cannot read {path}: {error.strerror}") from error
    if not begins.startswith(MAGIC):
        for sign, meaning in NO_MODELS.items():
            if begins.lstrip().startswith(sign):
                raise ModelError(f"{path} is no GGUF file: it {meaning}")
        raise ModelError(f"{path} is no GGUF file: llama.cpp reads no other")
    memory.check_room(size, f"the {what} {path.name}")
    return size
