"""From the facts of one machine to its asset: the second pass, one machine at a time. Pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from msptool.audit import agent, certificate, spoken
from msptool.audit.asset import Asset, Certificate, Service
from msptool.audit.asset import Snmp as Agent
from msptool.audit.facts import AnyFact, Grab, Port, Snmp, Told
from msptool.audit.identify.shapes import Group
from msptool.audit.snmp import reasons
from msptool.profile.shape import AssetNote


def asset(
    group: Group,
    facts: Sequence[AnyFact],
    notes: Sequence[AssetNote],
    seen_at: datetime,
    *,
    ports_known: frozenset[str],
) -> Asset:
    """Return the asset of a group, from the facts of its addresses."""
    found = services(facts)
    plates = [one.plate for one in group.keys]

    def say(field: str) -> str:
        """What agents say, else what other probes say best."""
        agents = (getattr(plate, "kind" if field == "type" else field) for plate in plates)
        probes = (one.told.get(field, "") for one in group.keys)
        return next(filter(None, (*agents, *probes)), "")

    return Asset(
        id=group.id,
        kind=say("type") or spoken.kind(found),
        name=group.name,
        seen_at=seen_at,
        addresses=group.addresses,
        macs=tuple(sorted({mac for one in group.keys for mac in one.macs})),
        aliases=group.aliases,
        vendor=say("vendor"),
        model=say("model"),
        version=say("version"),
        serial=say("serial"),
        os=say("os"),
        importance=_importance(group.aliases, notes),
        ports_known=ports_known.issuperset(group.addresses),
        services=found,
        certificates=_certificates(facts),
        snmp=_agent(facts),
        unread=_unread(facts),
        shared=group.shared,
        contested=tuple(one.contested for one in group.keys if one.contested),
    )


def _importance(aliases: Iterable[str], notes: Sequence[AssetNote]) -> str:
    known = {alias.lower() for alias in aliases}
    bare = {f"serial:{a.partition('/')[2]}" for a in known if a.startswith("serial:")}
    return next((n.importance for n in notes if n.match.lower() in known | bare), "normal")


def services(facts: Iterable[AnyFact]) -> tuple[Service, ...]:
    """Return open ports once each, with what was said there; IPv4 and IPv6 say the same."""
    known = list(facts)
    grabs = {(f.address, f.port): f for f in known if isinstance(f, Grab)}
    told = [fact for fact in known if isinstance(fact, Told)]
    found: dict[tuple[str, int], Service] = {}
    for fact in known:
        if isinstance(fact, Port) and fact.state == "open":
            grab = grabs.get((fact.address, fact.port)) if fact.proto == "tcp" else None
            service = spoken.service(fact, grab, told)
            known_one = found.get((fact.proto, fact.port))
            if known_one is None or _says(service) > _says(known_one):
                found[fact.proto, fact.port] = service
    for fact in known:
        if isinstance(fact, Snmp) and fact.rows:
            found["udp", 161] = Service(
                address=fact.address, proto="udp", port=161, name="snmp", spoke=True,
                evidence=fact.evidence,
            )  # fmt: skip
    return tuple(found[key] for key in sorted(found))


def _says(service: Service) -> tuple[bool, bool]:
    return service.spoke, bool(service.name)


def _certificates(facts: Iterable[AnyFact]) -> tuple[Certificate, ...]:
    found = {
        fact.port: _certificate(fact)
        for fact in facts
        if isinstance(fact, Grab) and fact.certificate
    }
    return tuple(found[port] for port in sorted(found))


def _certificate(fact: Grab) -> Certificate:
    try:
        data = bytes.fromhex(fact.certificate)
    except ValueError as error:
        return Certificate(port=fact.port, error=type(error).__name__, evidence=fact.evidence)
    return certificate.parse(data, port=fact.port, evidence=fact.evidence)


def _unread(facts: Iterable[AnyFact]) -> str:
    """Return why an agent that spoke was not read; of several reasons the first, by credential."""
    told = [fact for fact in facts if isinstance(fact, Snmp)]
    if any(fact.rows for fact in told):
        return ""
    return next((reasons.gap(fact.error) for fact in told if fact.error), "")


def _agent(facts: Iterable[AnyFact]) -> Agent | None:
    answers = [fact for fact in facts if isinstance(fact, Snmp) and fact.rows]
    if not answers:
        return None
    fullest = max(answers, key=lambda fact: len(fact.rows))
    return agent.read(
        fullest.rows,
        communities=tuple(dict.fromkeys(fact.community for fact in answers)),
        complete=fullest.complete,
        evidence=fullest.evidence,
    )
