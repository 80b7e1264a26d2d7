"""BKP-022 (of ours): old snapshots are due to go, and the guard holds them back.

The part is the reason, so that a ticket ends with the reason that opened it. A backup that is not
proven yet is no finding in the run that made it: only a proof is asked.
"""

from collections.abc import Iterator

from msptool.backup.checks import CHECKS
from msptool.backup.exhibit import Exhibit
from msptool.backup.keeping.retention import REASONS
from msptool.judge import Undecided, Violation
from msptool.model import Rule, Scalar

RULE = Rule(
    check="BKP-022",
    title={"en": "Retention held back", "ru": "Удаление старых копий приостановлено"},
    message={
        "en": "Job {job}: {due} old snapshots stay, because {reason_en}.",
        "ru": "Задание {job}: старых снимков остаётся: {due}; причина: {reason_ru}.",
    },
    remedy={
        "en": "Mend the reason: a proof (msptool backup verify), a whole backup (msptool backup"
        " run), or a person's word (msptool backup forget --accept ID). The room must last.",
        "ru": "Устраните причину: проверка (msptool backup verify), полная копия (msptool backup"
        " run) или решение человека (msptool backup forget --accept ID). Места должно хватить.",
    },
    severity="medium",
    category="backup",
    standards=("CIS 11.2", "NIST CSF PR.DS-11", "ФСТЭК ОДТ.4"),
)


@CHECKS.check(RULE, kinds={"job"}, needs=("guard", "proof"))
def held(exhibit: Exhibit) -> Iterator[Violation]:
    """One violation a reason, where anything is due to go."""
    if exhibit.guard is None:
        raise Undecided("no-data")
    plan = exhibit.guard.plan
    for reason in plan.held if plan.due else ():
        said = REASONS[reason]
        facts: dict[str, Scalar] = {
            "job": exhibit.name,
            "due": len(plan.due),
            "reason": reason,
            "reason_en": said["en"],
            "reason_ru": said["ru"],
        }
        yield Violation(reason, facts)
