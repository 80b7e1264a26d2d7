"""Ask open TCP ports, in few bytes, who they are. Never connects to a fragile port.

Orders: {"services": [[address, port, only_listen], …], "timeout_s", "host_limit_s", "parallel",
"host_pps", "all_pps" (0: as fast as it goes), "per_host", "one_by_one": [address, …]}. Hosts are
asked side by side, and of each `per_host` ports (1); of those that are to be spared one after the
other. Name all ports that are open, the fragile ones too: they tell which others are to be spared.
What is only listened to is asked at most in its own words, where these do nothing. Prints as it
comes {"address", "port", "said": {question: Latin-1}, "error", "met"}, and after a host's last
{"address", "done": true}. `msptool.audit.probes.read.tcp` makes facts of them.
"""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from msptool.audit.ports import SILENT, TLS_FIRST, untouchable
from msptool.audit.probes import http, opening, table, tls, wellknown
from msptool.audit.probes.probe import Probe, listening
from msptool.audit.workers import stdin
from msptool.audit.workers.call import Replies, call
from msptool.audit.workers.wire import Budget, Wire

_printing = threading.Lock()


# After so many ports in a row that took a connection and said nothing, a host is asked less: it is
# a trap, or a firewall that answers for it.
MUTE_IN_A_ROW = 6


@dataclass
class Line:
    """The way to one host: how fast, how long; how many of its last ports said nothing; which of
    them are only listened to.
    """

    host: str
    wire: Wire
    timeout_s: float
    mute: int = 0
    quiet: frozenset[int] = frozenset()
    lock: threading.Lock = field(default_factory=threading.Lock)

    def heard(self, *, said: bool) -> None:
        """Count the ports that said nothing one after the other, in the order they ended in."""
        with self.lock:
            self.mute = 0 if said else self.mute + 1

    def call(self, port: int, probe: Probe, *, tls: bool = False) -> Replies:
        """Hold one conversation."""
        return call(self.host, port, probe, self.wire, timeout_s=self.timeout_s, tls=tls)


def main() -> None:
    """Grab every ordered service of the targets that the gate let through."""
    targets, orders = stdin.read()
    by_host: dict[str, dict[int, bool]] = {target: {} for target in targets}
    for address, port, *quiet in orders["services"]:
        if address in by_host:
            by_host[address][port] = any(quiet)
    everyone = Budget(int(orders.get("all_pps", 0)))
    with ThreadPoolExecutor(max(1, int(orders["parallel"]))) as pool:
        for _ in pool.map(lambda host: _grab_host(host, by_host[host], orders, everyone), by_host):
            pass


def _grab_host(host: str, ports: dict[int, bool], orders: dict[str, Any], everyone: Budget) -> None:
    """Ask a host's ports, few at once: a small device has few connections to give."""
    end_s = time.monotonic() + float(orders.get("host_limit_s", 600))
    wire = Wire(Budget(int(orders.get("host_pps", 0))), everyone)
    quiet = frozenset(port for port, only_listen in ports.items() if only_listen)
    line = Line(host, wire, float(orders["timeout_s"]), quiet=quiet)
    spared = untouchable(ports)
    asked = [port for port in ports if port not in spared]
    careful = quiet or not spared.isdisjoint(ports) or host in orders.get("one_by_one", ())
    at_once = 1 if careful else max(1, int(orders.get("per_host", 1)))

    def ask(port: int) -> None:
        late = time.monotonic() > end_s
        heard = Replies(error="host-limit") if late else grab(line, port)
        _tell(address=host, port=port, said=_shown(heard), error=heard.error, met=heard.met)

    with ThreadPoolExecutor(at_once) as pool:
        for _ in pool.map(ask, asked):
            pass
    _tell(address=host, done=True)


def _tell(**record: Any) -> None:
    with _printing:
        stdin.tell(**record)


def _shown(heard: Replies) -> dict[str, str]:
    return {name: words.decode("latin-1") for name, words in heard.said.items()}


def grab(line: Line, port: int) -> Replies:
    """Return all that a port says: to its own question first, then to those for any."""
    heard = Replies()
    for more in _approaches(line, port, heard):
        heard.plus(more)
        if _knows(heard) or line.mute >= MUTE_IN_A_ROW:
            break
    line.heard(said=bool(heard.said))
    if port in line.quiet or (not heard.said and heard.error):
        return heard
    beside = table.beside(heard.said)
    if beside:
        heard.plus(line.call(port, beside))
    heard.plus(_own_question(line, port, heard))
    heard.plus(_pages(line, port, heard))
    return heard


def _approaches(line: Line, port: int, heard: Replies) -> Iterator[Replies]:
    """Yield one conversation after the other, at most four; a port that refuses gets no second."""
    own = (table.OF_SPARED if port in line.quiet else table.TCP).get(port)
    if port in SILENT or port in line.quiet:
        yield line.call(port, own or Probe("greeting", table.recognise, listening(opening.greeted)))
        return
    if port in TLS_FIRST:
        yield line.call(port, table.WRAPPED.get(port, http.PROBE), tls=True)
    elif own is not None:
        yield line.call(port, own)
        second = table.SECOND.get(port)
        if second and not heard.said and heard.error != "ConnectionRefusedError":
            yield line.call(port, second)
            return
    if heard.error in ("ConnectionRefusedError", "TimeoutError") and not heard.said:
        return
    if not opening.wants_tls(opening.told_by(heard.said)):
        page = own is not http.PROBE
        yield line.call(port, Probe("greeting", table.recognise, opening.hear(port, page=page)))
    if not heard.said:
        yield line.call(port, Probe("help", table.recognise, opening.call_for_help))
    shy = opening.wants_tls(opening.told_by(heard.said))
    if shy:  # what it said in clear was only that
        heard.said.clear()
    if port not in TLS_FIRST and not heard.said:
        yield line.call(port, table.WRAPPED.get(port, http.PROBE), tls=True)


def _knows(heard: Replies) -> bool:
    """Tell whether a question was answered in its own protocol, or a greeting names one."""
    if opening.wants_tls(opening.told_by(heard.said)) and "tls" not in heard.said:
        return False
    return any(
        name in table.PARSERS and table.PARSERS[name](words) for name, words in heard.said.items()
    )


def _own_question(line: Line, port: int, heard: Replies) -> Replies:
    """Ask a service on an unusual port in the protocol that it named."""
    named = table.recognise(opening.told_by(heard.said)).get("protocol", "")
    probe = table.BY_PROTOCOL.get(named)
    if probe is None or probe.name in heard.said:
        return Replies()
    return line.call(port, probe)


def _pages(line: Line, port: int, heard: Replies) -> Replies:
    """Follow a web page on the same host, once, and read what its maker keeps for all to see."""
    page = http.parse(heard.said.get("http", b""))
    more = Replies()
    if not page:
        return more
    shielded = "tls" in heard.said
    path = http.moved(page, line.host)
    if path:
        probe = Probe("http-moved", http.parse, wellknown.getting(path))
        more.plus(line.call(port, probe, tls=shielded))
        page = {**page, **http.parse(more.said.get("http-moved", b""))}
    certificate = tls.parse(heard.said.get("tls", b""))
    for known in wellknown.suggested(port, page, certificate):
        more.plus(line.call(port, known.probe(), tls=shielded))
    return more


if __name__ == "__main__":
    main()
