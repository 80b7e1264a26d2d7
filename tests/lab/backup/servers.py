"""Real storage servers on 127.0.0.1, on high ports, gone with the block: sshd and rclone."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.lab.machine import program

_SSHD = """
Port {port}
ListenAddress 127.0.0.1
HostKey {root}/host_key
AuthorizedKeysFile {root}/authorized_keys
PidFile none
UsePAM no
StrictModes no
PasswordAuthentication no
KbdInteractiveAuthentication no
Subsystem sftp internal-sftp {flags}
"""
# As root sshd wants a folder of root's own in /run: a private one, nothing of the host's.
_PRIVATE_RUN = 'mount -t tmpfs tmpfs /run && mkdir -m 755 /run/sshd && exec "$@"'


@dataclass(frozen=True)
class Server:
    """A storage server: its port, its process, and where its files lie."""

    port: int
    child: "subprocess.Popen[bytes]"
    folder: Path

    def kill(self) -> None:
        """End it as a power cut would, with whatever serves a connection."""
        for process in self._all():
            with suppress(psutil.NoSuchProcess):
                process.kill()
        self.child.wait()

    def freeze(self) -> None:
        """Let it hold its connections and answer nothing."""
        for process in self._all():
            process.suspend()

    def _all(self) -> list[psutil.Process]:
        """sshd gives each connection a session of its own: no group holds them all."""
        with suppress(psutil.NoSuchProcess):
            first = psutil.Process(self.child.pid)
            return [first, *first.children(recursive=True)]
        return []


def free_port() -> int:
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        return int(made.getsockname()[1])


@contextmanager
def _served(
    argv: list[str], port: int, folder: Path, env: Mapping[str, str] | None = None
) -> Iterator[Server]:
    log = (folder.parent / f"server-{port}.log").open("wb")
    child = subprocess.Popen(
        argv, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
        env={**os.environ, **(env or {})},
    )  # fmt: skip
    server = Server(port, child, folder)
    try:
        _wait(server)
        yield server
    finally:
        server.kill()
        log.close()


def _wait(server: Server) -> None:
    deadline = time.monotonic() + 20
    while True:
        with suppress(OSError), socket.create_connection(("127.0.0.1", server.port), 1):
            return
        log = server.folder.parent / f"server-{server.port}.log"
        assert server.child.poll() is None and time.monotonic() < deadline, log.read_text()
        time.sleep(0.05)


def certificate(root: Path) -> Path:
    """Make a CA of our own and a server's certificate of it for 127.0.0.1; return the CA's."""
    made = [
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=ours"
        " -keyout ca.key -out ca.pem",
        "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=storage"
        " -keyout server.key -out server.csr",
        "x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2"
        " -extfile san -out server.pem",
    ]
    (root / "san").write_text("subjectAltName=IP:127.0.0.1\n")
    for line in made:
        argv = [program("openssl", "openssl"), *line.split()]
        subprocess.run(argv, cwd=root, check=True, capture_output=True)
    return root / "ca.pem"


def make_ssh_keys(root: Path) -> None:
    """Make `host_key`, the client's `identity` and what lets it in."""
    for name in ("host_key", "identity"):
        subprocess.run(
            [program("ssh-keygen", "openssh-client"), "-q", "-t", "ed25519", "-N", "", "-f",
             str(root / name)], check=True,
        )  # fmt: skip
    shutil.copy(root / "identity.pub", root / "authorized_keys")


@contextmanager
def sshd(root: Path, *, port: int = 0, read_only: bool = False) -> Iterator[Server]:
    """Serve SFTP; `identity` and `known_hosts` in `root` are the client's."""
    port = port or free_port()
    folder = root / "storage"
    folder.mkdir(exist_ok=True)
    if not (root / "host_key").exists():
        make_ssh_keys(root)
    kind, key = (root / "host_key.pub").read_text().split()[:2]
    (root / "known_hosts").write_text(f"[127.0.0.1]:{port} {kind} {key}\n")
    config = root / f"sshd-{port}.conf"
    config.write_text(_SSHD.format(port=port, root=root, flags="-R" if read_only else ""))
    argv = [program("sshd", "openssh-server"), "-D", "-e", "-f", str(config)]
    if os.geteuid() == 0:
        argv = ["unshare", "--mount", "--", "sh", "-c", _PRIVATE_RUN, "sh", *argv]
    with _served(argv, port, folder) as server:
        yield server


@contextmanager
def rclone(
    root: Path, *flags: str, port: int = 0, user: str = "", password: str = "", room: str = ""
) -> Iterator[Server]:
    """Serve restic's REST protocol; user and password stand in its environment only. `room`: the
    size of the disk that it has for itself.
    """
    port = port or free_port()
    folder = root / "rest"
    folder.mkdir(exist_ok=True)
    argv = [
        program("rclone", "rclone"), "serve", "restic", "--config", "", "--addr",
        f"127.0.0.1:{port}", *flags, str(folder),
    ]  # fmt: skip
    if room:
        mount = f'mount -t tmpfs -o size={room} tmpfs "{folder}" && exec "$@"'
        argv = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", mount, "sh", *argv]
    env = {"RCLONE_USER": user, "RCLONE_PASS": password} if user else {}
    with _served(argv, port, folder, env) as server:
        yield server
