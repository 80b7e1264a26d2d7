"""A disk that fills up under writers: `python -m tests.lab.tickets.crash.fulldisk MOUNT SEED`.

A script of its own, so that it can run where a small disk is mounted for it alone.
"""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from msptool.errors import DiskError
from msptool.tickets.acts import asking
from msptool.tickets.events import Comment
from tests.lab.tickets.crash import tally
from tests.lab.tickets.crash.herd import Herd
from tests.unit.tickets.site import Site

_CLIENT = "msptool: 1\nclient: {code: ACME, name: Acme}\n"
_ROOM_BYTES = 400 << 10


def main() -> None:
    """Fill it up, see what is kept and what is said, make room, and go on."""
    mount, seed = Path(sys.argv[1]), int(sys.argv[2])
    root, ballast = mount / "acme", mount / "ballast"
    root.mkdir(mode=0o700, exist_ok=True)
    (root / "client.yaml").write_text(_CLIENT)
    (root / "client.yaml").chmod(0o600)
    free = os.statvfs(mount)
    with ballast.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, free.f_bavail * free.f_frsize - _ROOM_BYTES)
    herd = Herd(root, seed, "")
    for _ in range(4):
        herd.fork()
    herd.listen(0.2, refused=4)
    herd.end()
    _check(root, herd)
    before = len(herd.acks)
    _fill(mount / "filler")
    _refuse_all(Site(root))
    (mount / "filler").unlink()
    ballast.unlink()
    for _ in range(4):
        herd.fork()
    herd.listen(0.2, acks=before + 20)
    herd.end()
    _check(root, herd)
    print(f"{before} acknowledged, then {herd.refused} refused, then {len(herd.acks) - before}")


def _check(root: Path, herd: Herd) -> None:
    found = tally.count(root, [(ident, eid) for ident, eid in herd.acks])
    assert not herd.died, herd.died
    assert found.acked and found.sound, found


def _fill(filler: Path) -> None:
    """Take every block that is left."""
    handle = os.open(filler, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for size in (65536, 4096, 512, 1):
        try:
            while True:
                os.write(handle, b"x" * size)
        except OSError:
            continue
    os.fsync(handle)
    os.close(handle)


def _refuse_all(site: Site) -> None:
    """Whatever one tries is refused clearly, and changes no file."""
    before = _files(site)
    ident = site.all()[0].id
    acts: tuple[Callable[[], object], ...] = (
        lambda: site.comment(ident, "x" * 100_000),
        lambda: site.act(asking.add, "a printer", text="x" * 100_000),
        lambda: _to_all(site),
    )
    for act in acts:
        try:
            act()
        except DiskError as error:
            assert error.exit == 74
        else:
            raise AssertionError("a full disk was not noticed")
        assert _files(site) == before
    words = ("tickets", "comment", ident, "x" * 100_000)
    argv = [sys.executable, "-m", "msptool", "-C", str(site.root), *words]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert done.returncode == 74, (done.returncode, done.stderr)
    assert "Traceback" not in done.stderr and "cannot write" in done.stderr, done.stderr
    assert _files(site) == before


def _to_all(site: Site) -> None:
    with site.desk() as held:
        found = [held.read(ticket.id) for ticket in site.all()[:20]]
        held.write({t.id: (Comment(**site.pen().mark(t.history), text="x" * 9000),) for t in found})


def _files(site: Site) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in site.workspace.tickets.rglob("*") if path.is_file()}


if __name__ == "__main__":
    main()
