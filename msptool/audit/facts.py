"""Facts: what probes observed, each with address, source, time and evidence. Raw, untrusted."""

from collections.abc import Mapping
from typing import TypeAlias

from msgspec import Struct

from msptool.model import Instant


class Fact(Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="fact"):
    """One observed datum; `evidence` is the SHA-256 of the raw bytes it was read from."""

    address: str
    at: Instant
    source: str
    evidence: str = ""
    vantage: str = ""


class Alive(Fact, frozen=True, kw_only=True, tag="alive"):
    """The address answered; `mac` as aa:bb:cc:dd:ee:ff where the segment showed it."""

    mac: str = ""


class Port(Fact, frozen=True, kw_only=True, tag="port"):
    """A port's state (open, closed, filtered); names only where something answered to them."""

    proto: str
    port: int
    state: str
    service: str = ""
    product: str = ""
    version: str = ""
    tunnel: str = ""


class Grab(Fact, frozen=True, kw_only=True, tag="grab"):
    """What a TCP service said to our own few bytes.

    `greeting` is what it said first, by itself. `answers` are by question: ftp-user, ftp-pass,
    http. `certificate` is DER in hex. `error` is why there is no more.
    """

    port: int
    greeting: str = ""
    answers: Mapping[str, str] = {}
    certificate: str = ""
    error: str = ""


class Told(Fact, frozen=True, kw_only=True, tag="told"):
    """What a probe read in a service's answer: `protocol`, and what else it says of itself."""

    probe: str
    proto: str = "tcp"
    port: int = 0
    values: Mapping[str, str] = {}


class Snmp(Fact, frozen=True, kw_only=True, tag="snmp"):
    """What an agent answered to one community, named by where it came from, never by itself.

    `rows`: OID to value: int, or "x:HEX" (octets), "o:1.3.6" (OID), "a:ADDRESS".
    `complete` is False where a limit, a loss or an odd agent cut the walk.
    """

    community: str
    rows: Mapping[str, int | str] = {}
    complete: bool = True
    error: str = ""


AnyFact: TypeAlias = Alive | Port | Grab | Told | Snmp
