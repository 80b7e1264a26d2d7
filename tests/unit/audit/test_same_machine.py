"""Which addresses are one machine, and which machines are two: the traps of identity."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from msptool.audit.asset import Asset
from msptool.audit.checks import Exhibit
from msptool.audit.facts import AnyFact
from msptool.judge import Unsure, Violation
from tests.unit.audit.build import NOW, said
from tests.unit.audit.scans import (
    DAY,
    GUID1,
    GUID2,
    MAC1,
    MAC2,
    MAC3,
    A,
    B,
    C,
    Site,
    agent,
    alive,
    differences,
    port,
    ssh,
    told,
)


def found(check: str, assets: Sequence[Asset]) -> list[str]:
    shown = [Exhibit(asset=asset, now=NOW) for asset in assets]
    words = [word for one in shown for word in said(check, one) if isinstance(word, Violation)]
    return [word.part for word in words]


def test_a_router_of_eight_addresses_is_one_asset() -> None:
    """Each network shows another of its MACs; the agent answers on two, and tells the others."""
    addresses = [f"198.51.100.{n}" for n in range(8)]
    macs = [f"00:1b:54:00:{n:02x}:10" for n in range(8)]
    facts = [alive(address, mac) for address, mac in zip(addresses, macs, strict=True)]
    facts += [agent(a, macs=macs, own=["127.0.0.1", *addresses], name="r1") for a in addresses[:2]]
    site = Site()
    (router,) = site.scan(*facts)
    assert router.addresses == tuple(addresses)
    assert len([alias for alias in router.aliases if alias.startswith("mac:")]) == 8


def test_a_routed_router_is_one_by_its_own_table_of_addresses() -> None:
    own = [f"198.51.100.{n}" for n in range(4)]
    facts = [*map(alive, own), agent(own[0], own=own), port(own[3], 22)]
    (router,) = Site().scan(*facts)
    assert router.addresses == tuple(own)


def test_an_address_behind_a_router_that_is_met_here_too_is_another_machine() -> None:
    """192.0.2.2 is the router's inner address elsewhere, and somebody else's here."""
    site = Site()
    facts = [alive(A, MAC1), agent(A, macs=[MAC1, MAC3], own=[A, B]), alive(B, MAC2)]
    first, second = site.scan(*facts)
    assert (first.addresses, second.addresses) == ((A,), (B,))
    assert site.tie(first, "own-address:") == "refused"


@pytest.mark.parametrize("key", ["ssh", "guid", "engine", "uuid"])
def test_clones_are_two_assets_and_one_finding(key: str) -> None:
    def shown(address: str) -> AnyFact:
        return {
            "ssh": ssh(address, "one"),
            "guid": told(address, "smb", guid=GUID1),
            "engine": told(address, "engine-id", engine_id="80001f888059dc4e5c17e9a463"),
            "uuid": told(address, "ws-discovery", uuid=GUID2),
        }[key]

    site = Site()
    assets = site.scan(alive(A, MAC1), alive(B, MAC2), shown(A), shown(B))
    assert [asset.addresses for asset in assets] == [(A,), (B,)]
    assert found("SEC-032", assets) == ["identity"]
    assert {one.count for asset in assets for one in asset.shared} == {1}
    (alias,) = site.identities.demoted
    assert all(alias not in asset.aliases for asset in assets)


def test_clones_with_one_key_and_one_guid_are_one_finding() -> None:
    facts = [alive(A, MAC1), alive(B, MAC2)]
    facts += [ssh(A, "k"), ssh(B, "k"), told(A, "smb", guid=GUID1), told(B, "smb", guid=GUID1)]
    assets = Site().scan(*facts)
    assert len(assets) == 2 and found("SEC-032", assets) == ["identity"]


def test_routed_clones_are_told_by_their_names() -> None:
    facts = [alive(A), alive(B), ssh(A, "k"), ssh(B, "k")]
    assert len(Site().scan(*facts)) == 1
    named = [told(A, "rdp", name="WEB01"), told(B, "rdp", name="WEB02")]
    assert len(Site().scan(*facts, *named)) == 2


def test_what_was_demoted_joins_nothing_later() -> None:
    site = Site()
    first = site.scan(alive(A, MAC1), alive(B, MAC2), ssh(A, "k"), ssh(B, "k"))
    (left,) = site.scan(alive(A, MAC1), ssh(A, "k"))
    assert left.id in {asset.id for asset in first}
    words = said("SEC-032", Exhibit(asset=left, now=NOW))
    assert words == [Unsure("identity", "host-off")], "nobody can say that it was cured"
    third = site.scan(alive(A), alive(B), ssh(A, "k"), ssh(B, "k"))
    assert len(third) == 2, "routed, without MACs: the key was seen on two"
    assert site.tie(third[0], "hostkey:") == "demoted"


def test_a_server_with_two_ports_is_one_by_its_agent_and_by_its_card() -> None:
    key = [alive(A, MAC1), alive(B, MAC2), ssh(A, "k"), ssh(B, "k")]
    assert len(Site().scan(*key, agent(A, macs=[MAC1, MAC2]))) == 1
    card = [alive(A, MAC1), alive(B, MAC1[:-1] + "2"), ssh(A, "k"), ssh(B, "k")]
    named = [told(A, "smb", name="FILES"), told(B, "rdp", name="files.example.org")]
    assert len(Site().scan(*card, *named)) == 1
    assert len(Site().scan(*card)) == 2


def test_partitions_that_share_a_serial_are_two() -> None:
    facts = [alive(A, MAC1), alive(B, MAC2), ssh(A, "one"), ssh(B, "two")]
    agents = [agent(address, serials=["06AB12345"], enterprise=2) for address in (A, B)]
    site = Site()
    assets = site.scan(*facts, *agents)
    assert [asset.serial for asset in assets] == ["06AB12345"] * 2
    assert site.tie(assets[0], "serial:") == "demoted"


def test_a_stack_is_one_asset_and_stays_so_when_its_first_member_dies() -> None:
    site = Site()
    (stack,) = site.scan(alive(A, MAC1), agent(A, serials=["FOC1111AAAA", "FOC2222BBBB"]))
    (left,) = site.scan(alive(A, MAC2), agent(A, serials=["FOC2222BBBB"]), after=9 * DAY)
    assert left.id == stack.id


def test_a_stack_is_one_asset_on_both_members_addresses() -> None:
    serials = ["FOC1111AAAA", "FOC2222BBBB"]
    facts = [alive(A, MAC1), alive(B, MAC2), agent(A, serials=serials)]
    assert len(Site().scan(*facts, agent(B, serials=serials[1:]))) == 1


@pytest.mark.parametrize("serial", ["To be filled by O.E.M.", "0000000", "Default string"])
def test_twenty_pcs_without_a_serial_are_twenty(serial: str) -> None:
    hosts = [f"192.0.2.{n}" for n in range(20)]
    facts = [alive(a, f"00:25:90:{n:02x}:77:55") for n, a in enumerate(hosts)]
    site = Site()
    assets = site.scan(*facts, *(agent(a, serials=[serial]) for a in hosts))
    assert len(assets) == 20
    assert found("SEC-032", assets) == []


DONGLE = "00:1a:7d:da:71:11"
VRRP = "00:00:5e:00:01:0a"


@pytest.mark.parametrize(
    ("mac", "state"),
    [(VRRP, "ignored"), ("00:00:0c:07:ac:01", "ignored"), ("00:00:0c:9f:f0:01", "ignored"),
     ("00:07:b4:00:01:02", "ignored"), ("01:02:03:04:05:06", ""), (DONGLE, "ignored"),
     ("00:00:00:00:00:00", ""), ("zz", "")],
)  # fmt: skip
def test_a_mac_of_many_joins_nobody(mac: str, state: str) -> None:
    site = Site()
    assets = site.scan(alive(A, mac), alive(B, mac), port(A, 22), port(B, 80))
    assert len(assets) == 2 and assets[0].macs == ()
    assert site.tie(assets[0], "mac:") == state


def test_a_pair_of_routers_with_a_virtual_address_is_two_assets() -> None:
    """They share the virtual address, its MAC and the certificate; both agents claim it."""
    own = {A: [A, C], B: [B, C]}
    facts = [alive(A, MAC1), alive(B, MAC2), alive(C, VRRP)]
    facts += [told(a, "tls", key_sha256="c" * 64) for a in (A, B, C)]
    facts += [agent(a, serials=[f"FOC{a[-1]}234AAAA"], macs=[VRRP], own=own[a]) for a in (A, B)]
    site = Site()
    assets = site.scan(*facts)
    assert sorted(asset.addresses for asset in assets) == [(A, C), (B,)]
    assert VRRP not in {mac for asset in assets for mac in asset.macs}
    assert found("NET-018", assets) == found("SEC-032", assets) == []
    assert differences(assets, site.scan(*reversed(facts), after=2 * DAY)) == []


def test_a_cluster_that_shares_keys_and_a_mac_is_two_assets() -> None:
    facts = [alive(A, MAC1), alive(B, MAC1), ssh(A, "k"), ssh(B, "k")]
    facts += [agent(a, serials=[f"FGT60E{a[-1]}234567"], enterprise=12356) for a in (A, B)]
    assets = Site().scan(*facts)
    assert len(assets) == 2 and found("SEC-032", assets) == ["identity"]


def test_a_proxy_that_answers_arp_for_others_makes_them_no_one_machine() -> None:
    facts = [alive(a, MAC1) for a in (A, B, C)]
    assert len(Site().scan(*facts, ssh(A, "a"), ssh(B, "b"), ssh(C, "c"))) == 3


def test_made_up_macs_join_what_one_segment_shows_and_nothing_between_places() -> None:
    v6, local = "2001:db8::7", "02:42:ac:11:00:02"
    assert len(Site().scan(alive(A, local), alive(v6, local))) == 1
    assert len(Site().scan(alive(A, local, vantage="hq"), alive(v6, local, vantage="shop"))) == 2
    assert len(Site().scan(alive(A, MAC1, vantage="hq"), alive(v6, MAC1, vantage="shop"))) == 1


BOARD = ["redfish", "ilo"]


@pytest.mark.parametrize("probe", BOARD)
def test_a_board_that_tells_its_servers_serial_is_another_machine_and_no_clone(probe: str) -> None:
    server = [alive(A, MAC1), ssh(A, "os"), agent(A, serials=["CZ2Q123456"], enterprise=232)]
    board = [alive(B, MAC2), ssh(B, "ilo"), told(B, probe, protocol=probe, serial="CZ2Q123456")]
    site = Site()
    assets = site.scan(*server, *board)
    assert len(assets) == 2 and found("SEC-032", assets) == []
    assert {asset.serial for asset in assets} == {"CZ2Q123456"}
    (other,) = (asset for asset in assets if asset.addresses == (B,))
    assert site.tie(other, "serial:") == "ignored"


def test_sambas_guid_made_of_its_name_is_no_key() -> None:
    guid = "656c6966-2d73-3130-0000-000000000000"
    facts = [alive(A, MAC1), alive(B, MAC2), told(A, "smb", guid=guid), told(B, "smb", guid=guid)]
    site = Site()
    assets = site.scan(*facts)
    assert found("SEC-032", assets) == [] and site.tie(assets[0], "guid:") == "ignored"


def test_a_print_server_is_not_the_printer_behind_its_queue() -> None:
    queue = {"protocol": "ipp", "vendor": "HP", "model": "LaserJet 4", "serial": "PHB4K07231"}
    shown = [alive(A, MAC1), told(A, "ipp", **queue)]
    (printer,) = Site().scan(*shown)
    (server,) = Site().scan(*shown, agent(A, enterprise=8072, name="print-01"))
    assert (printer.kind, printer.model) == ("printer", "LaserJet 4")
    assert (server.kind, server.model, server.serial) == ("server", "", "")


def test_of_two_addresses_one_witness_a_field_is_taken() -> None:
    site = Site()
    facts = [alive(A, MAC1), alive(B, MAC1), told(A, "ipp", model="LaserJet 4")]
    (one,) = site.scan(*facts, told(B, "upnp", model="LJ4"), agent(B, serials=["FOC1234X0AB"]))
    claims = site.reasons[one.id].claims
    taken = {claim.field: claim.value for claim in claims if claim.state == "taken"}
    assert taken == {"vendor": one.vendor, "model": one.model, "serial": one.serial,
                     "type": one.kind}  # fmt: skip
    assert one.model == "LaserJet 4"
    assert [claim.value for claim in claims if claim.field == "model"] == ["LaserJet 4", "LJ4"]


# Contested addresses


def test_two_macs_for_one_address_are_a_finding_and_join_nobody_to_nobody() -> None:
    v6, other6 = "2001:db8::1", "2001:db8::2"
    facts = [alive(A, MAC1), alive(A, MAC2, at=NOW + timedelta(seconds=1))]
    assets = Site().scan(*facts, alive(v6, MAC1), alive(other6, MAC2))
    assert sorted(asset.addresses for asset in assets) == [(A, v6), (other6,)]
    assert found("NET-018", assets) == [A]


@pytest.mark.parametrize(
    "facts",
    [
        [alive(A, MAC1), alive(A, VRRP)],
        [alive(A, MAC1), alive(A, MAC1[:-1] + "2")],
        [alive(A, MAC1), alive(A, MAC2, source="arp-table")],
        [alive(A, MAC1), alive(A, MAC3), agent(A, macs=[MAC1, MAC3])],
        [alive(A, MAC1), alive(A, MAC1.upper())],
    ],
)
def test_two_macs_of_one_machine_contest_nothing(facts: list[AnyFact]) -> None:
    assert found("NET-018", Site().scan(*facts)) == []


def test_two_thousand_clones_cost_little() -> None:
    hosts = [f"10.{n // 250}.{n % 250}.1" for n in range(2_000)]
    facts = [alive(a, f"00:25:90:{n // 256:02x}:{n % 256:02x}:01") for n, a in enumerate(hosts)]
    assets = Site().scan(*facts, *(ssh(a, "golden") for a in hosts))
    assert len(assets) == 2_000 and found("SEC-032", assets) == ["identity"]
    assert max(len(one.others) for asset in assets for one in asset.shared) <= 8
