"""Close every way out of this process, then become the worker named on the command line.

`python -m agent.models.sealed PARENT MEMORY_MB MODULE [ARGUMENT ...]`.  What is set here outlives
exec, so nothing of a model library runs before it: no socket of any family (Linux, seccomp), the
end of the parent is our end, and a limit on memory.  Whoever is started proves it again.
"""

import ctypes
import errno
import os
import resource
import signal
import sys

try:
    import pyseccomp
except (ImportError, RuntimeError, OSError):  # no Linux, or libseccomp is not installed
    pyseccomp = None

# The descriptor that the worker is given is read and written, never sent on.  io_uring would open
# sockets behind the filter's back; the last four could borrow another process's.
DENIED = (
    "socket",
    "socketpair",
    "connect",
    "bind",
    "listen",
    "accept",
    "accept4",
    "sendto",
    "sendmsg",
    "sendmmsg",
    "io_uring_setup",
    "io_uring_enter",
    "io_uring_register",
    "ptrace",
    "process_vm_readv",
    "process_vm_writev",
    "pidfd_getfd",
)
PR_SET_PDEATHSIG = 1


def seal() -> None:
    """Deny this process, and what it becomes, every socket; do nothing where seccomp is absent."""
    if pyseccomp is None:
        return
    rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
    for name in DENIED:
        rules.add_rule(pyseccomp.ERRNO(errno.EPERM), name)
    rules.load()


def die_with(parent: int) -> None:
    """Be killed when the process *parent* ends; where that cannot be asked for, EOF tells us.

    Linux watches the thread that started us: the daemon starts workers from its main thread.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
        if os.getppid() != parent:  # it ended before we asked
            sys.exit(1)


def limit_memory(memory_mb: int) -> None:
    """Limit what this process may write to, and leave no core file.

    RLIMIT_DATA counts private writable memory; RLIMIT_AS would count the mapped model file and
    the 64 MB of addresses that glibc reserves for each thread, which cost no memory.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        bytes_ = memory_mb << 20
        resource.setrlimit(resource.RLIMIT_DATA, (bytes_, bytes_))


def main() -> None:
    """Seal this process and replace it by the worker."""
    parent, memory_mb, module, *arguments = sys.argv[1:]
    die_with(int(parent))
    limit_memory(int(memory_mb))
    seal()
    os.execv(sys.executable, [sys.executable, "-P", "-m", module, *arguments])  # noqa: S606 (the seal outlives exec; there is no shell)


if __name__ == "__main__":
    main()
