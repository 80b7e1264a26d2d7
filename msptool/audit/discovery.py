"""Who is there: ARP and neighbour discovery on our own segments, nmap beyond them."""

import ipaddress
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from msptool import clock, runs
from msptool.audit import nmap
from msptool.audit.facts import Alive
from msptool.audit.mission import Catch, Mission, by_family, scan_with_nmap, sha, work
from msptool.audit.scope import Address, Network
from msptool.audit.vantage import Segment

RATE_PPS = {"gentle": 500, "normal": 1000, "fast": 2000}


ARP_TABLE = "arp-table"


def discover(mission: Mission) -> Catch:
    """Find who is there: ARP and neighbour discovery on our segments, nmap beyond them.

    All hosts of an IPv6 network can be learnt on its own segment only: elsewhere that is said.
    """
    ours = {segment.address for segment in mission.vantage.segments}
    left = [address for address in mission.plan.addresses if address not in ours]
    catch = Catch()
    if mission.vantage.privilege == "root":
        for segment in mission.vantage.segments:
            here = [a for a in left if a in segment.network]
            learn = any(segment.network.overlaps(n) for n in mission.plan.learn)
            if here or (learn and _one_covered(mission, segment)):
                catch = catch.plus(_sweep(mission, segment, here, learn=learn))
        catch = catch.plus(_by_interface_id(mission, catch))
        left = [a for a in left if mission.vantage.segment_of(a) is None]
    for family in by_family(left):
        catch = catch.plus(_ping(mission, family))
    if mission.vantage.privilege == "user":
        catch = catch.plus(_neighbour_table(mission))
    segments = mission.vantage.segments
    if any(not any(s.network.overlaps(n) for s in segments) for n in mission.plan.learn):
        catch = catch.plus(Catch(trouble="not-on-segment"))
    return catch


def _by_interface_id(mission: Mission, known: Catch) -> Catch:
    """Ask for the IPv6 addresses that hosts would make of their MACs (RFC 4291, appendix A):
    a host that drops echo requests must still answer neighbour solicitations.
    """
    alive = {fact.address for fact in known.facts}
    macs = {fact.mac for fact in known.facts if isinstance(fact, Alive) and fact.mac}
    catch = Catch()
    for segment in mission.vantage.segments:
        if segment.network.version != 6 or segment.network.prefixlen != 64:
            continue
        guesses = [_eui64(segment.network, mac) for mac in sorted(macs)]
        asked = [a for a in guesses if mission.plan.covers(a) and str(a) not in alive]
        if asked:
            catch = catch.plus(_sweep(mission, segment, asked, learn=False))
    return catch


def _eui64(network: Network, mac: str) -> Address:
    octets = bytearray.fromhex(mac.replace(":", ""))
    octets[0] ^= 2
    return network.network_address + int.from_bytes(octets[:3] + b"\xff\xfe" + octets[3:])


def _sweep(mission: Mission, segment: Segment, here: Sequence[Address], *, learn: bool) -> Catch:
    """Ask one segment; addresses it shows beyond the scope are dropped unseen."""
    others = [s for s in mission.vantage.segments if s.interface == segment.interface]
    if learn and not here:
        here = _one_covered(mission, segment)
    source4 = next((str(s.address) for s in others if s.network.version == 4), "0.0.0.0")  # noqa: S104
    source6 = next((str(s.address) for s in others if s.network.version == 6), "::")
    orders = {
        "interface": segment.interface,
        "source4": source4,
        "source6": source6,
        "mac": segment.mac,
        "learn6": learn and segment.network.version == 6,
        "rate_pps": RATE_PPS[mission.orders.pace],
        "tries": 3 if learn else 2,
    }
    limit_s = 60 + 3 * len(here) / RATE_PPS[mission.orders.pace]
    records, catch = work(mission, "arp", here, orders, timeout_s=limit_s)
    ours = {s.address for s in mission.vantage.segments}
    facts = [
        Alive(
            address=record["address"],
            mac=record["mac"],
            at=clock.now(),
            source=record["source"],
            evidence=catch.evidence[0].sha256,
        )
        for record in records
        if _wanted(mission, record["address"], ours)
    ]
    return replace(catch, facts=tuple(facts))


def _one_covered(mission: Mission, segment: Segment) -> list[Address]:
    """Return one address to name to the gate where all hosts must be learnt: ours, or the first
    of the network that is not excluded.
    """
    learnt = [n for n in mission.plan.learn if segment.network.overlaps(n)]
    firsts = [network.network_address + number for network in learnt for number in (1, 2, 3)]
    return [a for a in (segment.address, *firsts) if mission.plan.covers(a)][:1]


def _wanted(mission: Mission, address: str, ours: set[Address]) -> bool:
    try:
        met = ipaddress.ip_address(address)
    except ValueError:
        return False
    return met not in ours and mission.plan.covers(met)


def _ping(mission: Mission, targets: Sequence[Address]) -> Catch:
    raw = mission.vantage.privilege == "root"
    v6 = targets[0].version == 6
    argv = nmap.discovery_argv(mission.nmap, pace=mission.orders.pace, v6=v6, raw=raw)
    scan, catch = scan_with_nmap(mission, argv, targets, timeout_s=120 + len(targets))
    facts = [
        Alive(
            address=host.address, mac=host.mac, at=clock.now(), source="nmap", evidence=sha(catch)
        )
        for host in scan.hosts
        if host.up
    ]
    return replace(catch, facts=tuple(facts))


def _neighbour_table(mission: Mission) -> Catch:
    """Read the kernel's ARP table: whoever the pings made it resolve is there, answer or not.

    Columns of /proc/net/arp: address, type, flags (0x2 complete), MAC, mask, device.
    """
    table = Path("/proc/net/arp").read_bytes() if Path("/proc/net/arp").exists() else b""
    evidence = runs.keep(mission.run, "arp.txt", table, source="/proc/net/arp", at=clock.now())
    ours = {segment.address for segment in mission.vantage.segments}
    facts = [
        Alive(
            address=words[0],
            mac=words[3].lower(),
            at=clock.now(),
            source=ARP_TABLE,
            evidence=evidence.sha256,
        )
        for words in (line.split() for line in table.decode(errors="replace").splitlines()[1:])
        if len(words) >= 4 and words[2] == "0x2" and _wanted(mission, words[0], ours)
    ]
    return Catch(tuple(facts), (evidence,))
