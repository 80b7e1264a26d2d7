"""SRV-006: a local file system is almost full, in bytes or in inodes."""

from collections.abc import Iterable

from msptool.judge import Undecided, Violation
from msptool.model import Rule
from msptool.monitor.checks import CHECKS
from msptool.monitor.seen import Seen

RULE = Rule(
    check="SRV-006",
    title={"en": "Volume is almost full", "ru": "Диск почти заполнен"},
    message={
        "en": "{mount} is {used_percent} % full ({free_mib} MiB free; inodes {inodes_percent} %);"
        " the limit is {limit} %.",
        "ru": "{mount} заполнен на {used_percent} % (свободно {free_mib} МиБ; индексные"
        " дескрипторы {inodes_percent} %); предел — {limit} %.",
    },
    remedy={
        "en": "Delete or move what is not needed (du -x), or enlarge the volume.",
        "ru": "Удалите или перенесите ненужное (du -x) либо увеличьте том.",
    },
    severity="high",
    category="servers",
    standards=("CIS 8.3", "NIST CSF PR.IR-04", "ФСТЭК ОДТ.3"),
)


@CHECKS.check(RULE, kinds=("volume",), needs=("volume",))
def judge(seen: Seen) -> Iterable[Violation]:
    """Compare bytes and inodes with monitor.disk_percent."""
    if seen.volume is None:
        raise Undecided("no-data")
    volume, limit = seen.volume, seen.limits.disk_percent
    if max(volume.used_percent, volume.inodes_percent) >= limit:
        yield Violation(
            part=volume.mount,
            facts={
                "mount": volume.mount,
                "used_percent": round(volume.used_percent, 1),
                "inodes_percent": round(volume.inodes_percent, 1),
                "free_mib": volume.free_bytes // 2**20,
                "limit": limit,
            },
        )
