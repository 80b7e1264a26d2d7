"""BKP-023 (of ours): it came back as it was, and nobody could tell what it is worth.

Low: the bytes are proven. Apart from BKP-018, so that a missing tool takes no proof away.
"""

from collections.abc import Iterator

from msptool.backup.checks import CHECKS
from msptool.backup.exhibit import Exhibit
from msptool.judge import Violation, not_applicable
from msptool.model import Rule

RULE = Rule(
    check="BKP-023",
    title={"en": "Restored content was not examined", "ru": "Содержимое копии не изучено"},
    message={
        "en": "Job {job}: files came back as sealed and could not be examined{told_en}{named}.",
        "ru": "Задание {job}: файлы вернулись как опечатаны, но изучить их не удалось"
        "{told_ru}{named}.",
    },
    remedy={
        "en": "Install what is named, or allow it (msptool doctor), then msptool backup verify"
        " --level 5.",
        "ru": "Установите названное или разрешите его (msptool doctor), затем msptool backup verify"
        " --level 5.",
    },
    severity="low",
    category="backup",
    standards=("CIS 11.5", "NIST CSF RC.RP-03", "ФСТЭК ОДТ.5"),
)


@CHECKS.check(RULE, kinds={"job"}, needs=("test",))
def unseen(exhibit: Exhibit) -> Iterator[Violation]:
    """The first reason is told with its files; the evidence has them all."""
    if exhibit.unseen is None:
        raise not_applicable()
    for fault in exhibit.unseen[:1]:
        yield Violation("", {"job": exhibit.name, **fault.facts()}, evidence=exhibit.evidence)
