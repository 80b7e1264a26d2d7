"""A whole audit of a practice network, compared with its truth."""

import os
import random
import signal
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from msptool import runs
from msptool.audit import resuming
from msptool.demo.client import write_workspace
from msptool.demo.site import Site
from msptool.model import Report
from msptool.workspace import Workspace
from tests.lab.audit import against_truth, inventory
from tests.lab.conftest import FULL, seeds
from tests.lab.msptool import msptool

pytestmark = pytest.mark.lab
CHAINS, KILLS = (4, 5) if FULL else (1, 2)


class Audited:
    """A site, a workspace for it, and the reports of the audits so far."""

    def __init__(self, site: Site, folder: Path) -> None:
        self.site = site
        self.workspace = Workspace(folder)
        write_workspace(folder, site.truth)

    def audit(self, *prefix: str) -> Report:
        """Run an audit from the laptop; findings are expected."""
        argv = [*prefix, *msptool("-C", str(self.workspace.root), "audit", "run", "-q")]
        done = self.site.run(argv, timeout_s=300, env=dict(os.environ))
        assert done.returncode in (0, 1), done.stderr.decode()
        folder = runs.newest(self.workspace, "audit")
        assert folder is not None
        return runs.load(folder)

    def killed(self, after_s: Sequence[float]) -> int:
        """Run an audit that is killed, goes on and is killed again; return how often it was."""
        kills = sum(self._kill(self.site.argv(self._next()), seconds) for seconds in after_s)
        done = self.site.run(self._next(), timeout_s=300, env=dict(os.environ))
        assert done.returncode in (0, 1), done.stderr.decode()
        return kills

    def _next(self) -> list[str]:
        """Return what goes on with an audit that was cut short; a kill before it had an order
        left none.
        """
        begin = msptool("-C", str(self.workspace.root), "audit", "run", "-q")
        cut = runs.cut_short(self.workspace, "audit")
        ordered = any((run.folder / resuming.ORDER).exists() for run in cut)
        return [*begin, "--resume"] if ordered else begin

    def _kill(self, argv: list[str], after_s: float) -> bool:
        """Start a program and kill it like a power cut, with all that stands in its group."""
        child = subprocess.Popen(
            argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, process_group=0
        )
        try:
            child.wait(after_s)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
            return True
        return False


@pytest.fixture(scope="module")
def audited(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Audited]:
    yield Audited(site, tmp_path_factory.mktemp("client"))


@pytest.fixture(scope="module")
def first(audited: Audited) -> Report:
    return audited.audit()


@pytest.fixture(scope="module")
def second(audited: Audited, first: Report) -> Report:
    return audited.audit()


def test_every_host_port_and_identity_and_none_invented(audited: Audited, first: Report) -> None:
    assert list(against_truth.differences(first, audited.site.truth)) == []


def test_planted_faults_found_and_none_false_on_the_first_run(
    audited: Audited, first: Report
) -> None:
    missed, false = against_truth.faults(first, audited.site.truth, first_run=True)
    assert (missed, false) == (set(), set())


def test_the_first_run_cannot_tell_of_counters(first: Report) -> None:
    reasons = {a.reason for a in first.attempts if a.check == "NET-006"}
    assert reasons <= {"no-previous-run", "no-snmp", "not-applicable"}
    assert "no-previous-run" in reasons


def test_planted_faults_found_and_none_false_on_the_second_run(
    audited: Audited, second: Report
) -> None:
    missed, false = against_truth.faults(second, audited.site.truth, first_run=False)
    assert (missed, false) == (set(), set())


def test_a_second_run_mints_no_new_id(first: Report, second: Report) -> None:
    def ids(report: Report) -> set[str]:
        return {thing.id for thing in report.things if thing.kind == "asset"}

    assert ids(second) == ids(first)


def test_a_second_run_without_a_change_tells_no_difference(
    audited: Audited, second: Report
) -> None:
    assert second.header.run  # there were two
    now, before, *_ = map(inventory.inventory, runs.folders(audited.workspace, "audit"))
    assert list(inventory.differences(before, now)) == []


def test_an_audit_that_is_killed_again_and_again_tells_the_same(
    audited: Audited, second: Report
) -> None:
    seed = audited.site.truth.seed
    if not FULL and seed != seeds()[0]:
        pytest.skip("a minute: on every site under MSPTOOL_FULL=1")
    assert second.header.run
    whole = runs.newest(audited.workspace, "audit")
    assert whole is not None
    before = inventory.inventory(whole)
    draw = random.Random(seed)
    for _ in range(CHAINS):
        kills = audited.killed([draw.uniform(0.5, 12.0) for _ in range(KILLS)])
        assert kills, "no kill came before the end"
        now = runs.newest(audited.workspace, "audit")
        assert now is not None and now != whole
        assert list(inventory.differences(before, inventory.inventory(now))) == []
        whole = now


@pytest.mark.skipif(not FULL, reason="two audits more: MSPTOOL_FULL=1")
def test_one_unplugged_and_one_plugged_in_are_two_differences(
    audited: Audited, second: Report
) -> None:
    """Each is told by its whole asset, and nothing of any other machine is."""
    assert second.header.run
    site = audited.site
    kinds = ("server", "printer", "nas", "access-point")
    new, gone = [host.name for host in site.truth.hosts if host.kind in kinds][:2]
    site.power(new, on=False)
    try:
        audited.audit()
        before = runs.newest(audited.workspace, "audit")
        site.power(new, on=True)
        site.power(gone, on=False)
        audited.audit()
        now = runs.newest(audited.workspace, "audit")
    finally:
        site.power(new, on=True)
        site.power(gone, on=True)
    assert before is not None and now is not None
    told = list(inventory.differences(inventory.there(before), inventory.there(now)))
    assert len(told) == 2, told
    plugged = [line for line in told if ": None -> " in line]
    assert len(plugged) == 1 and all(
        line.count("/") == 1 for line in (w.partition(":")[0] for w in told)
    )


def test_cables_are_those_that_are_there(audited: Audited, first: Report) -> None:
    truth = audited.site.truth
    hosts = {t.id: host for host, t in against_truth.seen(first, truth).by_host.items()}
    drawn = {frozenset((hosts[link.a], hosts[link.b])) for link in first.links}
    there = {
        frozenset((link.a, link.b)) for link in truth.links if "laptop" not in (link.a, link.b)
    }
    assert drawn == there
