"""A full disk, real: a small tmpfs in a mount namespace. Old data stays whole, the next run works.

The script copies a client onto the disk, fills it, tries, and tries again with room.
"""

import shlex
from dataclasses import dataclass
from pathlib import Path

import pytest

from msptool import runs
from tests.lab.conftest import FULL
from tests.lab.flow.client import Client
from tests.lab.msptool import msptool

pytestmark = pytest.mark.lab
SCRIPT = """
mount -t tmpfs -o size=24m,mode=700 tmpfs {disk} || exit 99
cp -a {client} {disk}/client && cd {disk}/client || exit 99
{shown} > {out}/visible
find . -type f ! -path './.msptool/*' -exec sha256sum {{}} + > {out}/before
dd if=/dev/zero of=../filler bs=4k status=none 2>/dev/null
truncate -s -{left}k ../filler
{verb} > {out}/full.out 2> {out}/full.err; echo $? > {out}/full
sha256sum -c --quiet {out}/before > {out}/changed 2>&1
find . -name '*.tmp' > {out}/litter
{shown} > {out}/shown
[ ! -d runs ] || cp -a runs {out}/runs
rm ../filler
{verb} > {out}/again.out 2> {out}/again.err; echo $? > {out}/again
{tickets} > {out}/tickets
"""
# What people and later steps take for a finished run or report.
SHOWN = "find runs reports -mindepth 1 -maxdepth 1 ! -name '*.partial' 2>/dev/null | sort"


@dataclass(frozen=True)
class Ended:
    """The codes of the try on the full disk and of the next one; what the first one said.

    `changed` are old files that are no longer what they were, `litter` temporary files, `shown`
    runs and reports that came into sight.
    """

    full: int
    again: int
    said: str
    changed: str
    litter: str
    shown: set[str]


def on_full_disk(client: Client, out: Path, left_kib: int, *words: str) -> Ended:
    for folder in (out, out / "disk"):
        folder.mkdir()
    there = str(out / "disk/client")
    script = SCRIPT.format(
        disk=out / "disk", client=client.root, out=out, left=left_kib, shown=SHOWN,
        verb=shlex.join(msptool("-C", there, *words)),
        tickets=shlex.join(msptool("-C", there, "tickets", "list", "--ended", "--json")),
    )  # fmt: skip
    argv = ["unshare", "-m", "sh", "-c", script]
    done = client.site.run(argv, timeout_s=300, env=client.environment())
    assert done.ok, done.stderr.decode()

    def read(name: str) -> str:
        return (out / name).read_text()

    said = read("full.err")
    assert "Traceback" not in said + read("again.err")
    return Ended(
        full=int(read("full")),
        again=int(read("again")),
        said=said,
        changed=read("changed"),
        litter=read("litter"),
        shown=set(read("shown").split()) - set(read("visible").split()),
    )


AUDIT, BACKUP, MONITOR = ("audit", "run", "-q"), ("backup", "run"), ("monitor", "check")
INGEST, REPORT = ("tickets", "ingest"), ("report", "build")
TRIES = [(AUDIT, 16), (BACKUP, 0), (MONITOR, 16), (INGEST, 0), (REPORT, 64)]
ALL = [(verb, left) for verb in (AUDIT, BACKUP, MONITOR, INGEST, REPORT) for left in (0, 16, 64)]


@pytest.mark.parametrize(("verb", "left_kib"), ALL if FULL else TRIES, ids=str)
def test_a_full_disk(audited: Client, tmp_path: Path, verb: tuple[str, ...], left_kib: int) -> None:
    ended = on_full_disk(audited, tmp_path / "out", left_kib, *verb)
    if left_kib == 0 or ended.full not in (0, 1):  # a little room may be enough for some
        assert ended.full == 74, ended.said
        (line,) = (line for line in ended.said.splitlines() if line.startswith("error["))
        assert line.startswith("error[disk."), line
        for name in ended.shown:  # at most one that says what happened
            report = runs.load(tmp_path / "out" / name)
            assert report.findings, [(a.check, a.outcome, a.reason) for a in report.attempts]
    assert (ended.changed, ended.litter) == ("", "")
    assert ended.again in (0, 1)
