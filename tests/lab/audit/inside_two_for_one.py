"""Runs inside a network namespace of its own: two machines with one address, as ARP shows them.

Prints what the worker printed, and what comes of it: the assets and the findings of NET-018.
"""

import json
import subprocess
import sys

from msptool import clock
from msptool.audit.checks import CHECKS, Exhibit
from msptool.audit.facts import Alive
from msptool.identity import Identities
from msptool.judge import Violation
from tests.unit.audit.merging import merge

ADDRESS = "198.51.100.7"
OURS = "00:25:90:00:00:99"
MACS = ("00:25:90:00:00:01", "3c:52:82:00:00:02")


def run(*argv: str) -> None:
    subprocess.run(argv, check=True)


def machine(number: int, mac: str) -> subprocess.Popen[bytes]:
    """Start a machine in a namespace of its own, on the bridge."""
    holder = subprocess.Popen(["unshare", "-n", "sh", "-c", "echo; exec sleep 60"],
                              stdout=subprocess.PIPE)  # fmt: skip
    assert holder.stdout is not None and holder.stdout.readline()
    near, far = f"v{number}", f"e{number}"
    run("ip", "link", "add", near, "type", "veth", "peer", "name", far, "address", mac)
    run("ip", "link", "set", near, "master", "br0", "up")
    run("ip", "link", "set", far, "netns", str(holder.pid))
    inside = ("nsenter", "-t", str(holder.pid), "-n", "ip")
    run(*inside, "addr", "add", f"{ADDRESS}/24", "dev", far)
    run(*inside, "link", "set", far, "up")
    return holder


def main() -> None:
    run("ip", "link", "add", "br0", "address", OURS, "type", "bridge")
    run("ip", "addr", "add", "198.51.100.1/24", "dev", "br0")
    run("ip", "link", "set", "br0", "up")
    machines = [machine(n, mac) for n, mac in enumerate(MACS)]
    try:
        orders = {"interface": "br0", "source4": "198.51.100.1", "source6": "::", "learn6": False,
                  "mac": OURS, "rate_pps": 50,
                  "tries": 2}  # fmt: skip
        argv = [sys.executable, "-I", "-m", "msptool.audit.workers.arp"]
        asked = f"{ADDRESS}\n\n{json.dumps(orders)}".encode()
        done = subprocess.run(argv, input=asked, capture_output=True, check=True, timeout=30)
    finally:
        for one in machines:
            one.kill()
    told = [json.loads(line) for line in done.stdout.splitlines()]
    at = clock.now()
    facts = [Alive(address=t["address"], mac=t["mac"], at=at, source=t["source"]) for t in told]
    assets = merge(facts, Identities({}, {}), (), at, ports_known=frozenset())
    check = CHECKS.load()["NET-018"]
    words = [w for a in assets for w in check.judge(Exhibit(asset=a, now=at))]
    parts = [word.part for word in words if isinstance(word, Violation)]
    print(
        json.dumps({"macs": sorted(t["mac"] for t in told), "assets": len(assets), "parts": parts})
    )


main()
