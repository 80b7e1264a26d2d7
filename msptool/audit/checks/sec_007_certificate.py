"""SEC-007: a certificate that has run out, or soon will."""

from collections.abc import Iterator

from msptool.audit.asset import Certificate, Service
from msptool.audit.checks import CHECKS, Exhibit
from msptool.audit.ports import TLS_FIRST
from msptool.judge import Said, Unsure, Violation
from msptool.model import Rule

SOON_DAYS = 30

RULE = Rule(
    check="SEC-007",
    title={
        "en": "Certificate expired or expiring",
        "ru": "Сертификат истёк или истекает",
    },
    message={
        "en": "The certificate on {port} ({subject}) has the expiry date {until}.",
        "ru": "Срок действия сертификата на порту {port} ({subject}) — до {until}.",
    },
    remedy={
        "en": "Renew the certificate, automate it, and put the date in the renewal calendar.",
        "ru": "Обновите сертификат, автоматизируйте это, внесите дату в календарь продлений.",
    },
    severity="high",
    category="security",
    standards=("CIS 3.10", "NIST CSF PR.DS-02", "ФСТЭК ЗИС.3"),
)


@CHECKS.check(RULE, kinds={"asset"}, needs=("ports", "services"))
def certificate(exhibit: Exhibit) -> Iterator[Said]:
    """Expired is high, at most 30 days left is medium."""
    shown = {seen.port for seen in exhibit.asset.certificates}
    for service in exhibit.asset.services:
        if service.proto == "tcp" and service.port not in shown and _hides_one(exhibit, service):
            yield Unsure(service.part, "no-answer")
    for seen in exhibit.asset.certificates:
        if seen.not_after is None:
            yield Unsure(f"tcp/{seen.port}", "unreadable")
            continue
        days = (seen.not_after - exhibit.now).days
        if days <= SOON_DAYS:
            yield _violation(seen, seen.not_after.date().isoformat(), days)


def _violation(seen: Certificate, until: str, days: int) -> Violation:
    part = f"tcp/{seen.port}"
    return Violation(
        part,
        {"port": part, "subject": seen.subject, "until": until, "days": days},
        severity="high" if days < 0 else "medium",
        evidence=(seen.evidence,) if seen.evidence else (),
    )


def _hides_one(exhibit: Exhibit, service: Service) -> bool:
    """TLS of which no certificate was read; or no word at all where TLS is usual or was."""
    before = exhibit.previous.certificates if exhibit.previous else ()
    was = any(seen.port == service.port for seen in before)
    return service.tls or (not service.name and (service.port in TLS_FIRST or was))
