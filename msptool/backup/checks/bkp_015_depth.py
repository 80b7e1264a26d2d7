"""BKP-015: a job reaches less far back than its retention says."""

from collections.abc import Iterator

from msptool.backup.checks import CHECKS
from msptool.backup.exhibit import Exhibit
from msptool.judge import Undecided, Violation
from msptool.model import Rule

RULE = Rule(
    check="BKP-015",
    title={"en": "Retention below policy", "ru": "Глубина хранения меньше политики"},
    message={
        "en": "Job {job}: the oldest sealed backup is {has_days} days old; by now it should reach"
        " back {wants_days}.",
        "ru": "Задание {job}: самой старой опечатанной копии {has_days} дн.; уже должно быть"
        " {wants_days}.",
    },
    remedy={
        "en": "Find out what deletes more than keep in client.yaml says, or change keep.",
        "ru": "Выясните, что удаляет больше, чем велит keep в client.yaml, или измените keep.",
    },
    severity="medium",
    category="backup",
    standards=("CIS 11.1", "CIS 3.4", "NIST CSF PR.DS-11", "ФСТЭК ОДТ.4"),
)


@CHECKS.check(RULE, kinds={"job"}, needs=("guard",))
def shallow(exhibit: Exhibit) -> Iterator[Violation]:
    """Hold the age of the oldest sealed snapshot against the longest bucket of keep."""
    if exhibit.guard is None:
        raise Undecided("no-data")
    depth = exhibit.guard.depth
    if depth.short:
        days = {"has_days": depth.has_days, "wants_days": depth.wants_days}
        yield Violation("", {"job": exhibit.name, **days})
