"""What content that takes over its probe would try: `hostile.py ATTACK WORD FILE`.

Exits with 1 and says "escaped" where it gets through, with 0 where it is held.
"""

import ctypes
import os
import socket
import sys
import time
from pathlib import Path


def network(port: str) -> str | None:
    for family, where in (
        (socket.AF_INET, ("127.0.0.1", int(port))),
        (socket.AF_UNIX, f"\0msptool-{port}"),
    ):
        with socket.socket(family, socket.SOCK_STREAM) as sock:
            sock.settimeout(2)
            try:
                sock.connect(where)
            except OSError:
                continue
            return f"connected to {where!r}"
    return None


def read(hidden: str) -> str | None:
    canary = f"/{hidden}"  # a word that is a path would be shown in the cell
    for path in (canary, f"/proc/1/root{canary}", f"/proc/self/root{canary}", f"../..{canary}"):
        try:
            with Path(path).open() as file:
                return f"read {file.read()!r}"
        except OSError:
            continue
    if Path(canary).parent.exists():
        return "saw its folder"
    return None


def write(folder: str) -> str | None:
    target = sys.argv[3]
    for path in (
        f"{folder}/planted",
        f"{target}-planted",
        "/in/planted",
        "/planted",
        "/dev/planted",
    ):
        try:
            with Path(path).open("w"):
                return f"wrote {path}"
        except OSError:
            continue
    try:
        Path(target).chmod(0o604)
    except OSError:
        try:
            with Path(target).open("r+b"):
                return "opened the copy for writing"
        except OSError:
            return None
    return "changed the copy"


def fork(most: str) -> str | None:
    made = 0
    for _ in range(int(most)):
        try:
            child = os.fork()
        except OSError:
            break
        if child == 0:
            os.setsid()
            os.closerange(0, 3)  # else whoever waits for our words waits for it
            time.sleep(300)
        made += 1
    return f"forked {made}" if made == int(most) else None


def memory(count: str) -> str | None:
    try:
        return f"took {len(bytearray(int(count)))} bytes"
    except MemoryError:
        return None


def disk(count: str) -> str | None:
    try:
        for number in range(int(count) >> 28):
            with Path(f"big-{number}").open("wb") as file:
                for _ in range(256):
                    file.write(bytes(1 << 20))
    except OSError:
        return None
    return f"wrote {count} bytes"


def privileges(_word: str) -> str | None:
    libc = ctypes.CDLL(None)
    if os.getuid() == 0 or os.geteuid() == 0 or (os.getgroups() and 0 in os.getgroups()):
        return "is root"
    if libc.prctl(39, 0, 0, 0, 0) != 1:
        return "may gain rights"
    if libc.mount(b"none", b"/tmp", b"tmpfs", 0, None) == 0 or libc.sethostname(b"x", 1) == 0:
        return "may mount"
    return None


def sleep(_word: str) -> None:
    if os.fork() == 0:
        os.setsid()
        time.sleep(300)
    time.sleep(300)


def spin(_word: str) -> None:
    while True:
        pass


if __name__ == "__main__":
    escaped = globals()[sys.argv[1]](sys.argv[2])
    if escaped:
        sys.exit(f"escaped: {escaped}")
