"""Services and names at once: while our own grab still waits for hosts that stall or drip, nmap
asks what stayed unnamed of all others. So one such host costs nobody else anything.
"""

import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from msptool import clock, process
from msptool.audit import services, unnamed
from msptool.audit.journal import Journal
from msptool.audit.mission import Mission, Watch, first
from msptool.signals import held

LOOK_EVERY_S = 0.2
# nmap is asked when so many hosts are done, and when nobody else was for a while: each start of it
# takes a second.
MOST, QUIET_S = 0.8, 0.5


class Stopped(Exception):
    """Whoever waited for work aside was stopped: nothing is to be made of how it ends."""


@dataclass
class Aside:
    """Work in a thread of its own, whose programs end with whoever waits for it.

    It runs one program at a time, under the watch that it is given.
    """

    work: Callable[[Watch], None]
    _stopped: bool = False
    _error: BaseException | None = None
    _groups: list[int] = field(default_factory=list)
    _thread: threading.Thread | None = None

    def __enter__(self) -> "Aside":
        """Begin."""
        self._thread = threading.Thread(target=self._run)
        self._thread.start()
        return self

    def _run(self) -> None:
        try:
            self.work(Watch(self._began, self._ended))
        except BaseException as error:  # noqa: BLE001 - raised where it is waited for
            self._error = error

    def _began(self, group: int) -> None:
        self._groups.append(group)
        if self._stopped:  # between two programs: nobody knew of this one
            raise Stopped

    def _ended(self) -> None:
        """A program that was stopped has not failed: of the hosts it was at nothing is known."""
        self._groups.clear()
        if self._stopped:
            raise Stopped

    @property
    def goes_on(self) -> bool:
        """Whether it is still at work."""
        return self._thread is not None and self._thread.is_alive()

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Wait for its end; where we are stopped, its programs are, too."""
        try:
            if kind is None:
                self._join()
        except BaseException:
            self._stop()
            raise
        if kind is not None:
            self._stop()
        elif self._error is not None:
            raise self._error

    def _stop(self) -> None:
        """Stop it, and be interrupted no more until it has ended: its journal is closed next."""
        with held():
            self._stopped = True
            for group in tuple(self._groups) if self.goes_on else ():
                process.stop_group(group)
            self._join()

    def _join(self) -> None:
        if self._thread is not None:
            self._thread.join()


def ask(
    mission: Mission,
    named: Journal,
    grabbed: Journal,
    ports: Mapping[str, Sequence[int]],
    spare: Collection[str],
) -> None:
    """Grab what every host says, and have nmap ask what stays unnamed, as hosts are done."""
    hosts = services.to_grab(ports)
    troubles: list[str] = []

    def grab(watch: Watch) -> None:
        if not grabbed.ended:
            services.grab(mission, grabbed, ports, spare=spare, watch=watch)

    asked: set[str] = set()
    count, since_s = 0, clock.monotonic_s()
    with Aside(grab) as aside:
        while aside.goes_on:
            time.sleep(LOOK_EVERY_S)
            if len(grabbed.done) != count:
                count, since_s = len(grabbed.done), clock.monotonic_s()
            fresh = set(grabbed.done) - asked
            is_quiet = clock.monotonic_s() - since_s > QUIET_S
            if fresh and is_quiet and count >= MOST * len(hosts):
                troubles.append(_name(mission, grabbed, named, ports, spare, fresh, slow=False))
                asked |= fresh
    rest = set(hosts) - asked
    troubles.append(_name(mission, grabbed, named, ports, spare, rest, slow=False))
    troubles.append(_name(mission, grabbed, named, ports, spare, hosts, slow=True))
    named.end(first(troubles))


def _name(  # noqa: PLR0917
    mission: Mission,
    grabbed: Journal,
    named: Journal,
    ports: Mapping[str, Sequence[int]],
    spare: Collection[str],
    hosts: Collection[str],
    *,
    slow: bool,
) -> str:
    some = {address: ports[address] for address in ports if address in hosts}
    said = (
        fact
        for unit in chain(grabbed.units(), mission.logbook.stage("udp").units())
        if unit.unit in some
        for fact in unit.facts
    )
    return unnamed.ask(mission, named, some, said, spared=spare, slow=slow)
