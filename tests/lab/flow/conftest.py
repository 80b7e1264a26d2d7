"""A site of one seed for what does not depend on a seed, and a client that was audited once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from msptool import clock
from msptool.demo.plan import plan
from msptool.demo.site import Site
from msptool.demo.truth import Host, Truth
from msptool.errors import MsptoolError
from tests.lab.conftest import seeds
from tests.lab.flow.client import Client, copy, make

SHOWN = ("NET-001", "SEC-011", "SRV-002")
# They greet first: who waits to be asked costs each audit two seconds a port.
PROMPT = {"ssh", "telnet", "ftp"}


def shown(truth: Truth) -> Host | None:
    """Return a host with a fault that a service shows, and with prompt services alone."""
    hosts = [truth.host(fault.host) for fault in truth.faults if fault.check in SHOWN]
    prompt = (
        h for h in hosts if h.ip4 and {p.service for p in h.ports if p.proto == "tcp"} <= PROMPT
    )
    return next(prompt, None)


@pytest.fixture(scope="session")
def office() -> Iterator[Site]:
    """A running site with a fault that is seen soon."""
    today = clock.now().date()
    truths = (plan(seed, today) for seed in range(seeds()[-1] + 1, seeds()[-1] + 100))
    truth = next(truth for truth in truths if shown(truth))
    try:
        with Site(truth) as site:
            yield site
    except MsptoolError as error:
        pytest.fail(f"{error.message}; remedy: {error.hint}")


@pytest.fixture(scope="session")
def faulty(office: Site) -> Host:
    """The host with that fault."""
    host = shown(office.truth)
    assert host is not None
    return host


@pytest.fixture(scope="session")
def _audited(office: Site, faulty: Host, tmp_path_factory: pytest.TempPathFactory) -> Client:
    made = make(office, tmp_path_factory.mktemp("audited") / "client", [faulty])
    assert made.call("backup", "init").ok
    done = made.call("audit", "run", "--fail-on", "never")
    assert done.ok, done.stderr.decode()
    return made


@pytest.fixture
def client(office: Site, faulty: Host, tmp_path: Path) -> Client:
    """A client of one host, new."""
    return make(office, tmp_path / "client", [faulty])


@pytest.fixture
def audited(_audited: Client, tmp_path: Path) -> Client:
    """A client of one host, audited once; no ticket is open yet."""
    return copy(_audited, tmp_path / "client")
