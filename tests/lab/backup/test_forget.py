"""Retention deletes what it must and nothing else, whoever writes to the repository meanwhile."""

import json
import os
import signal
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest

from msptool import clock
from msptool.backup import manifest
from msptool.backup.keeping import guard, ledger, retention
from msptool.backup.keeping.guard import Listed
from msptool.backup.keeping.ledger import Noticed
from msptool.backup.keeping.retention import Policy
from msptool.backup.manifest import Seal
from msptool.backup.repository.answers import parse_snapshots
from msptool.profile.shape import Keep
from tests.lab.backup.site import FULL, Site
from tests.lab.backup.test_locks import restic_of
from tests.lab.backup.test_stopping import wait_for

pytestmark = pytest.mark.lab


def keeping(site: Site, keep: str) -> None:
    text = (site.root / "client.yaml").read_text()
    (site.root / "client.yaml").write_text(
        text.replace('exclude: ["*.tmp"]', f'exclude: ["*.tmp"], keep: {keep}')
    )


def ids(site: Site) -> list[str]:
    """Return the snapshots of the repository, oldest first."""
    return [s.id for s in parse_snapshots(site.restic("snapshots", "--json").encode())]


def sealed_at(site: Site, at: datetime) -> str:
    """Make a snapshot of a time, and seal it as our own run of that time would have."""
    before = set(ids(site))
    site.restic("backup", "-q", "--tag", "job=files", "--time", at.strftime("%Y-%m-%d %H:%M:%S"),
                "--", str(site.source / "a.txt"))  # fmt: skip
    (ident,) = set(ids(site)) - before
    seal = Seal(
        job="files", run="R", snapshot=ident, paths=(str(site.source),), exclude=(), walked_at=at,
        sealed_at=at, complete=True, restic="0.14.0",
    )  # fmt: skip
    manifest.seal(site.workspace, seal, ())
    return ident


@pytest.fixture
def four(sound: Site) -> Site:
    """A site with four backups of which the newest is proven; two are to stay."""
    keeping(sound, "{last: 2}")
    for text in "bcd":
        (sound.root / "note").write_text(text)
        assert sound.cli("run").returncode == 0
    assert sound.cli("verify").returncode == 0
    return sound


def test_it_deletes_what_may_go_and_their_manifests(four: Site) -> None:
    before = ids(four)
    dry = four.cli("forget", "--dry-run")
    assert dry.returncode == 0, dry.stderr
    assert "files: 4 snapshots, 2 due to go, 0 gone" in dry.stdout
    assert "newest, proven, last" in dry.stdout and ids(four) == before
    done = four.cli("forget", "--prune")
    assert done.returncode == 0, done.stderr
    assert "2 due to go, 2 gone" in done.stdout
    assert ids(four) == before[2:]
    assert set(manifest.seals(four.workspace, "files")) == set(before[2:])
    states = ledger.read(four.workspace, "nas").states
    assert states == dict.fromkeys(before[:2], "gone")
    assert four.cli("verify").returncode == 0
    assert four.cli("forget", "--quiet").stdout == ""


def test_an_unproven_newest_holds_all_back(four: Site) -> None:
    assert four.cli("run").returncode == 0
    before = ids(four)
    done = four.cli("forget")
    assert done.returncode == 1
    assert "held back: the newest backup is not proven to restore" in done.stdout
    assert ids(four) == before
    lines = [json.loads(line) for line in four.cli("forget", "--json").stdout.splitlines()]
    (finding,) = (line for line in lines if line["type"] == "finding")
    assert finding["check"] == "BKP-022"
    assert finding["subject"] == {"client": "ACME", "thing": "job:files", "part": "unproven"}
    assert lines[-1]["type"] == "end"


def test_a_vanished_one_holds_back_until_a_person_accepts(four: Site) -> None:
    first, second, *_ = before = ids(four)
    assert four.cli("forget", "--dry-run").returncode == 0
    four.restic("forget", "-q", first)
    done = four.cli("forget", "--prune")
    assert done.returncode == 1 and "vanished" in done.stdout
    assert ids(four) == before[1:]
    for unknown in ("0" * 8, first[:4]):
        done = four.cli("forget", "--accept", unknown)
        assert done.returncode == 2 and "error[backup.unknown-snapshot]" in done.stderr
    done = four.cli("forget", "--accept", first[:8])
    assert done.returncode == 0, done.stdout
    assert ids(four) == before[2:]
    assert ledger.read(four.workspace, "nas").states == {first: "accepted", second: "gone"}


def test_forged_snapshots_evict_nothing(site: Site) -> None:
    """Four forged ones made plain `forget --keep-daily 7` drop 3 of 4 real ones (restic #22057)."""
    keeping(site, "{daily: 7}")
    assert site.cli("init").returncode == 0
    now = clock.now().replace(hour=1, minute=0, second=0, microsecond=0)
    real = [sealed_at(site, now - timedelta(days=day)) for day in (4, 3, 2, 1)]
    noticed = _look(site)
    assert noticed == Noticed()
    site.source.joinpath("a.txt").write_text("forged")
    for day in (4, 3, 2, 1):
        at = now - timedelta(days=day) + timedelta(hours=20)
        site.restic("backup", "-q", "--tag", "job=files", "--time", f"{at:%Y-%m-%d %H:%M:%S}",
                    "--", str(site.source / "a.txt"))  # fmt: skip
    plain = _plain(site, "--keep-daily", "7")
    assert len(set(real) & plain) >= 3
    made = guard.of(
        site.workspace, site.loaded, "files", _listed(site), clock.now(), proven=real[-1]
    )
    assert made.plan.due == () and made.plan.held == ("forged",)
    assert {line.snapshot for line in made.plan.lines} == set(real)


def _listed(site: Site) -> Listed:
    snapshots = parse_snapshots(site.restic("snapshots", "--json").encode())
    return Listed(snapshots, ledger.look(site.workspace, "nas", snapshots, clock.now()))


def _look(site: Site) -> Noticed:
    return _listed(site).noticed


def _plain(site: Site, *keep: str) -> set[str]:
    """Return what restic's own retention would remove."""
    said = json.loads(site.restic("forget", "--dry-run", "--json", *keep))
    return {removed["id"] for group in said for removed in group["remove"] or ()}


@pytest.mark.parametrize(
    "keep",
    [Keep(last=3), Keep(daily=4), Keep(hourly=3, daily=3, weekly=3), Keep(monthly=3, yearly=2),
     Keep(weekly=40), Keep(last=1, daily=2, weekly=2, monthly=2, yearly=5)],
    ids=str,
)  # fmt: skip
def test_the_buckets_are_those_of_restic(history: tuple[Site, Sequence[str]], keep: Keep) -> None:
    site, idents = history
    sealed = [
        retention.Sealed(s.id, s.time)
        for s in reversed(parse_snapshots(site.restic("snapshots", "--json").encode()))
    ]
    flags = [
        f"--keep-{bucket}={getattr(keep, bucket)}"
        for bucket in Keep.__struct_fields__
        if getattr(keep, bucket)
    ]
    kept = {ident for ident, _ in retention.selected(sealed, Policy(keep, UTC))}
    plain = _plain(site, "--group-by=", *flags)
    assert set(idents) - kept == plain - ({idents[0]} & kept)  # 0.14 alone drops the oldest


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> tuple[Site, Sequence[str]]:
    """Snapshots over two years, some within an hour of each other, some at the end of a year."""
    from tests.lab.backup import site as sites

    made = sites.make(tmp_path_factory.mktemp("history"))
    assert made.cli("init").returncode == 0
    start = datetime(2024, 12, 29, 23, 30, tzinfo=UTC)
    days = [0, 0.02, 0.5, 1, 1.5, 2.4, 3, 9, 16, 40, 41, 75, 200, 366, 367, 367.01, 400]
    for day in days:
        at = start + timedelta(days=day)
        made.restic("backup", "-q", "--time", f"{at:%Y-%m-%d %H:%M:%S}", "--",
                    str(made.source / "a.txt"))  # fmt: skip
    return made, ids(made)


@pytest.mark.parametrize("after_s", [0.0, 0.1, 0.3, 0.5, 0.7, 1.0] if FULL else [0.0, 0.4])
def test_a_kill_while_it_deletes_costs_nothing(four: Site, after_s: float) -> None:
    before = ids(four)
    running = four.start("forget")
    wait_for(lambda: restic_of(running.pid, b"forget"))
    pid = restic_of(running.pid, b"forget")
    time.sleep(after_s)
    running.kill()
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    running.communicate(timeout=15)
    done = four.cli("forget")
    assert done.returncode == 0, done.stdout + done.stderr
    assert ids(four) == before[2:]
    assert _look(four) == Noticed()
    assert four.cli("verify").returncode == 0


def test_the_newest_snapshot_that_is_gone_is_still_not_restorable(four: Site) -> None:
    newest = ids(four)[-1]
    _look(four)
    four.restic("forget", "-q", newest)
    assert four.cli("verify").returncode == 1
    assert ("BKP-013", "job:files", "not-restorable") in four.findings("restore")
    assert [suspect.id for suspect in _look(four).vanished] == [newest]
    assert four.cli("forget").returncode == 1
    assert len(ids(four)) == 3


def test_a_repository_that_is_gone_is_done_in_part(four: Site) -> None:
    four.repo.rename(four.root / "away")
    done = four.cli("forget")
    assert done.returncode == 3
    assert not four.repo.exists()


def test_an_encrypted_share_holds_back_though_it_restores(site: Site) -> None:
    keeping(site, "{last: 1}")
    for number in range(30):
        (site.source / f"{number}.txt").write_text(f"letter {number}\n" * 500)
    assert site.cli("init").returncode == 0 and site.cli("run").returncode == 0
    (site.source / "0.txt").write_text("an ordinary edit")
    assert site.cli("run").returncode == 0
    good = ids(site)
    for path in site.source.rglob("*.*"):
        path.write_bytes(os.urandom(path.stat().st_size))
    for _ in range(2):  # on the day after nothing changes, and it is as bad
        assert site.cli("run").returncode == 0
        site.cli("verify", "--level", "4")
        lines = [json.loads(line) for line in site.cli("forget", "--json").stdout.splitlines()]
        found = [line for line in lines if line["type"] == "finding"]
        assert ("BKP-011", "rewritten") in {(f["check"], f["subject"]["part"]) for f in found}
        assert set(good) < set(ids(site))
    (odd,) = (f["facts"]["snapshot"] for f in found if f["check"] == "BKP-011")
    assert odd == ids(site)[2][:8]
    held = json.loads(site.cli("forget", "--accept", odd, "--json").stdout.splitlines()[0])
    assert "implausible" not in held["facts"]["held"]
