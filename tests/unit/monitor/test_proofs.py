"""The age of a proof: from the newest run that has one, and unknown where one was lost."""

from datetime import timedelta
from pathlib import Path

import pytest

from msptool import clock, profile, runs
from msptool.model import End, Report, Scalar, Thing
from msptool.monitor import proofs
from msptool.monitor.probes import Unseen
from msptool.monitor.seen import Proof
from msptool.workspace import Workspace
from tests.unit.monitor.seen import NOW


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    (tmp_path / "client.yaml").write_text("msptool: 1\nclient: {code: ACME, name: A}\n")
    return Workspace(tmp_path)


def _restore(place: Workspace, **facts: Scalar) -> Path:
    """Commit a restore run about the job "files"."""
    run = runs.start(place, "restore")
    head = runs.header(run, profile.load(place), started_at=NOW, tools={})
    thing = Thing(id="job:files", kind="job", name="files", facts=facts)
    end = End(ended_at=NOW, complete=True)
    return runs.commit(run, Report(header=head, end=end, things=(thing,)))


def _ago(days: float) -> str:
    return clock.iso(NOW - timedelta(days=days))


def test_a_job_that_no_run_names_was_never_proven(place: Workspace) -> None:
    assert proofs.look(place, ("files",), NOW) == {"files": Proof("files", None)}


def test_the_newest_proof_counts_also_behind_a_failed_test(place: Workspace) -> None:
    _restore(place, verdict="ok", last_proven_at=_ago(40))
    _restore(place, verdict="ok", last_proven_at=_ago(5))
    _restore(place, verdict="damaged")
    found = proofs.look(place, ("files", "sql"), NOW)
    assert found == {
        "files": Proof("files", NOW - timedelta(days=5)),
        "sql": Proof("sql", None),
    }


def test_a_run_that_was_changed_may_have_held_the_proof(place: Workspace) -> None:
    folder = _restore(place, verdict="ok", last_proven_at=_ago(5))
    (folder / "things.jsonl").write_text((folder / "things.jsonl").read_text() + "\n")
    assert proofs.look(place, ("files",), NOW) == {"files": Unseen("unreadable")}


@pytest.mark.parametrize("at", ["soon", "2026-11-23T12:00:00", 5, None, "", _ago(-2)])
def test_what_is_no_past_instant_is_no_proof(place: Workspace, at: Scalar) -> None:
    _restore(place, verdict="ok", last_proven_at=at)
    assert proofs.look(place, ("files",), NOW) == {"files": Proof("files", None)}
