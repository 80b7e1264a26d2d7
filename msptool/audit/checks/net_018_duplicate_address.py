"""NET-018: two machines answer for one address."""

from collections.abc import Iterator

from msptool.audit.checks import CHECKS, Exhibit
from msptool.judge import Undecided, Violation
from msptool.model import Rule

RULE = Rule(
    check="NET-018",
    title={"en": "Duplicate IP address", "ru": "Конфликт IP-адресов"},
    message={
        "en": "Several machines answer for {address}: {macs}.",
        "ru": "На адрес {address} отвечает несколько машин: {macs}.",
    },
    remedy={
        "en": "Reserve the address in DHCP for one of them, and give the other a free one.",
        "ru": "Закрепите адрес в DHCP за одной из них, а другой дайте свободный.",
    },
    severity="high",
    category="network",
    standards=("CIS 1.1", "NIST CSF ID.AM-03", "ФСТЭК ОДТ.3"),
)


@CHECKS.check(RULE, kinds={"asset"}, needs=("alive",))
def duplicate(exhibit: Exhibit) -> Iterator[Violation]:
    """More than one MAC answered for an address, no two of them one machine's: not a virtual
    router's (VRRP, HSRP, GLBP), not ports of one card, not of one agent's own interfaces.
    """
    asset = exhibit.asset
    if not asset.macs and not asset.contested:
        raise Undecided("not-on-segment")
    for one in asset.contested:
        facts = {"address": one.address, "macs": ", ".join(one.macs)}
        yield Violation(one.address, facts, evidence=one.evidence)
