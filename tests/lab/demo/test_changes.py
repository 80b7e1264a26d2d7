"""A running site changes: hosts go off, faults are mended and come back, counters go on."""

import sys
from collections.abc import Iterator

import pytest

from msptool import clock
from msptool.demo.plan import plan
from msptool.demo.site import Site
from msptool.demo.truth import Truth
from msptool.errors import UsageError
from msptool.process import find

pytestmark = pytest.mark.lab


def seed_with(*checks: str) -> Truth:
    """Return the first truth that has a fault of each check."""
    today = clock.now().date()
    truths = (plan(seed, today) for seed in range(1, 200))
    return next(t for t in truths if set(checks) <= {fault.check for fault in t.faults})


@pytest.fixture(scope="module")
def own_site() -> Iterator[Site]:
    with Site(seed_with("NET-001", "SEC-011", "SRV-016", "NET-006", "NET-002")) as site:
        yield site


def connects(site: Site, address: str | None, port: int) -> bool:
    code = "import socket, sys; socket.create_connection((sys.argv[1], int(sys.argv[2])), 0.5)"
    return site.run([sys.executable, "-c", code, str(address), str(port)]).ok


def fault(site: Site, check: str) -> tuple[str, str, str]:
    found = next(fault for fault in site.truth.faults if fault.check == check)
    return found.check, found.host, found.part


def test_a_host_goes_off_and_comes_back(own_site: Site) -> None:
    host = own_site.truth.host("srv1")
    port = next(port.port for port in host.ports if port.service == "ssh")
    own_site.power("srv1", on=False)
    assert not connects(own_site, host.ip4, port)
    own_site.power("srv1", on=True)
    assert connects(own_site, host.ip4, port)


@pytest.mark.parametrize("check", ["NET-001", "SEC-011", "NET-002", "SRV-016", "NET-006"])
def test_a_fault_is_mended_and_returns(own_site: Site, check: str) -> None:
    planted = fault(own_site, check)
    own_site.mend(*planted)
    assert planted not in told(own_site)
    with pytest.raises(UsageError):
        own_site.mend(*planted)
    own_site.plant(*planted)
    assert planted in told(own_site)


def told(site: Site) -> set[tuple[str, str, str]]:
    return {(fault.check, fault.host, fault.part) for fault in site.truth.faults}


def test_mended_telnet_is_gone_from_the_wire(own_site: Site) -> None:
    planted = fault(own_site, "NET-001")
    address = own_site.truth.host(planted[1]).ip4
    assert connects(own_site, address, 23)
    own_site.mend(*planted)
    assert not connects(own_site, address, 23)
    own_site.plant(*planted)
    assert connects(own_site, address, 23)


def test_mended_errors_stand_still_and_do_not_jump_back(own_site: Site) -> None:
    planted = fault(own_site, "NET-006")
    before = errors(own_site, *planted[1:])
    own_site.mend(*planted)
    mended = errors(own_site, *planted[1:])
    assert mended >= before
    assert errors(own_site, *planted[1:]) == mended
    own_site.plant(*planted)


def errors(site: Site, switch: str, if_name: str) -> int:
    host = site.truth.host(switch)
    names = _column(site, switch, "1.3.6.1.2.1.31.1.1.1.1")
    index = next(at for at, name in names.items() if name == if_name)
    assert host.snmp is not None
    return int(_column(site, switch, "1.3.6.1.2.1.2.2.1.14")[index])


def _column(site: Site, switch: str, root: str) -> dict[str, str]:
    host = site.truth.host(switch)
    assert host.snmp is not None
    argv = [find("snmpbulkwalk"), "-v2c", "-c", host.snmp.community, "-Onq", "-Oa", "-m", ""]
    lines = site.run([*argv, f"udp:{host.ip4}:161", root]).stdout.decode().split("\n")
    pairs = (line.split(" ", 1) for line in lines if line)
    return {oid.rpartition(".")[2]: value.strip('"') for oid, value in pairs}


def test_counters_and_host_keys_survive_a_restart() -> None:
    truth = seed_with("NET-006")
    switch, port = fault(Site(truth), "NET-006")[1:]
    seen = []
    for _ in range(2):
        with Site(truth) as site:
            uptime = _column(site, switch, "1.3.6.1.2.1.1.3")["0"]
            seen.append((errors(site, switch, port), uptime, host_key(site)))
    (errors_1, _, key_1), (errors_2, _, key_2) = seen
    assert errors_2 > errors_1
    assert key_1 == key_2


def host_key(site: Site) -> bytes:
    host = site.truth.host("srv2")
    port = next(port.port for port in host.ports if port.service == "ssh")
    done = site.run([find("ssh-keyscan"), "-t", "ed25519", "-p", str(port), str(host.ip4)])
    return done.stdout.split()[-1]
