"""Signed proofs by other means than ours: openssl, git, kills, a full disk, thousands of them."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from msptool.backup.evidence import bundle, chain, check, key
from msptool.workspace import Workspace
from tests.lab.core.test_files import inside
from tests.lab.machine import program
from tests.lab.msptool import msptool
from tests.unit.backup.evidence import chains
from tests.unit.backup.evidence.chains import kinds

pytestmark = pytest.mark.lab
FULL = bool(os.environ.get("MSPTOOL_FULL"))


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    return chains.workspace(tmp_path / "acme")


def exported(place: Workspace, to: Path) -> tuple[Path, str]:
    """Export, and cut the script out of the README as its reader would; return the public key."""
    bundle.export(place, [], to)
    text = (to / "README.txt").read_text()
    (to / "check.sh").write_text(text.rpartition("check.sh\n--------\n")[2])
    (pem,) = (to / "evidence/public").iterdir()
    return to, str(pem)


def by_openssl(folder: Path, pem: str) -> tuple[int, list[str]]:
    program("openssl", "openssl")
    done = subprocess.run(
        ["/bin/sh", "check.sh", pem], cwd=folder, capture_output=True, text=True, timeout=120
    )
    return done.returncode, done.stdout.splitlines()


def test_a_third_party_needs_a_shell_and_openssl(place: Workspace, tmp_path: Path) -> None:
    heads = [chains.append(place, job, 3)[-1] for job in ("files", "база данных")]
    folder, pem = exported(place, tmp_path / "out")
    code, lines = by_openssl(folder, pem)
    assert code == 0, lines
    for head in heads:
        assert any(line.endswith(f"00000{head.sequence}.json {head.sha256}") for line in lines)


def test_openssl_agrees_with_us_on_what_was_done_to_a_proof(
    place: Workspace, tmp_path: Path
) -> None:
    chains.append(place, "files", 3)
    folder, pem = exported(place, tmp_path / "out")
    paths = sorted((folder / "evidence/files").rglob("*.json"))
    data = [path.read_bytes() for path in paths]
    draw = random.Random(4)
    start, end = data[1].index(b'"payload":"') + 11, data[1].index(b'","signatures"')
    for _ in range(60 if FULL else 12):
        at = draw.randrange(start, end)
        other = draw.choice([c for c in b"ABCDwxyz0189" if c != data[1][at]])
        paths[1].write_bytes(data[1][:at] + bytes([other]) + data[1][at + 1 :])
        assert by_openssl(folder, pem)[0] == 1
    paths[1].write_bytes(data[2])
    paths[2].write_bytes(data[1])
    assert "NOT NEXT" in "".join(by_openssl(folder, pem)[1])
    paths[1].unlink()
    paths[2].write_bytes(data[2])
    assert by_openssl(folder, pem)[0] == 1
    foreign = chains.workspace(tmp_path / "other")
    chains.append(foreign)
    stranger = tmp_path / "stranger.pem"
    public = key.public_key(foreign)
    assert public is not None
    stranger.write_bytes(key.pem(public))
    paths[1].write_bytes(data[1])
    assert by_openssl(folder, pem)[0] == 0
    assert by_openssl(folder, str(stranger))[0] == 1


def test_the_key_is_one_that_openssl_reads(place: Workspace) -> None:
    (head,) = chains.append(place)
    openssl = program("openssl", "openssl")
    private = str(place.root / key.PRIVATE)
    der = subprocess.run(
        [openssl, "pkey", "-in", private, "-pubout", "-outform", "DER"],
        capture_output=True, check=True, timeout=30,
    ).stdout  # fmt: skip
    assert key.keyid(der[-32:]) == head.keyid


WRITER = """
import sys
from pathlib import Path
from msptool.backup.evidence import chain
from msptool.workspace import Workspace
from tests.unit.backup.evidence import chains
place = Workspace(Path(sys.argv[1]))
print("ready", flush=True)
while True:
    print(chain.append(place, chains.predicate()), flush=True)
"""


def _writer(place: Workspace) -> subprocess.Popen[bytes]:
    argv = [sys.executable, "-c", WRITER, str(place.root)]
    root = Path(__file__).resolve().parents[3]
    made = subprocess.Popen(argv, stdout=subprocess.PIPE, cwd=root)
    assert made.stdout is not None and made.stdout.readline() == b"ready\n"
    return made


def _killed(writer: subprocess.Popen[bytes]) -> list[str]:
    """Kill a writer; return the heads that it acknowledged."""
    assert writer.stdout is not None
    writer.send_signal(signal.SIGKILL)
    said = writer.stdout.read().decode().split("\n")[:-1]
    writer.wait()
    writer.stdout.close()
    return said


def test_kill_9_loses_no_proof_that_was_acknowledged(place: Workspace) -> None:
    """Every other one before its first: then it may be at work on the key."""
    draw, heads = random.Random(6), []
    for number in range(50 if FULL else 8):
        writer = _writer(place)
        if number % 2 and writer.stdout is not None:
            heads.append(writer.stdout.readline().decode().strip())
        time.sleep(draw.uniform(0, 0.15))
        heads += _killed(writer)
    known = [chain.parse_head(head) for head in heads]
    checked = check.verify(bundle.read_workspace(place, with_materials=False), (), known)
    assert checked.intact, checked.faults[:3]
    (one,) = checked.chains
    assert len(one.files) == one.last


def test_two_writers_at_once_make_one_chain(place: Workspace) -> None:
    """From the first moment on: they also make the key at once."""
    writers = [_writer(place) for _ in range(3)]
    time.sleep(1.5)
    known = [chain.parse_head(head) for writer in writers for head in _killed(writer)]
    checked = check.verify(bundle.read_workspace(place, with_materials=False), (), known)
    assert checked.intact, checked.faults[:3]
    assert len(checked.chains) == 1 and len(checked.keys) == 1
    assert len({head.sequence for head in known}) == len(known) > 3


# Inside: a disk of 256 KiB, filled by proofs, then freed.
FULL_DISK = """
import os, sys
from pathlib import Path
from msptool.backup.evidence import bundle, chain, check
from msptool.errors import DiskError
from msptool.workspace import Workspace
from tests.unit.backup.evidence import chains
root = Path(sys.argv[1])
(root / "client.yaml").write_text("")
(root / "filler").write_bytes(b"x" * 65536)
place, told = Workspace(root), []
try:
    while True:
        told.append(chain.append(place, chains.predicate(detail="x" * 3000)))
except DiskError as error:
    assert error.exit == 74, error
assert len(told) > 5, len(told)
assert chain.head(place, "files") == told[-1]
(root / "filler").unlink()
told.append(chain.append(place, chains.predicate()))
found = bundle.read_workspace(place, with_materials=False)
checked = check.verify(found, (), told)
assert checked.intact, checked.faults
assert not [item for item in found if item.name.endswith(".tmp")]
assert told[-1].sequence == len(told)
"""


def test_a_full_disk_keeps_the_chain_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).resolve().parents[3]))
    mount = f"mount -t tmpfs -o size=256k,mode=700 none {disk} && "
    inside(FULL_DISK.replace("'", '"'), str(disk), mount=mount)


def test_ten_thousand_proofs_are_checked_in_seconds(place: Workspace) -> None:
    count = 10_000
    chains.long(place, count - 1)
    chain.append(place, chains.predicate())
    head = chain.head(place, "files")
    assert head is not None
    began = time.process_time()
    items = bundle.read_workspace(place, with_materials=False)
    checked = check.verify(items, [head.keyid], [head])
    spent_s = time.process_time() - began
    assert checked.intact and checked.chains[0].held == count
    assert spent_s < count / 1000, f"{spent_s:.1f} s of CPU for {count} proofs"


def git(root: Path, *words: str) -> str:
    env = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "core.autocrlf=true"]
    argv = [program("git", "git"), "-C", str(root), *identity, *words]
    return subprocess.run(
        argv, capture_output=True, text=True, timeout=60, check=True, env=env
    ).stdout


def test_proofs_of_two_laptops_meet_in_git_without_their_keys(tmp_path: Path) -> None:
    """Also where git turns line ends, and where somebody's .gitignore forgot the secrets."""
    from msptool.profile import draft
    from msptool.profile.shape import Client

    text = draft.text(Client(code="ACME", name="Acme"), "basic")
    one = draft.found(tmp_path / "one", text)
    (one.root / ".gitignore").write_text("/.msptool/\n")
    git(one.root, "init", "-q", "-b", "main")
    heads = chains.append(one, "files", 2)[-1:]
    git(one.root, "add", "-A")
    git(one.root, "commit", "-qm", "one")
    git(tmp_path, "clone", "-q", str(one.root), "two")
    two = Workspace(tmp_path / "two")
    heads += chains.append(two, "files", 2)[-1:]
    git(two.root, "add", "-A")
    git(two.root, "commit", "-qm", "two")
    heads += chains.append(one, "files", 1)[-1:]
    git(one.root, "add", "-A")
    git(one.root, "commit", "-qm", "one again")
    git(two.root, "pull", "-q", "--no-rebase", "--no-edit", "origin", "main")
    checked = check.verify(bundle.read_workspace(two, with_materials=False), (), heads)
    assert checked.intact, checked.faults
    assert sorted(one.last for one in checked.chains) == [2, 3]
    assert not [name for name in git(two.root, "ls-files").split() if name.startswith("secrets/")]


def test_the_command_itself(place: Workspace, tmp_path: Path) -> None:
    head = chains.append(place, "files", 3)[-1]
    out = tmp_path / "proof"

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        argv = [*msptool("backup", "evidence"), *words]
        return subprocess.run(argv, capture_output=True, text=True, timeout=60, cwd=tmp_path)

    made = run("export", str(out), "-C", str(place.root))
    assert made.returncode == 0, made.stderr
    sure = "verify", "proof", "--key", head.keyid, "--head", str(head)
    done = run(*sure)
    assert (done.returncode, "NOT" in done.stdout) == (0, False), done
    last = max((out / "evidence/files").rglob("*.json"))
    shutil.move(last, tmp_path / "cut")
    assert run("verify", "proof").returncode == 0
    done = run(*sure)
    assert done.returncode == 1 and "the end was cut off" in done.stdout
    private = (place.root / key.PRIVATE).read_bytes().splitlines()[1]
    assert not [p for p in out.rglob("*") if p.is_file() and private in p.read_bytes()]
    assert kinds(check.verify(bundle.read(out), (), [head])) == {"cut"}
