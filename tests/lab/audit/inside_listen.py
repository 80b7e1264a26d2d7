"""Runs inside a network namespace of its own: the listener at one end of a cable, and recorded
announcements from the other. Prints JSON: what was heard, and what left meanwhile.
"""

import dataclasses
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from msptool import clock, gate, runs
from msptool.audit import listen, scope, vantage
from msptool.audit.mission import Mission
from msptool.errors import OutOfScope
from msptool.profile.shape import Audit, Scope
from msptool.terminal import Progress
from tests.lab.audit.inside_no_packets import NFT, RULES, SETUP, frames
from tests.unit.audit.heard.frames_of import every, udp

TODAY = clock.now().date()


def allowed(until: date) -> Scope:
    networks = ("198.51.100.0/24", "2001:db8:5::/64")
    return Scope(networks=networks, authorised_by="A. Client", expires=until)


def mission(folder: Path) -> Mission:
    return Mission(
        run=runs.Run("01", "audit", folder, folder),
        warrant=gate.Warrant.of(allowed(TODAY), "UTC"),
        plan=scope.plan(allowed(TODAY), TODAY),
        vantage=vantage.look(),
        orders=Audit(),
        nmap="",
        today=TODAY,
        progress=Progress(None),
    )


def others() -> list[bytes]:
    """Return frames that are none of our business."""
    to_one = [b"\x02" + raw[1:] for raw in every()]
    return [*to_one, udp(5353, b"\0\0\0\0" + bytes(20)), udp(137, bytes(50))]


def inject(raws: list[bytes]) -> None:
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as out:
        out.bind(("vb", 0))
        for raw in raws:
            out.send(raw)


def orphan(folder: Path) -> str:
    """Kill one who listens; tell what becomes of his listener."""
    script = f"import sys; sys.path[:0] = {sys.path!r}\n" + (
        "from tests.lab.audit.inside_listen import *\n"
        f"with listen.listening(mission(Path({str(folder)!r})), consented=True):\n"
        "    print('up', flush=True); time.sleep(60)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE)
    assert parent.stdout
    parent.stdout.readline()
    (child,) = Path(f"/proc/{parent.pid}/task/{parent.pid}/children").read_text().split()
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    for _ in range(100):
        if not Path(f"/proc/{child}").exists() or "\nState:\tZ" in _status(child):
            return "gone"
        time.sleep(0.1)
    os.kill(int(child), signal.SIGKILL)
    return "left behind"


def _status(pid: str) -> str:
    try:
        return Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return "\nState:\tZ"


def wait_for_ear() -> None:
    """Wait until a packet socket takes every protocol: column 4 of /proc/net/packet is 0003."""
    for _ in range(200):
        rows = [line.split() for line in Path("/proc/net/packet").read_text().splitlines()[1:]]
        if any(row[3] == "0003" for row in rows):
            return
        time.sleep(0.05)


def refused(ordered: Mission) -> bool:
    ended = gate.Warrant.of(allowed(TODAY - timedelta(days=1)), "UTC")
    late = dataclasses.replace(ordered, warrant=ended)
    try:
        with listen.listening(late, consented=True):
            return False
    except OutOfScope:
        return True


def main() -> None:
    # Without IPv6 of its own the kernel neither solicits routers nor answers the one injected.
    quiet = SETUP + "echo 1 > /proc/sys/net/ipv6/conf/va/disable_ipv6\n"
    subprocess.run(["sh", "-e"], input=quiet, text=True, check=True)
    subprocess.run([NFT, "-f", "-"], input=RULES, text=True, check=True)
    time.sleep(0.5)
    folder = Path(tempfile.mkdtemp())
    (folder / "evidence").mkdir()
    ordered = mission(folder)
    before = frames()
    with listen.listening(ordered, consented=True) as ears:
        wait_for_ear()
        inject(every())
        inject(others())
        time.sleep(0.5)
    catch = ears.catch()
    left = frames() - before
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as out:
        out.bind(("va", 0))
        out.send(every()[0])
    heard = {
        json.loads(line)["frame"]
        for line in (folder / catch.evidence[0].path).read_text().splitlines()
        if "frame" in json.loads(line)
    }
    told: dict[str, Any] = {
        "injected": sorted(raw.hex() for raw in every()),
        "heard": sorted(heard & {raw.hex() for raw in every()}),
        "others": len(heard & {raw.hex() for raw in others()}),
        "facts": len(catch.facts),
        "left": left,
        "control": frames() - before - left,
        "trouble": catch.trouble,
        "refused": refused(ordered),
        "orphan": orphan(folder),
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main()
