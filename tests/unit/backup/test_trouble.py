from datetime import UTC, datetime
from pathlib import Path

import pytest

from msptool import model
from msptool.backup import jobs, trouble
from msptool.backup.verdicts import TABLE, Verdict
from msptool.errors import MsptoolError
from msptool.model import Attempt, End, Header, Report, Scalar
from msptool.profile import load_file
from msptool.profile.load import Loaded

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
PROFILE = """
msptool: 1
client: {code: ACME, name: Acme}
backup:
  repositories: {nas: {path: repo, password: "env:ACME_NAS"}}
  jobs:
    files: {repository: nas, paths: [/srv]}
    sql: {repository: nas, paths: [/sql]}
"""


@pytest.fixture
def loaded(tmp_path: Path) -> Loaded:
    path = tmp_path / "client.yaml"
    path.write_text(PROFILE)
    return load_file(path)


def report(kind: model.Kind, **verdicts: tuple[str, str]) -> Report:
    """A run's report with the verdict and detail of some jobs; `untried_` ones were not tried."""
    things = []
    for name, (verdict, detail) in verdicts.items():
        facts: dict[str, Scalar] = {"verdict": verdict, "detail": detail, "repository": "nas"}
        things.append(jobs.thing(name.removeprefix("untried_"), facts))
    tried = [n for n in verdicts if not n.startswith("untried_")]
    attempts = (Attempt(check="BKP-013", thing=f"job:{n}", outcome="pass") for n in tried)
    header = Header(run="R", client="ACME", kind=kind, msptool="0", started_at=NOW)
    end = End(ended_at=NOW, complete=True)
    return Report(header=header, end=end, things=tuple(things), attempts=tuple(attempts))


def error(told: Report, loaded: Loaded) -> MsptoolError:
    found = trouble.of(told, loaded)
    assert found is not None
    return found


@pytest.mark.parametrize("verdict", list(TABLE))
def test_a_proof_fails_only_where_it_saw_nothing(verdict: Verdict, loaded: Loaded) -> None:
    found = trouble.of(report("restore", files=(verdict, "x")), loaded)
    assert (found is not None) is (TABLE[verdict].sort == "blind")


@pytest.mark.parametrize("verdict", list(TABLE))
def test_a_backup_fails_in_every_other_way_than_ok(verdict: Verdict, loaded: Loaded) -> None:
    found = trouble.of(report("backup", files=(verdict, "x")), loaded)
    assert (found is None) is (verdict == "ok")


def test_a_wrong_password_says_where_it_came_from(loaded: Loaded) -> None:
    found = error(report("restore", files=("wrong-password", "Fatal")), loaded)
    assert (found.code, found.exit) == ("repo.password", 3)
    assert found.message.startswith("nas: ") and "env:ACME_NAS" in found.hint


def test_a_full_disk_has_the_exit_code_of_disks(loaded: Loaded) -> None:
    told = report("backup", files=("could-not-run", "x"), sql=("disk-full", "no space"))
    found = error(told, loaded)
    assert found.exit == 74 and "sql" in found.message and "1 more" in found.message


def test_jobs_of_earlier_runs_are_not_this_runs_trouble(loaded: Loaded) -> None:
    told = report("restore", files=("ok", ""), untried_sql=("locked", "x"))
    assert trouble.of(told, loaded) is None


def test_an_incomplete_source_is_done_in_part(loaded: Loaded) -> None:
    found = error(report("backup", files=("incomplete-source", "x")), loaded)
    assert (found.code, found.exit) == ("backup.incomplete", 3)
