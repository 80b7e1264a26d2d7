"""Files of leases that the engineer brings: read, and kept as evidence, before anything is sent."""

from collections.abc import Iterable
from pathlib import Path

from msptool import clock, runs
from msptool.audit.hints import collecting, leases
from msptool.audit.hints.collecting import File
from msptool.audit.journal import Journal
from msptool.audit.mission import Mission
from msptool.errors import UsageError
from msptool.profile.shape import HintSource


def read(root: Path, sources: Iterable[HintSource]) -> tuple[File, ...]:
    """Return the files that a profile names, relative to the workspace; raise UsageError for one
    that cannot be read or is no list of leases.
    """
    return tuple(_read(root, source.dhcp) for source in sources if source.dhcp)


def _read(root: Path, name: str) -> File:
    try:
        with (root / name).open("rb") as file:
            data = file.read(leases.MOST_BYTES + 1)
    except OSError as error:
        raise _refused(name, f"{error.strerror}") from error
    if len(data) > leases.MOST_BYTES:
        raise _refused(name, f"larger than {leases.MOST_BYTES >> 20} MiB")
    if leases.read(data) is None:
        raise _refused(name, "no leases in it")
    return File(data)


def _refused(name: str, why: str) -> UsageError:
    return UsageError(
        "audit.leases",
        f"{name}: {why}; nothing was sent",
        hint="leases of ISC dhcpd, dnsmasq, Kea, Export-Csv of Windows, or RouterOS print terse",
    )


def hints(mission: Mission, journal: Journal, files: Iterable[File]) -> None:
    """Write down the files' hints inside the scope, with the files as evidence."""
    at = clock.now()
    for number, file in enumerate(files, 1):
        unit = f"file {number}"
        if journal.left([unit]):
            named = File(file.data, runs.record(mission.run, journal.name, "txt", file.data))
            journal.add(unit, collecting.collect(mission.plan, at, files=[named]))
    journal.end()
