"""SEC-032: machines that share what should be one machine's: they were cloned."""

from collections.abc import Iterator

from msptool.audit.checks import CHECKS, Exhibit
from msptool.judge import Said, Unsure, Violation
from msptool.model import Rule

PART = "identity"
WORDS = {
    "serial": "S/N", "engine": "SNMP engine ID", "uuid": "UUID", "guid": "SMB GUID",
    "hostkey": "SSH host key", "mac": "MAC",
}  # fmt: skip

RULE = Rule(
    check="SEC-032",
    title={"en": "Cloned identity", "ru": "Клонированная идентичность"},
    message={
        "en": "Several machines share what should be one machine's ({what}); the others: {others}.",
        "ru": "Несколько машин делят то, что должно быть у одной ({what}); остальные: {others}.",
    },
    remedy={
        "en": "Give each clone its own: new SSH host keys, machine-id, SID (sysprep), SNMP engine "
        "ID. Prepare the image so that it makes them at first start.",
        "ru": "Создайте на каждом клоне свои: ключи SSH, machine-id, SID (sysprep), SNMP engine "
        "ID. Подготовьте образ так, чтобы они создавались при первом запуске.",
    },
    severity="medium",
    category="security",
    standards=("CIS 1.1", "CIS 4.1", "NIST CSF PR.AA-03", "ФСТЭК ИАФ.2"),
)


@CHECKS.check(RULE, kinds={"asset"}, needs=("alive",))
def cloned(exhibit: Exhibit) -> Iterator[Said]:
    """Seen at the same time on live machines that differ in another strong identifier (serial,
    MAC, host key, server GUID, name). Told once, at the machine that has been known longest.
    """
    shared = [one for one in exhibit.asset.shared if one.first]
    live = [one for one in shared if one.count]
    if live:
        others = dict.fromkeys(name for one in live for name in one.others)
        more = max(one.count for one in live) - len(others)
        told = [*others, *([f"+{more}"] if more > 0 else [])]
        what = dict.fromkeys(WORDS.get(one.key.partition(":")[0], one.key) for one in live)
        yield Violation(PART, {"what": ", ".join(what), "others": ", ".join(told)})
    elif shared:  # known to be cloned, and the other is off: nobody can say that it was cured
        yield Unsure(PART, "host-off")
