"""recv_fds.py SOCKET: does what c-examples/recv_fds.c does, with Python's decoder."""

import array
import os
import socket
import struct
import sys

with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
    listener.bind(sys.argv[1])
    listener.listen(1)
    print(f"listening on {sys.argv[1]}", flush=True)
    s, _ = listener.accept()

text, control, flags, _ = s.recvmsg(256, socket.CMSG_SPACE(16 * 4) + socket.CMSG_SPACE(12))
print(f"text: {text.decode()}", end="")
for level, kind, data in control:
    if (level, kind) == (socket.SOL_SOCKET, socket.SCM_CREDENTIALS):
        print("SCM_CREDENTIALS: pid %d, uid %d, gid %d" % struct.unpack("iII", data))
    elif (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
        for fd in array.array("i", data):
            line = os.read(fd, 256).decode().split("\n")[0]
            print(f'SCM_RIGHTS: a descriptor, it reads "{line}"')
assert not flags & socket.MSG_CTRUNC
