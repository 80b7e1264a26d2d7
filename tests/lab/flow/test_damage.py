"""A byte flipped in the repository and a file that a backup dropped: named, and tickets open."""

import subprocess

import pytest

from tests.lab.backup.site import flip
from tests.lab.flow.client import Client

pytestmark = pytest.mark.lab
DROPPED = "IMG_0003.jpg"


def restic(client: Client, *words: str) -> None:
    """Run restic by hand, past msptool, as a colleague's script would."""
    repository = client.root / "backup-repository"
    password = client.root / "secrets/restic.password"
    subprocess.run(
        ["restic", "-r", repository, "--password-file", password, "--no-cache", *words],
        capture_output=True, timeout=120, check=True,
    )  # fmt: skip


def test_damage_is_named_and_opens_tickets(audited: Client) -> None:
    assert audited.call("backup", "run").ok
    source = str(audited.root / "source")
    restic(audited, "backup", "--tag", "job=files", "--exclude", DROPPED, "--", source)
    packs = (
        path for path in (audited.root / "backup-repository/data").rglob("*") if path.is_file()
    )
    flip(max(packs, key=lambda path: path.stat().st_size))
    done = audited.call("backup", "verify")
    assert done.returncode == 1, done.stderr.decode()
    lines = done.stdout.decode().splitlines()
    assert [line for line in lines if line.startswith(("differs", "lost"))]
    (absent,) = (line for line in lines if line.startswith("absent"))
    assert DROPPED in absent and f'exclude "{DROPPED}"' in absent
    assert _proof_tickets(audited) == {
        ("job:files", "damaged", "open"), ("job:files", "absent", "open"),
        ("repo:local", "damaged", "open"),
    }  # fmt: skip


def _proof_tickets(client: Client) -> set[tuple[str, str, str]]:
    """Let tickets follow from the runs; return thing, part and state of those of BKP-013."""
    assert client.call("tickets", "ingest").ok
    return {
        (ticket["thing"], ticket["part"], ticket["state"])
        for ticket in client.tickets().values()
        if ticket["check"] == "BKP-013"
    }
