"""send_fds.py SOCKET FILE...: does what c-examples/send_fds.c does, with Python's encoder."""

import array
import os
import socket
import struct
import sys

fds = [os.open(path, os.O_RDONLY) for path in sys.argv[2:]]
me = struct.pack("iII", os.getpid(), os.getuid(), os.getgid())
with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as s:
    s.connect(sys.argv[1])
    s.sendmsg(
        [b"files ", b"for you\n"],
        [
            (socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", fds)),
            (socket.SOL_SOCKET, socket.SCM_CREDENTIALS, me),
        ],
    )
print(f"sent {len(fds)} descriptors from pid {os.getpid()}")
