"""Jobs of other kinds than folders, in a site of the lab."""

import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from msptool.backup import manifest
from msptool.backup.manifest import Entry, Seal
from msptool.profile import trust
from tests.lab.backup.site import Site


def write(site: Site, **jobs: Mapping[str, Any]) -> None:
    """Let the profile have these jobs alone, and trust it as its user would."""
    profile = {
        "msptool": 1,
        "client": {"code": "ACME", "name": "Acme"},
        "backup": {
            "repositories": {"nas": {"path": "repo", "password": "file:secrets/nas"}},
            "jobs": {name: {"repository": "nas", **job} for name, job in jobs.items()},
        },
    }
    (site.root / "client.yaml").write_text(json.dumps(profile))
    home = Path(site.environment()["XDG_STATE_HOME"])
    record = home / "msptool" / "trusted"
    record.parent.mkdir(parents=True, exist_ok=True)
    record.write_text(trust._entry(site.workspace))


def sealed(site: Site, job: str) -> tuple[Seal, tuple[Entry, ...]]:
    """Return the newest manifest of a job."""
    last = list(manifest.seals(site.workspace, job))[-1]
    return manifest.read(manifest.path(site.workspace, job, last))


def snapshots(site: Site, job: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(site.restic("snapshots", "--json", f"--tag=job={job}"))
    return found


def database(path: Path, rows: int = 1000, *, wal: bool = True) -> Path:
    """Make a SQLite database with a table of some rows."""
    with closing(sqlite3.connect(path)) as made:
        made.execute(f"PRAGMA journal_mode={'WAL' if wal else 'DELETE'}")
        made.execute("CREATE TABLE orders (id INTEGER PRIMARY KEY, text TEXT)")
        made.executemany("INSERT INTO orders (text) VALUES (?)", [("x" * 40,)] * rows)
        made.commit()
    return path
