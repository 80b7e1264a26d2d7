"""Announcements as witnesses of their address: after SNMP, and joining nobody."""

import json
from pathlib import Path

import pytest

from msptool.audit import announced
from msptool.audit.asset import Asset
from msptool.audit.facts import AnyFact, Heard
from msptool.audit.heard import mdns, mndp
from tests.unit.audit.build import NOW
from tests.unit.audit.heard.frames_of import CASES, tlv
from tests.unit.audit.scans import Site, agent, alive, heard

A, B = "192.0.2.1", "192.0.2.2"
MAC1, MAC2 = "00:25:90:11:22:01", "00:25:90:aa:bb:02"


def shown(asset: Asset) -> str:
    fields = ("name", "vendor", "model", "version", "serial", "os")
    told = [f"{field}={getattr(asset, field)}" for field in fields if getattr(asset, field)]
    return " ".join([*told, f"kind={asset.kind}"])


def recorded(case: Path) -> Heard:
    said = json.loads((case / "expected.json").read_text())
    return Heard(at=NOW, source="listen", **{**said, "address": A})


def by_hand() -> Heard:
    parts = {1: bytes.fromhex("02005e100007"), 5: b"edge", 7: b"6.49.10 (stable)", 8: b"MikroTik",
             12: b"RB760iGS"}  # fmt: skip
    values = mndp.read(b"\0\0\0\1" + b"".join(tlv(kind, told) for kind, told in parts.items()))
    return Heard(address=A, at=NOW, source="listen", protocol="mndp", values=values)


SAYS = {
    "lldpd-lldp": "name=sw-lab vendor=ACME model=S48-PoE version=4.2.1 serial=ACME00000007 kind=",
    "lldpd-cdp": "name=sw-lab model=ACME S48 version=4.2.1 kind=",
    "avahi-mdns-3": "name=prn-lab vendor=ACME model=MacPro7,1 kind=printer",
    "udhcpc-dhcp": "name=pc-lab kind=",
}


@pytest.mark.parametrize("case", [c for c in CASES if c.name in SAYS], ids=lambda c: str(c.name))
def test_an_announcement_tells_what_stands_there(case: Path) -> None:
    (asset,) = Site().scan(alive(A, MAC1), recorded(case))
    assert shown(asset) == SAYS[case.name]


def test_mikrotiks_tell_board_and_version() -> None:
    (asset,) = Site().scan(alive(A, MAC1), by_hand())
    assert shown(asset) == "name=edge vendor=MikroTik model=RB760iGS version=6.49.10 kind="


@pytest.mark.parametrize(
    ("fact", "says"),
    [
        (heard(A, "lldp", capabilities="bridge phone", maker="Yealink"),
         f"name={A} vendor=Yealink kind=phone"),
        (heard(A, "cdp", name="core.example.org(FOX1234G0AB)", platform="cisco WS-C2960X-24TS-L",
               version="Cisco IOS Software, C2960X, Version 15.2(7)E4, RELEASE"),
         f"name={A} vendor=Cisco model=WS-C2960X-24TS-L version=15.2(7)E4 serial=FOX1234G0AB"),
        (heard(A, "ssdp", type="urn:schemas-upnp-org:device:InternetGatewayDevice:1"),
         f"name={A} kind=router"),
        (heard(A, "dhcp", **{"class": "MSFT 5.0"}, full_name="pc-7.example.org"),
         "name=pc-7.example.org os=Windows"),
        (heard(A, "mdns", name="cam\ndoor", services="_axis-video._tcp\n_http._tcp"),
         "name=cam vendor=Axis kind=camera"),
    ],
    ids=["lldp", "cdp", "ssdp", "dhcp", "mdns"],
)  # fmt: skip
def test_words_of_announcements(fact: AnyFact, says: str) -> None:
    (asset,) = Site().scan(alive(A, MAC1), fact)
    assert shown(asset).startswith(says.replace(f"name={A} ", f"name={asset.name} "))


def test_an_agent_is_believed_before_an_announcement() -> None:
    site = Site()
    said = heard(A, "lldp", name="liar", serial="FOC9999X9ZZ", maker="Other")
    (asset,) = site.scan(alive(A, MAC1), agent(A, serials=["FOC1234X0AB"], name="sw"), said)
    assert (asset.name, asset.serial, asset.vendor) == ("sw", "FOC1234X0AB", "Cisco")
    outvoted = [c.by for c in site.reasons[asset.id].claims if c.value == "FOC9999X9ZZ"]
    assert outvoted == ["LLDP serial, announced"]


def test_an_announced_uuid_or_chassis_joins_nobody() -> None:
    uuid = "5f3c2c1e-8a44-4d1b-9c0e-1f2a3b4c5d6e"
    facts = [heard(a, "ssdp", uuid=uuid, type="upnp:rootdevice") for a in (A, B)]
    facts += [heard(a, "lldp", chassis=MAC1) for a in (A, B)]
    assert len(Site().scan(alive(A), alive(B), *facts)) == 2


def test_a_phone_with_a_new_random_mac_is_known_by_its_dhcp_name() -> None:
    site = Site()
    (phone,) = site.scan(alive(A, "da:a1:19:00:00:01"), heard(A, "dhcp", name="Annas-iPhone"))
    (again,) = site.scan(alive(B, "f2:11:22:33:44:55"), heard(B, "dhcp", name="annas-iphone"))
    assert again.id == phone.id


def test_all_that_is_read_is_given_by_a_recorded_announcement() -> None:
    given = {(f.protocol, key) for f in [*map(recorded, CASES), by_hand()] for key in f.values}
    given |= {("mdns", f"txt-{key}") for key in mdns._KEPT}
    given |= {("cdp", "system-name"), ("dhcp", "full-name")}  # read by hand-made ones
    read = {(p, key) for p, names in announced.READ.items() for some in names.values()
            for key in some}  # fmt: skip
    assert read - given == set()
