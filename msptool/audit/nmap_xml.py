"""What nmap's XML says, host by host as it comes. Pure; untrusted.

python-nmap reads it; it never starts nmap, since its `scan` splits the target like a shell. A small
reader beside it keeps what it drops: `tunnel=ssl`. Written for nmap 7.80 to 7.9x.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

HOST_BYTES = 4 * 1024 * 1024
# `nmap -sn` writes a bare <host>; before the first one there may be <hosthint>.
_HOST = re.compile(rb"<host[ >]")
_HOST_END = b"</host>"


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
