"""Run a command, or a shell, on the laptop of a LAN; tell what was counted at the end.

`python -m tests.lab.audit.lan [--seed N] [--hosts N] [--routed] [--stalls N] [--snmp] [--udp]
[-- COMMAND…]`; the truth (JSON) is in the file that MSPTOOL_LAN_TRUTH names.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import msgspec

from tests.lab.audit.lan import plan
from tests.lab.audit.lan.ground import Ground, environment


def main() -> int:
    """Return the command's exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.lab.audit.lan")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--hosts", type=int, default=plan.WHOLE)
    parser.add_argument("--stalls", type=int, default=0, help="so many hosts stall or drip")
    parser.add_argument("--routed", action="store_true", help="behind a router, 20 ms, 1 %% loss")
    parser.add_argument("--snmp", action="store_true", help="the router tells its ARP table")
    parser.add_argument("--udp", action="store_true", help="UDP services and SNMP agents")
    parser.add_argument("command", nargs="*", default=[os.environ.get("SHELL", "sh")])
    told = parser.parse_args()
    lan = plan.draw(
        told.seed,
        hosts=told.hosts,
        routed=told.routed,
        stalls=told.stalls,
        router_snmp=told.snmp,
        udp=told.udp,
    )
    with tempfile.TemporaryDirectory() as folder, Ground(lan) as ground:
        truth = Path(folder, "truth.json")
        truth.write_bytes(msgspec.json.format(msgspec.json.encode(lan)))
        with ground.counting() as count:
            done = subprocess.run(ground.argv(told.command), env=environment(truth))
        print("\n".join(count.told.lines()), file=sys.stderr)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
