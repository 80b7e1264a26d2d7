"""Run as a unit: does what a day's round needs root for, then tries what it must not. Prints both.

argv: the workspace.
"""

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

WORKSPACE = Path(sys.argv[1])
QUIET = {"capture_output": True, "check": True, "timeout": 60}


def libraries() -> None:
    """Import what maps executable memory."""
    import ctypes

    import scapy.all
    from cryptography.hazmat.primitives import hashes

    assert scapy.all.IP
    assert ctypes.CFUNCTYPE(ctypes.c_int)(lambda: 3)() == 3
    hashes.Hash(hashes.SHA256()).finalize()


def packets() -> None:
    """Open a raw socket; scan loopback with SYN packets."""
    socket.socket(socket.AF_PACKET, socket.SOCK_RAW).close()
    subprocess.run(["nmap", "-n", "-sS", "-p", "1", "127.0.0.1"], **QUIET)  # type: ignore[call-overload]


def restore() -> None:
    """Back up a setgid folder of another owner and restore it as it was."""
    source, target = WORKSPACE / "source", WORKSPACE / "target"
    (source / "shared").mkdir(parents=True)
    (source / "shared/file").write_text("x")
    for path in (source / "shared/file", source / "shared"):
        os.chown(path, 1234, 1234)
    (source / "shared").chmod(0o2770)
    env = {**os.environ, "RESTIC_PASSWORD": "x", "RESTIC_REPOSITORY": str(WORKSPACE / "repo")}
    for words in (
        ["init"],
        ["backup", str(source)],
        ["restore", "latest", "--target", str(target)],
    ):
        subprocess.run(["restic", "--no-cache", *words], env=env, **QUIET)  # type: ignore[call-overload]
    told = (target / str(source).lstrip("/") / "shared").stat()
    assert (told.st_uid, told.st_gid, told.st_mode & 0o7777) == (1234, 1234, 0o2770), told


def sandbox() -> None:
    """Open the place of a test restore: without mounts, a closed folder, and it says so."""
    from msptool.backup.walls import sandbox

    with sandbox.opened(WORKSPACE / "sandbox") as box, box.target() as target:
        (target / "file").write_text("x")
        assert box.kind == "folder" and "Operation not permitted" in box.why, (box.kind, box.why)
    assert list((WORKSPACE / "sandbox").iterdir()) == []


def write_outside() -> None:
    """Write where nobody said we may."""
    Path("/usr/msptool-was-here").write_text("x")


def namespace() -> None:
    """Make a namespace, as a way out of the walls."""
    subprocess.run(["unshare", "-n", "true"], **QUIET)  # type: ignore[call-overload]


def cell() -> None:
    """Examine content apart from all else: the one thing that namespaces are for here."""
    from msptool.backup.probes import cell as cells
    from msptool.backup.probes.cell import Errand, Limits, Order, Shown

    (WORKSPACE / "tree").mkdir()
    (WORKSPACE / "scratch").mkdir()
    (WORKSPACE / "tree/torn.db").write_text("SQLite format 3\0" + "x" * 4000)
    (WORKSPACE / "tree/torn.db").chmod(0o600)
    os.chown(WORKSPACE / "tree/torn.db", 1234, 1234)
    errand = Errand(probe="sqlite", shown=(Shown("torn.db", "torn.db"),), limits=Limits())
    told = cells.run(Order(tree=str(WORKSPACE / "tree"), scratch=str(WORKSPACE / "scratch"),
                           budget_s=30, errands=(errand,)))  # fmt: skip
    assert told[0][0].verdict == "bad-content", told


def works(action: Callable[[], None]) -> str:
    """Return "yes", or why not."""
    try:
        action()
    except Exception as error:  # noqa: BLE001 - the answer of a wall
        return f"{type(error).__name__} {error} {getattr(error, 'stderr', b'')!r}"
    return "yes"


for step in (libraries, packets, restore, sandbox, cell, write_outside, namespace):
    print(f"{step.__name__}: {works(step)}", flush=True)
