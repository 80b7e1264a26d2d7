"""Scans of the LAN from its laptop: ours, and the naive one that everybody knows."""

import time
import xml.etree.ElementTree as ET  # noqa: S405 - of an nmap that we started on our own network
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from msptool import clock, runs
from msptool.audit.asset import Asset
from msptool.workspace import Workspace
from tests.lab.audit.lan.ground import Counted, Ground
from tests.lab.audit.lan.score import Found, Score, score
from tests.lab.msptool import msptool

_PROFILE = """\
msptool: 1
client: {{code: LAN, name: Measured LAN, languages: [en], zone: UTC}}
scope:
  networks: ["{network}"]
  authorised_by: "A. Client, director"
  expires: {expires}
audit:
  pace: {pace}
  snmp: [{{community: "file:secrets/snmp.community"}}]
"""


@dataclass(frozen=True)
class Scanned:
    """A scan: how long it took, what it found, what it sent, what it said on stderr."""

    wall_s: float
    found: Found
    score: Score
    counted: Counted
    said: str = ""

    def others_s(self, apart: set[str]) -> float:
        """Return when the last packet went to any host but those: what these cost the others."""
        hosts = self.counted.hosts.items()
        return max((most.last_s for address, most in hosts if address not in apart), default=0.0)


def write_workspace(folder: Path, ground: Ground, pace: str) -> Workspace:
    """Make a workspace whose profile allows the LAN and nothing else."""
    (folder / "secrets").mkdir(parents=True, mode=0o700)
    (folder / "secrets/snmp.community").write_text(f"{ground.lan.community}\n")
    (folder / "secrets/snmp.community").chmod(0o600)
    expires = clock.now().date() + timedelta(days=30)
    told = _PROFILE.format(network=ground.lan.network, expires=expires, pace=pace)
    (folder / "client.yaml").write_text(told)
    return Workspace(folder)


def ours(ground: Ground, folder: Path, pace: str, *, timeout_s: float = 600.0) -> Scanned:
    """Run `msptool audit run` in a pace, and read what it kept."""
    workspace = write_workspace(folder, ground, pace)
    argv = msptool("-C", str(folder), "audit", "run", "--json")
    with ground.counting() as count:
        began_s = time.perf_counter()
        done = ground.run(argv, timeout_s=timeout_s)
        wall_s = time.perf_counter() - began_s
    said = done.stderr.decode(errors="replace")
    assert done.returncode in (0, 1, 3), f"exit {done.returncode}: {said}"
    kept = runs.newest(workspace, "audit")
    assert kept is not None, said
    found = of_assets(runs.load_facts(kept, "assets", Asset))
    return Scanned(wall_s, found, score(ground.lan, found), count.told, said)


def of_assets(assets: list[Asset]) -> Found:
    """Return the IPv4 addresses of assets with their TCP ports and names."""
    found: dict[str, dict[int, str]] = {}
    for asset in assets:
        for address in asset.addresses:
            if ":" not in address:
                found.setdefault(address, {})
        for service in asset.services:
            if service.proto == "tcp" and ":" not in service.address:
                found.setdefault(service.address, {})[service.port] = service.name
    return found


def naive(ground: Ground, folder: Path, *, timeout_s: float = 1200.0) -> Scanned:
    """Run `nmap -sS -sV -O -T4` on the network, as an engineer without our tool would."""
    path = folder / "naive.xml"
    words = ("-n", "-sS", "-sV", "-O", "-T4", "-oX", str(path), ground.lan.network)
    with ground.counting() as count:
        began_s = time.perf_counter()
        done = ground.run(["nmap", *words], timeout_s=timeout_s)
        wall_s = time.perf_counter() - began_s
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    found = of_xml(path.read_bytes())
    return Scanned(wall_s, found, score(ground.lan, found), count.told)


def of_xml(xml: bytes) -> Found:
    """Return the hosts that are up with their open TCP ports, and the names that nmap heard.

    What it only looked up in its table by the port's number (method "table") is no name.
    """
    found: dict[str, Mapping[int, str]] = {}
    for host in ET.fromstring(xml).iter("host"):  # noqa: S314 - as above
        state, address = host.find("status"), host.find("address[@addrtype='ipv4']")
        if state is not None and state.get("state") == "up" and address is not None:
            found[address.get("addr", "")] = dict(_ports(host))
    return found


def _ports(host: ET.Element) -> Iterator[tuple[int, str]]:
    for port in host.iter("port"):
        state, service = port.find("state"), port.find("service")
        if state is None or state.get("state") != "open" or port.get("protocol") != "tcp":
            continue
        heard = service is not None and service.get("method") == "probed"
        name = service.get("name", "") if service is not None and heard else ""
        yield int(port.get("portid", "0")), name
