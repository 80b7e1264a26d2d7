"""Record what a restic says of repositories on servers: `record_remote.py RESTIC [sftp|rest]`.

As record.py, with a real sshd and rclone on 127.0.0.1; run it from the checkout's root.
"""

import os
import shutil
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3]))

from msptool import process
from msptool.backup.repository import repositories, restic
from msptool.backup.repository.restic import Access, Tool
from msptool.profile.shape import Repository, Rest, Sftp
from msptool.workspace import Workspace
from tests.cases.restic.record import PASSWORD, cut, files, flip, keep
from tests.lab.backup import servers
from tests.lab.backup.servers import Server

CHECK = ("check",)
OPEN = ("snapshots",)
# State: what is broken, and the verbs worth keeping.
STATES: dict[str, tuple[Callable[[Path], object], tuple[str, ...]]] = {
    "sound": (lambda repo: None, (*OPEN, *CHECK)),
    "missing": (shutil.rmtree, OPEN),
    "flipped-data": (lambda repo: flip(files(repo / "data")[-1]), CHECK),
    "cut-data": (lambda repo: cut(files(repo / "data")[-1]), CHECK),
    "lost-data": (lambda repo: files(repo / "data")[-1].unlink(), CHECK),
    "flipped-index": (lambda repo: flip(files(repo / "index")[0]), CHECK),
    "gone": (lambda repo: None, OPEN),
    "refused": (lambda repo: None, OPEN),
    "stranger": (lambda repo: None, OPEN),
    "killed": (lambda repo: None, CHECK),
}


class Bench:
    """A sound repository, and a place on each kind of server to harm copies of it."""

    def __init__(self, program: str) -> None:
        version = process.run([program, "version"], timeout_s=9).stdout
        self.tool = Tool(program, ".".join(map(str, restic.parse_version(version) or ())))
        self.root = Path(tempfile.mkdtemp())
        source = self.root / "source"
        source.mkdir()
        for number in range(40):
            (source / f"{number}.bin").write_bytes(os.urandom(600_000))
        for name, secret in (("pw", PASSWORD), ("word", "storage word"), ("wrong", "wrong")):
            (self.root / name).write_text(secret)
            (self.root / name).chmod(0o600)
        sound = self.access(Repository(password="file:pw", path="sound"))
        restic.call(sound, restic.argv(sound, "init"))
        restic.call(sound, restic.backup_argv(sound, [str(source)], [], ["job=files"]))

    def access(self, repository: Repository) -> Access:
        made = repositories.access(self.tool, Workspace(self.root), repository)
        return Access(made.tool, made.location, made.password, None, made.options)

    def at(self, kind: str, server: Server, state: str) -> Access:
        """`refused`: by the storage's own key or password; `stranger`: its proof of itself."""
        if kind == "sftp":
            identity = "host_key" if state == "refused" else "identity"
            known = "source/0.bin" if state == "stranger" else "known_hosts"
            place = Sftp(
                host="127.0.0.1", port=server.port, path=str(server.folder / "repo"),
                identity=identity, known_hosts=known,
            )  # fmt: skip
            return self.access(Repository(password="file:pw", sftp=place))
        scheme = "https" if state == "stranger" else "http"
        secret = "file:wrong" if state == "refused" else "file:word"
        rest = Rest(url=f"{scheme}://127.0.0.1:{server.port}/repo", user="bob", password=secret)
        return self.access(Repository(password="file:pw", rest=rest))

    def record(self, kind: str, state: str, verb: str) -> None:
        serve = servers.sshd(self.root) if kind == "sftp" else servers.rclone(
            self.root, user="bob", password="storage word"
        )  # fmt: skip
        break_it, _ = STATES[state]
        with serve as server:
            shutil.rmtree(server.folder / "repo", ignore_errors=True)
            shutil.copytree(self.root / "sound", server.folder / "repo")
            break_it(server.folder / "repo")
            access = self.at(kind, server, state)
            words = restic.argv(access, verb) if verb in OPEN else restic.check_argv(access, "1/1")
            if state == "gone":
                server.kill()
            timer = threading.Timer(3, server.kill)
            if state == "killed":
                words.insert(2, "--limit-download=4000")
                timer.start()
            done, outcome = restic.call(access, words, timeout_s=90)
            timer.cancel()
            case = f"{self.tool.version}-{kind}-{state}"
            keep(case, verb, done, outcome.verdict, self.root)
            print(case, verb, done.returncode, outcome.verdict, f"{done.seconds:.0f} s", flush=True)


if __name__ == "__main__":
    bench = Bench(sys.argv[1])
    for kind in sys.argv[2:] or ("sftp", "rest"):
        for state, (_, verbs) in STATES.items():
            for verb in verbs:
                bench.record(kind, state, verb)
    shutil.rmtree(bench.root)
