"""BKP-010: nobody ever showed that the password opens the repository from where the client
keeps it, or the last try failed.
"""

from collections.abc import Iterator

from msptool.backup.checks import CHECKS
from msptool.backup.exhibit import Exhibit
from msptool.judge import Violation
from msptool.model import Rule

RULE = Rule(
    check="BKP-010",
    title={"en": "Decryption key not escrowed", "ru": "Ключ от копий не сохранён"},
    message={
        "en": "Repository {name}: {told_en}.",
        "ru": "Хранилище {name}: {told_ru}.",
    },
    remedy={
        "en": "Print the recovery sheet or store the password in the client's vault, then try it"
        " from there: msptool backup key test.",
        "ru": "Напечатайте лист восстановления или положите пароль в сейф клиента и проверьте его"
        " оттуда: msptool backup key test.",
    },
    severity="critical",
    category="backup",
    standards=("CIS 11.1", "NIST CSF PR.DS-11", "ФСТЭК ИАФ.4"),
)


@CHECKS.check(RULE, kinds={"repository"}, needs=("test",))
def escrow(exhibit: Exhibit) -> Iterator[Violation]:
    """The part tells a key that was never tried from one that failed."""
    if exhibit.escrow == "ok":
        return
    failed = exhibit.escrow == "wrong-password"
    facts = {
        "name": exhibit.name,
        "told_en": "the password kept by the client does not open it" if failed
        else "no copy of the password outside this machine was ever tried",
        "told_ru": "пароль, который хранит клиент, его не открывает" if failed
        else "ни одну копию пароля вне этой машины не проверяли",
    }  # fmt: skip
    yield Violation("failed" if failed else "untried", facts, evidence=())
