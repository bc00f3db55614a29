"""Give back the memory that only the start needed."""

import ctypes
import re
import sys
from pathlib import Path

MADV_DONTNEED = 4
LINE = re.compile(r"([0-9a-f]+)-([0-9a-f]+) r-xp \S+ \S+ [1-9]\d*\s+/")


def give_back() -> None:
    """Let the system take back free memory, and the code of libraries that is not in use.

    PortAudio looks at every plug-in once, onnxruntime runs much that is needed once: 30 MB.  Code
    that is needed again is read again; it is never changed, so nothing can be lost.
    """
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None)
    trim = getattr(libc, "malloc_trim", None)
    if trim is not None:  # glibc alone has it
        trim(0)
    for line in Path("/proc/self/maps").read_text("utf-8", "replace").splitlines():
        found = LINE.match(line)
        if found is not None:
            begin, end = int(found[1], 16), int(found[2], 16)
            libc.madvise(ctypes.c_void_p(begin), ctypes.c_size_t(end - begin), MADV_DONTNEED)
