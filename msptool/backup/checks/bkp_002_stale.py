"""BKP-002: the newest backup that can be proven is older than agreed, or there is none."""

from collections.abc import Iterator

from msptool.backup.checks import CHECKS
from msptool.backup.exhibit import Exhibit
from msptool.judge import Violation
from msptool.model import Rule

RULE = Rule(
    check="BKP-002",
    title={"en": "Last good backup older than RPO", "ru": "Копия старше RPO"},
    message={
        "en": "Job {job}: newest backup {age_en}; agreed: at most {rpo_h} h.",
        "ru": "Задание {job}: последняя копия — {age_ru}; договорено: не старше {rpo_h} ч.",
    },
    remedy={
        "en": "Find out why the job does not run (msptool backup run), mend it and run it again.",
        "ru": "Выясните, почему задание не выполняется (msptool backup run), исправьте и"
        " запустите его снова.",
    },
    severity="critical",
    category="backup",
    standards=("CIS 11.2", "NIST CSF PR.DS-11", "ФСТЭК ОДТ.4"),
)


@CHECKS.check(RULE, kinds={"job"}, needs=("snapshots",))
def stale(exhibit: Exhibit) -> Iterator[Violation]:
    """Hold the age of the newest sealed snapshot against the job's rpo_h."""
    if not exhibit.stale:
        return
    age_h = None if exhibit.age_s is None else round(exhibit.age_s / 3600, 1)
    yield Violation(
        "",
        {
            "job": exhibit.name,
            "age_h": age_h,
            "age_en": "none at all" if age_h is None else f"{age_h} h old",
            "age_ru": "нет ни одной" if age_h is None else f"возраст {age_h} ч",
            "rpo_h": exhibit.rpo_h,
        },
        evidence=exhibit.evidence,
    )
