"""Sends questions to several loopback addresses of one dnsmasq, on a free port.

dnsmasq knows only from IP_PKTINFO to which address a question was sent, and it must answer from
that address: the client's socket is connected, and receives no other answer.
"""
import socket
import struct
import subprocess
import sys

NAME, ADDRESS = b"ancil.test", "192.0.2.7"
QUESTION = struct.pack("!6H", 4711, 0x0100, 1, 0, 0, 0)
QUESTION += b"\5ancil\4test\0" + struct.pack("!2H", 1, 1)


def free_port():
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as s:
        s.bind(("::", 0))
        return s.getsockname()[1]


def ask(server, address, port):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as s:
        s.settimeout(0.2)
        s.connect((address, port))
        for _ in range(100):
            assert server.poll() is None, "dnsmasq ended"
            try:
                s.send(QUESTION)
                answer = s.recv(1000)
                break
            except (ConnectionRefusedError, TimeoutError):
                continue
        else:
            sys.exit(f"no answer from {address}")
    assert answer[:2] == QUESTION[:2] and answer.endswith(socket.inet_aton(ADDRESS)), answer
    print("answered from", address)


port = free_port()
arguments = ["--keep-in-foreground", "--log-facility=-", "--conf-file=/dev/null", "--no-resolv"]
arguments += ["--no-hosts", "--user=", "--pid-file=", f"--port={port}"]
arguments += [f"--address=/{NAME.decode()}/{ADDRESS}"]
with subprocess.Popen([sys.argv[1], *arguments]) as server:
    try:
        addresses = ["127.0.0.1", "127.0.0.2", "127.1.2.3", "::1"]
        for address in addresses:
            ask(server, address, port)
    finally:
        server.terminate()
print(f"questions to {len(addresses)} addresses, each answered from there")
