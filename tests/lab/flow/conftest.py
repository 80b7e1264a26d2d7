"""A site of one seed for what does not depend on a seed, and a client that was audited once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from msptool import clock
from msptool.demo.plan import plan
from msptool.demo.site import Site
from msptool.demo.truth import Host
from msptool.errors import MsptoolError
from tests.lab.conftest import seeds
from tests.lab.flow.client import Client, copy, make

SHOWN = ("NET-001", "SEC-011", "SEC-007", "SRV-002", "NET-002")


@pytest.fixture(scope="session")
def office() -> Iterator[Site]:
    """A running site that has a fault that a service shows."""
    today = clock.now().date()
    truths = (plan(seed, today) for seed in range(seeds()[-1] + 1, seeds()[-1] + 100))
    truth = next(t for t in truths if any(fault.check in SHOWN for fault in t.faults))
    try:
        with Site(truth) as site:
            yield site
    except MsptoolError as error:
        pytest.fail(f"{error.message}; remedy: {error.hint}")


@pytest.fixture(scope="session")
def faulty(office: Site) -> Host:
    """A host with a fault that a service shows."""
    fault = next(fault for fault in office.truth.faults if fault.check in SHOWN)
    return office.truth.host(fault.host)


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
