"""SEC-007: a certificate that has run out, or soon will."""

from collections.abc import Iterator

from msptool.audit.asset import Certificate
from msptool.audit.checks import CHECKS, Exhibit
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
