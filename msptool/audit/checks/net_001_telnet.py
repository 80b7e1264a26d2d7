"""NET-001: telnet carries the administrator's password in clear."""

import re
from collections.abc import Iterator

from msptool.audit.checks import CHECKS, Exhibit
from msptool.judge import Said, Unsure, Violation
from msptool.model import Rule

# IAC, WILL or DO, and an option (RFC 854; options to 49 by IANA): how a server opens. DONT after
# IAC is no sign amid words: in code page 1251 the two are a verb's ending ("проверяю").
NEGOTIATION = re.compile("\xff[\xfb\xfd][\x00-\x31]")

RULE = Rule(
    check="NET-001",
    title={"en": "Telnet management enabled", "ru": "Включено управление по Telnet"},
    message={
        "en": "Telnet answers on {port}: whoever logs in sends the password in clear.",
        "ru": "На порту {port} отвечает Telnet: пароль входящего передаётся открытым текстом.",
    },
    remedy={
        "en": "Enable SSH version 2, turn Telnet off, change the password that travelled in clear.",
        "ru": "Включите SSH версии 2, отключите Telnet, смените пароль, который передавался "
        "открытым текстом.",
    },
    severity="high",
    category="network",
    standards=("CIS 4.6", "CIS 12.6", "NIST CSF PR.DS-02", "ФСТЭК ЗИС.3", "ФСТЭК УПД.13"),
)


@CHECKS.check(RULE, kinds={"asset"}, needs=("ports", "services"))
def telnet(exhibit: Exhibit) -> Iterator[Said]:
    """A port is telnet if it negotiates as RFC 854 says, whatever its number and whatever words
    come first. Words alone on port 23 may be a login prompt: no pass, unless they are a known
    protocol's.
    """
    for service in exhibit.asset.services:
        negotiates = not service.name and NEGOTIATION.search(service.greeting)
        if service.spoke and (service.name == "telnet" or negotiates):
            yield Violation(service.part, {"port": service.part}, evidence=(service.evidence,))
        elif service.port == 23 and not service.spoke:
            yield Unsure(service.part, "no-answer")
        elif service.port == 23 and not service.name:
            yield Unsure(service.part, "unreadable")
        elif exhibit.fell_silent(service, "telnet"):
            yield Unsure(service.part, "no-answer")
