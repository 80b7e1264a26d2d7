"""Where each job stands in Prometheus' text format, for node_exporter's textfile collector.

Format: https://prometheus.io/docs/instrumenting/exposition_formats/ (0.0.4). What is not known has
no sample: an absent series is what `absent()` alarms on, and a zero would be a lie.
"""

from collections.abc import Callable, Iterator, Sequence

from msptool.backup.status import Standing

_GAUGES: tuple[tuple[str, str, Callable[[Standing], float | None]], ...] = (
    ("backup_age_seconds", "Age of the newest sealed backup.", lambda s: s.backup_age_s),
    ("backup_rpo_seconds", "How old it may be.", lambda s: s.job.rpo_h * 3600),
    ("restore_proven_age_seconds", "Age of the last whole proof.", lambda s: s.proven_age_s),
    ("restore_seconds", "Duration of the last whole test restore.", lambda s: s.rto_s),
    ("restore_rto_seconds", "How long a restore may take.", lambda s: s.job.rto_h * 3600),
)


def text(client: str, standings: Sequence[Standing]) -> str:
    """Return the metrics of all jobs, sorted by name as the format asks."""
    return "\n".join(_lines(client, standings)) + "\n"


def _lines(client: str, standings: Sequence[Standing]) -> Iterator[str]:
    for name, told, value in _GAUGES:
        yield from _head(name, told)
        for standing in standings:
            number = value(standing)
            if number is not None:
                yield f"msptool_{name}{{{_labels(client, standing)}}} {round(number, 3)}"
    yield from _head("backup_state", "1 for the state that a job is in.")
    for standing in standings:
        yield f'msptool_backup_state{{{_labels(client, standing)},state="{standing.state}"}} 1'


def _head(name: str, told: str) -> tuple[str, str]:
    return f"# HELP msptool_{name} {told}", f"# TYPE msptool_{name} gauge"


def _labels(client: str, standing: Standing) -> str:
    job = standing.name.replace("\\", "\\\\").replace('"', '\\"')  # no line break: profile.Name
    return f'client="{client}",job="{job}"'
