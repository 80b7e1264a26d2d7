"""BKP-005: a repository that claims to be append-only let a snapshot be deleted."""

from collections.abc import Iterator

from msptool.backup.checks import CHECKS
from msptool.backup.exhibit import Exhibit
from msptool.judge import Undecided, Violation, not_applicable
from msptool.model import Rule

RULE = Rule(
    check="BKP-005",
    title={"en": "Append-only is not enforced", "ru": "Дозапись не соблюдается"},
    message={
        "en": "Repository {name} claims to be append-only, and the trial snapshot {snapshot} could"
        " be deleted with this machine's access.",
        "ru": "Хранилище {name} объявлено «только на дозапись», а пробный снимок {snapshot} удалось"
        " удалить с правами этой машины.",
    },
    remedy={
        "en": "Serve it append-only (rclone serve restic --append-only, rest-server --append-only),"
        " and delete with another access, from another machine.",
        "ru": "Откройте его только на дозапись (rclone serve restic --append-only, rest-server"
        " --append-only), а удаляйте с другими правами, с другой машины.",
    },
    severity="high",
    category="backup",
    standards=("CIS 11.4", "NIST CSF PR.DS-11", "ФСТЭК ЗИС.15"),
)


@CHECKS.check(RULE, kinds={"repository"}, needs=("trial",))
def append_only(exhibit: Exhibit) -> Iterator[Violation]:
    """Only where the profile says append_only; a trial that proved nothing is no pass."""
    trial = exhibit.trial
    if trial is None:
        raise not_applicable()
    if trial.outcome == "unknown":
        raise Undecided("probe-failed")
    if trial.outcome == "broken":
        facts = {"name": exhibit.name, "snapshot": trial.snapshot[:8]}
        yield Violation("", facts, evidence=exhibit.evidence)
