"""SEC-011: an FTP server lets anybody in."""

from collections.abc import Iterator

from msptool.audit.asset import Service
from msptool.audit.checks import CHECKS, Exhibit
from msptool.judge import Said, Unsure, Violation
from msptool.model import Rule

RULE = Rule(
    check="SEC-011",
    title={"en": "Anonymous FTP", "ru": "Анонимный FTP"},
    message={
        "en": "The FTP server on {port} accepts the anonymous login.",
        "ru": "FTP-сервер на порту {port} принимает анонимный вход.",
    },
    remedy={
        "en": "Turn the anonymous login off; move the exchange of files to SFTP.",
        "ru": "Отключите анонимный вход; переведите обмен файлами на SFTP.",
    },
    severity="high",
    category="security",
    standards=("CIS 3.3", "CIS 4.8", "NIST CSF PR.AA-03", "ФСТЭК УПД.2"),
)


@CHECKS.check(RULE, kinds={"asset"}, needs=("ports", "services"))
def anonymous(exhibit: Exhibit) -> Iterator[Said]:
    """Reply 230 after USER or PASS means logged in (RFC 959)."""
    for service in exhibit.asset.services:
        if service.name != "ftp":
            if _may_be_ftp(exhibit, service):
                yield Unsure(service.part, "no-answer")
            continue
        last = service.answers.get("ftp-pass") or service.answers.get("ftp-user", "")
        if not last:
            yield Unsure(service.part, "no-answer")
        if last.startswith("230"):
            yield Violation(service.part, {"port": service.part}, evidence=(service.evidence,))


def _may_be_ftp(exhibit: Exhibit, service: Service) -> bool:
    """A port that named no protocol: full up ("421 Too many connections") or just slow."""
    usual = service.proto == "tcp" and service.port in (21, 2121) and not service.name
    return usual or exhibit.fell_silent(service, "ftp")
