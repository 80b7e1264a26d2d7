"""Two programs with our own pump between them, so that what flows is hashed and never cut short.

A consumer that sees the end of its input takes what it got for the whole. So its input is ended
only when the producer is known to have ended with 0: not by closing (a kill -9 closes too), but by
`shutdown` on a socket whose sending end the consumer itself holds open as well. If the producer
fails or hangs, or we are killed, there is no end, and the consumer is stopped while it waits for
one. setpriv(1) has the kernel kill both when we are gone.
"""

import fcntl
import hashlib
import os
import selectors
import signal
import socket
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeAlias

from msptool import clock, process
from msptool.process import Child, Done, Word
from msptool.signals import held

CHUNK_BYTES = 1 << 18
SAID_BYTES = 4 << 20  # of what either says, the end is kept
_LOOK_EVERY_S = 0.05  # for the end of a producer that closed its output


Broke: TypeAlias = Literal["", "producer", "consumer", "time"]


@dataclass(frozen=True)
class Piped:
    """How both ended, and what flowed. `broke`: who was first to fail, "" if nobody was.

    The consumer saw an end of its input only if the producer had printed something and ended
    with 0 (`told`).
    """

    producer: Done
    consumer: Done
    broke: Broke
    told: bool
    sha256: str
    size_bytes: int

    @property
    def whole(self) -> bool:
        """Whether both ended with 0, and all that one gave the other had."""
        return not self.broke


def run(
    producer: Sequence[Word],
    consumer: Sequence[Word],
    *,
    timeout_s: float,
    producer_env: Mapping[str, Word] | None = None,
    consumer_env: Mapping[str, Word] | None = None,
    cwd: Path | None = None,
    on_bytes: Callable[[int], None] | None = None,
    on_line: Callable[[bytes], None] | None = None,
    on_start: Callable[[int], None] | None = None,
    give_up: Callable[[bytes], bool] | None = None,
) -> Piped:
    """Let a producer's output flow into a consumer for at most timeout_s seconds.

    `on_bytes` hears how much flowed, `on_line` each line of the consumer's output, `on_start` its
    pid; `cwd` is the producer's. Both groups are gone however we leave. The consumer's words are
    not blanked; `give_up` reads them as they come, and tells to stop as if time had run out.
    Raises ToolMissing if either cannot be started.
    """
    started_s = clock.monotonic_s()
    leash = [process.find("setpriv", package="util-linux"), "--pdeathsig", "KILL", "--"]
    sending, receiving = socket.socketpair()
    with (
        sending,
        receiving,
        process.handed([*leash, *producer], producer_env) as giving,
        process.handed([*leash, *consumer], consumer_env) as taking,
        held() as release,
    ):
        to = process.start(taking, receiving.fileno(), keep=[sending.fileno()])
        flow = None
        try:
            if on_start is not None:
                on_start(to.pid)
            receiving.close()
            flow = _Flow(_producer(giving, cwd), to, sending, on_line, give_up)
            flow.on_bytes = on_bytes
            release()
            broke = flow.until(started_s + timeout_s)
        finally:
            try:
                process.stop(to, signal.SIGINT)
            finally:
                if flow is not None:
                    process.stop(flow.producer)
    seconds = clock.monotonic_s() - started_s
    secrets = process.secrets_of(producer, producer_env)
    return Piped(
        producer=Done(
            tuple(giving.argv[len(leash) :]), flow.producer.returncode, b"",
            process.redact(bytes(flow.complaints.data), secrets), seconds, broke == "time",
        ),
        consumer=Done(
            tuple(taking.argv[len(leash) :]), to.returncode, bytes(flow.answers.data),
            bytes(flow.warnings.data), seconds, broke == "time",
        ),
        broke=broke,
        told=flow.told,
        sha256=flow.hashed.hexdigest(),
        size_bytes=flow.size_bytes,
    )  # fmt: skip


def _producer(giving: process.Handed, cwd: Path | None) -> Child:
    with open(os.devnull, "rb") as nothing:  # noqa: PTH123 - a device
        producer = process.start(giving, nothing.fileno(), cwd=cwd)
    with suppress(OSError):  # it only saves wake-ups
        fcntl.fcntl(process.opened(producer.stdout), fcntl.F_SETPIPE_SZ, CHUNK_BYTES)
    return producer


@dataclass
class _Said:
    """The end of what a program said, and its lines as they come."""

    on_line: Callable[[bytes], None] | None = None
    data: bytearray = field(default_factory=bytearray)
    _line: bytes = b""

    def add(self, more: bytes) -> None:
        self.data += more
        if len(self.data) > 2 * SAID_BYTES:
            del self.data[:-SAID_BYTES]
        if self.on_line is not None:
            *lines, self._line = (self._line + more).split(b"\n")
            for line in lines:
                self.on_line(line)


class _Flow:
    """The state of the pump: at most one chunk lies in it."""

    def __init__(
        self,
        producer: Child,
        consumer: Child,
        sending: socket.socket,
        on_line: Callable[[bytes], None] | None,
        give_up: Callable[[bytes], bool] | None,
    ) -> None:
        self.producer, self.consumer = producer, consumer
        self.hashed, self.size_bytes, self.told = hashlib.sha256(), 0, False
        self.complaints, self.answers, self.warnings = _Said(), _Said(on_line), _Said()
        self._sending = sending
        self.on_bytes: Callable[[int], None] | None = None
        self._give_up = give_up
        self._hopeless = False
        self._waiting = memoryview(b"")
        self._ended = False  # the producer closed its output
        self._listening = 2  # to this many pipes of the consumer

    def until(self, deadline: float) -> Broke:
        """Pump until the consumer ends or someone fails; return who was first to."""
        self._sending.setblocking(False)
        out = process.opened(self.producer.stdout)
        with selectors.DefaultSelector() as selector:
            selector.register(out, selectors.EVENT_READ)
            for pipe, said in (
                (self.producer.stderr, self.complaints),
                (self.consumer.stdout, self.answers),
                (self.consumer.stderr, self.warnings),
            ):
                selector.register(process.opened(pipe), selectors.EVENT_READ, said)
            while self._listening and not self._failed():
                left_s = deadline - clock.monotonic_s()
                if left_s <= 0 or self._hopeless:
                    return "time"
                closing = self._ended and not self.told
                for key, _ in selector.select(min(left_s, _LOOK_EVERY_S) if closing else left_s):
                    self._go_on(selector, key)
        if self._failed():
            return "producer"
        if process.outlasts(self.consumer, deadline):
            return "time"
        return "" if self.told and self.consumer.returncode == 0 else "consumer"

    def _failed(self) -> bool:
        """End the consumer's input once the producer ended well; tell whether it did not, which
        one that printed nothing did neither: some consumers take nothing for something.
        """
        if not self._ended or self.told or self._waiting:
            return False
        code = self.producer.poll()
        if code == 0 and self.size_bytes:
            with suppress(OSError):  # it is gone: its code tells why
                self._sending.shutdown(socket.SHUT_WR)
                self.told = True
        return code not in (None, 0) or (code == 0 and not self.size_bytes)

    def _go_on(self, selector: selectors.BaseSelector, key: selectors.SelectorKey) -> None:
        if isinstance(key.data, _Said):
            self._hear(selector, key, key.data)
        elif key.fileobj is self._sending:
            self._send(selector)
        else:
            self._take(selector)

    def _hear(
        self, selector: selectors.BaseSelector, key: selectors.SelectorKey, said: _Said
    ) -> None:
        data = os.read(key.fd, CHUNK_BYTES)
        said.add(data)
        if said is self.warnings and self._give_up is not None:
            self._hopeless = self._give_up(bytes(said.data))
        if not data:
            selector.unregister(key.fileobj)
            self._listening -= said is not self.complaints

    def _take(self, selector: selectors.BaseSelector) -> None:
        out = process.opened(self.producer.stdout)
        data = os.read(out.fileno(), CHUNK_BYTES)
        selector.unregister(out)
        if not data:
            self._ended = True
            return
        self.hashed.update(data)
        self.size_bytes += len(data)
        self._waiting = memoryview(data)
        selector.register(self._sending, selectors.EVENT_WRITE)
        if self.on_bytes is not None:
            self.on_bytes(len(data))

    def _send(self, selector: selectors.BaseSelector) -> None:
        try:
            self._waiting = self._waiting[self._sending.send(self._waiting) :]
        except BlockingIOError:
            return
        except OSError:  # the consumer is gone: nothing more to give, and its pipes will end
            selector.unregister(self._sending)
            return
        if not self._waiting:
            selector.unregister(self._sending)
            selector.register(process.opened(self.producer.stdout), selectors.EVENT_READ)
