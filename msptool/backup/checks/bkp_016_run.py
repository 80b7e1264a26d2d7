"""BKP-016 (of ours): a backup run failed, or left out a part of its source."""

from collections.abc import Iterator

from msptool.backup.checks import CHECKS
from msptool.backup.exhibit import Exhibit
from msptool.backup.verdicts import TABLE
from msptool.judge import Unsure, Violation
from msptool.model import Rule

RULE = Rule(
    check="BKP-016",
    title={"en": "Backup failed or incomplete", "ru": "Копирование не удалось или неполно"},
    message={
        "en": "Job {job}: {verdict_en}{told_en}{named}.",
        "ru": "Задание {job}: {verdict_ru}{told_ru}{named}.",
    },
    remedy={
        "en": "Mend what is named (path, rights, password, room, lock) and run it again:"
        " msptool backup run.",
        "ru": "Исправьте названное (путь, права, пароль, место, блокировка) и запустите снова:"
        " msptool backup run.",
    },
    severity="high",
    category="backup",
    standards=("CIS 11.2", "NIST CSF PR.DS-11", "ФСТЭК ОДТ.4"),
)


@CHECKS.check(RULE, kinds={"job"}, needs=("run",))
def failed(exhibit: Exhibit) -> Iterator[Violation | Unsure]:
    """The part is the verdict; a run that made a whole snapshot has none.

    One that stopped at a lock or a password did not get as far as the others: they stay unsure.
    """
    for fault in exhibit.faults:
        facts = {"job": exhibit.name, **fault.facts()}
        yield Violation(fault.verdict, facts, evidence=exhibit.evidence)
    if exhibit.of("blind"):
        found = {fault.verdict for fault in exhibit.faults}
        for verdict, meaning in TABLE.items():
            if meaning.sort in ("bad", "blind") and verdict not in found:
                yield Unsure(verdict, "partial")
