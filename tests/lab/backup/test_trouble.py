"""Bad input: one clear line, the right exit code, nothing lost, the other jobs done."""

import json
import os
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from msptool import runs
from tests.lab.backup.site import FULL, PASSWORD, Site, flip
from tests.lab.machine import console_script

pytestmark = pytest.mark.lab
ODD_NAMES = (
    b"new\nline", b"esc\x1b[31m", b"bad\xff\xfe", b"-rf", b"a: b", b"back\\slash", b"\xd1\x8f",
)  # fmt: skip
TWO_JOBS = """    second: {{repository: nas, paths: [{path}]}}
"""


def test_init_makes_what_is_missing_and_touches_nothing_else(site: Site) -> None:
    secret = site.root / "secrets" / "nas"
    secret.unlink()
    done = site.cli("init")
    assert done.returncode == 0, done.stderr
    assert str(secret) in done.stdout and "away from this machine" in done.stdout
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    password = secret.read_text().strip()
    assert len(password) >= 43 and password not in done.stdout + done.stderr
    again = site.cli("init")
    assert again.returncode == 0 and "stands already" in again.stdout
    assert secret.read_text().strip() == password


def test_init_refuses_a_folder_with_other_files(site: Site) -> None:
    site.repo.mkdir()
    (site.repo / "holiday.jpg").touch()
    done = site.cli("init")
    assert done.returncode == 3 and done.stderr.startswith("error[repo.not-empty]: ")
    assert [path.name for path in site.repo.iterdir()] == ["holiday.jpg"]


def test_init_with_another_password_is_told(sound: Site) -> None:
    (sound.root / "secrets" / "nas").write_text("wrong")
    done = sound.cli("init")
    assert done.returncode == 3 and done.stderr.startswith("error[repo.password]: nas: ")


@pytest.mark.parametrize("password", ["wrong", "another"] if FULL else ["wrong"])
def test_a_wrong_password(sound: Site, password: str) -> None:
    (sound.root / "secrets" / "nas").write_text(password)
    done = sound.cli("verify")
    assert done.returncode == 3
    assert "error[repo.password]: nas: the repository answers, no key opens" in done.stderr
    assert "file:secrets/nas" in done.stderr
    assert sound.findings("restore") == {("BKP-018", "job:files", "wrong-password")}


def test_a_missing_repository(sound: Site) -> None:
    sound.repo.rename(sound.root / "elsewhere")
    for verb in ("verify", "run"):
        done = sound.cli(verb)
        assert done.returncode == 3
        assert "error[repo.missing]: nas: no repository in repo" in done.stderr
    assert not sound.repo.exists()


def test_a_missing_secret_fails_one_job_and_not_the_other(sound: Site) -> None:
    text = (sound.root / "client.yaml").read_text()
    text = text.replace("  jobs:", "    cloud: {path: cloud, password: 'env:NO_SUCH'}\n  jobs:")
    (sound.root / "client.yaml").write_text(
        text + f"    second: {{repository: cloud, paths: ['{sound.source}']}}\n"
    )
    done = sound.cli("run")
    assert done.returncode == 3
    assert "error[secret.missing]: second: " in done.stderr and "files: ok" in done.stdout
    assert sound.facts("backup", "job:files")["verdict"] == "ok"


def test_a_source_path_that_is_gone(site: Site) -> None:
    gone = site.root.parent / "gone"
    site.write_profile(TWO_JOBS.format(path=f"{site.source}, {gone}"))
    assert site.cli("init").returncode == 0
    done = site.cli("run")
    assert done.returncode == 3
    assert "error[backup.incomplete]: second: paths of the job are not there" in done.stderr
    assert site.findings("backup") == {("BKP-016", "job:second", "incomplete-source")}
    assert site.facts("backup", "job:files")["verdict"] == "ok"
    assert site.facts("backup", "job:second")["snapshot"]  # what was there is saved
    done = site.cli("verify", "second")
    assert done.returncode == 1
    assert site.findings("restore") == {("BKP-013", "job:second", "incomplete-source")}


def test_a_file_that_came_and_went_is_no_trouble(site: Site, tmp_path: Path) -> None:
    """restic 0.14 lists a folder, and finds one of its files gone when it comes to it."""
    wrapper = tmp_path / "bin" / "restic"
    wrapper.parent.mkdir()
    said = {"message_type": "error", "error": {"Op": "lstat", "Err": 2}, "during": "archival",
            "item": f"{site.source}/docs/tmp123"}  # fmt: skip
    wrapper.write_text(
        f'#!/bin/sh\n{shutil.which("restic")} "$@" || exit\n[ "$1" = backup ] || exit 0\n'
        f"echo '{json.dumps(said)}' >&2\nexit 3\n"
    )
    wrapper.chmod(0o755)
    assert site.cli("init").returncode == 0
    done = site.cli("run", PATH=f"{wrapper.parent}:/usr/bin:/bin")
    assert done.returncode == 0, done.stderr
    assert site.findings("backup") == set() and site.cli("verify").returncode == 0


@pytest.mark.parametrize("what", ["gone", "empty"])
def test_a_job_with_nothing_to_save(site: Site, what: str) -> None:
    place = site.root.parent / what
    if what == "empty":
        place.mkdir()
    site.write_profile(TWO_JOBS.format(path=place))
    assert site.cli("init").returncode == 0
    assert site.cli("run", "second").returncode == 3
    found = site.findings("backup")
    assert ("BKP-016", "job:second", "incomplete-source") in found
    assert (("BKP-002", "job:second", "") in found) is (what == "gone")


def test_a_link_as_source_is_followed(site: Site) -> None:
    link = site.root.parent / "link"
    link.symlink_to(site.source)
    site.write_profile(TWO_JOBS.format(path=link))
    assert site.cli("init").returncode == 0 and site.cli("run", "second").returncode == 0
    assert site.facts("backup", "job:second")["files"] == 6
    assert site.cli("verify", "second").returncode == 0


def test_names_and_kinds_that_break_tools(site: Site) -> None:
    odd = site.source / "odd"
    odd.mkdir()
    for name in (
        b"new\nline",
        b"esc\x1b[31m",
        b"bad\xff\xfe",
        b"-rf",
        b"a: b",
        b"back\\slash",
        b"\xd1\x8f",
    ):
        Path(os.fsdecode(os.fsencode(odd) + b"/" + name)).write_bytes(name)
    (odd / "empty").touch()
    (odd / "dangling").symlink_to("nowhere")
    os.link(odd / "empty", odd / "hard")
    os.mkfifo(odd / "pipe")
    with (odd / "sparse").open("wb") as file:
        file.truncate(3_000_000)
    assert site.cli("init").returncode == 0 and site.cli("run").returncode == 0
    done = site.cli("verify")
    assert done.returncode == 0, done.stdout
    assert site.facts("restore", "job:files")["files"] == 15
    site.restic("backup", "--tag", "job=files", "--exclude", "odd", "--", str(site.source))
    done = site.cli("verify")
    assert done.returncode == 1
    assert "\x1b" not in done.stdout
    assert all(
        line.startswith(("absent", "files:", "level", "snapshot", "RPO"))
        for line in done.stdout.splitlines()
    )
    evidence = next(
        p for p in (site.root / "runs").rglob("*.json") if b'"absent"' in p.read_bytes()
    )
    paths = {Path(d["path"]).name for d in json.loads(evidence.read_bytes())["differences"]}
    assert {"bad\\xff\\xfe", "new\nline", "back\\\\slash", "я"} <= paths


def test_restic_missing_or_too_old(site: Site, tmp_path: Path) -> None:
    folder = tmp_path / "bin"
    folder.mkdir()
    old = folder / "restic"
    old.write_text("#!/bin/sh\necho restic 0.9.6 compiled with go1.12\n")
    old.chmod(0o755)
    for verb in ("init", "run", "verify"):
        done = site.cli(verb, PATH=f"{folder}:/usr/bin")
        assert done.returncode == 4 and "error[tool.old]" in done.stderr
    old.unlink()
    done = site.cli("run", PATH=str(folder))
    assert done.returncode == 4 and "error[tool.missing]: restic" in done.stderr
    assert "apt install restic" in done.stderr


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("run", "flies"), 2, "error[backup.unknown-job]"),
        (("verify", "flies"), 2, "did you mean files"),
        (("run", "--", "-rf"), 2, "error[backup.unknown-job]"),
    ],
)
def test_a_mistyped_job(site: Site, words: tuple[str, ...], code: int, said: str) -> None:
    done = site.cli(*words)
    assert done.returncode == code and said in done.stderr


def test_no_jobs_at_all_is_no_silence(site: Site) -> None:
    (site.root / "client.yaml").write_text("msptool: 1\nclient: {code: ACME, name: A}\n")
    done = site.cli("run")
    assert done.returncode == 2 and "error[backup.no-jobs]" in done.stderr


def test_an_exclude_that_restic_cannot_read(site: Site) -> None:
    text = (site.root / "client.yaml").read_text().replace('"*.tmp"', '"["')
    (site.root / "client.yaml").write_text(text)
    assert site.cli("init").returncode == 0
    done = site.cli("run")
    assert done.returncode == 3 and "error[backup.exclude]: files: " in done.stderr


def on_small_disk(site: Site, size: str, script: str) -> list[tuple[int, str]]:
    """Run `msptool backup` verbs, one a line, with a tmpfs of a size on ROOT/small, in a namespace
    of our own; return the exit code and stderr of each.
    """
    (site.root / "small").mkdir(mode=0o700)
    said = []
    for number, line in enumerate(script.splitlines()):
        said.append(f"{line.strip()} >{site.root}/{number}.out 2>{site.root}/{number}.err")
        said.append(f"echo $? >{site.root}/{number}.code")
    whole = "\n".join([f"mount -t tmpfs -o size={size},mode=700 tmpfs {site.root}/small", *said])
    subprocess.run(
        ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", whole],
        env=site.environment(MSPTOOL=console_script("msptool")), timeout=200, check=True,
        cwd=site.root,
    )  # fmt: skip
    read = range(script.count("\n") + 1)
    return [
        (int((site.root / f"{n}.code").read_text()), (site.root / f"{n}.err").read_text())
        for n in read
    ]


def test_too_little_room_is_seen_before_writing(sound: Site) -> None:
    (told, left) = on_small_disk(
        sound, "500k", "$MSPTOOL backup verify --sandbox small\nls -A small"
    )
    assert told[0] == 74
    assert "error[disk.full]: files: too little room" in told[1]
    assert left[0] == 0 and (sound.root / "1.out").read_text() == ""
    assert sound.findings("restore") == {("BKP-018", "job:files", "disk-full")}
    assert sound.cli("verify").returncode == 0


def test_a_repository_on_a_full_disk_loses_nothing(site: Site) -> None:
    text = (site.root / "client.yaml").read_text()
    (site.root / "client.yaml").write_text(text.replace("path: repo", "path: small/repo"))
    ends = on_small_disk(
        site,
        "3m",
        f"""$MSPTOOL backup init
        $MSPTOOL backup run
        dd if=/dev/urandom of={site.source}/big.bin bs=100k count=40
        $MSPTOOL backup run
        $MSPTOOL backup verify""",
    )
    assert [code for code, _ in ends] == [0, 0, 0, 74, 0], ends
    assert "error[disk.full]: files: " in ends[3][1]
    backups = list(runs.folders(site.workspace, "backup"))
    parts = {(f.check, f.subject.part) for f in runs.load(backups[0]).findings}
    assert parts == {("BKP-016", "disk-full")}
    assert site.facts("restore", "job:files")["verdict"] == "ok"  # the earlier backup is whole


def test_a_workspace_on_a_full_disk_is_told(sound: Site) -> None:
    runs_before = sorted(path.name for path in (sound.root / "runs").iterdir())
    move = f"cp -a {sound.root}/client.yaml {sound.root}/secrets {sound.root}/repo small/"
    ends = on_small_disk(
        sound,
        "2m",
        f"""{move}
        dd if=/dev/zero of=small/filler bs=1k status=none || true
        $MSPTOOL -C small backup run""",
    )
    assert ends[2][0] == 74, ends[2]
    assert ends[2][1].startswith("error[disk.") and "Traceback" not in ends[2][1]
    assert sorted(path.name for path in (sound.root / "runs").iterdir()) == runs_before


def test_status_tells_where_each_job_stands(sound: Site) -> None:
    never = sound.cli("status")
    assert never.returncode == 0
    assert "UNPROVEN" in never.stdout and never.stdout.startswith("JOB    BACKUP  PROVEN")
    assert sound.cli("verify").returncode == 0
    assert sound.cli("status").stdout.splitlines()[1].endswith("ok")
    line, _ = sound.cli("status", "--json").stdout.splitlines()
    assert json.loads(line)["facts"]["state"] == "ok"


def test_quiet_when_fine(sound: Site) -> None:
    for words in (("run", "-q"), ("verify", "-q")):
        done = sound.cli(*words)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_password_is_in_no_argv_and_no_environment(sound: Site) -> None:
    seen = 0
    running = sound.start("verify")
    while running.poll() is None:
        for process in Path("/proc").glob("[0-9]*"):
            try:
                told = (process / "cmdline").read_bytes() + (process / "environ").read_bytes()
            except OSError:
                continue
            seen += b"restic\0" in told
            assert PASSWORD.encode() not in told
    assert running.communicate()[0] is not None and running.returncode == 0
    assert seen


@pytest.mark.parametrize("how", ["lost", "flipped"])
def test_a_key_that_is_not_whole_is_no_wrong_password(sound: Site, how: str) -> None:
    (key,) = (sound.repo / "keys").iterdir()
    flip(key) if how == "flipped" else key.unlink()
    done = sound.cli("verify")
    assert done.returncode == 1 and "no password opens it" in done.stdout
    assert ("BKP-013", "job:files", "not-restorable") in sound.findings("restore")
