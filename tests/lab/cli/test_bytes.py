"""What leaves in pipes: full disks, closed streams, profiles as editors save them, -q."""

import json
import os
from pathlib import Path

import pytest

from tests.lab.cli.place import FOREIGN, PROFILE, Place

pytestmark = pytest.mark.lab
# Every verb that prints JSON, with words that work or that fail; some change a workspace.
JSON_VERBS = [
    words.split()
    for words in (
        "audit run 203.0.113.9", "audit show", "audit plan", "audit checks", "audit checks NET-O",
        "backup init", "backup run", "backup verify", "backup status", "monitor check",
        "tickets ingest", "tickets list", "tickets show zzz", "tickets add --title x",
        "tickets close zzz --reason fixed", "tickets reopen zzz", "tickets comment zzz x",
        "tickets export", "report build", "report list", "profile validate", "profile trust",
        "schedule show", "schedule install --dry-run", "schedule remove --dry-run", "doctor",
        "run --skip audit --skip backup --skip verify", "init", "init x --plan nope", "adit",
        "audit rnu", "audit",
    )
]  # fmt: skip


@pytest.mark.parametrize("words", JSON_VERBS, ids=" ".join)
def test_json_ends_in_end_or_error_and_nobody_is_asked(acme: Place, words: list[str]) -> None:
    """With stdin closed; the words stay on stderr."""
    done = acme.shell(f'"$@" {" ".join(words)} --json <&-')
    records = [json.loads(line) for line in done.stdout.splitlines()]
    last = records[-1]
    assert last["type"] in ("end", "error"), records
    assert [record for record in records if record["type"] in ("end", "error")] == [last]
    if last["type"] == "error":
        assert done.returncode == last["exit"]
        assert f"[{last['code']}]".encode() in done.stderr
    else:
        assert done.returncode in (0, 1, 4)  # 4: doctor misses a tool


def test_a_reader_that_has_enough_ends_a_long_list_silently(acme: Place) -> None:
    acme.audited(*(f"host-{number:05}-{'x' * 60}" for number in range(3000)))
    for words in ("audit show", "audit show --json"):
        done = acme.shell(f'"$@" {words} | head -1; echo ${{PIPESTATUS[0]}}')
        assert done.stdout.splitlines()[-1] == b"141", words
        assert done.stderr == b"", words


@pytest.mark.parametrize(
    "words",
    ["audit show", "tickets list", "tickets list --json", "tickets export", "audit checks",
     "profile schema", "backup status", "report list --json"],
)  # fmt: skip
def test_a_full_disk_behind_stdout_is_74_and_one_line(foreign: Place, words: str) -> None:
    done = foreign.shell(f'"$@" {words} >/dev/full')
    assert done.returncode == 74
    lines = done.stderr.decode().splitlines()
    assert lines[0].startswith("error[disk.failed]: cannot write: ") and len(lines) <= 2, lines


BOM = b"\xef\xbb\xbf"


@pytest.mark.parametrize(
    "save",
    [lambda data: data.replace(b"\n", b"\r\n"), lambda data: BOM + data,
     lambda data: BOM + data.replace(b"\n", b"\r\n"), lambda data: data.rstrip(b"\n")],
    ids=["crlf", "bom", "bom-crlf", "no-last-newline"],
)  # fmt: skip
def test_a_profile_reads_the_same_however_an_editor_saves_it(acme: Place, save: object) -> None:
    assert callable(save)
    path = acme.root / "client.yaml"
    plain = _validated(acme)
    path.write_bytes(save(PROFILE.encode()))
    assert _validated(acme) == plain
    wrong = PROFILE.replace("expires", "expiers")
    path.write_text(wrong)
    told = acme.call("profile", "validate").stderr
    path.write_bytes(save(wrong.encode()))
    done = acme.call("profile", "validate")
    assert (done.returncode, done.stderr) == (2, told)
    assert b"client.yaml:6:3:" in told and b"= did you mean expires?" in told


def _validated(acme: Place) -> dict[str, object]:
    done = acme.call("profile", "validate", "--json")
    assert done.returncode == 0, done.stderr
    told: dict[str, object] = json.loads(done.stdout.splitlines()[0])
    return {key: value for key, value in told.items() if key != "sha256"}


def test_names_of_any_script_are_found_again(foreign: Place) -> None:
    """Decomposed letters too, whichever way they are typed."""
    for typed in (*FOREIGN, "йод-NFD"):
        done = foreign.call("tickets", "list", typed)
        rows = done.stdout.decode().splitlines()[1:]
        assert len(rows) == 1, (typed, done)


# -q, as cron runs it.
ROUND = "run --skip audit --skip backup --skip verify"


def test_quiet_says_nothing_when_all_is_fine(acme: Place) -> None:
    for words in (
        "monitor check --fail-on never", f"{ROUND} --fail-on never", "tickets ingest",
        "doctor", "profile validate", "report build", "init new --plan basic --code NEW",
    ):  # fmt: skip
        done = acme.call(*words.split(), "-q")
        assert (done.returncode, done.stdout, done.stderr) == (0, b"", b""), (words, done)


@pytest.mark.parametrize("words", ["monitor check", ROUND])
def test_quiet_tells_a_finding_once(acme: Place, words: str) -> None:
    """First its line and 1, then 0 bytes and 1; after it was mended and is back, its line."""
    path = acme.root / "client.yaml"
    full = PROFILE + "monitor: {disk_percent: 0.001}\n"
    path.write_text(full)
    first = acme.call(*words.split(), "-q")
    assert (first.returncode, first.stderr) == (1, b"")
    assert b"SRV-006" in first.stdout
    second = acme.call(*words.split(), "-q")
    assert (second.returncode, second.stdout, second.stderr) == (1, b"", b"")
    path.write_text(PROFILE + "monitor: {disk_percent: 100}\n")
    assert acme.call("monitor", "check", "-q").stdout == b""
    path.write_text(full)
    back = acme.call(*words.split(), "-q")
    assert back.returncode == 1 and b"SRV-006" in back.stdout


def test_quiet_tells_damage_once(acme: Place, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    for number in range(4):
        (source / f"{number}.bin").write_bytes(os.urandom(150_000))
    password = acme.root / "secrets" / "nas"
    password.parent.mkdir(mode=0o700, exist_ok=True)
    password.write_text("x9-long-enough")
    password.chmod(0o600)
    (acme.root / "client.yaml").write_text(
        PROFILE + "backup:\n  repositories: {nas: {path: repo, password: 'file:secrets/nas'}}\n"
        f"  jobs: {{files: {{repository: nas, paths: [{source}]}}}}\n"
    )
    for words in ("backup init", "backup run", "backup verify"):
        done = acme.call(*words.split(), "-q")
        assert (done.returncode, done.stdout, done.stderr) == (0, b"", b""), words
    pack = max((acme.root / "repo" / "data").rglob("*"), key=lambda path: path.stat().st_size)
    pack.chmod(0o600)
    data = bytearray(pack.read_bytes())
    data[len(data) // 2] ^= 1
    pack.write_bytes(data)
    first = acme.call("backup", "verify", "-q")
    assert first.returncode == 1 and b"files: " in first.stdout, first
    second = acme.call("backup", "verify", "-q")
    assert (second.returncode, second.stdout, second.stderr) == (1, b"", b"")
