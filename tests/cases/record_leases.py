"""Record lease files of real DHCP servers, in network namespaces of our own.

    python -m tests.cases.record_leases

Needs root and dnsmasq-base, isc-dhcp-server, kea-dhcp4-server, udhcpc. Names are invented here.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

from tests.cases import read_site

CASES = Path(__file__).parent / "leases"
SETUP = """
mount -t tmpfs tmpfs /run; mount -t tmpfs tmpfs /var/lib; mkdir -p /run/t /run/kea /var/lib/kea
ip link set lo up
ip link add ear type veth peer name eth0
ip link set eth0 netns {pid}
ip link set ear address 02:00:5e:10:00:01
ip addr add 198.51.100.1/24 dev ear; ip link set ear up
nsenter -t {pid} -n sh -ec '
ip link set eth0 address 02:00:5e:10:00:07
ip link set eth0 up'
"""
DHCPD = """default-lease-time 3600; authoritative;
subnet 198.51.100.0 netmask 255.255.255.0 { range 198.51.100.50 198.51.100.60; }
"""
KEA = {
    "Dhcp4": {
        "interfaces-config": {"interfaces": ["ear"]},
        "lease-database": {"type": "memfile", "persist": True, "name": "/run/t/kea.csv"},
        "subnet4": [
            {"subnet": "198.51.100.0/24", "pools": [{"pool": "198.51.100.50-198.51.100.60"}]}
        ],
    }
}
SERVERS = {
    "dnsmasq": [
        "dnsmasq", "-d", "-C", "/dev/null", "-p", "0", "-i", "ear", "--bind-interfaces",
        "--dhcp-range=198.51.100.50,198.51.100.60,1h", "--user=root",
        "--dhcp-leasefile=/run/t/dnsmasq.txt",
    ],
    "isc": ["dhcpd", "-4", "-f", "-cf", "/run/t/dhcpd.conf", "-lf", "/run/t/isc.txt", "ear"],
    "kea": ["kea-dhcp4", "-c", "/run/t/kea.json"],
}  # fmt: skip
FILES = {"dnsmasq": "dnsmasq.txt", "isc": "isc.txt", "kea": "kea.csv"}


def inside() -> None:
    other = subprocess.Popen(["unshare", "-n", "sleep", "300"])
    time.sleep(0.5)
    subprocess.run(["sh", "-c", SETUP.format(pid=other.pid)], check=True)
    files = Path("/run/t")
    (files / "dhcpd.conf").write_text(DHCPD)
    (files / "isc.txt").touch()
    (files / "kea.json").write_text(json.dumps(KEA))
    try:
        for name, argv in SERVERS.items():
            server = subprocess.Popen(
                argv,
                stdout=sys.stderr,
                env={**os.environ, "KEA_PIDFILE_DIR": "/run/t", "KEA_LOCKFILE_DIR": "none"},
            )
            time.sleep(2)
            for mac, host in (("07", "pc-lab"), ("08", "prn-lab"), ("09", "")):
                lease(other.pid, mac, host)
            server.terminate()
            server.wait()
            keep(name, files / FILES[name])
    finally:
        other.kill()


def lease(pid: int, mac: str, host: str) -> None:
    named = f"-x hostname:{host}" if host else ""
    ask = (
        f"ip link set eth0 down; ip link set eth0 address 02:00:5e:10:00:{mac};"
        "ip link set eth0 up;"
        f"udhcpc -i eth0 -f -q -n -t 3 {named} -s /bin/true"
    )
    subprocess.run(
        ["nsenter", "-t", str(pid), "-n", "sh", "-c", ask], stdout=sys.stderr, check=False
    )


def keep(name: str, made: Path) -> None:
    folder = CASES / name
    folder.mkdir(parents=True, exist_ok=True)
    data = made.read_bytes()
    (folder / f"answer{made.suffix}").write_bytes(data)
    told = json.dumps(read_site.leases(data), indent=1, ensure_ascii=False)
    (folder / "expected.json").write_text(told + "\n")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        inside()
    else:
        argv = ["unshare", "-nm", sys.executable, "-m", "tests.cases.record_leases", "inside"]
        sys.exit(subprocess.run(argv, check=False).returncode)
