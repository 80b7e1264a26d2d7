"""BKP-018 (of ours): a backup could not be tested, so that nobody knows whether it restores.

Apart from BKP-013, so that a lock or a wrong password never resolves a ticket about damage.
"""

from collections.abc import Iterator

from msptool.backup.checks import CHECKS
from msptool.backup.exhibit import Exhibit
from msptool.judge import Violation
from msptool.model import Rule

RULE = Rule(
    check="BKP-018",
    title={"en": "Backup could not be tested", "ru": "Копию не удалось проверить"},
    message={
        "en": "Job {job}: {verdict_en}{told_en}{named}.",
        "ru": "Задание {job}: {verdict_ru}{told_ru}{named}.",
    },
    remedy={
        "en": "Until it is tested, count on nothing: mend what is named (password, path, lock,"
        " room), then msptool backup verify.",
        "ru": "Пока копия не проверена, рассчитывать на неё нельзя: исправьте названное (пароль,"
        " путь, блокировка, место), затем msptool backup verify.",
    },
    severity="high",
    category="backup",
    standards=("CIS 11.5", "NIST CSF RC.RP-03", "ФСТЭК ОДТ.5"),
)


@CHECKS.check(RULE, kinds={"job"}, needs=("test",))
def untested(exhibit: Exhibit) -> Iterator[Violation]:
    """The part is the verdict that says why; of two with the same, the first is told."""
    told = {fault.verdict: fault for fault in reversed(exhibit.of("blind"))}
    for fault in told.values():
        facts = {"job": exhibit.name, **fault.facts()}
        yield Violation(fault.verdict, facts, evidence=exhibit.evidence)
