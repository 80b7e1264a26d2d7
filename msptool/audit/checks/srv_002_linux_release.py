"""SRV-002: a Linux release that no longer gets updates, told by the SSH banner."""

import re
from collections.abc import Iterator
from datetime import date

from msptool.audit.checks import CHECKS, Exhibit
from msptool.judge import Undecided, Violation, not_applicable
from msptool.model import Rule

# End of regular security support (Debian: LTS by volunteers comes after it; Ubuntu: standard
# support). Source: endoflife.date, 2026-08-22 (debian, ubuntu).
DEBIAN_END = {
    8: date(2018, 6, 17), 9: date(2020, 7, 18), 10: date(2022, 9, 10),
    11: date(2024, 8, 14), 12: date(2026, 7, 11), 13: date(2028, 8, 9),
}  # fmt: skip
# The package revision in Ubuntu's banner, by OpenSSH version: 20.04 ships 8.2, and so on.
UBUNTU_BY_OPENSSH = {
    "7.2": "16.04", "7.6": "18.04", "8.2": "20.04", "8.9": "22.04", "9.6": "24.04",
}  # fmt: skip
UBUNTU_END = {
    "16.04": date(2021, 4, 2), "18.04": date(2023, 5, 31), "20.04": date(2025, 5, 31),
    "22.04": date(2027, 4, 1), "24.04": date(2029, 5, 31),
}  # fmt: skip

RULE = Rule(
    check="SRV-002",
    title={"en": "Linux release end-of-life", "ru": "Дистрибутив Linux снят с поддержки"},
    message={
        "en": "The SSH banner says {release}; its regular security support ended on {end}.",
        "ru": "Судя по баннеру SSH, это {release}; обычная поддержка закончилась {end}.",
    },
    remedy={
        "en": "Upgrade the release, or buy extended support; isolate the machine until then.",
        "ru": "Обновите дистрибутив или купите расширенную поддержку; до этого изолируйте машину.",
    },
    severity="high",
    category="servers",
    standards=("CIS 2.2", "NIST CSF PR.PS-02", "ФСТЭК АНЗ.2"),
)


@CHECKS.check(RULE, kinds={"asset"}, needs=("ports", "services"))
def release(exhibit: Exhibit) -> Iterator[Violation]:
    """A banner that names no release says nothing, and is no finding. One finding a machine."""
    services = [service for service in exhibit.asset.services if service.proto == "tcp"]
    banners = [service for service in services if service.name == "ssh"]
    if not banners:
        silent = any(s.port == 22 and not s.name or exhibit.fell_silent(s, "ssh") for s in services)
        raise Undecided("no-answer") if silent else not_applicable()
    for service in banners:
        told = _release(service.greeting)
        if told is not None and told[1] < exhibit.now.date():
            facts = {"release": told[0], "end": told[1].isoformat(), "port": service.part}
            yield Violation("", facts, evidence=(service.evidence,))
            return


def _release(banner: str) -> tuple[str, date] | None:
    """Return (name, end of support) of `SSH-2.0-OpenSSH_8.4p1 Debian-5+deb11u3` and its like."""
    debian = re.search(r"\bDebian-\S*?deb(\d+)u", banner)
    if debian and int(debian[1]) in DEBIAN_END:
        return f"Debian {debian[1]}", DEBIAN_END[int(debian[1])]
    ubuntu = re.search(r"OpenSSH_(\d+\.\d+)\S* Ubuntu-", banner)
    name = UBUNTU_BY_OPENSSH.get(ubuntu[1]) if ubuntu else None
    return (f"Ubuntu {name}", UBUNTU_END[name]) if name else None
