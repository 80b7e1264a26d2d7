"""What stands around a job: hooks, tags, limits, expectations."""

from pathlib import Path

import pytest

from tests.lab.backup import sources
from tests.lab.backup.site import PASSWORD, Site

pytestmark = pytest.mark.lab


def shell(code: str) -> list[str]:
    return ["/bin/sh", "-c", code]


def job(site: Site, **more: object) -> dict[str, object]:
    return {"paths": [str(site.source)], **more}


def evidence(site: Site, kind: str = "backup") -> bytes:
    folder = sorted(site.workspace.runs.glob(f"*-{kind}"))[-1]
    return b"\n".join(path.read_bytes() for path in (folder / "evidence").iterdir())


def test_hooks_run_in_order_and_what_they_print_is_kept_without_secrets(
    sound: Site, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    hooks = {
        "before": [shell(f"echo b1 >> {log}; echo said {PASSWORD}"), shell(f"echo b2 >> {log}")],
        "after": [shell(f"echo after >> {log}")],
        "failed": [shell(f"echo failed >> {log}")],
    }
    limits = {"nice": 5, "ionice": "idle", "upload_kib_s": 900000}
    sources.write(sound, files=job(sound, hooks=hooks, tags=["monthly"], limits=limits))
    done = sound.cli("run")
    assert done.returncode == 0, done.stderr
    assert log.read_text().split() == ["b1", "b2", "after"]
    kept = evidence(sound)
    assert b"said [redacted]" in kept and PASSWORD.encode() not in kept
    assert set(sources.snapshots(sound, "files")[-1]["tags"]) == {"job=files", "monthly"}


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("echo no share >&2; exit 2", "the before hook sh ended with code 2: no share"),
        ("sleep 60", "the before hook sh did not end in 1 s"),
    ],
)
def test_a_before_that_fails_keeps_the_job_from_running_and_no_other(
    sound: Site, tmp_path: Path, code: str, told: str
) -> None:
    hooks = {
        "before": [shell(code)],
        "failed": [shell(f"touch {tmp_path}/failed")],
        "after": [shell(f"touch {tmp_path}/after")],
        "timeout_s": 1,
    }
    sources.write(sound, bad=job(sound, hooks=hooks), good=job(sound))
    assert sound.cli("run").returncode == 3
    facts = sound.facts("backup", "job:bad")
    assert (facts["verdict"], facts["detail"]) == ("could-not-run", told)
    assert sources.snapshots(sound, "bad") == []
    assert (tmp_path / "failed").exists() and not (tmp_path / "after").exists()
    assert sound.facts("backup", "job:good")["verdict"] == "ok"


def test_an_after_that_fails_is_a_failure_and_the_backup_stands(sound: Site) -> None:
    sources.write(sound, files=job(sound, hooks={"after": [shell("exit 9")]}))
    assert sound.cli("run").returncode == 3
    facts = sound.facts("backup", "job:files")
    assert facts["detail"] == "the after hook sh ended with code 9"
    assert facts["snapshot"] and sources.sealed(sound, "files")[0].complete


def test_a_program_of_the_workspace_is_refused(sound: Site) -> None:
    sources.write(sound, files=job(sound, hooks={"before": [["./tool"]]}))
    assert sound.cli("run").returncode == 3
    assert sound.facts("backup", "job:files")["code"] == "profile.command"


def test_a_backup_that_is_not_as_expected_is_incomplete(sound: Site) -> None:
    sources.write(sound, files=job(sound, expect={"min_files": 100}))
    assert sound.cli("run").returncode != 0
    facts = sound.facts("backup", "job:files")
    assert facts["verdict"] == "incomplete-source"
    assert facts["detail"] == "there is less to save than the job expects"


def test_missed_backups_alone_are_made_up_for(sound: Site) -> None:
    sources.write(sound, files=job(sound), new=job(sound))
    done = sound.cli("run", "--due")
    assert done.returncode == 0 and "new is older than agreed; newest backup: none" in done.stderr
    assert len(sources.snapshots(sound, "files")) == 1
    assert len(sources.snapshots(sound, "new")) == 1
    again = sound.cli("run", "--due")
    assert again.returncode == 0 and "no backup was missed" in again.stderr


def test_an_hourly_look_for_missed_backups_waits_for_another_run_without_a_word(
    sound: Site,
) -> None:
    sources.write(sound, files=job(sound), new=job(sound))
    with sound.workspace.lock("backup run"):
        assert sound.cli("run", "-q").returncode == 6
        done = sound.cli("run", "--due", "-q")
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
        assert "another run is at work: left for later" in sound.cli("run", "--due").stderr
    assert sound.cli("run", "--due").returncode == 0
    assert len(sources.snapshots(sound, "new")) == 1
