"""pktinfo.py ADDRESS... -- PROGRAM...: starts the program and sends it a datagram to each address.

Each answer must come from that address. The datagram is sent from another address of this machine,
from which the kernel would send the answer without IP_PKTINFO.
"""

import socket
import subprocess
import sys

split = sys.argv.index("--")
addresses, program = sys.argv[1:split], sys.argv[split + 1 :]
server = subprocess.Popen(program, stdout=subprocess.PIPE, text=True)
try:
    port = int(server.stdout.readline().split()[1])
    for address in addresses:
        v6 = ":" in address
        with socket.socket(socket.AF_INET6 if v6 else socket.AF_INET, socket.SOCK_DGRAM) as s:
            s.settimeout(30)
            s.bind(("::1" if v6 else "127.0.0.1", 0))
            s.sendto(b"who are you?", (address, port))
            data, sender = s.recvfrom(100)
            assert (data, sender[:2]) == (b"who are you?", (address, port)), (data, sender)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.sendto(b"", ("127.0.0.1", port))
    for line in server.stdout:
        print(line, end="")
    assert server.wait() == 0, server.returncode
finally:
    server.kill()
