"""A program that is asked once, and held open while something else is done with its answer."""

import os
import selectors
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from msptool import clock, process
from msptool.process import Child, Done, Word

_LIMIT_BYTES = 64 << 20


@dataclass(frozen=True)
class Answer:
    """What a program said up to the line that was waited for; `done` if that never came."""

    stdout: bytes
    done: Done | None = None


@contextmanager
def asked(
    argv: Sequence[Word],
    script: bytes,
    *,
    until: bytes,
    timeout_s: float,
    env: Mapping[str, Word] | None = None,
) -> Iterator[Answer]:
    """Start a program, write a script to it, and yield what it said before the line `until`.

    Its input is not ended, so it waits, and is stopped with its group when the body is left. It
    has timeout_s seconds to answer; the script must fit into a pipe (64 KiB). Raises ToolMissing.
    """
    deadline = clock.monotonic_s() + timeout_s
    reading, writing = os.pipe()
    try:
        os.write(writing, script)
        with process.started(argv, reading, env=env) as child:
            yield _answer(child, until, deadline, process.secrets_of(argv, env))
    finally:
        os.close(reading)
        os.close(writing)


def _answer(child: Child, until: bytes, deadline: float, secrets: Sequence[str]) -> Answer:
    said, complaints = bytearray(), bytearray()
    end = b"\n" + until + b"\n"
    with selectors.DefaultSelector() as selector:
        selector.register(process.opened(child.stdout), selectors.EVENT_READ, said)
        selector.register(process.opened(child.stderr), selectors.EVENT_READ, complaints)
        while selector.get_map() and len(said) + len(complaints) < _LIMIT_BYTES:
            left_s = deadline - clock.monotonic_s()
            for key, _ in selector.select(max(0.0, left_s)):
                data = os.read(key.fd, 1 << 16)
                key.data.extend(data)
                if not data:
                    selector.unregister(key.fileobj)
            if (b"\n" + said[-len(end) :]).endswith(end):
                return Answer(bytes(said[: -len(until) - 1]))
            if left_s <= 0:
                break
    late = process.outlasts(child, deadline)
    process.stop(child)
    told = process.redact(bytes(complaints), secrets)
    return Answer(bytes(said), Done((), child.returncode, bytes(said), told, 0.0, timed_out=late))
