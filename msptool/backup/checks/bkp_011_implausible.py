"""BKP-011: a backup is implausible in size, number or change.

The part is the kind of oddness; of several snapshots the newest is told.
"""

from collections.abc import Iterator

from msptool.backup.checks import CHECKS
from msptool.backup.exhibit import Exhibit
from msptool.backup.keeping.anomaly import WORDS, Odd
from msptool.judge import Undecided, Violation
from msptool.model import Rule, Severity

RULE = Rule(
    check="BKP-011",
    title={"en": "Size anomaly", "ru": "Аномальный размер копии"},
    message={
        "en": "Job {job}, snapshot {snapshot}: {what_en} ({value}; usual or agreed: {usual}).",
        "ru": "Задание {job}, снимок {snapshot}: {what_ru} ({value}; обычно или по договору:"
        " {usual}).",
    },
    remedy={
        "en": "Look at the source before the next backup (ransomware, excluded or lost data)."
        " Retention waits. Where all is well: msptool backup forget {job} --accept {snapshot}.",
        "ru": "Проверьте источник до следующей копии (шифровальщик, исключённые или пропавшие"
        " данные). Чистка ждёт. Если всё верно: msptool backup forget {job} --accept {snapshot}.",
    },
    severity="medium",
    category="backup",
    standards=("CIS 11.2", "NIST CSF DE.CM-09", "ФСТЭК ОДТ.3"),
)


@CHECKS.check(RULE, kinds={"job"}, needs=("guard",))
def implausible(exhibit: Exhibit) -> Iterator[Violation]:
    """A rewrite of everything is graver than the rest; hints are only told."""
    if exhibit.guard is None:
        raise Undecided("no-data")
    for odd in {odd.code: odd for odd in exhibit.guard.odd}.values():
        yield Violation(
            odd.code,
            {"job": exhibit.name, "snapshot": odd.snapshot[:8], **_told(odd)},
            severity=_severity(odd),
            evidence=exhibit.evidence,
        )


def _severity(odd: Odd) -> Severity | None:
    if odd.code == "rewritten":
        return "high"
    return None if odd.holds else "info"


def _told(odd: Odd) -> dict[str, str]:
    share = odd.code in ("rewritten", "renamed", "too-much-changed")
    value, usual = (
        f"{number:.0%}" if share else f"{number:.0f}" for number in (odd.value, odd.usual)
    )
    said = WORDS[odd.code]
    return {"what_en": said["en"], "what_ru": said["ru"], "value": value, "usual": usual}
