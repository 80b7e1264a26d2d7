"""Bad input: one clear line, the right exit code, nothing lost and nothing half written."""

import json
import os
import re
import shutil
import signal
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from msptool import clock, runs
from msptool.demo.site import Site
from msptool.demo.truth import Host
from tests.lab.flow.client import AS_USER, Client, make, tools

pytestmark = pytest.mark.lab
OLD_NMAP = 'echo "Nmap version 7.40 ( https://nmap.org )"'


def errors(text: bytes) -> list[str]:
    """Return the lines of stderr that say an error."""
    return [line for line in text.decode().splitlines() if re.match(r"(error|refused)\[", line)]


def nothing_written(client: Client) -> bool:
    return not any(client.workspace.runs.glob("*")) and not any(client.workspace.tickets.glob("*"))


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("", "error[tool.missing]: nmap is not installed"),
        (OLD_NMAP, "error[tool.too-old]: nmap 7.80 or newer is needed"),
    ],
    ids=["missing", "old"],
)
def test_nmap_missing_or_too_old(client: Client, tmp_path: Path, script: str, said: str) -> None:
    path = tools(tmp_path / "bin", without="nmap", **({"nmap": script} if script else {}))
    done = client.call("audit", "run", env={"PATH": path})
    assert (done.returncode, errors(done.stderr)) == (4, [said])
    assert b"= apt install nmap" in done.stderr
    assert nothing_written(client)


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("", "error[tool.missing]: backup: restic"),
        ("echo restic 0.9.6", "error[tool.old]: backup:"),
    ],
    ids=["missing", "old"],
)
def test_restic_missing_or_too_old_stops_no_other_step(
    client: Client, tmp_path: Path, script: str, said: str
) -> None:
    path = tools(tmp_path / "bin", without="restic", **({"restic": script} if script else {}))
    done = client.call("run", "--skip", "audit", env={"PATH": path})
    assert done.returncode == 3
    told = errors(done.stderr)
    assert len(told) == 2 and told[0].startswith(said), told
    ended = re.findall(r"^ok +(\w+)", done.stderr.decode(), re.MULTILINE)
    assert ended == ["monitor", "tickets", "report"], done.stderr.decode()
    assert client.count("monitor") == 1 and any(client.workspace.reports.iterdir())


def test_another_user_of_the_laptop(office: Site, faulty: Host, tmp_path: Path) -> None:
    client = make(office, tmp_path / "client", [faulty])
    done = client.call("audit", "run", before=AS_USER)
    assert done.returncode in (0, 1), done.stderr.decode()
    assert b"LESS      no raw sockets" in done.stdout
    report = client.report("audit")
    assert report.header.privilege == "user" and report.findings
    assert [t.addresses for t in report.things if t.kind == "asset"] == [(faulty.ip4,)]


ALIAS_BOMB = "a: &a [x, x, x, x]\nb: &b [*a, *a, *a, *a]\nc: &c [*b, *b, *b, *b]\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "error[profile."),
        ("msptool: 1\nclient: {code: DEMO\n", "error[profile."),
        ("msptool: 1\nclient: {code: DEMO, name: D}\nscoop: {}\n", "error[profile.unknown-key]"),
        (ALIAS_BOMB, "error[profile."),
        ("\x00", "error[profile."),
        ("msptool: 1\nclient: {code: [[[[[[[[]]]]]]]], name: D}\n", "error[profile."),
    ],
    ids=["empty", "malformed", "unknown key", "alias bomb", "binary", "wrong kind"],
)
@pytest.mark.parametrize("verb", [("run",), ("audit", "run", "--json")], ids=["run", "audit"])
def test_a_profile_that_is_none(
    client: Client, text: str, said: str, verb: tuple[str, ...]
) -> None:
    (client.root / "client.yaml").write_text(text)
    done = client.call(*verb)
    assert done.returncode == 2, done.stderr.decode()
    (line,) = errors(done.stderr)
    assert line.startswith(said) and "client.yaml" in line
    if "--json" in verb:
        told = json.loads(done.stdout)
        assert (told["type"], told["exit"]) == ("error", 2)
    assert nothing_written(client)


def test_a_command_in_a_profile_that_nobody_trusted(client: Client, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    client.edit(("community: file:secrets/snmp.community", f'community: "command:touch {trace}"'))
    done = client.call("audit", "run")
    assert done.returncode == 2, done.stderr.decode()
    (line,) = errors(done.stderr)
    assert "trust" in line + done.stderr.decode()
    assert not trace.exists() and nothing_written(client)


@pytest.mark.parametrize("how", ["expired", "unnamed", "endless"])
def test_no_authorisation_today(client: Client, how: str) -> None:
    path = client.root / "client.yaml"
    text = path.read_text()
    past = clock.now().date() - timedelta(days=1)
    text = {
        "expired": re.sub(r"  expires: .*", f"  expires: {past}", text),
        "unnamed": re.sub(r"  authorised_by: .*\n", "", text),
        "endless": re.sub(r"  expires: .*\n", "", text),
    }[how]
    path.write_text(text)
    done = client.call("audit", "run")
    assert done.returncode == 5
    (line,) = errors(done.stderr)
    assert line.startswith("refused[scope.") and line.endswith("nothing was sent")
    assert nothing_written(client)
    done = client.call("run", "--skip", "backup", "--skip", "verify")
    assert done.returncode == 3 and b"refused[scope." in done.stderr
    assert client.count("audit") == 0 and client.count("monitor") == 1


@pytest.mark.parametrize("target", ["203.0.113.9", "0.0.0.0/0", "::ffff:198.18.0.1", "printer"])
def test_a_target_outside_the_scope(client: Client, target: str) -> None:
    done = client.call("audit", "run", target)
    assert done.returncode == 5, done.stderr.decode()
    (line,) = errors(done.stderr)
    assert line.startswith("refused[scope.") and "nothing was sent" in line
    assert nothing_written(client)


@pytest.mark.parametrize(
    ("harm", "said"),
    [("password", "error[repo.password]"), ("gone", "error[repo.missing]")],
)
def test_a_repository_that_does_not_open(audited: Client, harm: str, said: str) -> None:
    if harm == "gone":
        (audited.root / "backup-repository").rename(audited.root / "elsewhere")
    else:
        (audited.root / "secrets/restic.password").write_text("wrong\n")
    done = audited.call("run", "--skip", "audit")
    assert done.returncode == 3
    assert [line.partition(":")[0] for line in errors(done.stderr)] == [said, said]
    opened = {t["check"] for t in audited.tickets().values() if t["thing"] == "job:files"}
    assert "BKP-018" in opened
    assert not (audited.root / "backup-repository").exists() or harm == "password"


def test_a_workspace_that_others_could_write(audited: Client) -> None:
    for path in (audited.root, audited.root / "client.yaml", audited.workspace.tickets):
        path.mkdir(exist_ok=True) if path.name == "tickets" else None
        mode = path.stat().st_mode
        path.chmod(mode | 0o020)
        done = audited.call("run")
        assert done.returncode == 2
        (line,) = errors(done.stderr)
        assert line.startswith("error[workspace.unsafe]") and str(path) in line
        path.chmod(mode)
    assert audited.count("audit") == 1


def test_nmap_that_dies_in_the_middle(office: Site, faulty: Host, tmp_path: Path) -> None:
    other = next(h for h in office.truth.hosts if h.ip4 and h.name not in (faulty.name, "mute"))
    client = make(office, tmp_path / "client", [faulty, other])
    real = shutil.which("nmap")
    cut = f'case "$*" in *-V) exec {real} -V;; esac\n{real} "$@" | awk \'/<host /{{n++}} n<2\''
    path = tools(tmp_path / "bin", nmap=cut)
    done = client.call("audit", "run", env={"PATH": path})
    assert done.returncode == 3
    (line,) = errors(done.stderr)
    assert line.startswith("error[audit.part]: not all was seen: ports: cut-short")
    report = client.report("audit")
    ports = {t.addresses[0]: t.facts.get("ports") for t in report.things if t.kind == "asset"}
    assert ports.keys() == {faulty.ip4, other.ip4}
    first, second = sorted(ports, key=lambda a: [int(part) for part in a.split(".")])
    assert ports[first]
    lost = next(t.id for t in report.things if second in t.addresses)
    told = {a.check: (a.outcome, a.reason) for a in report.attempts if a.thing == lost}
    assert told["NET-001"] == ("unknown", "cut-short")


def test_lines_that_are_no_findings(audited: Client) -> None:
    good = {
        "check": "NET-001",
        "subject": {"thing": "ip:192.0.2.1", "part": "tcp/23"},
        "severity": "high",
        "message": "telnet",
    }
    lines = ["Starting scan...", json.dumps(good), "{}", '{"type": "finding"', "[1, 2]", "\x00"]
    done = audited.call("tickets", "ingest", "-", stdin="\n".join(lines).encode())
    assert done.returncode == 3, done.stderr.decode()
    (line,) = errors(done.stderr)
    assert "line 1, 3, 4, 5, 6" in line
    (ticket,) = audited.tickets().values()
    assert ticket["check"] == "NET-001"


def test_a_reader_that_leaves_early(audited: Client) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            audited.argv("audit", "show", "--json"),
            stdout=writing, stderr=subprocess.PIPE, timeout=60, env=audited.environment(),
            preexec_fn=lambda: signal.signal(signal.SIGPIPE, signal.SIG_DFL),
        )  # fmt: skip
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (-signal.SIGPIPE, b"")


def test_a_full_output(audited: Client) -> None:
    with open("/dev/full", "w") as full:  # noqa: PTH123 - a device
        done = subprocess.run(
            audited.argv("audit", "show"), stdout=full, stderr=subprocess.PIPE, text=True,
            timeout=60, env=audited.environment(),
        )  # fmt: skip
    assert done.returncode == 74 and done.stderr.startswith("error[disk.")


def test_runs_are_private(audited: Client) -> None:
    for folder in runs.folders(audited.workspace):
        for path in (folder, *folder.rglob("*")):
            assert path.stat().st_mode & 0o077 == 0
