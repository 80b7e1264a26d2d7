"""NET-012: several machines behind a port that should serve one."""

from collections.abc import Iterator

from msptool.audit.checks import CHECKS, Exhibit
from msptool.judge import Violation, not_applicable
from msptool.model import Rule

RULE = Rule(
    check="NET-012",
    title={
        "en": "Unmanaged switch or hub behind a port",
        "ru": "Неуправляемый коммутатор за портом",
    },
    message={
        "en": "Behind port {port} {count} machines were seen, and no managed switch.",
        "ru": "За портом {port} видно машин: {count}, управляемого коммутатора за ним нет.",
    },
    remedy={
        "en": "Document what stands there, or replace it with a managed switch.",
        "ru": "Задокументируйте, что там стоит, или замените управляемым коммутатором.",
    },
    severity="low",
    category="network",
    standards=("CIS 1.2", "CIS 12.4", "NIST CSF ID.AM-03", "ФСТЭК АНЗ.4"),
)


@CHECKS.check(RULE, kinds={"asset"}, needs=("snmp",))
def unmanaged(exhibit: Exhibit) -> Iterator[Violation]:
    """More than one MAC on an edge port (no LLDP neighbour, no known switch behind it)."""
    snmp = exhibit.asset.snmp
    if snmp is None or not snmp.stations:
        raise not_applicable()
    for port in exhibit.edge_ports:
        if len(port.stations) > 1:
            yield Violation(
                port.port,
                {"port": port.port, "count": len(port.stations)},
                evidence=(snmp.evidence,) if snmp.evidence else (),
            )
