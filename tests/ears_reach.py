"""Where the ears could reach to: tried from C, once this process is sealed as they are."""

import ctypes
import json
import os
import socket
import sys

FAMILIES = range(46)  # those that Linux numbers
KINDS = (1, 2, 3, 5)


def main() -> None:
    """Write into the given descriptor which families opened a socket, and what else did."""
    libc = ctypes.CDLL(None, use_errno=True)
    found = [f for f in FAMILIES for k in KINDS if libc.socket(f, k, 0) >= 0]
    pair = (ctypes.c_int * 2)()
    pairs = [f for f in FAMILIES if libc.socketpair(f, 1, 0, pair) == 0]
    uring = libc.syscall(425, 8, ctypes.create_string_buffer(256)) >= 0
    own = socket.socket(fileno=int(sys.argv[1]))
    told = {"sockets": sorted(set(found)), "pairs": pairs, "io_uring": uring}
    own.sendall(json.dumps(told).encode()) if sys.argv[2] == "local" else os.write(
        own.fileno(), json.dumps(told).encode()
    )


if __name__ == "__main__":
    main()
