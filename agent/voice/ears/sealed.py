"""Close every way out of this process, then become the ears.

`python -m agent.voice.ears.sealed PARENT MEMORY_MB local|none MODULE [ARGUMENT ...]`.  As the
models' workers are sealed (agent.models.sealed), but for one thing: with `local` a socket of this
device (AF_UNIX) may be opened, for a sound server is reached by one.  No other kind can be.
"""

import errno
import os
import socket
import sys

from agent.models.sealed import DENIED, die_with, limit_memory, seal

try:
    import pyseccomp
except (ImportError, RuntimeError, OSError):  # no Linux, or libseccomp is not installed
    pyseccomp = None

LOCAL = "local"
NEEDED = frozenset(
    ("socket", "socketpair", "connect", "sendto", "sendmsg", "sendmmsg", "bind")
)  # of an AF_UNIX socket; without another family there is nothing else to use them on


def seal_local() -> None:
    """Deny this process, and what it becomes, every socket but those of this device."""
    if pyseccomp is None:
        return
    rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
    for name in DENIED:
        if name not in NEEDED:
            rules.add_rule(pyseccomp.ERRNO(errno.EPERM), name)
    other = pyseccomp.Arg(0, pyseccomp.NE, int(socket.AF_UNIX))
    for name in ("socket", "socketpair"):
        rules.add_rule(pyseccomp.ERRNO(errno.EPERM), name, other)
    rules.load()


def main() -> None:
    """Seal this process and replace it by the ears."""
    parent, memory_mb, kind, module, *arguments = sys.argv[1:]
    die_with(int(parent))
    limit_memory(int(memory_mb))
    if kind == LOCAL:
        seal_local()
    else:
        seal()
    os.execv(sys.executable, [sys.executable, "-P", "-m", module, *arguments])  # noqa: S606 (the seal outlives exec; there is no shell)


if __name__ == "__main__":
    main()
