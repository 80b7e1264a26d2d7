"""A UDP line to one agent: a connected socket, so that the kernel takes no other's answer."""

import asyncio
import contextlib
import errno
import socket
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from msptool.audit.snmp import ber
from msptool.audit.snmp.engine import Pace, Silent

T = TypeVar("T")
_AT_ONCE = 16  # datagrams read before others have their turn
_BIGGEST = 65_535
_NO_WAY = frozenset({errno.ENETUNREACH, errno.EHOSTUNREACH, errno.EADDRNOTAVAIL})


class Ignored(Exception):  # noqa: N818 - a datagram that is not ours to take
    """Something came that is no answer; its word is one of engine.Silent."""


class Line:
    """Asks and waits. `pace` gives the turn to send. Raises Silent where no way leads there."""

    def __init__(self, address: str, port: int, pace: Pace) -> None:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        self._socket = socket.socket(family, socket.SOCK_DGRAM)
        try:
            self._socket.setblocking(False)
            self._socket.connect((address, port))
        except OSError as error:
            self._socket.close()
            if error.errno in _NO_WAY:
                raise Silent("closed") from error
            raise
        self._pace = pace
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._socket, self._readable)
        self._waiting: asyncio.Future[Any] | None = None
        self._accept: Callable[[bytes], Any] = bytes
        self._noise = ""
        self._heard = False

    def close(self) -> None:
        """Close the socket; safe to call again."""
        if self._socket.fileno() >= 0:
            self._loop.remove_reader(self._socket)
            self._socket.close()

    async def exchange(
        self, datagram: bytes, waits_s: Sequence[float], accept: Callable[[bytes], T]
    ) -> T:
        """Send, and send again, until `accept` takes an answer; what it raises is raised, but
        Ignored and Malformed are noise. Raises Silent.
        """
        self._accept = accept
        self._noise = ""
        for wait_s in waits_s:
            await self._pace.turn()
            waiting = self._waiting = self._loop.create_future()
            timer = self._loop.call_later(wait_s, _end, waiting)
            try:
                with contextlib.suppress(OSError):  # unreachable just now, or a full buffer
                    self._socket.send(datagram)
                if await waiting:
                    found: T = waiting.result()[0]
                    return found
            finally:
                timer.cancel()
                self._waiting = None
            if self._noise == "closed":
                break
        raise Silent(self._noise)

    def _readable(self) -> None:
        for _ in range(_AT_ONCE):
            try:
                datagram = self._socket.recv(_BIGGEST)
            except BlockingIOError:
                return
            except OSError:
                self._unreachable()
                return
            self._take(datagram)

    def _take(self, datagram: bytes) -> None:
        waiting = self._waiting
        if waiting is None or waiting.done():
            return
        try:
            waiting.set_result((self._accept(datagram),))
            self._heard = True
        except ber.Malformed:
            self._noise = "garbled"
        except Ignored as why:
            self._noise = str(why)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is the asker's to see
            self._heard = True
            waiting.set_exception(error)

    def _unreachable(self) -> None:
        """Nobody listens there; of one that we have heard this may pass."""
        if not self._heard and self._waiting is not None and not self._waiting.done():
            self._noise = "closed"
            self._waiting.set_result(None)


def _end(waiting: "asyncio.Future[Any]") -> None:
    if not waiting.done():
        waiting.set_result(None)
