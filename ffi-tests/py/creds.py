"""creds.py SOCKET: does what c-examples/creds.c does, with Python's encoder and decoder."""

import array
import os
import select
import socket
import struct
import sys

s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
try:
    s.connect(sys.argv[1])
except OSError:
    s.bind(sys.argv[1])
    s.listen(1)
    print(f"listening on {sys.argv[1]}", flush=True)
    s, _ = s.accept()
    os.unlink(sys.argv[1])

end, other = os.pipe()
os.write(other, b"a pipe of process %d" % os.getpid())
me = struct.pack("iII", os.getpid(), os.getuid(), os.getgid())
s.sendmsg(
    [b"hello"],
    [
        (socket.SOL_SOCKET, socket.SCM_CREDENTIALS, me),
        (socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [end])),
    ],
)

# Set only after the peer has sent: otherwise the kernel adds credentials to a message without any.
select.select([s], [], [])
s.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
_, control, flags, _ = s.recvmsg(64, socket.CMSG_SPACE(12) + socket.CMSG_SPACE(4))
for level, kind, data in control:
    if (level, kind) == (socket.SOL_SOCKET, socket.SCM_CREDENTIALS):
        print("the kernel vouches for pid %d, uid %d, gid %d" % struct.unpack("iII", data))
    elif (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
        for fd in array.array("i", data):
            print(f'a descriptor, it reads "{os.read(fd, 64).decode()}"')
assert not flags & socket.MSG_CTRUNC
