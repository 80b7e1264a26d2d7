"""Which reader reads a case of tests/cases/probes: a probe's, or with `udp-` a datagram's."""

from pathlib import Path

from msptool.audit.probes import table, wellknown
from msptool.audit.probes.table import Parse

PROBES = Path(__file__).parent / "probes"
READERS: dict[str, Parse] = {
    **table.PARSERS,
    **wellknown.ROOTS,
    **{f"udp-{q.name}": q.parse for questions in table.UDP.values() for q in questions},
}


def cases() -> list[Path]:
    """Return the folders of all cases."""
    return sorted(folder for probe in PROBES.iterdir() for folder in probe.iterdir())


def of(case: Path) -> Parse:
    """Return the reader of a case."""
    return READERS[case.parent.name]
