"""How restic ended: one table, by exit code and by what it said, for restic 0.14 to 0.19.

0.14 says 1 for a wrong password, a lock, a missing repository, a full disk and every kind of
damage; 10 and 11 came with 0.17.0, 12 with 0.17.1; 3 of `backup` means a snapshot without some
of the source. So the words decide where the code does not. The first row that fits counts; its
order is the theory: a full disk makes everything else fail, and a lost structure (key, config,
index, snapshot, tree) takes whole folders where a lost pack takes files. A code in no row is a
failure. Recorded output of 0.14, 0.18 and 0.19 is in tests/cases/restic.

A line that breaks and a pack that is cut can look alike ("unexpected EOF", `<data/…>`). So what
proves damage beyond doubt (a hash, a seal) comes first, then words that only a network says, then
the rest. A local repository has no network: there those words are but part of a file's name.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

from msptool.backup import words
from msptool.backup.verdicts import Verdict
from msptool.process import Done


@dataclass(frozen=True)
class Outcome:
    """A verdict on one call of restic, and the line of its output that led to it."""

    verdict: Verdict
    detail: str = ""


@dataclass(frozen=True)
class _Row:
    code: int | None  # None: any but 0
    words: re.Pattern[str]
    verdict: Verdict


def _row(code: int | None, words: str, verdict: Verdict) -> _Row:
    return _Row(code, re.compile(words), verdict)


_STRUCTURE = (
    r"config or key \S+ is damaged|(?:load |LoadRaw\()<(?:key|index|snapshot)/"
    r"|cannot load subtree|error loading index|LoadIndex returned errors|failed to load snapshot"
    r"|[Ll]oad(?:ing)? snapshot|error for tree|walking tree|<tree/|loading tree"
    # a name in a tree that leads out of it: nobody's backup, and restic leaves the folder out
    r"|invalid child node name|node has invalid path"
    r"|not found in repository|no snapshot found|no matching ID found"
)
_DATA = (
    r"ciphertext verification failed|Pack ID does not match|unexpected pack id|[Pp]ack [0-9a-f]{64}"
    r"|<data/|repository contains errors|invalid data returned|file is too short|unexpected EOF"
    r"|hash (?:does not match|mismatch)|repository could be damaged"
)
_PROVEN = re.compile(
    r"ciphertext verification failed|Pack ID does not match|unexpected pack id"
    r"|hash (?:does not match|mismatch)"
)
_NETWORK = _row(
    None,
    r"unable to start the sftp session|ssh command exited|connection lost|subprocess ssh: ssh: "
    r"|subprocess ssh: (?:.*Permission denied|Host key|No \S+ host key)"
    r"|\bdial (?:tcp|udp)|connection (?:refused|reset|timed out)|broken pipe|i/o timeout"
    r"|no such host|no route to host|network is unreachable|server closed idle connection"
    r"|Client\.Timeout|TLS handshake|\btls: |x509: |server gave HTTP response to HTTPS client"
    r"|malformed HTTP response|HTTP response \((?:40[137]|429|5\d\d)\)"
    r"|server response(?: unexpected)?: [^\n]* \((?:40[137]|429|5\d\d)\)",
    "storage-unreachable",
)
_ROWS = (
    # A REST server says 507, or 413 where a quota is used up.
    _row(
        None,
        r"no space left on device|disk quota exceeded"
        r"|(?:HTTP response|server response unexpected: [^\n]*) \((?:413|507)\)",
        "disk-full",
    ),
    _row(12, r"", "wrong-password"),
    _row(1, r"wrong password or no key found", "wrong-password"),
    _row(11, r"", "locked"),
    _row(1, r"repository is already locked", "locked"),
    _row(10, r"", "repository-missing"),
    # a folder that was taken away while a backup wrote to it
    _row(1, r"Save\(<\w+/[^\n]*no such file or directory", "repository-missing"),
    _row(3, r"repository could be damaged", "damaged"),
    _row(3, r"", "incomplete-source"),
    _NETWORK,
    _row(
        None,
        # a network drive whose server is gone
        r"(?m)(?:host is down|stale NFS file handle|transport endpoint is not connected)$",
        "storage-unreachable",
    ),
    # A config cut to less than its nonce is a panic, which ends with 2.
    _row(
        None,
        r"config file has zero size|config cannot be loaded|restic\.LoadConfig\(",
        "not-restorable",
    ),
    _row(1, r"unable to open config file|repository does not exist", "repository-missing"),
    _row(1, _STRUCTURE, "not-restorable"),
    _row(1, _DATA, "damaged"),
)
# What the words prove of a call that was stopped.
_STOPPED = (
    "disk-full", "storage-unreachable", "repository-missing", "not-restorable", "damaged",
)  # fmt: skip


def told(stderr: bytes) -> str:
    """Return what restic said on stderr as plain lines; newer versions say it in JSON."""
    return "\n".join(_plain(line) for line in stderr.decode(errors="replace").splitlines())


def _plain(line: str) -> str:
    if not line.startswith("{"):
        return line
    try:
        said = json.loads(line)
    except ValueError:
        return line
    error = said.get("error")
    inner = error.get("message", "") if isinstance(error, dict) else ""
    return f"{said.get('item', '')} {said.get('message') or inner}".strip()


def classify(done: Done) -> Outcome:
    """Return how a call of restic ended.

    One that ran into its time limit after it met damage (0.14 tries a lost pack for a minute)
    is damage, not a failure to run.
    """
    text = told(done.stderr)
    if done.ok:
        return Outcome("ok")
    rows = [row for row in _ROWS if row is not _NETWORK or _may_be_network(done, text)]
    if done.timed_out or done.cut:
        why = words.NO_TIME if done.timed_out else words.TOO_MUCH
        telling = [row for row in rows if row.verdict in _STOPPED]
        return _first(telling, 1, text) or Outcome("could-not-run", why)
    return _first(rows, done.returncode, text) or Outcome(
        "could-not-run", _last(text) or f"restic ended with code {done.returncode}"
    )


# Since 0.18 it tries to open a repository for a quarter of an hour, each time after a longer wait;
# every version does so with each single file that a server refuses in the middle of the work.
_STILL_KNOCKING = re.compile(
    rb"(?:Stat\((?:<|\\u003c)config|Remove\((?:<|\\u003c)lock)\S* returned error,"
    rb" retrying after (?:\d+m|[89]\.|\d\d)"
    rb"|returned error, retrying after (?:\d+m|[3-9]\d\.)[^\n]*"
    rb"(?:\bdial tcp|(?:HTTP|server) response[^\n]* ?\(5\d\d\))"
)


def hopeless(stderr: bytes) -> bool:
    """Return whether restic has knocked in vain, and goes on knocking: for some 15 seconds at a
    repository that it would open, for one or two minutes at a file.
    """
    return bool(_STILL_KNOCKING.search(stderr))


def _may_be_network(done: Done, text: str) -> bool:
    local = any(word.startswith("--repo=/") for word in done.argv)
    return not local and not _PROVEN.search(text)


def _first(rows: Iterable[_Row], code: int, text: str) -> Outcome | None:
    for row in rows:
        if row.code in (None, code) and (found := row.words.search(text)):
            return Outcome(row.verdict, _line(text, found.start()) or _last(text))
    return None


def _line(text: str, at: int) -> str:
    """Return the line that a place lies in."""
    start = text.rfind("\n", 0, at) + 1
    return text[start:].partition("\n")[0].strip()[:300]


def _last(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1].strip()[:300] if lines else ""
