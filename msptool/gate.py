"""The gate: the only way to start anything that sends packets to a client's network.

Targets were planned by `audit/scope`; this is the second, independent look. It reads the
authorisation again and by other means (numbers, not `ip_network` sets), so that one mistake in
the plan sends nothing. Scanners get their targets from here alone, on stdin.
"""

import ipaddress
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from typing import IO
from zoneinfo import ZoneInfo

from msptool import clock, process
from msptool.errors import OutOfScope
from msptool.profile.shape import Scope
from msptool.signals import held

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True)
class Warrant:
    """What the client authorised, as ranges of numbers by IP version, and until which day there."""

    allowed: tuple[tuple[int, int, int], ...]
    denied: tuple[tuple[int, int, int], ...]
    expires: date | None
    named: bool
    zone: str

    @classmethod
    def of(cls, scope: Scope, zone: str) -> "Warrant":
        """Read the authorisation of a profile, whose days are those of the client's zone."""
        return cls(
            allowed=tuple(_range(text) for text in scope.networks),
            denied=tuple(_range(text) for text in scope.exclude),
            expires=scope.expires,
            named=bool(scope.authorised_by.strip()),
            zone=zone,
        )

    def covers(self, address: Address) -> bool:
        """Tell whether an address lies in an allowed range and in no denied one.

        Never one with an IPv4 address inside, which would leave as that address (RFC 4291,
        2.5.5), nor one with a zone: Python lets a zone hold any text, even a line break.
        """
        if address.version == 6 and (address.ipv4_mapped or address.scope_id):
            return False
        number = int(address)
        return _within(self.allowed, address.version, number) and not _within(
            self.denied, address.version, number
        )


def _range(text: str) -> tuple[int, int, int]:
    """Return (version, first, last) of "ADDRESS/BITS" or "ADDRESS"; refuse any other form."""
    address, slash, bits = text.partition("/")
    try:
        number = ipaddress.ip_address(address)
        free = number.max_prefixlen - (int(bits) if slash else number.max_prefixlen)
    except ValueError:
        free = -1
    if free < 0 or (slash and not bits.isdecimal()):
        raise OutOfScope(
            "scope.not-a-network",
            f"{text!r} is neither an address nor a network; nothing was sent",
            hint="scope.networks and scope.exclude in client.yaml",
        )
    first = int(number) >> free << free
    return number.version, first, first + (1 << free) - 1


def _within(ranges: tuple[tuple[int, int, int], ...], version: int, number: int) -> bool:
    return any(of == version and first <= number <= last for of, first, last in ranges)


def check(targets: Sequence[Address], warrant: Warrant, today: date) -> None:
    """Raise OutOfScope unless every target is covered by a named, unexpired authorisation."""
    _authorised(warrant, today)
    if not targets:
        raise OutOfScope("scope.empty", "no targets; nothing was sent", hint="scope.networks")
    for address in targets:
        if not warrant.covers(address):
            raise OutOfScope(
                "scope.outside",
                f"{address} is not in the authorised scope; nothing was sent",
                hint="add it to scope.networks only with the client's dated consent",
            )


def _authorised(warrant: Warrant, today: date) -> None:
    if not warrant.named or warrant.expires is None or today > warrant.expires:
        raise OutOfScope(
            "scope.unauthorised",
            "nobody authorises this scan today; it sent nothing",
            hint="scope.authorised_by and scope.expires in client.yaml",
        )


def scan(
    argv: Sequence[process.Word],
    targets: Sequence[Address],
    warrant: Warrant,
    *,
    timeout_s: float,
    payload: bytes = b"",
    on_line: Callable[[bytes], None] | None = None,
    on_data: Callable[[bytes], None] | None = None,
    on_start: Callable[[int], None] | None = None,
) -> process.Done:
    """Start a scanner on targets, after the second look: at the clock too, as a run that began on
    the last day must not send on the next.

    It reads stdin: one address a line and, if there is a payload, an empty line and the payload.
    Where we are killed, the kernel kills it (setpriv): nobody would hear it, and it would go on
    sending. `on_line` sees each line of stdout; `on_data` sees it piece by piece, and
    nothing of it is kept.
    """
    check(targets, warrant, _today(warrant))
    listed = "".join(f"{address}\n" for address in targets).encode()
    leash = [process.find("setpriv", package="util-linux"), "--pdeathsig", "KILL", "--"]
    return process.run(
        [*leash, *argv],
        stdin=listed + (b"\n" + payload if payload else b""),
        timeout_s=timeout_s,
        on_line=on_line,
        on_data=on_data,
        on_start=on_start,
        stop_with=signal.SIGTERM,
    )


def _today(warrant: Warrant) -> date:
    return clock.now().astimezone(ZoneInfo(warrant.zone)).date()


@contextmanager
def listening(
    argv: Sequence[str], warrant: Warrant, orders: bytes, into: IO[bytes]
) -> Iterator[process.Child]:
    """Run a listener, which sends nothing and so has no targets, while the body works.

    It reads one line of orders and ends with its stdin, so also where we are killed; what it
    says goes `into` a file. Raises OutOfScope where nobody authorises a look today.
    """
    _authorised(warrant, _today(warrant))
    reading, writing = os.pipe()
    with os.fdopen(writing, "wb", buffering=0) as ordering, held() as release:
        try:
            child = process.background(
                argv,
                stdin_fd=reading,
                stdout_fd=into.fileno(),
                stderr_fd=into.fileno(),
                env=process.environment(),
            )
        finally:
            os.close(reading)
        try:
            release()
            with suppress(BrokenPipeError):  # it ended already, and how it did tells why
                ordering.write(orders + b"\n")
            yield child
        finally:
            ordering.close()
            process.outlasts(child, clock.monotonic_s() + process.GRACE_S)
            process.stop(child)
