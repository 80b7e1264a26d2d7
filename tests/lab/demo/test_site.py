"""The practice network against its own truth, with the real programs of an engineer."""

import os
import re
import sys
import textwrap
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from msptool.demo.plan import blueprint
from msptool.demo.records import records
from msptool.demo.site import Site
from msptool.demo.truth import Host, Port
from msptool.process import find

pytestmark = pytest.mark.lab
FULL = bool(os.environ.get("MSPTOOL_FULL"))


def python(site: Site, code: str, *args: object) -> str:
    """Run Python on the laptop; return what it prints."""
    words = [sys.executable, "-c", textwrap.dedent(code), *map(str, args)]
    done = site.run(words, timeout_s=30)
    assert done.ok, done.stderr.decode()
    return done.stdout.decode().strip()


def service_of(site: Site, name: str) -> Iterator[tuple[Host, Port, str]]:
    for host in site.truth.hosts:
        for port in host.ports:
            if port.service == name:
                yield host, port, str(host.ip4 or host.ip6)


def faulty(site: Site, check: str) -> set[str]:
    return {fault.host for fault in site.truth.faults if fault.check == check}


def test_nmap_finds_every_ipv4_host_and_nothing_else(site: Site) -> None:
    done = site.run([find("nmap"), "-sn", "-n", "-oG", "-", "--", site.truth.networks[0]])
    found = re.findall(r"^Host: (\S+) .*Status: Up", done.stdout.decode(), re.MULTILINE)
    expected = [host.ip4 for host in site.truth.hosts if host.ip4]
    assert sorted(found) == sorted([*expected, site.truth.laptop.address])


def test_echo_is_answered_as_told(site: Site) -> None:
    hosts = site.truth.hosts
    four, six = (
        filter(None, addresses) for addresses in zip(*((h.ip4, h.ip6) for h in hosts), strict=True)
    )
    probe = [find("nmap"), "-sn", "-n", "-PE", "--disable-arp-ping"]
    answers = site.run([*probe, "--", *four]).stdout + site.run([*probe, "-6", "--", *six]).stdout
    for host in hosts:
        for address in filter(None, (host.ip4, host.ip6)):
            answered = f"report for {address}\nHost is up" in answers.decode()
            assert answered == (host.name != "mute"), (host.name, address)


def test_ports_are_open_as_told_and_no_other(site: Site) -> None:
    told = {host.ip4: tcp(host) for host in site.truth.hosts if host.ip4}
    asked = ",".join(map(str, sorted({*range(1, 1025), 8080, *set().union(*told.values())})))
    argv = [find("nmap"), "-sT", "-n", "-Pn", "-T5", "-p", asked, "-oG", "-", "--", *map(str, told)]
    done = site.run(argv, timeout_s=120)
    seen = {}
    for address, line in re.findall(r"^Host: (\S+) .*Ports: (.*)$", done.stdout.decode(), re.M):
        seen[address] = {int(word) for word in re.findall(r"(\d+)/open/tcp", line)}
    assert seen == told


def test_no_host_has_a_port_that_the_truth_does_not_tell(site: Site) -> None:
    """All 65,535 ports, of all hosts at full size, else of the one with the unusual port."""
    for host in site.truth.hosts if FULL else [site.truth.host("odd")]:
        address = str(host.ip4 or host.ip6)
        six = ["-6"] if ":" in address else []
        done = site.run([find("nmap"), "-sT", "-n", "-Pn", "-T5", "-p-", *six, "-oG", "-", address])
        assert {int(p) for p in re.findall(rb"(\d+)/open/tcp", done.stdout)} == tcp(host), host.name


def tcp(host: Host) -> set[int]:
    return {port.port for port in host.ports if port.proto == "tcp"}


def test_each_agent_answers_all_its_records_and_nothing_of_this_machine(site: Site) -> None:
    plan = blueprint(site.truth.seed, site.truth.today)
    for host, _, address in service_of(site, "snmp"):
        expected = {f".{record.oid}": record for record in records(plan, plan.host(host.name))}
        got = dict(walk(site, host, address))
        assert got.keys() == expected.keys(), host.name
        for oid, record in expected.items():
            if record.kind == "integer":
                assert got[oid] == f"INTEGER: {record.value}"


def walk(site: Site, host: Host, address: str, root: str = ".1") -> Iterator[tuple[str, str]]:
    assert host.snmp is not None
    argv = [find("snmpbulkwalk"), "-v2c", "-c", host.snmp.community, "-Onet", "-Ox", "-m", "",
            f"udp:{address}:161", root]  # fmt: skip
    done = site.run(argv)
    assert done.ok, done.stderr
    for line in re.split(r"\n(?=\.1)", done.stdout.decode(errors="replace").strip()):
        oid, _, value = line.partition(" = ")
        of_the_agent = oid.startswith(".1.3.6.1.6.3.")
        if not value.startswith("No more variables") and not of_the_agent:
            yield oid, value


def test_only_the_planted_agent_answers_a_default_community(site: Site) -> None:
    code = """
        import socket, sys, time
        from msptool.demo.holder.ready import get_uptime
        lines = []
        for address in sys.argv[1:]:
            line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            line.setblocking(False)
            line.connect((address, 161))
            line.send(get_uptime("public")), line.send(get_uptime("private"))
            lines.append((address, line))
        time.sleep(0.5)
        for address, line in lines:
            try:
                print(address, len(line.recv(1500)))
            except BlockingIOError:
                pass
    """
    hosts = {address: host.name for host, _, address in service_of(site, "snmp")}
    answers = python(site, code, *hosts).splitlines()
    assert {hosts[line.split()[0]] for line in answers} == faulty(site, "NET-002")


def test_every_sshd_lets_the_key_in_and_signs_with_the_drawn_release(
    site: Site, tmp_path: Path
) -> None:
    key = tmp_path / "key"
    key.write_text(site.ssh_key())
    key.chmod(0o600)
    for host, port, address in service_of(site, "ssh"):
        options = ["-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=no",
                   "-o", "UserKnownHostsFile=/dev/null", "-F", "none"]  # fmt: skip
        argv = [find("ssh"), *options, "-i", str(key), "-p", str(port.port), f"admin@{address}",
                "id -un; hostname"]  # fmt: skip
        done = site.run(argv)
        assert done.stdout.split()[:1] == [b"admin"], (host.name, done.stderr)
        banner = python(site, _FIRST_WORDS, address, port.port)
        ended = re.search(r"\+deb(9|10|11)u", banner) is not None
        assert ended == (host.name in faulty(site, "SRV-002")), (host.name, banner)


_FIRST_WORDS = """
    import socket, sys
    with socket.create_connection((sys.argv[1], int(sys.argv[2])), 2) as line:
        line.settimeout(2)
        print(ascii(line.recv(200).decode("latin-1")))
"""


def test_port_23_is_telnet_where_told(site: Site) -> None:
    ports = [(h, p, a) for h, p, a in every_port(site) if p.port == 23]
    for host, port, address in ports:
        negotiates = "\\xff" in python(site, _FIRST_WORDS, address, port.port)
        assert negotiates == (host.name in faulty(site, "NET-001")), host.name
        assert negotiates == (port.service == "telnet")


def every_port(site: Site) -> Iterator[tuple[Host, Port, str]]:
    for service in {port.service for host in site.truth.hosts for port in host.ports}:
        yield from service_of(site, service)


def test_ftp_lets_anyone_in_where_told(site: Site) -> None:
    code = """
        import ftplib, sys
        with ftplib.FTP(sys.argv[1], timeout=5) as line:
            try:
                line.login()
                print(line.nlst())
            except ftplib.error_perm:
                print("refused")
    """
    for host, _, address in service_of(site, "ftp"):
        answer = python(site, code, address)
        assert (answer != "refused") == (host.name in faulty(site, "SEC-011"))
        assert answer == "refused" or "README.txt" in answer


def test_certificates_expire_when_told(site: Site) -> None:
    from cryptography import x509

    code = "import ssl, sys; print(ssl.get_server_certificate((sys.argv[1], int(sys.argv[2]))))"
    for host, port, address in service_of(site, "https"):
        made = x509.load_pem_x509_certificate(python(site, code, address, port.port).encode())
        midnight = datetime.combine(site.truth.today, datetime.min.time(), UTC)
        days = (made.not_valid_after_utc - midnight).days
        assert (days <= 30) == (host.name in faulty(site, "SEC-007"))


def test_samba_speaks_smb2(site: Site) -> None:
    for host, port, address in service_of(site, "smb"):
        argv = [find("nmap"), "-n", "-Pn", "-p", str(port.port), "--script", "smb-protocols"]
        assert b"311" in site.run([*argv, "--", address]).stdout, host.name


def test_the_printer_answers_ipp_and_takes_raw_bytes(site: Site) -> None:
    code = """
        import http.client, sys
        line = http.client.HTTPConnection(sys.argv[1], 631, timeout=5)
        line.request("POST", "/ipp/print", bytes([1, 1, 0, 11, 0, 0, 0, 7, 3]))
        print(line.getresponse().read())
    """
    host = site.truth.host("prn")
    answer = python(site, code, host.ip4)
    assert str(host.identity.model) in answer and r"\x00\x00\x00\x07" in answer
    assert "received" not in site.log("prn", "talker-9100").replace("received 0", "")


def test_names_are_answered_both_ways(site: Site) -> None:
    code = "import socket, sys; n = socket.gethostbyaddr(sys.argv[1])[0];\
            print(n, socket.gethostbyname(n))"
    for host in site.truth.hosts:
        if host.ip4:
            name, address = python(site, code, host.ip4).split()
            assert address == host.ip4 and "." in name


def test_error_counters_decide_in_two_polls(site: Site) -> None:
    switches = [site.truth.host(name) for name in ("sw1", "sw2")]
    first = [counters(site, host) for host in switches]
    site.run([find("sleep"), "2"])
    for host, old in zip(switches, first, strict=True):
        new = counters(site, host)
        told = {f.part for f in site.truth.faults if f.check == "NET-006" and f.host == host.name}
        shares = {port: share(old[port], new[port]) for port in old}
        assert {port for port, value in shares.items() if value > 0.001} == told, shares


def counters(site: Site, host: Host) -> dict[str, tuple[int, int]]:
    """Return errors and packets by ifName."""
    address = str(host.ip4)
    names = column(site, host, address, "1.3.6.1.2.1.31.1.1.1.1")
    errors = column(site, host, address, "1.3.6.1.2.1.2.2.1.14")
    packets = column(site, host, address, "1.3.6.1.2.1.2.2.1.11")
    return {name: (int(errors[at]), int(packets[at])) for at, name in names.items()}


def column(site: Site, host: Host, address: str, root: str) -> dict[str, str]:
    assert host.snmp is not None
    argv = [find("snmpbulkwalk"), "-v2c", "-c", host.snmp.community, "-Onq", "-Oa", "-m", "",
            f"udp:{address}:161", root]  # fmt: skip
    lines = site.run(argv).stdout.decode().strip().splitlines()
    pairs = (line.split(" ", 1) for line in lines)
    return {oid.rpartition(".")[2]: value.strip('"') for oid, value in pairs}


def share(first: tuple[int, int], second: tuple[int, int]) -> float:
    errors, packets = second[0] - first[0], (second[1] - first[1]) % 2**32
    return errors / packets if packets else 0.0
