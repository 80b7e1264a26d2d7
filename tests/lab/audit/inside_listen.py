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

from msptool import clock, gate
from msptool.audit import listen, vantage
from msptool.audit.mission import Mission
from msptool.errors import OutOfScope
from msptool.profile.shape import Scope
from tests.lab.audit.inside_no_packets import NFT, RULES, SETUP, frames
from tests.unit.audit import build
from tests.unit.audit.heard.frames_of import every, udp

TODAY = clock.now().date()


def allowed(until: date) -> Scope:
    networks = ("198.51.100.0/24", "2001:db8:5::/64")
    return Scope(networks=networks, authorised_by="A. Client", expires=until)


def mission(folder: Path) -> Mission:
    book = build.logbook(folder)
    return build.mission(book, allowed(TODAY), TODAY, vantage=vantage.look(), may_capture=True)


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
        f"ordered = mission(Path({str(folder)!r}))\n"
        "with ordered.logbook.stage('listen') as journal, listen.listening(ordered, journal):\n"
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
        with late.logbook.stage("late") as journal, listen.listening(late, journal):
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
    ordered = mission(folder)
    before = frames()
    with ordered.logbook.stage("listen") as journal, listen.listening(ordered, journal):
        wait_for_ear()
        inject(every())
        inject(others())
        time.sleep(0.5)
    left = frames() - before
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as out:
        out.bind(("va", 0))
        out.send(every()[0])
    facts = [fact for unit in journal.units() for fact in unit.facts]
    (evidence,) = {fact.evidence for fact in facts}
    words = (ordered.run.folder / "evidence" / evidence).read_text()
    records = [json.loads(line) for line in words.splitlines()]
    heard = {record["frame"] for record in records if "frame" in record}
    told: dict[str, Any] = {
        "injected": sorted(raw.hex() for raw in every()),
        "heard": sorted(heard & {raw.hex() for raw in every()}),
        "others": len(heard & {raw.hex() for raw in others()}),
        "facts": len(facts),
        "left": left,
        "control": frames() - before - left,
        "trouble": journal.trouble,
        "refused": refused(ordered),
        "orphan": orphan(folder),
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main()
