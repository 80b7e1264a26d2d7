"""Record what real programs announce, in network namespaces of our own: a folder a frame.

    python -m tests.cases.record_heard

Needs root and lldpd, dnsmasq-base, udhcpc, isc-dhcp-client, avahi-daemon, minidlna, radvd.
Nothing leaves the namespaces. Names, serial numbers and addresses are invented here.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from msptool.audit.heard import frames, reading
from tests.cases import read_site

CASES = Path(__file__).parent / "heard"
SETUP = """
mount -t tmpfs tmpfs /run; mount -t tmpfs tmpfs /etc/avahi; mount -t tmpfs tmpfs /var/cache
mkdir -p /run/lldpd /etc/avahi/services /var/cache/minidlna /run/avahi-daemon
mkdir /run/tables
hostname sw-lab
ip link set lo up
ip link add ear type veth peer name eth0
ip link set eth0 netns {pid}
ip addr add 198.51.100.1/24 dev ear; ip link set ear up
nsenter -t {pid} -n sh -ec '
ip link set lo up
ip link add br0 type bridge stp_state 1 forward_delay 200 hello_time 100
ip link set eth0 address 02:00:5e:10:00:07
ip link set br0 address 02:00:5e:10:00:07
ip link set eth0 up
ip addr add 198.51.100.7/24 dev eth0
ip -6 addr add 2001:db8:5::7/64 dev eth0 nodad
'
"""
AVAHI = """
[server]
host-name=prn-lab
use-ipv4=yes
use-ipv6=yes
allow-interfaces=eth0
enable-dbus=no
[publish]
publish-hinfo=yes
publish-workstation=yes
"""
SERVICE = """<service-group><name>Printer %h</name>
<service><type>_ipp._tcp</type><port>631</port>
<txt-record>ty=ACME LaserWriter 9</txt-record><txt-record>product=(LaserWriter 9)</txt-record>
<txt-record>usb_MFG=ACME</txt-record><txt-record>UUID=4509a320-00a0-008f-00b6-000000000007</txt-record>
<txt-record>note=2nd floor</txt-record></service>
<service><type>_device-info._tcp</type><port>0</port><txt-record>model=MacPro7,1</txt-record></service>
</service-group>"""
LLDP = """
configure system hostname sw-lab
configure system description "ACME SwitchOS 4.2.1"
configure system platform "ACME S48"
configure system ip management pattern 198.51.100.7
configure lldp tx-interval 2
configure med location address country DE
configure med power pd source pse priority high value 5000
configure ports eth0 med policy application voice tagged vlan 40 priority 5 dscp 46
configure ports eth0 dot3 power pse supported enabled powerpairs signal class class-3
configure inventory hardware-revision "B1"
configure inventory software-revision "4.2.1"
configure inventory firmware-revision "boot 1.9"
configure inventory serial-number "ACME00000007"
configure inventory manufacturer "ACME"
configure inventory model "S48-PoE"
configure inventory asset "IT-0815"
"""
RADVD = """interface eth0 { AdvSendAdvert on; MinRtrAdvInterval 3; MaxRtrAdvInterval 4;
  prefix 2001:db8:5::/64 {}; RDNSS 2001:db8:5::53 {}; DNSSL lab.example {}; };"""


@contextmanager
def running(*argv: str) -> Iterator[None]:
    child = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=sys.stderr)
    try:
        yield
    finally:
        child.terminate()
        try:
            child.wait(5)
        except subprocess.TimeoutExpired:
            child.kill()


def heard(seconds: float, *programs: tuple[str, ...], script: str = "") -> list[bytes]:
    """Return the frames that the worker hears while programs run at the other end."""
    orders = {
        "interfaces": ["ear"], "seconds": seconds, "rate_pps": 200, "most": 500,
        "most_a_sender": 200,
    }  # fmt: skip
    ear = subprocess.Popen(
        [sys.executable, "-m", "msptool.audit.workers.listen"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert ear.stdin and ear.stdout
    ear.stdin.write(json.dumps(orders).encode() + b"\n")
    ear.stdin.flush()
    ear.stdout.readline()
    with ExitStack() as stack:
        for argv in programs:
            stack.enter_context(running(*argv))
        if script:
            time.sleep(1)
            subprocess.run(["sh", "-c", script], check=False, stdout=sys.stderr)
        told = ear.stdout.read()
    ear.stdin.close()
    ear.wait()
    records = [json.loads(line) for line in told.splitlines()]
    return [bytes.fromhex(record["frame"]) for record in records if "frame" in record]


def keep(prefix: str, raws: list[bytes], wanted: frames.Protocol, most: int = 3) -> None:
    """Write frames of one protocol as cases."""
    split = [(raw, frame) for raw in raws if (frame := frames.split(raw))]
    found = [raw for raw, f in split if f.protocol == wanted and reading.READERS[wanted](f.payload)]
    print(prefix, wanted, len(found))
    for number, raw in enumerate(found[:most], 1):
        folder = CASES / (prefix if number == 1 else f"{prefix}-{number}")
        folder.mkdir(parents=True, exist_ok=True)
        answer = json.dumps({"interface": "ear", "frame": raw.hex()}).encode() + b"\n"
        (folder / "answer.jsonl").write_bytes(answer)
        made = json.dumps(read_site.heard(answer), indent=1, ensure_ascii=False)
        (folder / "expected.json").write_text(made + "\n")


def inside() -> None:
    other = subprocess.Popen(["unshare", "-n", "sleep", "300"])
    time.sleep(0.5)
    subprocess.run(["sh", "-c", SETUP.format(pid=other.pid)], check=True)
    there = ("nsenter", "-t", str(other.pid), "-n")
    try:
        _record(there)
    finally:
        other.kill()


def _record(there: tuple[str, ...]) -> None:
    files = Path("/run/tables")
    (files / "avahi.conf").write_text(AVAHI)
    Path("/etc/avahi/services/prn.service").write_text(SERVICE)
    (files / "lldp.conf").write_text(LLDP)
    (files / "radvd.conf").write_text(RADVD)
    (files / "dlna.conf").write_text(
        "network_interface=eth0\nlog_dir=/run/tables\nmedia_dir=/run/tables\ndb_dir=/var/cache/minidlna\n"
        "friendly_name=nas-lab\nnotify_interval=2\nserial=NAS00000007\nmodel_number=9\n"
    )
    lldpd = (*there, "lldpd", "-d", "-M", "1", "-I", "eth0", "-O", "/run/tables/lldp.conf")
    keep("lldpd-lldp", heard(9, lldpd), "lldp", 1)
    keep("lldpd-cdp", heard(9, (*lldpd, "-ccccc")), "cdp", 1)
    dhcp = (
        "dnsmasq", "-d", "-C", "/dev/null", "-p", "0", "-i", "eth0", "--bind-interfaces",
        "--dhcp-range=198.51.100.50,198.51.100.60,1h", "--dhcp-option=3,198.51.100.1",
        "--dhcp-option=6,198.51.100.53", "--domain=lab.example", "--dhcp-broadcast",
        "--dhcp-leasefile=/run/tables/dnsmasq.leases", "--log-dhcp", "--user=root",
    )  # fmt: skip
    ask = (
        "udhcpc -i ear -f -q -n -t 2 -B -x hostname:pc-lab -V 'udhcp 1.35' -s /bin/true; "
        "sleep 0.2; dhclient -1 -v -sf /bin/true -lf /run/tables/a -pf /run/tables/p ear"
    )
    raws = heard(8, (*there, *dhcp), script=ask)
    keep("dnsmasq-dhcp", raws, "dhcp-server")
    there_ask = ask.replace("ear", "eth0")
    raws = heard(
        8, dhcp[:6] + ("-i", "ear") + dhcp[8:], script=f'{" ".join(there)} sh -c "{there_ask}"'
    )
    keep("udhcpc-dhcp", raws, "dhcp", 6)
    avahi = (
        *there,
        "avahi-daemon",
        "-f",
        "/run/tables/avahi.conf",
        "--no-drop-root",
        "--no-chroot",
        "--no-rlimits",
    )
    keep("avahi-mdns", heard(7, avahi), "mdns", 4)
    raws = heard(
        6, (*there, "minidlnad", "-S", "-f", "/run/tables/dlna.conf", "-P", "/run/tables/dlna.pid")
    )
    keep("minidlna-ssdp", raws, "ssdp", 2)
    raws = heard(
        7,
        (
            *there,
            "radvd",
            "-n",
            "-C",
            "/run/tables/radvd.conf",
            "-p",
            "/run/tables/r.pid",
            "-u",
            "root",
        ),
    )
    keep("radvd-ra", raws, "ra", 1)
    ask = "echo > /dev/udp/198.51.100.9/9; echo > /dev/udp/2001:db8:5::9/9"
    raws = heard(4, script=f"{' '.join(there)} bash -c '{ask}'")
    keep("linux-arp", raws, "arp", 1)
    keep("linux-nd", raws, "nd", 1)
    bridge = "ip link set eth0 master br0; ip link set br0 up"
    keep("linux-stp", heard(3, script=f"{' '.join(there)} sh -c '{bridge}'"), "stp", 2)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        inside()
    else:
        argv = ["unshare", "-nmu", sys.executable, "-m", "tests.cases.record_heard", "inside"]
        sys.exit(subprocess.run(argv, check=False, env=os.environ).returncode)
