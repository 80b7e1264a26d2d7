"""Run inside a mount namespace of its own: measure a file system whose server never answers.

A FUSE server that takes the question and keeps silent: from then on the kernel lets the asking
process go for no signal, not even SIGKILL. Prints what the probe says and how long it took.
"""

import ctypes
import os
import struct
import sys
import threading
import time

from msptool.monitor.probes import volumes

_INIT, _STATFS = 26, 17  # linux/fuse.h


def mount(at: str) -> int:
    """Mount a FUSE file system of our own; return its device."""
    device = os.open("/dev/fuse", os.O_RDWR)
    options = f"fd={device},rootmode=40000,user_id=0,group_id=0".encode()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.mount(b"dead", at.encode(), b"fuse", 0, options):
        raise OSError(ctypes.get_errno(), "mount")
    return device


def serve(device: int, asked: threading.Event) -> None:
    """Answer the greeting, then take questions and never answer."""
    while True:
        question = os.read(device, 1 << 20)
        _, opcode, unique = struct.unpack_from("<IIQ", question)
        if opcode == _INIT:
            greeting = struct.pack("<IIIIHHIIHHI28x", 7, 31, 0, 0, 0, 0, 1 << 16, 0, 0, 0, 0)
            os.write(device, struct.pack("<IiQ", 16 + len(greeting), 0, unique) + greeting)
        elif opcode == _STATFS:
            asked.set()


def main(at: str) -> None:
    """Ask about the dead mount and the root."""
    device = mount(at)
    asked = threading.Event()
    threading.Thread(target=serve, args=(device, asked), daemon=True).start()
    started = time.monotonic()
    found = volumes.look({at: "dead", "/": "root"})
    print(asked.is_set(), found[at], type(found["/"]).__name__, time.monotonic() - started < 5)


if __name__ == "__main__":
    main(sys.argv[1])
