"""Record what the practice network's programs answer: `python -m tests.cases.record_site [SEED]`.

Audits a site as `msptool audit run` does and keeps the raw evidence, cut into one folder a case:
`nmap/`, `snmp/`, `grab/`, `udp/`. `read_site` says what we make of each; whoever records reviews
that.
"""

import json
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from msptool.demo.client import write_workspace
from msptool.demo.plan import plan
from msptool.demo.site import Site
from msptool.demo.truth import Host
from tests.cases import read_site
from tests.lab.msptool import msptool

HERE = Path(__file__).parent
DAY = date(2026, 11, 24)
# One of each kind is enough.
AGENTS = ("gw", "sw1", "sw2", "prn", "ups", "nas", "srv1", "pub")
SERVICES = (
    "srv1-ssh", "legacy-ftp", "legacy-telnet", "web-https", "file-smb", "nas-smb",
    "prn-ipp", "ws-vnc", "ups-http",
)  # fmt: skip


def evidence(root: Path, kind: str) -> list[bytes]:
    """Return the raw bytes of a kind that the only run kept."""
    (folder,) = (root / "runs").glob("*-audit")
    return [path.read_bytes() for path in sorted((folder / "evidence").glob(f"*.{kind}"))]


def records(root: Path, kind: str) -> list[dict[str, Any]]:
    return [json.loads(line) for data in evidence(root, kind) for line in data.splitlines()]


def keep(tool: str, case: str, name: str, data: bytes) -> None:
    folder = HERE / tool / case
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)
    made = read_site.READERS[tool](data)
    text = json.dumps(made, indent=1, ensure_ascii=False, sort_keys=True)
    (folder / "expected.json").write_text(text + "\n")


def line(record: dict[str, Any]) -> bytes:
    return json.dumps(record).encode() + b"\n"


def role(site: Site, address: str) -> Host:
    return next(host for host in site.truth.hosts if address in (host.ip4, host.ip6))


def main(seed: int) -> None:
    site = Site(plan(seed, DAY))
    with site, tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch) / "client"
        write_workspace(root, site.truth)
        words = msptool("-C", str(root), "audit", "run", "--fail-on", "never")
        subprocess.run(site.argv(words), check=True)
        for record in records(root, "snmp.jsonl"):
            host = role(site, record["address"])
            if host.name in AGENTS and record["community"] == "profile:1":
                keep("snmp", host.name, "answer.jsonl", line(record))
        for record in records(root, "grab.jsonl"):
            if "port" not in record:
                continue
            case = service(role(site, record["address"]), record["port"])
            if case in SERVICES and ":" not in record["address"]:
                keep("grab", case, "answer.jsonl", line(record))
        for record in records(root, "udp.jsonl"):
            if "port" not in record:
                continue
            case = f"{role(site, record['address']).name}-{record['port']}"
            keep("udp", case, "answer.jsonl", line(record))
        for xml in evidence(root, "nmap.xml"):
            keep(
                "nmap", "services" if b" -sV " in xml else f"ports{family(xml)}", "answer.xml", xml
            )


def service(host: Host, port: int) -> str:
    """Return how a case is named: by the host's role and what the truth says listens there."""
    names = {known.port: known.service for known in host.ports if known.proto == "tcp"}
    return f"{host.name}-{names.get(port, port)}"


def family(xml: bytes) -> str:
    return "-ipv6" if b" -6 " in xml else ""


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
