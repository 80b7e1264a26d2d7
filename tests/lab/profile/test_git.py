"""What a new workspace tells git, asked of the real git."""

import os
import subprocess
from pathlib import Path

import pytest

from msptool.profile import draft
from msptool.profile.shape import Client
from tests.lab.machine import program

pytestmark = pytest.mark.lab


@pytest.fixture
def root(tmp_path: Path) -> Path:
    text = draft.text(Client(code="ACME", name="Acme"), "basic")
    made = draft.found(tmp_path / "acme", text).root
    _git(made, "init", "-q")
    return made


def _git(root: Path, *words: str) -> str:
    env = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    argv = [program("git", "git"), "-C", str(root), *words]
    return subprocess.run(
        argv, capture_output=True, text=True, timeout=30, check=True, env=env
    ).stdout


def _touch(root: Path, *names: str) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("x\n")


def test_git_carries_what_people_share_and_no_secret(root: Path) -> None:
    kept = {
        "client.yaml",
        "identities/A.jsonl",
        "tickets/T.jsonl",
        "assets/A.yaml",
        "docs/a.md",
        "ledger/nas.jsonl",
        "evidence/files/0badf00d/000001.json",
    }
    _touch(root, *(kept - {"client.yaml"}), "runs/R/manifest.json", "reports/R/a.html",
           "manifests/files/m.jsonl", "repositories/local/config", ".msptool/lock",
           "tickets/quarantine/ab01", "secrets/restic-password",
           "secrets/evidence.key")  # fmt: skip
    _git(root, "add", "-A")
    assert set(_git(root, "ls-files").split()) == kept | {".gitignore", ".gitattributes"}


@pytest.mark.parametrize(
    ("name", "merge"),
    [("tickets/A.jsonl", "union"), ("identities/A.jsonl", "union"), ("client.yaml", "text"),
     ("assets/A.yaml", "text"), ("tickets/receipts/R.json", "union"), ("docs/a.md", "unspecified"),
     ("ledger/nas.jsonl", "union"), ("tickets/4K/ACME-4K7QX2-Y.jsonl", "union"),
     ("tickets/attachments/ab/ab01", "unset"), ("tickets/attachments/ab/x.jsonl", "unset")],
)  # fmt: skip
def test_lines_that_are_only_added_merge_by_union(root: Path, name: str, merge: str) -> None:
    assert _git(root, "check-attr", "merge", name).strip() == f"{name}: merge: {merge}"
