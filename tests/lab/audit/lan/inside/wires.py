"""The namespaces of the LAN: a bridge, a host each, the laptop, and a relay where it is routed.

One process keeps them all: a socket stays in the namespace that it was made in, so every host has
its own IP stack, MAC and filter, and none needs a process of its own.
"""

import ctypes
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from msptool.demo.holder import kernel
from tests.lab.audit.lan.inside import relay
from tests.lab.audit.lan.plan import BEYOND
from tests.lab.audit.lan.truth import Host, Lan

_libc = ctypes.CDLL(None, use_errno=True)
_PING = "icmp type echo-request drop; icmpv6 type echo-request drop;"
# Neighbours must find it, and its one port; all else is dropped.
_ALL = "iif lo accept; icmpv6 type { 135, 136 } accept; tcp dport {port} accept;"


class Wires:
    """The running network; made in the namespace that becomes the laptop's."""

    def __init__(self, lan: Lan) -> None:
        self._lan = lan
        self.laptop = os.open("/proc/self/ns/net", os.O_RDONLY)
        self._wire = self._space()
        self.hosts = {host.address: self._space() for host in lan.hosts}
        self.interface = "tun0" if lan.routed else "eth0"
        self._build()

    @contextmanager
    def inside(self, space: int) -> Iterator[None]:
        """Be in a namespace for a while."""
        _enter(space)
        try:
            yield
        finally:
            _enter(self.laptop)

    def _space(self) -> int:
        """Make a namespace; return what keeps it."""
        kernel.unshare(kernel.CLONE_NEWNET)
        try:
            _quiet()
            return os.open("/proc/self/ns/net", os.O_RDONLY)
        finally:
            _enter(self.laptop)

    def _build(self) -> None:
        with self.inside(self._wire):
            ip("link add br0 type bridge stp_state 0 forward_delay 0 mcast_snooping 0",
               "link set br0 up")  # fmt: skip
        for number, host in enumerate(self._lan.hosts):
            with self.inside(self.hosts[host.address]):
                self._host(number, host)
        ends = [f"v{number}" for number in range(len(self._lan.hosts))]
        if not self._lan.routed:
            ends.append("laptop")
            _quiet()
            ip(*self._cable("laptop", self._lan.laptop_mac, self._lan.laptop))
            ip(f"route add default via {self._lan.gateway.address}")
        with self.inside(self._wire):
            ip(*(f"link set {end} master br0 up" for end in ends))
        if self._lan.routed:
            self._relay()

    def _cable(self, far: str, mac: str, address: str) -> list[str]:
        wire = f"/proc/{os.getpid()}/fd/{self._wire}"
        return [
            "link set lo up",
            f"link add eth0 address {mac} type veth peer name {far} netns {wire}",
            f"addr add {address}/24 brd + dev eth0",
            "link set eth0 up",
        ]

    def _host(self, number: int, host: Host) -> None:
        gateway = self._lan.gateway
        lines = self._cable(f"v{number}", host.mac, host.address)
        if host is not gateway:
            lines.append(f"route add default via {gateway.address}")
        ip(*lines)
        if host.drops:
            _filter(host)

    def _relay(self) -> None:
        """Put the router between: a program carries packets over, late, and loses some."""
        near, far = BEYOND[1], BEYOND[0]
        left = relay.device("tun0")
        ip("link set lo up", f"addr add {near} peer {far} dev tun0",
           "link set tun0 up txqueuelen 20000", f"route add default via {far}")  # fmt: skip
        with self.inside(self.hosts[self._lan.gateway.address]):
            right = relay.device("tun0")
            ip(f"addr add {far} peer {near} dev tun0", "link set tun0 up txqueuelen 20000")
            kernel.sysctl("ipv4/ip_forward", 1)
        relay.start(left, right, self._lan.seed)


def ip(*lines: str) -> None:
    """Configure the namespace that we are in; raise OSError with iproute2's words."""
    done = subprocess.run(
        ["ip", "-batch", "-"], input="\n".join(lines), capture_output=True, text=True
    )
    if done.returncode != 0:
        raise OSError(f"ip: {done.stderr.strip()}")


def _filter(host: Host) -> None:
    policy = "drop" if host.drops == "all" else "accept"
    body = _PING if host.drops == "ping" else _ALL.replace("{port}", str(host.services[0].port))
    rules = f"table inet f {{ chain i {{ type filter hook input priority 0; policy {policy}; "
    done = subprocess.run(
        ["nft", "-f", "-"], input=f"{rules}{body} }}; }}\n", capture_output=True, text=True
    )
    if done.returncode != 0:
        raise OSError(f"nft: {done.stderr.strip()}")


def _quiet() -> None:
    """No address detection, no router solicitations: nothing but what is asked moves."""
    for name, value in (("accept_dad", 0), ("router_solicitations", 0), ("accept_ra", 0)):
        for which in ("default", "all"):
            if Path("/proc/sys/net/ipv6/conf", which).exists():
                kernel.sysctl(f"ipv6/conf/{which}/{name}", value)


def _enter(space: int) -> None:
    if _libc.setns(space, kernel.CLONE_NEWNET) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"setns: {os.strerror(number)}")
