"""A client who was audited, and msptool as a person, a pipe and a terminal meet it."""

import subprocess
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from msptool import clock, runs
from msptool.model import Attempt, End, Finding, Header, Report, Rule, Subject, Thing
from msptool.workspace import Workspace
from tests.lab.msptool import msptool
from tests.lab.terminal import Terminal, environment

# Names as a hostile or merely foreign network gives them.
HOSTILE = ("::error::x", "<0>emergency", "\x1b]52;c;eA==\x07", "a\u202eb\n::stop-commands::x")
FOREIGN = ("принтер", "\u0438\u0306од-NFD", "漢字プリンタ", "sw-core")
# An audit is authorised, so that plans can be shown; of loopback, lest a slip scan a real network.
PROFILE = """\
msptool: 1
client: {code: ACME, name: "ООО «Ромашка», 漢字", languages: [ru, en]}
scope:
  networks: [127.77.0.0/29]
  authorised_by: "А. Смирнова"
  expires: 2099-01-01
"""
RULE = Rule(
    check="NET-001",
    title={"en": "Telnet management enabled", "ru": "Включено управление по Telnet"},
    message={"en": "{banner} answers on {port}", "ru": "На {port} отвечает {banner}"},
    remedy={"en": "Turn Telnet off.", "ru": "Выключите Telnet."},
    severity="high",
    category="network",
    standards=("CIS 4.6",),
)
# Verbs that only look; each works on a client who was audited once.
LOOKS = (
    ("audit", "show"), ("audit", "plan"), ("audit", "checks"), ("audit", "checks", "NET-001"),
    ("tickets", "list"), ("tickets", "list", "--ended"), ("tickets", "export"),
    ("backup", "status"), ("profile", "validate"), ("schedule", "show"), ("report", "list"),
)  # fmt: skip


@dataclass(frozen=True)
class Place:
    """A workspace."""

    root: Path

    def argv(self, *words: str) -> list[str]:
        return msptool("-C", str(self.root), *words)

    def environment(self, **extra: str) -> dict[str, str]:
        return environment(XDG_STATE_HOME=str(self.root.parent / "state"), **extra)

    def call(self, *words: str, **extra: str) -> "subprocess.CompletedProcess[bytes]":
        """Run msptool in a pipe, stdin closed to questions."""
        return subprocess.run(
            self.argv(*words), env=self.environment(**extra), stdin=subprocess.DEVNULL,
            cwd=self.root.parent, capture_output=True, timeout=60, check=False,
        )  # fmt: skip

    def shell(self, script: str, **extra: str) -> "subprocess.CompletedProcess[bytes]":
        """Run a line of bash in which "$@" is msptool for this client."""
        return subprocess.run(
            ["bash", "-c", script, "bash", *self.argv()], env=self.environment(**extra),
            cwd=self.root.parent, capture_output=True, timeout=120, check=False,
        )  # fmt: skip

    def screen(self, *words: str, rows: int = 24, columns: int = 80, **extra: str) -> str:
        """Run msptool in a terminal; return all that it wrote there."""
        shown = Terminal(self.argv(*words), rows, columns, self.environment(**extra))
        shown.end()
        return shown.said.decode()

    def audited(self, *names: str) -> Report:
        """Keep an audit in which Telnet was found on things of these names."""
        workspace = Workspace(self.root)
        run = runs.start(workspace, "audit")
        now = clock.now()
        report = Report(
            header=Header(
                run=run.ident, client="ACME", kind="audit", msptool="0", vantage="agent:x",
                privilege="root", started_at=now - timedelta(minutes=4, seconds=31),
            ),
            end=End(ended_at=now, complete=True),
            rules=(RULE,),
            things=tuple(
                Thing(id=f"id-{n}", kind="asset", name=name, addresses=(f"127.77.0.{n + 1}",),
                      facts={"type": "switch", "vendor": name, "model": name, "ports": "tcp/23"})
                for n, name in enumerate(names)
            ),
            attempts=tuple(
                attempt
                for n in range(len(names))
                for attempt in (
                    Attempt(check="NET-001", thing=f"id-{n}", outcome="fail"),
                    Attempt(check="NET-002", thing=f"id-{n}", outcome="unknown", reason="no-snmp"),
                )
            ),
            findings=tuple(
                Finding(check="NET-001",
                        subject=Subject(client="ACME", thing=f"id-{n}", part="tcp/23"),
                        severity="high", seen_at=now, facts={"port": "tcp/23", "banner": name})
                for n, name in enumerate(names)
            ),
        )  # fmt: skip
        runs.commit(run, report)
        return report


def make(root: Path, *names: str) -> Place:
    """Make a client in whose network these names were seen, and tickets for them."""
    root.mkdir(mode=0o700)
    (root / "client.yaml").write_text(PROFILE)
    (root / "client.yaml").chmod(0o600)
    place = Place(root)
    place.audited(*names)
    done = place.call("tickets", "ingest")
    assert done.returncode == 0, done.stderr.decode()
    return place
