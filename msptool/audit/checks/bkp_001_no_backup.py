"""BKP-001: a server that no backup job protects."""

from collections.abc import Iterator

from msptool.audit.checks import CHECKS, Exhibit
from msptool.judge import Undecided, Violation, not_applicable
from msptool.model import Rule

RULE = Rule(
    check="BKP-001",
    title={"en": "Server without any backup", "ru": "Сервер не резервируется"},
    message={
        "en": "No backup job of the profile protects this machine.",
        "ru": "Ни одно задание резервного копирования в профиле не защищает этот узел.",
    },
    remedy={
        "en": "Create a job for it today, and name it in the job's list “protects”.",
        "ru": "Создайте для него задание сегодня и укажите узел в списке «protects» этого задания.",
    },
    severity="critical",
    category="backup",
    standards=("CIS 11.2", "NIST CSF PR.DS-11", "ФСТЭК ОДТ.4"),
)


@CHECKS.check(RULE, kinds={"asset"}, needs=("alive", "ports"))
def unprotected(exhibit: Exhibit) -> Iterator[Violation]:
    """Servers and storage; jobs name what they protect by name, serial, MAC or address."""
    if exhibit.asset.kind not in ("server", "storage"):
        raise not_applicable()
    if exhibit.protected is None:
        raise Undecided("no-data")
    if not exhibit.protected:
        yield Violation("", {"type": exhibit.asset.kind})
