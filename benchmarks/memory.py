"""How much memory an audit of a large network takes, and whether it grows with the network.

The whole audit runs, from plan to committed report; only the gate is another: it starts nobody and
gives, byte for byte as scanners print it, what a generated /16 would answer. Each size is a process
of its own, whose greatest resident set the kernel tells.
"""

import io
import ipaddress
import json
import random
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks import timing
from msptool import gate, process
from msptool.audit import nmap, vantage
from msptool.audit.run import audit
from msptool.audit.scope import Address
from msptool.audit.vantage import Segment, Vantage
from msptool.profile import load
from msptool.terminal import Progress
from msptool.workspace import Workspace

BAR_MIB, BAR_RATIO = 300, 1.5
SIZES = {"a tenth": ("10.9.0.0/20", 500), "all": ("10.9.0.0/16", 5000)}
PROFILE = """
msptool: 1
client: {{code: BIG, name: A large client}}
scope: {{networks: [{network}], authorised_by: A. Client, expires: 2099-12-31}}
audit: {{pace: fast, snmp: [{{community: "file:community"}}]}}
"""
PORTS = (22, 80, 135, 139, 443, 445, 3306, 3389, 5432, 5900, 5985, 8080, 8443)


def main() -> None:
    """Print the greatest resident set of both sizes, and their ratio."""
    peaks = {name: _peak_mib(*size) for name, size in SIZES.items()}
    ratio = peaks["all"] / peaks["a tenth"]
    told = f"{peaks['all']:.0f} MiB", f"{peaks['a tenth']:.0f} MiB", f"{ratio:.2f}"
    timing.row("65,536 addresses, 5,000 hosts; a tenth", *told)
    print(f"bars: {BAR_MIB} MiB, {BAR_RATIO}")


def _peak_mib(network: str, hosts: int) -> float:
    argv = [sys.executable, "-m", "benchmarks.memory", network, str(hosts)]
    done = subprocess.run(argv, capture_output=True, text=True, check=True)
    return float(done.stdout.split()[-1])


class Large:
    """A generated network: who is there, and what each scanner would print of it."""

    def __init__(self, network: str, hosts: int) -> None:
        """Draw the hosts, the same each time."""
        draw = random.Random(hosts)
        own = ipaddress.ip_network(network)
        numbers = draw.sample(range(2, own.num_addresses - 1), hosts)
        self.there = {str(own.network_address + number) for number in numbers}

    def scan(
        self,
        argv: Sequence[process.Word],
        targets: Sequence[Address],
        warrant: gate.Warrant,
        *,
        timeout_s: float,
        payload: bytes = b"",
        on_line: Callable[[bytes], None] | None = None,
        on_data: Callable[[bytes], None] | None = None,
        on_start: Callable[[int], None] | None = None,
    ) -> process.Done:
        """Stand in for the gate, which looks at the warrant first."""
        assert warrant.named and on_line is None
        del on_start, timeout_s  # there is nobody
        word = str(argv[-1]).rpartition(".")[2]
        tell = {"arp": self._arp, "grab": self._grab, "snmp": self._snmp}.get(word)
        here = [str(target) for target in targets if str(target) in self.there]
        if on_data is not None and tell is not None:
            for line in tell(here, json.loads(payload or b"{}")):
                on_data(json.dumps(line).encode() + b"\n")
        elif on_data is not None and word == "-":
            for text in self._ports(here):
                on_data(text.encode())
        return process.Done(tuple(map(str, argv)), 0, b"", b"", 0.0)

    def _arp(self, here: Sequence[str], _orders: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        for address in here:
            yield {"address": address, "mac": _mac(address), "source": "arp"}

    def _ports(self, here: Sequence[str]) -> Iterator[str]:
        yield '<?xml version="1.0"?><!DOCTYPE nmaprun><nmaprun args="nmap" version="7.93">'
        for address in here:
            ports = "".join(
                f'<port protocol="tcp" portid="{port}"><state state="open" reason="syn-ack"/>'
                f'<service name="x" method="table" conf="3"/></port>'
                for port in _ports(address)
            )
            yield (
                f'<host><status state="up" reason="arp"/><address addr="{address}" '
                f'addrtype="ipv4"/><ports><extraports state="closed" count="400"/>{ports}</ports>'
                "</host>"
            )
        yield '<runstats><finished time="1" exit="success"/></runstats></nmaprun>'

    def _grab(self, here: Sequence[str], orders: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        for address, port, *_ in orders["services"]:
            yield {"address": address, "port": port} | _said(address, port)
        for address in here:
            yield {"address": address, "done": True}

    def _snmp(self, here: Sequence[str], orders: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        label = orders["groups"][0][0]["label"]
        for number, address in enumerate(here):
            if number % 5 == 0:
                yield {"address": address, "community": label, "rows": _rows(address),
                       "complete": True, "error": ""}  # fmt: skip
            yield {"address": address, "done": True}


def _mac(address: str) -> str:
    octets = ipaddress.ip_address(address).packed
    return "00:11:" + ":".join(f"{octet:02x}" for octet in octets)


def _serial(address: str) -> str:
    return f"FOC{ipaddress.ip_address(address).packed.hex()}"


def _ports(address: str) -> list[int]:
    return random.Random(address).sample(PORTS, 8)


def _said(address: str, port: int) -> dict[str, Any]:
    if port == 22:
        return {"said": {"ssh": f"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u{address[-1]}\r\n"}}
    if port in (80, 443, 8080, 8443):
        page = f"<title>The intranet of machine {address}</title>" + "x" * 400
        head = "HTTP/1.1 200 OK\r\nServer: nginx/1.22.1\r\nContent-Type: text/html\r\n\r\n"
        return {"said": {"http": head + page}}
    return {"said": {"greeting": f"220 mail-{address[-3:]}.example ESMTP Postfix on {port}\r\n"}}


def _rows(address: str) -> dict[str, Any]:
    name = f"switch-{address}".encode().hex()
    rows: dict[str, Any] = {
        "1.3.6.1.2.1.1.1.0": f"x:{b'Cisco IOS Software, C2960 Version 15.0(2)SE11'.hex()}",
        "1.3.6.1.2.1.1.2.0": "o:1.3.6.1.4.1.9.1.1208",
        "1.3.6.1.2.1.1.3.0": 123456,
        "1.3.6.1.2.1.1.5.0": f"x:{name}",
        "1.3.6.1.2.1.47.1.1.1.1.5.1": 3,
        "1.3.6.1.2.1.47.1.1.1.1.11.1": f"x:{_serial(address).encode().hex()}",
    }
    for port in range(1, 25):
        base = "1.3.6.1.2.1.2.2.1"
        rows |= {
            f"{base}.2.{port}": f"x:{f'GigabitEthernet0/{port}'.encode().hex()}",
            f"{base}.6.{port}": f"x:{_mac(address).replace(':', '')}",
            f"{base}.8.{port}": 1,
            f"{base}.11.{port}": 1000 * port,
            f"{base}.14.{port}": 0,
        }
    return rows


def _audit(network: str, hosts: int) -> None:
    large = Large(network, hosts)
    own = ipaddress.ip_network(network)
    place = Segment("eth0", own.network_address + 1, own, "00:11:22:33:44:55")
    vantage.look = lambda: Vantage((place,), "root")
    nmap.program = lambda: ("/nowhere/nmap", "7.93")
    gate.scan = large.scan
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(Path(folder))
        workspace.client_file.write_text(PROFILE.format(network=network))
        (Path(folder) / "community").write_text("s3cret")
        (Path(folder) / "community").chmod(0o600)
        outcome = audit(workspace, load(workspace), progress=Progress(io.StringIO()))
        found = sum(thing.kind == "asset" for thing in outcome.report.things)
    if found != hosts:
        raise SystemExit(f"{found} assets of {hosts} hosts: {outcome.troubles}")
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


if __name__ == "__main__":
    _audit(sys.argv[1], int(sys.argv[2]))
