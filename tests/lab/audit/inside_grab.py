"""Runs inside a network namespace of its own: the grab and the UDP questions before a /26 of hosts.

`python -m tests.lab.audit.inside_grab PACE`: hosts on one end of a veth pair, the worker on the
other, every packet seen by a packet socket. Of the hosts some stall, some drip, some flood, some
are mute. Prints JSON: when each host was done, what its records say, the greatest count of packets
in any second to and from one host and in all, and bytes of payload to fragile ports.
"""

import ctypes
import json
import socket
import struct
import subprocess
import sys
import threading
import time
from collections import Counter, deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

NET = "198.51.100."
EVIL = b"220 \x1b[2J<script>alert(1)</script>{{7*7}}=cmd|' /C calc'!A0\r\nforged: line\r\n"
CLONE_NEWNET = 0x40000000
ETH_P_ALL = 3


def sh(words: str) -> None:
    subprocess.run(["sh", "-ec", words], check=True)


def serve(address: str, port: int, answer: Callable[[socket.socket], None]) -> None:
    listener = socket.create_server((address, port), backlog=16)

    def one(connection: socket.socket) -> None:
        with connection:
            try:
                answer(connection)
            except OSError:
                return

    def loop() -> None:
        while True:
            threading.Thread(target=one, args=(listener.accept()[0],), daemon=True).start()

    threading.Thread(target=loop, daemon=True).start()


def ssh(connection: socket.socket) -> None:
    connection.sendall(b"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n")
    connection.recv(4096)


def page(connection: socket.socket) -> None:
    connection.recv(4096)
    body = b"<title>NAS of accounting</title>" + b"x" * 9000
    connection.sendall(b"HTTP/1.0 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)


def redis(connection: socket.socket) -> None:
    connection.recv(4096)
    connection.sendall(b"-NOAUTH Authentication required.\r\n")


def mute(connection: socket.socket) -> None:
    while connection.recv(4096):
        pass


def drip(connection: socket.socket) -> None:
    while True:
        connection.sendall(b"x")
        time.sleep(0.2)


def flood(connection: socket.socket) -> None:
    while True:
        connection.sendall(b"A" * 65536)


def evil(connection: socket.socket) -> None:
    connection.sendall(EVIL)
    connection.recv(4096)


def fragile(connection: socket.socket) -> None:
    mute(connection)


GOOD = {22: ssh, 80: page, 6379: redis, 9100: fragile}
ODD: dict[int, dict[int, Callable[[socket.socket], None]]] = {
    1: dict.fromkeys((21, 80, 8080, 9999), drip),
    2: dict.fromkeys((80, 5000), mute),
    3: dict.fromkeys((23, 80, 3306), flood),
    4: dict.fromkeys((21, 25), evil),
}


class Counts:
    """Packets by host, and the greatest count in any second."""

    def __init__(self) -> None:
        self.times: dict[str, deque[float]] = {}
        self.most: Counter[str] = Counter()
        self.fragile_bytes = 0

    def take(self, frame: bytes, at: float) -> None:
        if frame[12:14] != b"\x08\x00":
            return
        head = 14 + 4 * (frame[14] & 15)
        source, target = (socket.inet_ntoa(frame[at : at + 4]) for at in (26, 30))
        host = target if source == NET + "254" else source
        for who in (host, "all"):
            times = self.times.setdefault(who, deque())
            times.append(at)
            while times[0] <= at - 1:
                times.popleft()
            self.most[who] = max(self.most[who], len(times))
        if frame[23] == socket.IPPROTO_TCP and target != NET + "254":
            port = struct.unpack(">H", frame[head + 2 : head + 4])[0]
            size = struct.unpack(">H", frame[16:18])[0] - (head - 14) - 4 * (frame[head + 12] >> 4)
            if port == 9100:
                self.fragile_bytes += size


def main() -> None:
    pace, hosts = sys.argv[1], int(sys.argv[2])
    sh("ip link set lo up; ip link add va type veth peer name vb; ip link set va up")
    addresses = [f"{NET}{n}" for n in range(1, hosts + 1)]
    holder = subprocess.Popen(["unshare", "-n", "sleep", "600"])
    theirs, ours = (Path(f"/proc/{who}/ns/net") for who in (holder.pid, "self"))
    while theirs.readlink() == ours.readlink():
        time.sleep(0.01)
    sh(f"ip link set vb netns {holder.pid}")
    sh(f"nsenter -t {holder.pid} -n sh -ec 'ip link set lo up; ip link set vb up'")
    sh(f"ip addr add {NET}254/24 dev va")
    for address in addresses:
        sh(f"nsenter -t {holder.pid} -n ip addr add {address}/24 dev vb")
    with theirs.open() as other, ours.open() as mine:
        ctypes.CDLL(None, use_errno=True).setns(other.fileno(), CLONE_NEWNET)
        services = [
            (address, port, answer)
            for number, address in enumerate(addresses, 1)
            for port, answer in ODD.get(number, GOOD).items()
        ]
        for address, port, answer in services:
            serve(address, port, answer)
        ctypes.CDLL(None, use_errno=True).setns(mine.fileno(), CLONE_NEWNET)
    try:
        print(json.dumps(measured(pace, addresses, [[a, p] for a, p, _ in services])))
    finally:
        holder.kill()


def measured(pace: str, addresses: list[str], services: list[list[Any]]) -> dict[str, Any]:
    from msptool.audit.services import GRAB_PPS

    host_pps, all_pps = GRAB_PPS[pace]
    orders = {
        "services": services, "timeout_s": 2.0, "host_limit_s": 60, "parallel": 256,
        "host_pps": host_pps, "all_pps": all_pps,
    }  # fmt: skip
    counts, done = Counts(), {}
    sniffer = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
    sniffer.bind(("va", 0))
    sniffer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 32 << 20)
    alive = True

    def sniff() -> None:
        sniffer.settimeout(0.2)
        while alive:
            try:
                counts.take(sniffer.recv(256), time.monotonic())
            except TimeoutError:
                continue

    watching = threading.Thread(target=sniff)
    watching.start()
    begun = time.monotonic()
    argv = [sys.executable, "-I", "-m", "msptool.audit.workers.grab"]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as worker:
        assert worker.stdin
        assert worker.stdout
        worker.stdin.write("\n".join([*addresses, "", json.dumps(orders)]).encode())
        worker.stdin.close()
        records = []
        for line in worker.stdout:
            record = json.loads(line)
            records.append(record)
            if record.get("done"):
                done[record["address"]] = round(time.monotonic() - begun, 2)
    alive = False
    watching.join()
    return {
        "done": done,
        "records": records,
        "host_most": max(most for who, most in counts.most.items() if who != "all"),
        "all_most": counts.most["all"],
        "fragile_bytes": counts.fragile_bytes,
        "longest": max(len(v) for r in records for v in r.get("said", {}).values()),
    }


if __name__ == "__main__":
    main()
