"""PID 1 of a site: builds the network, starts the programs, and ends when its input does.

The first line of stdin is the job, later ones are orders; each gets one line on stdout. At the
end of stdin (its parent is gone, however it went) it exits, and the kernel ends all the rest.
"""

import json
import os
import select
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Any

from msptool import clock
from msptool.demo.holder import kernel, ready, room
from msptool.demo.holder.cell import Cell, spawn

Message = dict[str, Any]
_RETRANS = "ipv4/neigh/eth0/retrans_time_ms", "ipv6/neigh/eth0/retrans_time_ms"
_QUICK_MS, _USUAL_MS = 50, 1000
_SCRATCH = "/mnt"


def main() -> None:
    """Serve until stdin ends."""
    for which in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(which, signal.SIG_IGN)
    job = json.loads(sys.stdin.readline())
    site = Site(job)
    _reply(site.build)
    signal.signal(signal.SIGCHLD, _reap)
    for line in sys.stdin:
        order = json.loads(line)
        _reply(lambda: site.obey(order))  # noqa: B023 - called before the next order
    os._exit(0)


def _reply(act: Any) -> None:
    try:
        answer = {"ok": True, **act()}
    except (OSError, KeyError, ValueError) as error:
        answer = {"ok": False, "why": str(error)}
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def _exit_if_abandoned() -> None:
    """End at once if nobody can give orders any more."""
    watched = select.poll()
    watched.register(sys.stdin, select.POLLHUP)
    if any(event & select.POLLHUP for _, event in watched.poll(0)):
        os._exit(0)


def _reap(_signal: int, _frame: FrameType | None) -> None:
    """Bury what was left to PID 1."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return


class Site:
    """The running network: the wire (a cell that is only a bridge) and a cell for each host."""

    def __init__(self, job: Message) -> None:
        self._job = job
        self._hosts = {host["role"]: host for host in job["hosts"]}
        self._wire: Cell
        self._cells: dict[str, Cell] = {}

    def build(self) -> Message:
        """Bring everything up; return the cells' pids by role."""
        if not Path("/proc/sys/net/ipv6").exists():
            raise OSError("this kernel has IPv6 switched off, and one host has nothing else")
        self._wire = spawn("wire")
        self._cells = {role: spawn(host["hostname"]) for role, host in self._hosts.items()}
        for cell in (self._wire, *self._cells.values()):
            cell.hear()
        self._wire.ask({"do": "ip", "ip": self._job["ip"], "lines": self._cables()})
        self._everywhere({role: {"do": "host", **host} for role, host in self._hosts.items()})
        self._lay_laptop()
        for role, host in self._hosts.items():
            for program in host["programs"]:
                self._cells[role].ask({"do": "start", "program": program})
        self._wait(self._job["hosts"])
        return {"pids": {role: cell.pid for role, cell in self._cells.items()}}

    def obey(self, order: Message) -> Message:
        """Carry out an order: power a host, or give it other programs."""
        if order["do"] == "power":
            self._power(order["role"], on=order["on"])
        elif order["do"] == "apply":
            self._apply(order["host"])
        elif order["do"] == "log":
            return self._cells[order["role"]].ask({"do": "log", "name": order["name"]})
        else:
            raise ValueError(f"unknown order {order['do']!r}")
        return {}

    def _power(self, role: str, *, on: bool) -> None:
        """Pull or plug the host's cable at the wire's side, as a dead host looks from outside."""
        line = f"link set v-{role} {'up' if on else 'down'}"
        self._wire.ask({"do": "ip", "ip": self._job["ip"], "lines": [line]})
        if on:
            self._wait([self._hosts[role]])

    def _apply(self, host: Message) -> None:
        """Stop the programs that are gone or changed, start the new ones."""
        role = host["role"]
        old = {program["name"]: program for program in self._hosts[role]["programs"]}
        new = {program["name"]: program for program in host["programs"]}
        changed = [program for name, program in new.items() if old.get(name) != program]
        for name in old.keys() - new.keys() | {p["name"] for p in changed}:
            self._cells[role].ask({"do": "stop", "name": name})
        for program in changed:
            self._cells[role].ask({"do": "start", "program": program})
        self._hosts[role] = host
        self._wait([host])

    def _everywhere(self, messages: dict[str, Message]) -> None:
        """Tell all cells first and hear them after: they work side by side."""
        for role, message in messages.items():
            self._cells[role].tell(message)
        for role in messages:
            self._cells[role].hear()

    def _cables(self) -> list[str]:
        """Return the bridge and its cables: one end in the wire, the other in a host."""
        bridge = "link add br0 type bridge stp_state 0 forward_delay 0 mcast_snooping 0"
        lines = [f"{bridge} group_fwd_mask 0x4000"]  # pass LLDP on
        ends = [(role, cell.pid, self._hosts[role]["mac"]) for role, cell in self._cells.items()]
        for role, pid, mac in (*ends, ("laptop", os.getpid(), self._job["laptop"]["mac"])):
            far = f"peer name eth0 address {mac} netns {pid}"
            lines += [f"link add v-{role} type veth {far}", f"link set v-{role} master br0 up"]
        return [*lines, "link set br0 up"]

    def _lay_laptop(self) -> None:
        laptop = self._job["laptop"]
        room.address({**laptop, "drops_ping": False, "v6": True})
        kernel.mount_tmpfs(_SCRATCH)
        for number, (target, text) in enumerate(laptop["binds"].items()):
            room.show(Path(_SCRATCH, str(number)), Path(target), text)
        kernel.unmount(_SCRATCH)

    def _wait(self, hosts: list[Message]) -> None:
        """Wait for every program of some hosts; raise OSError naming the first that is not up."""
        targets = [
            {**target, "address": host["address"], "role": host["role"], "name": program["name"]}
            for host in hosts
            for program in host["programs"]
            for target in program["ready"]
        ]
        for name in _RETRANS:
            kernel.sysctl(name, _QUICK_MS)
        deadline_s = clock.monotonic_s() + self._job["deadline_s"]
        late = ready.missing(targets, deadline_s, _exit_if_abandoned)
        for name in _RETRANS:
            kernel.sysctl(name, _USUAL_MS)
        if late:
            raise OSError(self._complaint(late[0], len(late)))

    def _complaint(self, target: Message, count: int) -> str:
        log = self._cells[target["role"]].ask({"do": "log", "name": target["name"]})["text"]
        last = (log.strip().splitlines() or ["its log is empty"])[-1]
        where = f"{target['role']}: {target['name']} does not answer on port {target['port']}"
        return f"{where} ({last}); {count} in all"
