"""Scans as lists of facts, and what differs between two of them, for tests of identity."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from msptool.audit import mib
from msptool.audit.asset import Asset
from msptool.audit.facts import Alive, AnyFact, Heard, Port, Snmp, Told
from msptool.audit.identify import Explanation
from msptool.identity import Identities
from tests.unit.audit.agents import Row, column, mac, octets, system
from tests.unit.audit.build import NOW
from tests.unit.audit.merging import explained

A, B, C = "192.0.2.1", "192.0.2.2", "192.0.2.3"
MAC1, MAC2, MAC3 = "00:25:90:11:22:01", "00:25:90:aa:bb:02", "3c:52:82:10:20:30"
GUID1, GUID2 = "5f3c2c1e-8a44-4d1b-9c0e-1f2a3b4c5d6e", "0b1d2e3f-1111-4222-8333-a4b5c6d7e8f9"
DAY = timedelta(days=1)
CISCO = 9


def alive(address: str, mac: str = "", **fields: Any) -> AnyFact:
    return Alive(**{"address": address, "at": NOW, "source": "arp", "mac": mac, **fields})


def told(address: str, probe: str, **values: str) -> AnyFact:
    """What a probe read; the keys of probes have hyphens, but engine-id's."""
    plain = probe == "engine-id"
    named = {key if plain else key.replace("_", "-"): text for key, text in values.items()}
    return Told(address=address, at=NOW, source=probe, probe=probe, values=named)


def heard(address: str, protocol: str, **values: str) -> AnyFact:
    named = {key.replace("_", "-"): text for key, text in values.items()}
    return Heard(address=address, at=NOW, source="listen", protocol=protocol, values=named)


def port(address: str, number: int) -> AnyFact:
    return Port(address=address, at=NOW, source="nmap", proto="tcp", port=number, state="open")


def ssh(address: str, key: str) -> AnyFact:
    return told(address, "ssh", key_sha256=f"SHA256:{key:A<43}")


def agent(
    address: str,
    *,
    serials: Sequence[str] = (),
    name: str = "",
    macs: Sequence[str] = (),
    own: Sequence[str] = (),
    enterprise: int = CISCO,
) -> AnyFact:
    """An agent with chassis of these serials, interfaces of these MACs, addresses of its own."""
    rows: dict[str, Row] = system("", f"1.3.6.1.4.1.{enterprise}.1", name)
    for index, serial in enumerate(serials, 1001):
        rows |= {f"{mib.ENTITY_CLASS}.{index}": mib.CHASSIS, f"{mib.ENTITY_IN}.{index}": 1}
        rows |= {f"{mib.ENTITY_SERIAL}.{index}": octets(serial)}
    rows |= {f"{mib.ENTITY_CLASS}.1": mib.STACK} if serials else {}
    rows |= column(mib.IF_DESCR, {n: octets(f"Gi{n}") for n in range(len(macs))})
    rows |= column(mib.IF_MAC, {n: mac(one) for n, one in enumerate(macs)})
    rows |= column(mib.OWN_ADDRESS, dict.fromkeys(own, 1))
    return Snmp(address=address, at=NOW, source="snmp", community="profile:1", rows=rows)


class Site:
    """One client's identities; each scan is a run of its own, some time after the last."""

    def __init__(self) -> None:
        self.identities = Identities({}, {})
        self.at: datetime = NOW
        self.reasons: dict[str, Explanation] = {}

    def scan(self, *facts: AnyFact, after: timedelta = timedelta(hours=1)) -> list[Asset]:
        self.at += after
        found = explained(
            facts, self.identities, (), self.at, ports_known=frozenset(f.address for f in facts)
        )
        pairs = sorted(found, key=lambda pair: (pair[0].name, pair[0].id))
        self.reasons = {asset.id: why for asset, why in pairs}
        return [asset for asset, _ in pairs]

    def tie(self, asset: Asset, key: str) -> str:
        """Return what an identifier did at an asset; "" where it is not spoken of."""
        return next((t.state for t in self.reasons[asset.id].ties if t.key.startswith(key)), "")


def untimed(assets: Iterable[Asset]) -> Mapping[str, bytes]:
    """Return assets as they are kept, by id, without the time at which they were seen."""
    return {a.id: msgspec.json.encode(msgspec.structs.replace(a, seen_at=NOW)) for a in assets}


def differences(before: Iterable[Asset], after: Iterable[Asset]) -> list[tuple[str, str]]:
    """Return (what, id): gone, new or changed."""
    then, now = untimed(before), untimed(after)
    gone = [("gone", ident) for ident in then.keys() - now.keys()]
    new = [("new", ident) for ident in now.keys() - then.keys()]
    both = then.keys() & now.keys()
    return sorted([*gone, *new, *(("changed", i) for i in both if then[i] != now[i])])
