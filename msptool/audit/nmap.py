"""nmap: which words we start it with (pure), and what its XML says (pure).

python-nmap reads the XML; it never starts nmap, since its `scan` splits the target like a shell.
A small reader beside it keeps what it drops: `tunnel=ssl`. Written for nmap 7.80 to 7.9x.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from msptool import process
from msptool.errors import ToolMissing

MINIMUM = (7, 80)
# Hosts that nmap looks at together; each group's are told when the whole of it is done.
GROUP = 64
HOST_BYTES = 4 * 1024 * 1024
# `nmap -sn` writes a bare <host>; before the first one there may be <hosthint>.
_HOST = re.compile(rb"<host[ >]")
_HOST_END = b"</host>"

# Rates per pace. `gentle` keeps to 40 packets a second to a host and 1,000 in all, with a margin
# for what is sent beside the probes: the kernel's reset after each open port (measured on the
# demo site, greatest second to one host: 26 ms gave 43, 29 ms gives 39; 560 to all).
# Where a whole group drops all it is sent, nmap by itself sends 10 packets a second, and gives the
# group up with what it found: so the others have a least rate, and `gentle` many probes under way.
# A least rate would break its manners, as it overrules the delay: 500 a second to the last 12
# hosts of a group were 74 to one; so are 588 to 64 silent hosts, and 36 to one.
_UNDER_WAY = (
    "--min-parallelism", "128", "--initial-rtt-timeout", "200ms", "--max-rtt-timeout", "300ms",
)  # fmt: skip
PACES: Mapping[str, tuple[str, ...]] = {
    "gentle": (
        "--scan-delay", "29ms", "--max-rate", "830", "--max-retries", "1", *_UNDER_WAY,
    ),
    "normal": (
        "-T4", "--min-rate", "500", "--max-rate", "3000", "--max-retries", "2",
        "--max-rtt-timeout", "300ms",
    ),
    "fast": ("-T4", "--max-retries", "1", "--max-rtt-timeout", "100ms", "--min-parallelism", "64"),
}  # fmt: skip
# The least packets a second that these come to, and how often a port is asked.
LEAST_PPS = {"gentle": 400, "normal": 500, "fast": 640}
TRIES = {"gentle": 2, "normal": 3, "fast": 2}
# Finding hosts behind a router: a host gets 21 probes and as many once more after a second, so no
# delay is needed for its sake; without a least rate nmap waits long for addresses nobody has: 50
# packets a second at -T4, more than an hour for 4,096 of them.
SEARCH_PACES: Mapping[str, tuple[str, ...]] = {
    **PACES,
    "gentle": ("--min-rate", "300", "--max-rate", "950", "--max-retries", "1"),
    "normal": (
        "-T4", "--min-rate", "1000", "--max-rate", "3000", "--max-retries", "2",
        "--max-rtt-timeout", "300ms",
    ),
}  # fmt: skip
# Before it asks, nmap connects to every port of the call, of each host also those that only another
# has open: with the questions that follow at once, `gentle` leaves eight of these a second.
NAME_PACES: Mapping[str, tuple[str, ...]] = {
    "gentle": ("--scan-delay", "120ms", "--max-retries", "1"), "normal": (), "fast": (),
}  # fmt: skip
# Ports that some client machine nearly always answers on, for networks behind a router.
PING_PORTS = "22,23,53,80,135,139,443,445,554,631,3389,5060,8000,8006,8080,8291,8443,9100"

_BEHIND = ("--initial-rtt-timeout", "100ms", "--max-rtt-timeout", "300ms")
# Packets a second in all while whole networks are searched port by port.
SEARCH_PPS = {"gentle": 800, "normal": 2500, "fast": 8000}
# Where a network is too large for every port of our list: what single-port hosts mostly have.
COMMON_PORTS = (
    22, 23, 25, 53, 80, 81, 88, 102, 110, 135, 139, 143, 389, 443, 445, 502, 515, 554, 587, 631,
    902, 993, 1433, 1521, 1723, 2049, 3050, 3306, 3389, 4899, 5000, 5001, 5060, 5432, 5900, 5985,
    6379, 7547, 8000, 8006, 8080, 8081, 8291, 8443, 8728, 9100, 10000, 10050, 37777, 44818,
)  # fmt: skip
# Those that only some kind of server or device answers on, for the few hosts that are hinted at.
MORE_PING_PORTS = "21,25,81,88,102,110,111,389,502,515,548,587,873,902,1433,1521,1723,2049,3128"


@dataclass(frozen=True)
class PortSeen:
    """One port of nmap's XML."""

    proto: str
    port: int
    state: str
    service: str = ""
    product: str = ""
    version: str = ""
    tunnel: str = ""


@dataclass(frozen=True)
class HostSeen:
    """One host of nmap's XML; `mac` in lower case.

    `looked` is False where nmap gave the host up (--host-timeout): its ports are unknown then.
    `answered`: a port was open or closed, so that somebody is there.
    """

    address: str
    up: bool
    mac: str
    ports: tuple[PortSeen, ...]
    looked: bool
    answered: bool


@dataclass(frozen=True)
class Scan:
    """A scan's hosts. `complete` is False where the XML ends before the scan did."""

    hosts: tuple[HostSeen, ...]
    complete: bool


def program() -> tuple[str, str]:
    """Return nmap's absolute path and version; raise ToolMissing where absent or too old."""
    path = process.find("nmap")
    told = process.run([path, "-V"], timeout_s=20).stdout.decode(errors="replace")
    found = re.search(r"Nmap version (\d+)\.(\d+)", told)
    if not found or (int(found[1]), int(found[2])) < MINIMUM:
        raise ToolMissing(
            "tool.too-old",
            f"nmap {'.'.join(map(str, MINIMUM))} or newer is needed",
            hint="apt install nmap; then: msptool doctor",
        )
    return path, f"{found[1]}.{found[2]}"


def discovery_argv(
    path: str, *, pace: str, v6: bool, raw: bool, thorough: bool = False
) -> list[str]:
    """Return argv for finding hosts behind a router, or anywhere without raw sockets.

    `thorough` is for the few that are hinted at: more ports, though never at once more than the
    pace allows.
    """
    ports = f"{PING_PORTS},{MORE_PING_PORTS}" if thorough else PING_PORTS
    kinds = ["-PE", f"-PS{ports}", "-PA80,443"] if raw else [f"-PS{ports}"]
    return [path, "-n", "-sn", *kinds, *SEARCH_PACES[pace], *_common(v6, raw)]


def ports_argv(
    path: str, ports: Sequence[int], *, pace: str, v6: bool, raw: bool, host_timeout_s: float
) -> list[str]:
    """Return argv for looking at ports of hosts that are known to be there."""
    listed = ",".join(str(port) for port in ports)
    groups = ["--min-hostgroup", str(GROUP), "--max-hostgroup", str(GROUP)]
    limit = ["--host-timeout", f"{int(host_timeout_s)}s", *groups, "--stats-every", "2s"]
    kind = "-sS" if raw else "-sT"
    return [path, "-n", "-Pn", kind, "-p", listed, *PACES[pace], *limit, *_common(v6, raw)]


def search_pps(hosts: int, *, pace: str) -> int:
    """Return how many packets a second a search of some hosts comes to: `gentle` keeps under 30
    to each of them.
    """
    return min(SEARCH_PPS[pace], 30 * hosts if pace == "gentle" else SEARCH_PPS[pace])


def search_argv(path: str, ports: Sequence[int], hosts: int, *, pace: str, raw: bool) -> list[str]:
    """Return argv for looking at many ports of addresses that nobody answered for.

    nmap by itself waits long for addresses that nobody has: see PACES. `gentle` asks once only.
    """
    listed = ",".join(str(port) for port in ports)
    rate = search_pps(hosts, pace=pace)
    words = (
        ("--scan-delay", "29ms", *_UNDER_WAY, "--max-retries", "0")
        if pace == "gentle"
        else ("-T4", "--min-rate", str(max(1, rate - rate // 8)), *_BEHIND, "--max-retries", "2")
    )
    groups = ["--max-rate", str(rate), "--min-hostgroup", "256", "--stats-every", "2s"]
    kind = "-sS" if raw else "-sT"
    return [
        path, "-n", "-Pn", kind, "-p", listed, *words, *groups, *_common(v6=False, raw=raw),
    ]  # fmt: skip


def probes_of(path: str) -> bytes:
    """Return nmap's own questions (nmap-service-probes), b"" where they are not where they are
    with a usual installation.
    """
    found = Path(path).resolve().parents[1] / "share/nmap/nmap-service-probes"
    return found.read_bytes() if found.is_file() else b""


def impatient(probes: bytes, wait_ms: int) -> bytes:
    """Return nmap's questions with one wait for each answer: by itself it waits 5 to 7.5 s for
    what keeps silent (`totalwaitms`, `tcpwrappedms`; nmap's "Version detection" chapter).
    """
    bare = re.sub(rb"(?m)^(?:totalwaitms|tcpwrappedms) \d+\n", b"", probes)
    return re.sub(rb"(?m)^(Probe .*\n)", rb"\g<1>totalwaitms %d\n" % wait_ms, bare)


def services_argv(
    path: str,
    ports: Sequence[int],
    *,
    v6: bool,
    pace: str,
    how: Sequence[str] = ("--version-light",),
    probes: str = "",
) -> list[str]:
    """Return argv for asking ports that our own grab could not name; `how` many questions, out of
    a file of `probes` if it is not nmap's own.
    """
    listed = ",".join(str(port) for port in ports)
    questions = ["--versiondb", probes] if probes else []
    asked = [
        "-sV",
        *how,
        *questions,
        "--host-timeout",
        "60s",
        "--max-rate",
        "50" if pace == "gentle" else "950",  # the grab goes on beside
        "--min-hostgroup",
        "64",
        *NAME_PACES[pace],
    ]
    return [path, "-n", "-Pn", "-sT", "-p", listed, *asked, *_common(v6, raw=False)]


def _common(v6: bool, raw: bool) -> list[str]:
    """Return what every call has: XML on stdout, targets from stdin.

    Whether raw sockets are ours is said, never left to nmap, which asks for the user alone: root
    in a container may lack them, another user may have them.
    """
    may = "--privileged" if raw else "--unprivileged"
    return [*(["-6"] if v6 else []), may, "-oX", "-", "-iL", "-"]


class Stream:
    """Reads nmap XML (DTD 1.05) as it comes, host by host; untrusted.

    A host whose text is longer than HOST_BYTES, or that cannot be read, hides no other; a document
    that brings entities of its own is refused whole.
    """

    def __init__(self) -> None:
        """Begin with nothing read."""
        self.complete = False
        self._head = ""
        self._rest = b""
        self._refused = False

    def feed(self, data: bytes) -> Iterator[HostSeen]:
        """Yield the hosts that are whole now."""
        self._rest += data
        while not self._refused and (start := _HOST.search(self._rest)):
            self._behead(self._rest[: start.start()])
            self._rest = self._rest[start.start() :]
            end = self._rest.find(_HOST_END)
            if end < 0:
                break
            block = self._rest[: end + len(_HOST_END)]
            self._rest = self._rest[len(block) :]
            if not self._refused and len(block) <= HOST_BYTES:
                yield from _read(self._head, block.decode(errors="replace"))
        self._keep_short()

    def _behead(self, text: bytes) -> None:
        """Keep what stands before the first host: python-nmap reads the scan's own words in it."""
        if not self._head and not self._refused:
            head = text.decode(errors="replace")
            self._refused = "<!ENTITY" in head or "<nmaprun" not in head
            self._head = "" if self._refused else head[head.index("<nmaprun") :]

    def _keep_short(self) -> None:
        """Of a host that never ends keep its beginning only, so that its end may still be met."""
        if len(self._rest) > 2 * HOST_BYTES:
            self._rest = self._rest[:64] + self._rest[-HOST_BYTES:]

    def close(self) -> None:
        """Tell by the last words whether the scan came to its end."""
        text = self._rest.decode(errors="replace")
        if not self._head:
            self._behead(self._rest)
        ended = "</nmaprun>" in text and "<finished " in text and 'exit="success"' in text
        self.complete = ended and not self._refused


def percents(xml: bytes) -> Iterator[float]:
    """Yield how much of the group of hosts was done, from a piece of XML with such words."""
    for found in re.findall(rb'<taskprogress [^>]*percent="(\d+\.\d+)"', xml):
        yield float(found)


def parse(xml: bytes) -> Scan:
    """Turn a whole nmap document into hosts, as Stream reads it."""
    stream = Stream()
    hosts = tuple(stream.feed(xml))
    stream.close()
    return Scan(hosts, complete=stream.complete)


def _read(head: str, block: str) -> Iterator[HostSeen]:
    """Read a host through python-nmap, which wants a whole document with run statistics."""
    import nmap

    stats = '<runstats><finished timestr="" elapsed=""/><hosts up="" down="" total=""/></runstats>'
    # The constructor would start `nmap -V` past our gateway; only the parser is wanted.
    reader = nmap.PortScanner.__new__(nmap.PortScanner)
    try:
        told = reader.analyse_nmap_xml_scan(f"{head}{block}{stats}</nmaprun>")["scan"]
    except (nmap.PortScannerError, AttributeError, ValueError, TypeError, KeyError):
        return
    kept = _Kept.of(block)
    for address, host in told.items():
        yield _host(address, host, kept)


@dataclass(frozen=True)
class _Kept:
    """What python-nmap drops: ports behind TLS; whether the ports were looked at to the end;
    whether one answered.
    """

    tunnels: frozenset[int]
    looked: bool
    answered: bool

    @classmethod
    def of(cls, block: str) -> "_Kept":
        ports = re.findall(r"<port .*?</port>", block, re.DOTALL)
        numbers = [re.search(r'portid="(\d+)"', port) for port in ports if 'tunnel="ssl"' in port]
        return cls(
            tunnels=frozenset(int(number[1]) for number in numbers if number),
            looked="<ports>" in block and 'timedout="true"' not in block,
            answered=bool(re.search(r'<(?:state|extraports) state="(?:open|closed)"', block)),
        )


def _host(address: str, host: Mapping[str, Any], kept: _Kept) -> HostSeen:
    ports = [
        PortSeen(
            proto,
            port,
            seen["state"],
            seen["name"],
            seen["product"],
            seen["version"],
            "ssl" if port in kept.tunnels else "",
        )
        for proto in ("tcp", "udp")
        for port, seen in sorted(host.get(proto, {}).items())
    ]
    return HostSeen(
        address,
        up=host.get("status", {}).get("state") == "up",
        mac=host["addresses"].get("mac", "").lower(),
        ports=tuple(ports),
        looked=kept.looked,
        answered=kept.answered,
    )
