"""Test restores without a scratch disk, with the real restic: what is sound is proven, and one
broken file does not hide others.
"""

import os
from pathlib import Path

import pytest

from msptool.backup.manifest import Entry
from msptool.backup.proof import sample, stream, trial
from tests.lab.backup import bench
from tests.lab.backup.site import Site, flip

pytestmark = pytest.mark.lab


@pytest.fixture
def varied(site: Site) -> Site:
    """A backed-up site in several packs, with all kinds of names."""
    for number in range(6):
        folder = site.source / f"box{number}"
        folder.mkdir()
        for inner in range(4):
            (folder / f"{inner}").write_bytes(os.urandom(40_000))
    (site.source / "link").symlink_to("a.txt")
    os.mkfifo(site.source / "pipe")
    os.link(site.source / "a.txt", site.source / "hard")
    Path(os.fsdecode(os.fsencode(site.source) + b"/odd\xff\n")).write_text("x")
    (site.source / ("long" * 60)).write_text("y")
    with (site.source / "sparse").open("wb") as file:
        file.truncate(3_000_000)
    (site.source / "empty").mkdir()
    assert site.cli("init").returncode == 0 and site.cli("run").returncode == 0
    return site


def streamed(site: Site) -> trial.Tested:
    with bench.opened(site) as tried:
        return stream.streamed(
            tried.bench, tried.task, tried.snapshot, tried.entries, sample.clusters(tried.entries)
        )


def test_a_sound_snapshot_is_proven_without_a_scratch_disk(varied: Site) -> None:
    tested = streamed(varied)
    assert tested.faults == () and tested.mode == "streamed" and tested.compared is not None
    assert tested.compared.extra == 0 and tested.compared.differences == ()
    assert tested.compared.files == 4 + 24 + 5
    assert sum(c.files for c in tested.proven) in (0, 33)  # none of a cluster with a pipe


def test_a_damaged_file_does_not_hide_the_rest(varied: Site) -> None:
    with bench.opened(varied) as tried:
        flip(max(varied.packs(), key=lambda pack: pack.stat().st_size), 5)
        whole = trial.restore(
            tried.bench, tried.task, tried.snapshot, tried.entries, sample.clusters(tried.entries)
        )
        flow = stream.streamed(
            tried.bench, tried.task, tried.snapshot, tried.entries, sample.clusters(tried.entries)
        )
    assert whole.compared is not None and flow.compared is not None
    assert [f.verdict for f in flow.faults] == [f.verdict for f in whole.faults] == ["damaged"]
    assert {d.path for d in flow.compared.differences} == {
        d.path for d in whole.compared.differences
    }


def test_a_lost_pack_of_trees_is_not_restorable(varied: Site) -> None:
    flip(varied.packs()[0], 40)  # restic 0.14 dumps it with code 0 and without a word
    with bench.opened(varied) as tried:
        whole = trial.restore(
            tried.bench, tried.task, tried.snapshot, tried.entries, sample.clusters(tried.entries)
        )
        flow = stream.streamed(
            tried.bench, tried.task, tried.snapshot, tried.entries, sample.clusters(tried.entries)
        )
    assert {f.verdict for f in flow.faults} == {f.verdict for f in whole.faults}
    assert {f.verdict for f in flow.faults} == {"not-restorable"}
    assert flow.compared is not None and whole.compared is not None
    # 0.19 does not say which folder it is: while nothing came back yet, the one above is blamed.
    assert _files(whole) and _files(whole) <= _files(flow)


def _files(tested: trial.Tested) -> set[str]:
    assert tested.compared is not None
    return {d.path for d in tested.compared.differences if d.kind == "file"}


def test_files_that_the_snapshot_has_not_are_absent(varied: Site) -> None:
    with bench.opened(varied) as tried:
        last = tried.entries[0].path + "/zz"
        more = [Entry(path=path, kind="file") for path in ("/gone/x", last)]
        tested = stream.streamed(
            tried.bench,
            tried.task,
            tried.snapshot,
            (*tried.entries, *more),
            sample.clusters((*tried.entries, *more)),
        )
    assert [(f.verdict, set(f.names)) for f in tested.faults] == [("absent", {"/gone/x", last})]


def test_what_could_not_be_looked_at_is_said(varied: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "MOST_CALLS", 1)
    flip(max(varied.packs(), key=lambda pack: pack.stat().st_size), 5)
    tested = streamed(varied)
    assert {"damaged", "could-not-run"} == {f.verdict for f in tested.faults}


def test_a_wrong_password_says_nothing_of_the_data(varied: Site) -> None:
    with bench.opened(varied) as tried:
        (varied.repo / "keys").rename(varied.repo / "gone")
        (varied.repo / "keys").mkdir()
        tested = stream.streamed(
            tried.bench, tried.task, tried.snapshot, tried.entries, sample.clusters(tried.entries)
        )
    assert {f.sort for f in tested.faults} <= {"blind", "bad"} and tested.proven == ()


def test_a_newer_snapshot_by_hand_is_streamed_too(varied: Site) -> None:
    (varied.source / "new").write_text("since")
    varied.restic("backup", "--", str(varied.source))
    done = varied.cli("verify", "--stream")
    assert done.returncode == 0, done.stdout
    assert ("BKP-019", "job:files", "") in varied.findings("restore")
    varied.restic("backup", "--exclude", "box3", "--", str(varied.source))
    done = varied.cli("verify", "--stream")
    assert done.returncode == 1
    assert f"absent   {varied.source}/box3/0" in done.stdout
