"""Files of DHCP servers that the engineer brings: whom they gave an address. Pure; untrusted.

Formats, told by their first lines:
- ISC dhcpd: dhcpd.leases(5), `lease ADDRESS { … }`, the last one of an address counts;
- dnsmasq: dnsmasq(8), --dhcp-leasefile: expiry, MAC, address, name, client id;
- Kea: administrator's guide, "Memfile": CSV with a head that begins with `address,`;
- Windows: `Get-DhcpServerv4Lease | Export-Csv`, with or without its #TYPE line: IPAddress,
  ClientId, HostName, AddressState;
- RouterOS: `/ip dhcp-server lease print terse`: `N FLAGS address=… mac-address=… host-name=…`.
"""

import csv
import re
from collections.abc import Callable, Iterator

from msptool.audit.hints.leads import Lead, lead

MOST_BYTES = 64 << 20
_MOST_FIELD = 4096
_ISC = re.compile(r"lease\s+([0-9.]{7,15})\s*\{\s*\Z")
_ISC_SAID = re.compile(
    r'\s*(hardware ethernet|client-hostname|binding state)\s+"?([^"\s;]{1,255})"?\s*;'
)
_TERSE = re.compile(r'([a-z-]+)=("[^"]*"|\S*)')


def read(data: bytes) -> tuple[Lead, ...] | None:
    """Return the leases of a file, each address once, the last word on it; None for a file of
    another kind.
    """
    wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")  # what PowerShell 5 writes by `>`
    text = data[:MOST_BYTES].decode("utf-16" if wide else "utf-8-sig", "replace")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    reader = _reader(lines[:50])
    if reader is None:
        return None
    found = {one.address: one for one in reader(lines) if one is not None}
    return tuple(found.values())


def _reader(begin: list[str]) -> Callable[[list[str]], Iterator[Lead | None]] | None:
    head = begin[0].lower().replace('"', "") if begin else ""
    if head.startswith("address,hwaddr"):
        return _kea
    if "ipaddress" in head and "clientid" in head:
        return _windows
    if any(re.match(r"\s*\d+\s+[A-Z ]*.*\baddress=", line) for line in begin):
        return _routeros
    if any(re.match(r"\d+ [0-9a-fA-F:-]+ \S+ \S+ \S+$", line) for line in begin):
        return _dnsmasq
    return (
        _isc if any(_ISC.match(line) or line.startswith("authoring-") for line in begin) else None
    )


def _isc(lines: list[str]) -> Iterator[Lead | None]:
    """An abandoned address answered somebody else's ping; one without a client was never let."""
    address, said = "", dict[str, str]()
    for line in lines:
        begins, told = _ISC.match(line), _ISC_SAID.match(line)
        if begins:
            address, said = begins[1], {}
        elif told:
            said[told[1]] = told[2]
        elif line.startswith("}") and address:
            mac = said.get("hardware ethernet", "")
            if mac or said.get("binding state") == "abandoned":
                yield lead(address, mac, said.get("client-hostname", ""))
            address = ""


def _dnsmasq(lines: list[str]) -> Iterator[Lead | None]:
    """Of DHCPv6 the second field is an IAID: no MAC, and so none is taken."""
    for words in (line.split() for line in lines):
        if len(words) >= 4:
            # A hardware type stands before a MAC that is not of Ethernet: 06-aa:bb:…
            yield lead(words[2], words[1].rpartition("-")[2], words[3])


def _kea(lines: list[str]) -> Iterator[Lead | None]:
    """A journal: of several rows of an address the last counts, also one that ended."""
    for row in _rows(lines):
        yield lead(row.get("address", ""), row.get("hwaddr", ""), row.get("hostname", ""))


def _windows(lines: list[str]) -> Iterator[Lead | None]:
    for row in _rows(lines):
        yield lead(row.get("ipaddress", ""), row.get("clientid", ""), row.get("hostname", ""))


def _rows(lines: list[str]) -> Iterator[dict[str, str]]:
    """Yield the rows of a CSV file by the names of its head, in lower case."""
    separator = ";" if lines[0].count(";") > lines[0].count(",") else ","
    short = (line for line in lines if len(line) <= _MOST_FIELD)
    rows = csv.reader(short, delimiter=separator)
    try:
        head = [name.strip().lower() for name in next(rows, [])]
        for row in rows:
            yield dict(zip(head, row, strict=False))
    except csv.Error:  # a NUL, or a quote that never ends: what was read before stands
        return


def _routeros(lines: list[str]) -> Iterator[Lead | None]:
    for line in lines:
        told = {key: value.strip('"') for key, value in _TERSE.findall(line[:_MOST_FIELD])}
        address = told.get("active-address") or told.get("address", "")
        mac = told.get("active-mac-address") or told.get("mac-address", "")
        yield lead(address, mac, told.get("host-name") or told.get("comment", ""))
