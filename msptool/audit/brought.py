"""Files of leases that the engineer brings: read, and kept as evidence, before anything is sent."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from msptool import runs
from msptool.audit.hints import collecting, leases
from msptool.audit.hints.collecting import File
from msptool.audit.mission import Catch
from msptool.audit.scope import Plan
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


def hints(run: runs.Run, files: Iterable[File], plan: Plan, at: datetime) -> Catch:
    """Return the files' hints inside the scope, with the files as evidence."""
    kept = [(runs.keep(run, "leases.txt", f.data, source="dhcp", at=at), f.data) for f in files]
    named = [File(data, evidence.sha256) for evidence, data in kept]
    facts = collecting.collect(plan, at, files=named)
    return Catch(facts, tuple(evidence for evidence, _ in kept))
