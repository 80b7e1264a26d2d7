"""Runs inside a network namespace of its own: refused scans through the real scanners.

Prints JSON: how many were refused, the frames that left meanwhile, and the frames of one allowed
scan afterwards (so that a counter that counts nothing is noticed). Frames are counted at netdev
egress: output chains of inet and arp tables are blind to ARP sweeps.
"""

import contextlib
import ipaddress
import json
import os
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from msptool import clock, gate
from msptool.audit import nmap, scope
from msptool.errors import OutOfScope
from msptool.profile.shape import Scope

# An ordinary user's PATH need not name the folder that has it.
NFT = shutil.which("nft", path=os.pathsep.join((*os.get_exec_path(), "/usr/sbin"))) or "nft"
TODAY = clock.now().date()
SETUP = """
ip link set lo up
ip link add va type veth peer name vb
ip addr add 198.51.100.1/24 dev va
ip link set va up
ip link set vb up
"""
RULES = """
table netdev count {
  chain out {
    type filter hook egress device "va" priority 0; policy accept;
    counter
  }
}
"""


def frames() -> int:
    listed = subprocess.run(
        [NFT, "list", "table", "netdev", "count"], capture_output=True, text=True
    )
    return int(re.findall(r"counter packets (\d+)", listed.stdout)[0])


def broken(draw: random.Random) -> Scope:
    """Return an authorisation that does not cover 198.51.100.0/24, each time in another way."""
    whole: dict[str, Any] = {"networks": ("198.51.100.0/24",), "authorised_by": "A. Client"}
    host = f"198.51.100.{draw.randrange(2, 255)}"
    ways: list[Callable[[], Scope]] = [
        lambda: Scope(**whole, expires=TODAY - timedelta(days=draw.randrange(1, 400))),
        lambda: Scope(**whole, expires=None),
        lambda: Scope(networks=whole["networks"], expires=TODAY),
        lambda: Scope(networks=(), authorised_by="A. Client", expires=TODAY),
        lambda: Scope(**whole, expires=TODAY, exclude=("198.51.100.0/24",)),
        lambda: Scope(**whole, expires=TODAY, exclude=(host,)),
        lambda: Scope(
            networks=(f"203.0.113.{draw.randrange(256)}/32",),
            authorised_by="A. Client",
            expires=TODAY,
        ),
    ]
    return draw.choice(ways)()


def scanners(path: str) -> list[list[str]]:
    worker = [sys.executable, "-I", "-m"]
    return [
        nmap.discovery_argv(path, pace="fast", v6=False, raw=True),
        nmap.ports_argv(path, [22, 80], pace="fast", v6=False, raw=True, host_timeout_s=5),
        [*worker, "msptool.audit.workers.arp"],
        [*worker, "msptool.audit.workers.grab"],
        [*worker, "msptool.audit.workers.snmp"],
    ]


def main() -> None:
    subprocess.run(["sh", "-e"], input=SETUP, text=True, check=True)
    subprocess.run([NFT, "-f", "-"], input=RULES, text=True, check=True)
    subprocess.run(["sleep", "0.5"], check=True)  # the link's own chatter (MLD, DAD) ends
    draw, refused, planned = random.Random(int(sys.argv[1])), 0, 0
    commands = scanners(nmap.program()[0])
    before = frames()
    for number in range(int(sys.argv[2])):
        authority = broken(draw)
        excluded = [ipaddress.ip_address(text) for text in authority.exclude if "/" not in text]
        target = excluded[0] if excluded else ipaddress.ip_address("198.51.100.77")
        with contextlib.suppress(OutOfScope):
            planned += target in scope.plan(authority, TODAY).addresses
        try:
            gate.scan(
                commands[number % len(commands)],
                [target],
                gate.Warrant.of(authority, "UTC"),
                timeout_s=20,
            )
        except OutOfScope:
            refused += 1
    left = frames() - before
    allowed = Scope(networks=("198.51.100.0/24",), authorised_by="A. Client", expires=TODAY)
    control = [ipaddress.ip_address("198.51.100.77")]
    gate.scan(commands[0], control, gate.Warrant.of(allowed, "UTC"), timeout_s=30)
    print(
        json.dumps(
            {
                "refused": refused,
                "planned": planned,
                "left": left,
                "control": frames() - before - left,
            }
        )
    )


if __name__ == "__main__":
    main()
