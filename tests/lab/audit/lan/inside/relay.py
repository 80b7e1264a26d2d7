"""A slow and lossy way between two TUN devices: this kernel has no netem."""

import fcntl
import os
import random
import select
import struct
import time
from collections import deque
from contextlib import suppress
from typing import NoReturn

# linux/if_tun.h: TUNSETIFF; IFF_TUN without the extra header.
_TUNSETIFF, _TUN, _NO_PI = 0x400454CA, 0x0001, 0x1000
DELAY_S = 0.010  # each way: a round trip of 20 ms
LOSS = 0.01  # each way
_BATCH = 64


def device(name: str) -> int:
    """Make a TUN device in this namespace; raise OSError where we may not."""
    made = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(made, _TUNSETIFF, struct.pack("16sH22x", name.encode(), _TUN | _NO_PI))
    return made


def start(left: int, right: int, seed: int) -> None:
    """Carry packets both ways from now on, in a process of its own."""
    if os.fork() == 0:
        _carry(left, right, random.Random(f"relay {seed}"))
    os.close(left)
    os.close(right)


def _carry(left: int, right: int, luck: random.Random) -> NoReturn:
    other = {left: right, right: left}
    late: deque[tuple[float, int, bytes]] = deque()
    while True:
        wait_s = max(0.0, late[0][0] - time.monotonic()) if late else None
        ready, _, _ = select.select([left, right], [], [], wait_s)
        for source in ready:
            _take(source, other[source], late, luck)
        _give(late)


def _take(
    source: int, towards: int, late: deque[tuple[float, int, bytes]], luck: random.Random
) -> None:
    with suppress(BlockingIOError):
        for _ in range(_BATCH):
            packet = os.read(source, 65535)
            if luck.random() >= LOSS:
                late.append((time.monotonic() + DELAY_S, towards, packet))


def _give(late: deque[tuple[float, int, bytes]]) -> None:
    now_s = time.monotonic()
    while late and late[0][0] <= now_s:
        _, towards, packet = late.popleft()
        with suppress(OSError):  # a full queue loses packets, as a router's does
            os.write(towards, packet)
