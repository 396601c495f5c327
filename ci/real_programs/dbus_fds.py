"""Passes descriptors over a private bus: from a client through the daemon to a service, and back.

All three link the libdbus of LD_LIBRARY_PATH. Needs Debian's python3-dbus and python3-gi.
"""
import os
import subprocess
import sys
import tempfile

import dbus
import dbus.mainloop.glib
import dbus.service
from gi.repository import GLib

CONFIGURATION = """<busconfig><type>session</type><listen>unix:dir=%s</listen>
<policy context="default"><allow send_destination="*" eavesdrop="true"/>
<allow eavesdrop="true"/><allow own="*"/></policy></busconfig>"""
NAME, PATH = "test.ancil", "/test/ancil"


class Echo(dbus.service.Object):
    @dbus.service.method(NAME, in_signature="ah", out_signature="ah")
    def echo(self, fds):
        return fds


def serve(address):
    dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
    bus = dbus.bus.BusConnection(address)
    Echo(bus, PATH).name = dbus.service.BusName(NAME, bus)
    print("ready", flush=True)
    GLib.MainLoop().run()


def call(address, count):
    bus = dbus.bus.BusConnection(address)
    pipes = [os.pipe() for _ in range(count)]
    sent = dbus.Array([dbus.types.UnixFd(write) for _, write in pipes], signature="h")
    back = [fd.take() for fd in bus.call_blocking(NAME, PATH, NAME, "echo", "ah", (sent,))]
    assert len(back) == count and not set(back) & {write for _, write in pipes}, back
    for i, (fd, (read, _)) in enumerate(zip(back, pipes)):
        os.write(fd, b"%d" % i)
        assert os.read(read, 9) == b"%d" % i
    for fd in [*back, *(fd for pipe in pipes for fd in pipe)]:
        os.close(fd)
    bus.close()
    print(count, "descriptors sent and received")


def main(daemon):
    with open("/proc/self/maps") as maps:
        library = next(line.split()[-1] for line in maps if "libdbus-1" in line)
    assert library.startswith(os.path.realpath(os.environ["LD_LIBRARY_PATH"])), library
    counts = [0, 1, 2, 16]  # libdbus allows at most 16 in a message
    with tempfile.TemporaryDirectory() as folder:
        with open(f"{folder}/bus.conf", "w") as file:
            file.write(CONFIGURATION % folder)
        bus = [daemon, "--nofork", "--nopidfile", "--print-address"]
        bus += [f"--config-file={folder}/bus.conf"]
        with subprocess.Popen(bus, stdout=subprocess.PIPE, text=True) as bus:
            try:
                address = bus.stdout.readline().strip()
                service = [sys.executable, __file__, "serve", address]
                with subprocess.Popen(service, stdout=subprocess.PIPE, text=True) as service:
                    try:
                        assert service.stdout.readline() == "ready\n"
                        for count in counts:
                            call(address, count)
                    finally:
                        service.terminate()
            finally:
                bus.terminate()
    print(f"up to {counts[-1]} descriptors through the daemon to a Python service and back")


if sys.argv[1] == "serve":
    serve(sys.argv[2])
else:
    main(sys.argv[1])
