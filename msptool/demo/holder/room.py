"""What a cell can do in its namespaces: configure the host, start, stop and read its programs."""

import os
import signal
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

from msptool.demo.holder import kernel

Message = dict[str, Any]
RUN = Path("/run")
_NESTED = ("-U", "--map-user=1000", "--map-group=1000")
_LOG_TAIL_BYTES = 2000


class Room:
    """One host."""

    def __init__(self) -> None:
        self._running: dict[str, int] = {}

    def do(self, message: Message) -> Message:
        """Carry out a message; raise OSError, KeyError or ValueError."""
        match message["do"]:
            case "enter":
                enter(message["hostname"])
            case "ip":
                batch(message["ip"], message["lines"])
            case "host":
                furnish(message)
            case "start":
                self.start(message["program"])
            case "stop":
                self.stop(message["name"])
            case "log":
                return {"text": log_tail(message["name"])}
            case unknown:
                raise ValueError(f"unknown message {unknown!r}")
        return {}

    def start(self, program: Message) -> None:
        """Start a program in its own folder, process group and log."""
        folder = RUN / program["name"]
        _furnish_folder(folder, program["files"], program["folders"])
        argv = [*_wrapper(program), *program["argv"]]
        pid = os.fork()
        if pid == 0:
            _become(argv, program["env"], folder)
        self._running[program["name"]] = pid

    def stop(self, name: str) -> None:
        """Stop a program and its children, at once; nothing if it is not running."""
        pid = self._running.pop(name, 0)
        if pid:
            with suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def enter(hostname: str) -> None:
    """Take network, host name and mounts of its own."""
    kernel.unshare(kernel.CLONE_NEWNET | kernel.CLONE_NEWUTS | kernel.CLONE_NEWNS)
    kernel.set_hostname(hostname)


def furnish(host: Message) -> None:
    """Give the host its addresses, and a file system in which it is someone else."""
    kernel.mount_tmpfs(str(RUN))
    for number, (target, text) in enumerate(host["binds"].items()):
        show(RUN / f".etc{number}", Path(target), text)
    address(host)


def address(host: Message) -> None:
    """Configure eth0: answers as the plan says, no autoconfiguration, no waiting for DAD."""
    kernel.sysctl("ipv4/ip_unprivileged_port_start", 0)
    kernel.sysctl("ipv4/icmp_echo_ignore_all", int(host["drops_ping"]))
    kernel.sysctl("ipv6/icmp/echo_ignore_all", int(host["drops_ping"]))
    kernel.sysctl("ipv6/conf/eth0/accept_dad", 0)
    kernel.sysctl("ipv6/conf/eth0/accept_ra", 0)
    kernel.sysctl("ipv6/conf/eth0/disable_ipv6", int(not host["v6"]))
    batch(host["ip"], host["lines"])


def show(source: Path, target: Path, text: str) -> None:
    """Let a file of this machine read as `text` in these mounts, if it is there at all."""
    if target.exists():
        source.write_text(text, encoding="utf-8")
        kernel.mount_bind(str(source), str(target))


def batch(ip: str, lines: Sequence[str]) -> None:
    """Run iproute2 on a list of commands; raise OSError with its complaint."""
    with os.fdopen(os.memfd_create("ip"), "w+") as told, os.fdopen(os.memfd_create("x")) as said:
        told.write("\n".join((*lines, "")))
        told.flush()
        told.seek(0)
        pid = os.fork()
        if pid == 0:
            _run_batch(ip, told.fileno(), said.fileno())
        _, status = os.waitpid(pid, 0)
        said.seek(0)
        if status != 0:
            raise OSError(said.read().strip() or f"{ip} failed")


def log_tail(name: str) -> str:
    """Return the end of a program's log."""
    path = RUN / name / "log"
    data = path.read_bytes() if path.exists() else b""
    return data[-_LOG_TAIL_BYTES:].decode(errors="replace")


def _run_batch(ip: str, stdin: int, stderr: int) -> NoReturn:
    try:
        os.dup2(stdin, 0)
        os.dup2(stderr, 1)
        os.dup2(stderr, 2)
        os.execv(ip, [ip, "-batch", "-"])  # noqa: S606 - an argv list, no shell wanted
    finally:
        os._exit(127)


def _furnish_folder(folder: Path, files: Mapping[str, str], folders: Sequence[str]) -> None:
    for name in ("", *folders):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        path.chmod(0o600 if "key" in name else 0o644)


def _wrapper(program: Message) -> tuple[str, ...]:
    return (program["unshare"], *_NESTED) if program["nested"] else ()


def _become(argv: list[str], env: dict[str, str], folder: Path) -> NoReturn:
    """Turn this forked child into the program; its complaints go to its log."""
    try:
        os.setsid()
        log = os.open(folder / "log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        nothing = os.open(os.devnull, os.O_RDONLY)
        for source, handle in ((nothing, 0), (log, 1), (log, 2)):
            os.dup2(source, handle)
        os.chdir(folder)
        os.execve(argv[0], argv, env)  # noqa: S606 - an argv list, no shell wanted
    except OSError as error:
        os.write(2, f"{argv[0]}: {error}\n".encode())
    finally:
        os._exit(127)
