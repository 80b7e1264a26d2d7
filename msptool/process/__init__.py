"""The one gateway to other programs.

Argv lists, never a shell; absolute paths; a process group of its own, stopped whole when we are;
time and size limits; secrets by file descriptor, so that they stand in no argv, environment or
file. Nothing else in msptool starts a process (the linter holds that).
"""

import os
import selectors
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TypeAlias

from msptool import clock
from msptool.errors import ToolMissing
from msptool.signals import held

GRACE_S = 3.0
LIMIT_BYTES = 256 * 1024 * 1024
# What a child may see of our environment: nothing that steers an interpreter or a linker.
_PASSED_ENV = ("PATH", "HOME", "TMPDIR", "USER", "LOGNAME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR")


@dataclass(frozen=True)
class SecretFile:
    """A secret that the child reads as a file: stands in argv, becomes `/dev/fd/N`."""

    text: str = field(repr=False)


Word: TypeAlias = str | SecretFile
Child: TypeAlias = "subprocess.Popen[bytes]"


@dataclass(frozen=True)
class Done:
    """How a program ended. `cut` says that its output passed the limit and it was stopped."""

    argv: tuple[str, ...]
    returncode: int
    stdout: bytes
    stderr: bytes
    seconds: float
    timed_out: bool = False
    cut: bool = False

    @property
    def ok(self) -> bool:
        """Whether it ran to its end and said 0."""
        return self.returncode == 0 and not self.timed_out and not self.cut

    def complaint(self) -> str:
        """Return the last line of stderr, for a message."""
        lines = self.stderr.decode(errors="replace").strip().splitlines()
        return lines[-1][:300] if lines else f"exit code {self.returncode}"


def find(tool: str, *, package: str = "") -> str:
    """Return a tool's absolute path; relative entries of PATH are not looked at."""
    folders = [f for f in os.get_exec_path() if Path(f).is_absolute()]
    found = shutil.which(tool, path=os.pathsep.join([*folders, "/usr/sbin", "/sbin"]))
    if found is None:
        raise ToolMissing(
            "tool.missing",
            f"{tool} is not installed",
            hint=f"apt install {package or tool}; then: msptool doctor",
        )
    return found


def run(
    argv: Sequence[Word],
    *,
    timeout_s: float,
    stdin: bytes = b"",
    env: Mapping[str, Word] | None = None,
    cwd: Path | None = None,
    limit_bytes: int = LIMIT_BYTES,
    on_line: Callable[[bytes], None] | None = None,
    on_data: Callable[[bytes], None] | None = None,
    on_start: Callable[[int], None] | None = None,
    give_up: Callable[[bytes], bool] | None = None,
    stop_with: signal.Signals = signal.SIGTERM,
    blank_secrets: bool = True,
) -> Done:
    """Run a program to its end; wait at most timeout_s seconds.

    Secrets are blanked in stderr, unless the caller must read its words first: a password may be
    one of them ("wrong").

    `on_start` sees the pid at once, `on_line` each line of stdout as it comes; `on_data` sees
    stdout piece by piece, of any length, and nothing of it is kept. `give_up` sees each
    piece of stderr; where it says True, the time of the program is up (`timed_out`). However we
    leave, the program and its children are gone: `stop_with` first, SIGKILL after GRACE_S. Raises
    ToolMissing if argv[0] cannot be started.
    """
    started = clock.monotonic_s()
    secrets = secrets_of(argv, env)
    with memory_file(stdin) as given, handed(argv, env) as given_words, held() as release:
        child = start(given_words, given, cwd=cwd)
        try:
            if on_start is not None:
                on_start(child.pid)
            release()
            pump = _Pump(child, limit_bytes, on_line, on_data, give_up)
            timed_out = pump.until(started + timeout_s)
        finally:
            stop(child, stop_with)
    return Done(
        argv=tuple(given_words.argv),
        returncode=child.returncode,
        stdout=bytes(pump.stdout),
        stderr=redact(bytes(pump.stderr), secrets) if blank_secrets else bytes(pump.stderr),
        seconds=clock.monotonic_s() - started,
        timed_out=timed_out,
        cut=pump.cut,
    )


def foreground(argv: Sequence[str], *, env: Mapping[str, str] | None = None) -> int:
    """Run a program on our own terminal; return its code as a shell gives it (128 + signal)."""
    with held() as release:
        try:
            child = subprocess.Popen(list(argv), env=None if env is None else dict(env))
        except OSError as error:
            raise _cannot_start(argv[0], error) from error
        return _outlived(child, release)


def _outlived(child: Child, release: Callable[[], None]) -> int:
    with child:
        while True:
            try:
                release()
                code = child.wait()
            except KeyboardInterrupt:  # the terminal sent it to the child too: wait for its answer
                continue
            except BaseException:  # we alone were told to stop: pass it on
                child.terminate()
                raise
            return code if code >= 0 else 128 - code


def background(
    argv: Sequence[str],
    *,
    stdin_fd: int,
    stdout_fd: int,
    stderr_fd: int,
    env: Mapping[str, str] | None = None,
) -> "subprocess.Popen[bytes]":
    """Start a program that outlives this call and ends with its stdin; the caller reaps it.

    Without `env` it sees our whole environment.
    """
    return subprocess.Popen(
        list(argv),
        stdin=stdin_fd,
        stdout=stdout_fd,
        stderr=stderr_fd,
        env=None if env is None else dict(env),
        process_group=0,
    )


def secrets_of(argv: Sequence[Word], env: Mapping[str, Word] | None = None) -> list[str]:
    """Return the secrets that a program is handed, to blank them in what it says."""
    given = [*argv, *(env or {}).values()]
    return [word.text for word in given if isinstance(word, SecretFile)]


def redact(text: bytes, secrets: Sequence[str]) -> bytes:
    """Return text with every given secret blanked."""
    for secret in secrets:
        if secret.strip():
            text = text.replace(_bytes(secret.strip()), b"[redacted]")
    return text


def _bytes(secret: str) -> bytes:
    """Return a secret as the bytes it was read from, whatever they are."""
    return secret.encode(errors="surrogateescape")


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return what a child sees: the passed names, a fixed locale, and `extra`."""
    kept = {name: os.environ[name] for name in _PASSED_ENV if name in os.environ}
    return {**kept, "LC_ALL": "C.UTF-8", **(extra or {})}


@dataclass(frozen=True)
class Handed:
    """What a program starts with; each secret is an open file, named `/dev/fd/N`."""

    argv: list[str]
    env: dict[str, str]
    handles: list[int]


@contextmanager
def memory_file(data: bytes) -> Iterator[int]:
    """Yield a descriptor of a file that is nowhere on disk, for a program's standard input."""
    handle = os.memfd_create("msptool", os.MFD_CLOEXEC)
    try:
        os.fchmod(handle, 0o600)  # libpq reads a password from no other
        with os.fdopen(os.dup(handle), "wb") as file:
            file.write(data)
        os.lseek(handle, 0, os.SEEK_SET)
        yield handle
    finally:
        os.close(handle)


@contextmanager
def handed(argv: Sequence[Word], env: Mapping[str, Word] | None = None) -> Iterator[Handed]:
    """Yield what to start a program with; its secrets are open until the end."""
    handles: list[int] = []

    def plain(word: Word) -> str:
        if isinstance(word, str):
            return word
        with memory_file(_bytes(word.text)) as handle:
            handles.append(os.dup(handle))
        return f"/dev/fd/{handles[-1]}"

    try:
        words = [plain(word) for word in argv]
        extra = {name: plain(word) for name, word in (env or {}).items()}
        yield Handed(words, environment(extra), handles)
    finally:
        for handle in handles:
            os.close(handle)


@contextmanager
def started(
    argv: Sequence[Word], stdin: int, *, env: Mapping[str, Word] | None = None
) -> Iterator[Child]:
    """Yield a program that was started; it is stopped with its group however the body is left.

    Raises ToolMissing if it cannot be started.
    """
    with handed(argv, env) as given, held() as release:
        child = start(given, stdin)
        try:
            release()
            yield child
        finally:
            stop(child)


def start(given: Handed, stdin: int, *, cwd: Path | None = None, keep: Sequence[int] = ()) -> Child:
    """Start a program in a group of its own, for the caller to `stop` however it leaves.

    `keep`: descriptors of ours that it holds open too. Raises ToolMissing if it cannot be started.
    """
    try:
        return subprocess.Popen(
            given.argv,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            pass_fds=[*given.handles, *keep],
            env=given.env,
            cwd=cwd,
            process_group=0,
        )
    except OSError as error:
        raise _cannot_start(given.argv[0], error) from error


def _cannot_start(program: str, error: OSError) -> ToolMissing:
    return ToolMissing(
        "tool.missing", f"cannot start {program}: {error.strerror}", hint="msptool doctor"
    )


class _Pump:
    """Reads both pipes of a child until they end, a limit passes or the time runs out."""

    def __init__(
        self,
        child: "subprocess.Popen[bytes]",
        limit_bytes: int,
        on_line: Callable[[bytes], None] | None,
        on_data: Callable[[bytes], None] | None,
        give_up: Callable[[bytes], bool] | None,
    ) -> None:
        self.stdout = bytearray()
        self.stderr = bytearray()
        self.cut = self._given_up = False
        self._child = child
        self._limit_bytes = limit_bytes
        self._on_line = on_line
        self._on_data = on_data
        self._give_up = give_up
        self._line_start = self._looked_at = 0

    def until(self, deadline: float) -> bool:
        """Pump until the child closes its pipes and ends; return whether the time ran out."""
        with selectors.DefaultSelector() as selector:
            for pipe, buffer in (
                (self._child.stdout, self.stdout),
                (self._child.stderr, self.stderr),
            ):
                selector.register(opened(pipe), selectors.EVENT_READ, buffer)
            while selector.get_map() and not self.cut:
                left = deadline - clock.monotonic_s()
                if left <= 0:
                    return True
                for key, _ in selector.select(left):
                    self._take(selector, key)
                if self._given_up:
                    return True
        return not self.cut and outlasts(self._child, deadline)

    def _take(self, selector: selectors.BaseSelector, key: selectors.SelectorKey) -> None:
        data = os.read(key.fd, 65536)
        if not data:
            selector.unregister(key.fileobj)
        if key.data is self.stdout and self._on_data is not None:
            self._on_data(data)
            return
        key.data.extend(data)
        self.cut |= len(key.data) > self._limit_bytes
        if key.data is self.stdout and self._on_line is not None:
            self._tell_lines(self._on_line, ended=not data)
        if key.data is self.stderr and self._give_up is not None:
            self._given_up |= self._give_up(data)

    def _tell_lines(self, on_line: Callable[[bytes], None], *, ended: bool) -> None:
        while (end := self.stdout.find(b"\n", self._looked_at)) >= 0:
            on_line(bytes(self.stdout[self._line_start : end]))
            self._line_start = self._looked_at = end + 1
        self._looked_at = len(self.stdout)
        if ended and self._line_start < len(self.stdout):
            on_line(bytes(self.stdout[self._line_start :]))


def opened(pipe: IO[bytes] | None) -> IO[bytes]:
    """Return a pipe of a child that `start` made."""
    if pipe is None:
        raise RuntimeError("the child was started without this pipe")
    return pipe


def outlasts(child: Child, deadline: float) -> bool:
    """Wait for a child until a moment of the monotonic clock; tell whether it still runs then."""
    try:
        child.wait(max(0.0, deadline - clock.monotonic_s()))
    except subprocess.TimeoutExpired:
        return True
    return False


def stop(child: Child, stop_with: signal.Signals = signal.SIGTERM) -> None:
    """Leave nothing of the child's group behind, also when interrupted while waiting for it."""
    try:
        if child.poll() is None:
            _signal_group(child.pid, stop_with)
            with suppress(subprocess.TimeoutExpired):
                child.wait(GRACE_S)
    finally:
        _signal_group(child.pid, signal.SIGKILL)
        child.wait()
        for pipe in (child.stdout, child.stderr):
            if pipe is not None:
                pipe.close()


def stop_group(group: int) -> None:
    """Tell a program that another thread of ours waits for, and its children, to end."""
    _signal_group(group, signal.SIGTERM)


def _signal_group(group: int, which: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, which)
