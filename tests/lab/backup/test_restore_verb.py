"""`backup restore` as a person under stress types it: the right bytes, or why not, and no harm."""

import json
import os
import shlex
import shutil
import signal
import stat
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from tests.lab.backup.site import Site, flip
from tests.lab.backup.test_stopping import children, command, wait_for

pytestmark = pytest.mark.lab


def below(target: Path, site: Site) -> Path:
    """Return where the source lies below a folder that was restored into."""
    return Path(f"{target}{site.source}")


def own(sound: Site, tmp_path: Path) -> Site:
    """Return a site with a source of its own to harm, backed up once more."""
    source = tmp_path / "own" / "source"
    shutil.copytree(sound.source, source)
    site = Site(sound.root, source)
    site.write_profile()
    done = site.cli("run")
    assert done.returncode == 0, done.stderr
    return site


@pytest.fixture
def mine(sound: Site, tmp_path: Path) -> Site:
    return own(sound, tmp_path)


def records(text: str) -> list[dict[str, Any]]:
    lines = [json.loads(line) for line in text.splitlines()]
    assert lines[-1]["type"] == "end" and lines[-1]["complete"]
    return lines[:-1]


def tree(root: Path) -> dict[str, bytes]:
    return {
        str(p.relative_to(root)): p.read_bytes()
        for p in sorted(root.rglob("*"))
        if p.is_file() and not p.is_symlink()
    }


def test_all_of_it_into_a_new_folder_without_the_source(mine: Site, tmp_path: Path) -> None:
    """The machine burnt down: only workspace and repository are left."""
    before = tree(mine.source)
    del before["skip.tmp"]
    shutil.rmtree(mine.source)
    target = tmp_path / "back" / "here"
    done = mine.cli("restore", "files", "--to", str(target))
    assert done.returncode == 0, done.stderr
    assert "5 of 5 files restored (586 KiB) to " in done.stdout
    assert "its restore was never tested" in done.stderr
    assert tree(below(target, mine)) == before
    assert stat.S_IMODE(target.stat().st_mode) == 0o700
    assert not list(target.glob("msptool-*"))
    done = mine.cli("restore", "files", "--in-place")
    assert done.returncode == 0, done.stderr
    assert tree(mine.source) == before


def test_a_proven_snapshot_says_so_and_json_has_an_end(sound: Site, tmp_path: Path) -> None:
    assert sound.cli("verify").returncode == 0
    done = sound.cli("restore", "files", "--to", str(tmp_path / "back"), "--json")
    assert done.returncode == 0 and "its restore was proven " in done.stderr
    (job,) = records(done.stdout)
    assert (job["facts"]["files"], job["facts"]["back"], job["facts"]["bad"]) == (5, 5, 0)


@pytest.mark.parametrize("form", ["{0}/docs/1.bin", "{1}/docs/1.bin", "docs/1.bin", "docs/"])
def test_a_path_with_or_without_its_slash(sound: Site, tmp_path: Path, form: str) -> None:
    typed = form.format(sound.source, str(sound.source).lstrip("/"))
    target = tmp_path / "back"
    done = sound.cli("restore", "files", "--path", typed, "--to", str(target))
    assert done.returncode == 0, done.stderr
    back = below(target, sound)
    wanted = {"docs/1.bin"} if "1.bin" in typed else {f"docs/{n}.bin" for n in range(4)}
    assert set(tree(back)) == wanted
    assert (back / "docs/1.bin").read_bytes() == (sound.source / "docs/1.bin").read_bytes()


def test_what_is_not_there_is_answered_with_what_is_like_it(sound: Site, tmp_path: Path) -> None:
    for typed in ("doc/1.bin", "docs/11.bin"):
        done = sound.cli("restore", "files", "--path", typed, "--to", str(tmp_path / "back"))
        assert done.returncode == 2 and f"has no {typed}" in done.stderr
        assert f"did you mean {sound.source}/docs/1.bin" in done.stderr
    assert not (tmp_path / "back").exists()


def test_it_never_writes_among_other_files(sound: Site, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine")
    for words in (("--to", str(tmp_path)), ("--to", str(tmp_path), "--preview")):
        done = sound.cli("restore", "files", *words)
        assert done.returncode == 2 and "error[restore.not-empty]" in done.stderr
    link = tmp_path.parent / f"{tmp_path.name}-link"
    link.symlink_to(tmp_path)
    assert sound.cli("restore", "files", "--to", str(link)).returncode == 2
    link.unlink()
    for typed in ([], ["--to", "x", "--in-place"]):
        done = sound.cli("restore", "files", *typed)
        assert done.returncode == 2 and "error[restore.no-target]" in done.stderr


def test_by_time_the_newest_not_after_it(mine: Site, tmp_path: Path) -> None:
    (mine.source / "a.txt").write_text("second")
    time.sleep(1.1)
    between = subprocess.run(
        ["date", "+%Y-%m-%dT%H:%M:%S%:z"], capture_output=True, text=True, check=True
    ).stdout.strip()
    time.sleep(1.1)
    assert mine.cli("run").returncode == 0
    for number, (at, wanted) in enumerate(((between, "hello"), ("2999-01-01", "second"))):
        target = tmp_path / f"back{number}"
        done = mine.cli("restore", "files", "--path", "a.txt", "--at", at, "--to", str(target))
        assert done.returncode == 0, done.stderr
        assert (below(target, mine) / "a.txt").read_text() == wanted
    done = mine.cli("restore", "files", "--at", "2020-01-01", "--to", str(tmp_path / "no"))
    assert done.returncode == 2 and "no snapshot of files up to 2020-01-01T23:59" in done.stderr


def test_in_place_replaces_what_differs_keeps_it_and_can_be_undone(mine: Site) -> None:
    assert mine.cli("verify").returncode == 0
    before = tree(mine.source)
    (mine.source / "a.txt").write_text("encrypted")
    (mine.source / "docs/1.bin").unlink()
    (mine.source / "docs/new.bin").write_text("made since")
    (mine.source / "docs/2.bin").unlink()
    (mine.source / "docs/2.bin").mkdir()
    (mine.source / "docs/2.bin/inner").write_text("a folder took its place")
    untouched = (mine.source / "docs/0.bin").stat()
    shown = mine.cli("restore", "files", "--in-place", "--preview", "--json")
    states = {
        r["name"].removeprefix(f"{mine.source}/"): r["facts"]["state"]
        for r in records(shown.stdout)
    }
    assert states == {"a.txt": "differs", "docs/0.bin": "same", "docs/1.bin": "new",
                      "docs/2.bin": "differs", "docs/3.bin": "same"}  # fmt: skip
    assert (mine.source / "a.txt").read_text() == "encrypted", "a preview writes nothing"
    damaged = tree(mine.source)
    modes = {p: p.stat().st_mode for p in (mine.source, *mine.source.parents)}

    done = mine.cli("restore", "files", "--in-place")
    assert done.returncode == 0, done.stderr
    assert tree(mine.source) == before | {"docs/new.bin": b"made since"}
    assert (mine.source / "docs/0.bin").stat() == untouched
    (kept,) = mine.source.parent.glob("msptool-replaced-*")
    assert tree(Path(f"{kept}{mine.source}")) == {
        "a.txt": b"encrypted", "docs/2.bin/inner": b"a folder took its place",
    }  # fmt: skip
    again = mine.cli("restore", "files", "--in-place")
    assert "already: 5" in again.stdout and len(list(mine.source.parent.iterdir())) == 2

    (undo,) = (line.partition(": ")[2] for line in done.stdout.splitlines() if "undo" in line)
    (mine.source / "docs/2.bin").unlink()
    subprocess.run(["sh", "-c", undo], check=True)
    assert tree(mine.source) == damaged | {"docs/1.bin": before["docs/1.bin"]}
    assert {p: p.stat().st_mode for p in modes} == modes, "undoing changes no folder"


def test_in_place_goes_through_no_link_that_was_planted_meanwhile(
    mine: Site, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "1.bin").write_text("must stay")
    shutil.rmtree(mine.source / "docs")
    (mine.source / "docs").symlink_to(outside)
    (mine.source / "a.txt").unlink()
    (mine.source / "a.txt").symlink_to(outside / "1.bin")
    done = mine.cli("restore", "files", "--in-place")
    assert done.returncode == 0, done.stderr
    assert tree(outside) == {"1.bin": b"must stay"}
    assert (
        not (mine.source / "docs").is_symlink() and (mine.source / "a.txt").read_text() == "hello"
    )
    (kept,) = mine.source.parent.glob("msptool-replaced-*")
    assert os.readlink(f"{kept}{mine.source}/docs") == str(outside)  # noqa: PTH115


def test_damaged_files_are_named_and_the_rest_is_restored(mine: Site, tmp_path: Path) -> None:
    flip(mine.packs()[-1])
    target = tmp_path / "back"
    done = mine.cli("restore", "files", "--to", str(target))
    assert done.returncode == 3 and "error[restore.part]" in done.stderr
    back = tree(below(target, mine))
    whole = {name for name in back if not name.endswith(".damaged")}
    named = [line for line in done.stdout.splitlines() if line.startswith(("differs", "lost"))]
    assert len(whole) + len(named) == 5 and named
    assert all(
        data == (mine.source / name).read_bytes() for name, data in back.items() if name in whole
    )

    for path in (mine.source / "docs").iterdir():
        path.write_text("damaged original")
    done = mine.cli("restore", "files", "--in-place", "--json")
    assert done.returncode == 3
    bad = {r["name"] for r in records(done.stdout) if r["kind"] == "file"}
    for path in (mine.source / "docs").iterdir():
        told = str(path) in bad
        assert (path.read_text(errors="replace") == "damaged original") == told, path


def test_a_damaged_snapshot_says_so_before_and_names_a_proven_one(
    sound: Site, tmp_path: Path
) -> None:
    assert sound.cli("verify").returncode == 0
    proven = sound.facts("restore", "job:files")["snapshot"]
    site = own(sound, tmp_path)
    newest = set(site.packs())
    (site.source / "docs/9.bin").write_bytes(os.urandom(200_000))
    assert site.cli("run").returncode == 0
    flip(max(set(site.packs()) - newest, key=lambda p: p.stat().st_size))
    assert site.cli("verify").returncode == 1
    done = site.cli("restore", "files", "--path", "a.txt", "--to", str(tmp_path / "back"))
    assert done.returncode == 0, done.stderr
    assert "its last test said: DAMAGED" in done.stderr
    assert f"the newest proven one: --snapshot {str(proven)[:8]} " in done.stderr


def test_without_a_manifest_restic_is_asked_and_it_is_said(sound: Site, tmp_path: Path) -> None:
    shutil.rmtree(sound.root / "manifests")
    done = sound.cli("restore", "files", "--to", str(tmp_path / "back"))
    assert done.returncode == 0, done.stderr
    assert "it has no sealed manifest" in done.stderr and "nothing was compared" in done.stdout
    assert len(tree(tmp_path / "back")) == 5
    done = sound.cli("browse", "files", str(sound.source / "docs"))
    assert done.returncode == 0 and "3.bin" in done.stdout and "restic tells" in done.stderr


def test_a_full_disk_is_refused_before_a_byte_is_written(sound: Site, tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("needs root: a small file system")
    place = tmp_path / "small"
    place.mkdir()
    script = (f"mount -t tmpfs -o size=600k,mode=0700 none {shlex.quote(str(place))} && "
              f"{shlex.join(sound.cli_words('restore', 'files', '--to', str(place)))}; "
              f"echo $?; ls -A {shlex.quote(str(place))}")  # fmt: skip
    done = subprocess.run(
        ["unshare", "-m", "sh", "-c", script],
        capture_output=True, text=True, check=False, env=sound.environment(),
    )  # fmt: skip
    assert "error[disk.full]" in done.stderr and "nothing was written" in done.stderr
    assert done.stdout == "74\n"


@pytest.fixture
def big(sound: Site, tmp_path: Path) -> Site:
    source = tmp_path / "big"
    source.mkdir()
    for number in range(30):
        (source / f"{number}.bin").write_bytes(os.urandom(3_000_000))
    site = Site(sound.root, source)
    site.write_profile()
    assert site.cli("run").returncode == 0
    return site


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_stopped_it_leaves_nothing_under_a_final_name_and_goes_again(
    big: Site, tmp_path: Path, how: signal.Signals
) -> None:
    target = tmp_path / "back"
    running = big.start("restore", "files", "--to", str(target))
    wait_for(lambda: any(b"\0restore\0" in command(pid) for pid in children(running.pid)))
    wait_for(lambda: list(target.rglob("*.bin")) if target.exists() else False)
    restic = [pid for pid in children(running.pid) if command(pid)]
    running.send_signal(how)
    running.communicate(timeout=15)
    assert running.returncode == -how
    assert not below(target, big).exists()
    if how != signal.SIGKILL:
        assert list(target.iterdir()) == []
        assert list((big.repo / "locks").iterdir()) == []
    for pid in restic:
        if how == signal.SIGKILL and b"restic" in command(pid):
            os.kill(pid, signal.SIGKILL)
    wait_for(lambda: not any(b"restic" in command(pid) for pid in restic))
    done = big.cli("restore", "files", "--to", str(target))
    assert done.returncode == 0, done.stderr
    assert len(tree(below(target, big))) == 30 and len(list(target.iterdir())) == 1


def test_list_and_browse_tell_when_and_where(mine: Site) -> None:
    (mine.source / "docs/1.bin").write_text("another version")
    (mine.source / "docs/0.bin").unlink()
    assert mine.cli("run").returncode == 0 and mine.cli("verify").returncode == 0
    listed = [
        r["facts"] | {"id": r["name"]} for r in records(mine.cli("list", "files", "--json").stdout)
    ]
    assert [each["proven"] for each in listed] == [False] * (len(listed) - 1) + [True]
    assert listed[-1]["files"] == 4 and all(each["sealed"] for each in listed)
    found = records(mine.cli("browse", "files", "--find", "1.bin", "--json").stdout)
    states = [r["facts"] for r in found if r["facts"]["path"].startswith(str(mine.source))]
    assert {(s["bytes"], s["last_snapshot"] == listed[-1]["id"]) for s in states} == {
        (150_000, False), (15, True),
    }  # fmt: skip
    gone = records(mine.cli("browse", "files", "--find", f"{mine.source}/docs/0*", "--json").stdout)
    assert [r["facts"]["last_snapshot"] == listed[-1]["id"] for r in gone] == [False]
    shown = mine.cli("browse", "files", "docs").stdout
    assert "1.bin" in shown and "0.bin" not in shown
    shown = mine.cli("browse", "files", "docs", "--snapshot", listed[-2]["id"][:10]).stdout
    assert "0.bin" in shown
    assert mine.cli("browse", "files", "--snapshot", "ffff").returncode == 2


def test_progress_has_bytes_rate_and_time_left(big: Site, tmp_path: Path) -> None:
    """On a terminal; restic 0.14 tells nothing of a restore itself, newer ones once a second."""
    words = shlex.join(big.cli_words("restore", "files", "--to", str(tmp_path / "back")))
    done = subprocess.run(
        ["script", "-qec", words, "/dev/null"], capture_output=True, text=True, check=False,
        env=big.environment(TERM="xterm"), stdin=subprocess.DEVNULL, timeout=100,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert " of 85.8 MiB" in done.stdout and "restore files" in done.stdout
