"""From what the probes brought to attempts: a thing each, so that one gap hides nothing else."""

from pathlib import Path

from msptool import profile
from msptool.judge import judge
from msptool.monitor import run
from msptool.monitor.checks import CHECKS
from msptool.monitor.probes import Unseen
from msptool.monitor.seen import Load, Memory, Proof, Volume
from tests.unit.monitor.seen import NOW


def _glance() -> run.Glance:
    return run.Glance(
        host="web",
        load=Unseen("probe-failed"),
        memory=Memory(100, 5),
        volumes={"/": Volume("/", "/dev/vda", 95, 5), "/dead": Unseen("timed-out")},
        services=Unseen("tool-missing"),
        proofs={"files": Proof("files", None), "sql": Unseen("unreadable")},
    )


def _attempts(glance: run.Glance, tmp_path: Path) -> dict[tuple[str, str], str]:
    (tmp_path / "client.yaml").write_text("msptool: 1\nclient: {code: ACME, name: A}\n")
    loaded = profile.load_file(tmp_path / "client.yaml")
    verdict = judge(CHECKS, run.cases(glance, loaded, NOW, ()), client="ACME", seen_at=NOW)
    return {(a.check, a.thing): a.reason or a.outcome for a in verdict.attempts}


def test_every_thing_gets_its_own_outcome(tmp_path: Path) -> None:
    assert _attempts(_glance(), tmp_path) == {
        ("MON-001", "agent:web"): "probe-failed",
        ("MON-002", "agent:web"): "fail",
        ("MON-003", "agent:web"): "tool-missing",
        ("SRV-006", "volume:web:/"): "fail",
        ("SRV-006", "volume:web:/dead"): "timed-out",
        ("BKP-003", "job:files"): "fail",
        ("BKP-003", "job:sql"): "unreadable",
    }


def test_a_job_is_read_from_anywhere_and_the_rest_from_this_machine(tmp_path: Path) -> None:
    (tmp_path / "client.yaml").write_text("msptool: 1\nclient: {code: ACME, name: A}\n")
    cases = run.cases(_glance(), profile.load_file(tmp_path / "client.yaml"), NOW, ())
    assert {case.thing.kind: case.vantage for case in cases} == {
        "agent": "agent:web",
        "volume": "agent:web",
        "job": "anywhere",
    }


def test_things_carry_what_was_measured_and_the_limits(tmp_path: Path) -> None:
    (tmp_path / "client.yaml").write_text("msptool: 1\nclient: {code: ACME, name: A}\n")
    glance = run.Glance("web", Load(3, 2), Memory(100, 5), {}, None, {})
    agent = run.things(glance, profile.load_file(tmp_path / "client.yaml"))[0]
    assert agent.facts == {
        "load_per_cpu": 1.5, "cpus": 2, "memory_percent": 95.0, "memory_bytes": 100,
        "load_limit": 2.0, "memory_limit": 90.0,
    }  # fmt: skip
