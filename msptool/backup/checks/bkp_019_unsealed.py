"""BKP-019 (of ours): a newer snapshot of a job was made past msptool, so nothing vouches for it."""

from collections.abc import Iterator

from msptool.backup.checks import CHECKS
from msptool.backup.exhibit import Exhibit
from msptool.judge import Violation
from msptool.model import Rule

RULE = Rule(
    check="BKP-019",
    title={"en": "Snapshot without a sealed manifest", "ru": "Снимок без опечатанной описи"},
    message={
        "en": "Job {job}: snapshot {snapshot} is newer than the last sealed one and was not made"
        " by msptool; a restore of the latest would take it.",
        "ru": "Задание {job}: снимок {snapshot} новее последнего опечатанного и сделан не msptool;"
        " восстановление последнего снимка возьмёт именно его.",
    },
    remedy={
        "en": "Find out who made it and with which excludes, then run msptool backup run.",
        "ru": "Выясните, кто его сделал и с какими исключениями, затем выполните"
        " msptool backup run.",
    },
    severity="medium",
    category="backup",
    standards=("CIS 11.2", "NIST CSF PR.DS-11", "ФСТЭК ОДТ.4"),
)


@CHECKS.check(RULE, kinds={"job"}, needs=("snapshots",))
def unsealed(exhibit: Exhibit) -> Iterator[Violation]:
    """The part is no snapshot: the next such snapshot is the same fault."""
    if exhibit.unsealed:
        yield Violation("", {"job": exhibit.name, "snapshot": exhibit.unsealed[:8]})
