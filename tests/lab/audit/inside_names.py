"""Runs inside a network namespace of its own: dnsmasq as the client's name server.

Prints JSON: the names that were found, also by a transfer, and the greatest count of packets to and
from the server in any second.
"""

import json
import os
import socket
import subprocess
import tempfile
import threading
import time
from pathlib import Path

from msptool import clock
from msptool.audit import names
from msptool.audit.facts import Hint
from msptool.audit.journal import Journal
from msptool.audit.mission import Mission
from msptool.audit.scope import Address
from msptool.demo import tools
from msptool.profile.shape import Audit, DnsHint, Scope
from tests.unit.audit import build

SERVER = "198.51.100.1"
SETUP = f"ip link set lo up; ip addr add {SERVER}/27 dev lo"
TODAY = clock.now().date()
SCOPE = Scope(networks=("198.51.100.0/27",), authorised_by="A. Client", expires=TODAY)


def server() -> "subprocess.Popen[bytes]":
    tool = tools.find("dnsmasq")
    argv = [
        tool.path, "-d", "-C", "/dev/null", "--no-resolv", "--no-hosts", "--user=root",
        f"--listen-address={SERVER}", "--bind-interfaces", "--pid-file=",
        "--host-record=pc-7.lab.example,198.51.100.7",
        "--host-record=prn-9.lab.example,198.51.100.9",
        "--host-record=stranger.lab.example,203.0.113.9",
        "--auth-server=ns.lab.example,lo", f"--auth-peer={SERVER}",
        "--auth-zone=lab.example,198.51.100.0/24,203.0.113.0/24",
    ]  # fmt: skip
    env = {**os.environ, **tool.env}
    return subprocess.Popen(argv, env=env, stderr=subprocess.DEVNULL)


class Counter:
    """Counts what passes port 53 of loopback, each packet once, by its time."""

    def __init__(self) -> None:
        self.times: list[float] = []
        self._ear = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
        self._ear.bind(("lo", 3))
        threading.Thread(target=self._count, daemon=True).start()

    def _count(self) -> None:
        while True:
            data, about = self._ear.recvfrom(2048)
            udp_or_tcp = data[23] in (6, 17) and b"\x00\x35" in (data[34:36], data[36:38])
            if about[2] == 4 and udp_or_tcp:  # PACKET_OUTGOING
                self.times.append(time.monotonic())

    def busiest(self) -> int:
        return max(sum(t <= u < t + 1 for u in self.times) for t in self.times)


def ask(ordered: Mission, stage: str, addresses: list[Address], asked: DnsHint) -> Journal:
    with ordered.logbook.stage(stage) as journal:
        names.ask(ordered, journal, addresses, asked)
    return journal


def told(journal: Journal) -> dict[str, str]:
    facts = [fact for unit in journal.units() for fact in unit.facts]
    return {fact.address: fact.name for fact in facts if isinstance(fact, Hint)}


def trouble(journal: Journal) -> str:
    return journal.done[f"server {SERVER} lab.example"]


def main() -> None:
    subprocess.run(["sh", "-ec", SETUP], check=True)
    book = build.logbook(Path(tempfile.mkdtemp()))
    gentle = build.mission(book, SCOPE, TODAY, orders=Audit(pace="gentle"))
    fast = build.mission(book, SCOPE, TODAY, orders=Audit(pace="fast"))
    addresses = list(gentle.plan.addresses)
    asked = DnsHint(server=SERVER, zone="lab.example")
    silent = ask(fast, "silent", addresses[:2], asked)
    running = server()
    try:
        time.sleep(1)
        counter = Counter()
        found = ask(gentle, "found", addresses, asked)
        busiest, packets = counter.busiest(), len(counter.times)
        whole = DnsHint(server=SERVER, zone="lab.example", transfer=True)
        moved = ask(fast, "moved", addresses[:2], whole)
    finally:
        running.terminate()
        running.wait()
    print(
        json.dumps(
            {
                "names": told(found),
                "trouble": trouble(found),
                "transferred": told(moved),
                "busiest": busiest,
                "packets": packets,
                "silent": trouble(silent),
            }
        )
    )


if __name__ == "__main__":
    main()
