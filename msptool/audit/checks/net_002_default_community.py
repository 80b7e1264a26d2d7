"""NET-002: an SNMP agent answers to a community that everybody knows."""

from collections.abc import Iterator

from msptool.audit.checks import CHECKS, Exhibit
from msptool.judge import Violation
from msptool.model import Rule

RULE = Rule(
    check="NET-002",
    title={
        "en": "SNMP answers to a default community",
        "ru": "SNMP отвечает на community по умолчанию",
    },
    message={
        "en": "The agent answers to the community “{community}”: anybody can read the device.",
        "ru": "Агент отвечает на community «{community}»: прочитать устройство может любой.",
    },
    remedy={
        "en": "Move to SNMPv3 (authPriv), or set a community of your own, limited to the "
        "monitoring host by an access list.",
        "ru": "Перейдите на SNMPv3 (authPriv) или задайте свою community, ограниченную "
        "списком доступа адресом сервера мониторинга.",
    },
    severity="high",
    category="network",
    standards=("CIS 4.7", "CIS 12.6", "NIST CSF PR.AA-01", "ФСТЭК ИАФ.4"),
)


@CHECKS.check(
    RULE, kinds={"asset"}, needs=("alive", "default-communities"), consent="default-credentials"
)
def default_community(exhibit: Exhibit) -> Iterator[Violation]:
    """Reading communities are named, since they are no secret: they are the maker's."""
    for community in exhibit.default_communities[:1]:
        snmp = exhibit.asset.snmp
        evidence = (snmp.evidence,) if snmp and snmp.evidence else ()
        yield Violation("udp/161", {"community": community}, evidence=evidence)
