"""How much of the machine and the line a job takes: nice(1), ionice(1) and restic's own limits."""

from collections.abc import Sequence

from msptool import process
from msptool.process import Word
from msptool.profile.shape import Limits

_CLASSES = {"best-effort": "2", "idle": "3"}  # ionice(1), --class


def wrapped(words: Sequence[Word], limits: Limits) -> list[Word]:
    """Return a call behind the programs that lower its claim to processor and disk."""
    before: list[Word] = []
    if limits.nice:
        before += [process.find("nice", package="coreutils"), "-n", str(limits.nice)]
    if limits.ionice != "none":
        ionice = process.find("ionice", package="util-linux")
        before += [ionice, "-t", "-c", _CLASSES[limits.ionice]]
    return [*before, *words]


def flags(limits: Limits) -> list[str]:
    """Return restic's flags for the line, in KiB/s."""
    chosen = (("--limit-upload", limits.upload_kib_s), ("--limit-download", limits.download_kib_s))
    return [f"{flag}={rate}" for flag, rate in chosen if rate]
