"""Ordinary output and errors in Russian: no English sentence is left in them."""

import re
from pathlib import Path

import pytest

from msptool import runs
from tests.lab.cli import place
from tests.lab.cli.place import LOOKS, PROFILE, Place

pytestmark = pytest.mark.lab
# Names and values of keys, which people type as they are.
TYPED = {"high", "open", "normal", "apt", "install", "sw", "core", "Telnet", "CIS", "NIST", "CSF"}
COMMAND = (
    r"(sudo )?msptool( -C \S+)?( [a-z]+){1,2}|\S*[/_@=]\S*|--?[a-z][a-z-]*|'[^']*'"
    r"|sudo msptool|\[Errno \d+\] [A-Z][a-z ]+"  # the system's own words stay as they are
)


def english(text: str) -> list[str]:
    """Return what looks like an English phrase: two Latin words in a row that nobody types."""
    prose = re.sub(COMMAND, " . ", text.replace(runs.host(), "."))
    pairs = re.findall(r"(?<![\w.\[-])([A-Za-z]{2,}) ([A-Za-z]{2,})(?![\w\]])", prose)
    return [" ".join(pair) for pair in pairs if not set(pair) <= TYPED]


MORE = (
    ("tickets", "ingest"), ("tickets", "show", "ID"), ("report", "build"), ("monitor", "check"),
    ("run", "--skip", "audit", "--skip", "backup", "--skip", "verify"), ("profile", "trust"),
    ("schedule", "remove", "--dry-run"),
    ("tickets", "add", "--title", "принтер"), ("tickets", "comment", "ID", "слово"),
    ("tickets", "close", "ID", "--reason", "fixed"), ("tickets", "reopen", "ID"),
    ("init", "new", "--plan", "basic", "--code", "NEW"),
)  # fmt: skip
WRONG = (
    ("adit",), ("audit",), ("audit", "rnu"), ("audit", "run", "203.0.113.9"),
    ("audit", "run", "--fail-on", "hgh"), ("audit", "checks", "NET-O06"), ("backup", "run"),
    ("backup", "verify", "nope"), ("tickets", "show", "zzz"), ("tickets", "list", "status:opne"),
    ("tickets", "ingest", "nowhere"), ("tickets", "export", "--format", "xslx"),
    ("tickets", "export", "-o", "no/such/x"), ("tickets", "add"), ("init", "new"),
    ("init", "new", "--plan", "gold"), ("init", "n", "--plan", "basic"),
    ("report", "build", "--lang", "de"), ("schedule", "install", "--cron", "--systemd"),
    ("profile", "validate", "nowhere.yaml"), ("--nope",), ("-C",),
)  # fmt: skip


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return place.make(tmp_path_factory.mktemp("spoken") / "acme", "sw-core")


def _words(spoken: Place, words: tuple[str, ...]) -> list[str]:
    [path] = (spoken.root / "tickets").rglob("*.jsonl")
    return [path.stem if word == "ID" else word for word in words]


@pytest.mark.parametrize("words", [w for w in LOOKS if w != ("tickets", "export")], ids=" ".join)
def test_what_verbs_show_is_russian(spoken: Place, words: tuple[str, ...]) -> None:
    done = spoken.call(*words, MSPTOOL_LANG="ru")
    said = (done.stdout + done.stderr).decode()
    assert done.returncode == 0 and re.search("[А-Яа-я]", said), said
    assert not english(said), said


def test_what_verbs_do_is_told_in_russian(acme: Place) -> None:
    for words in MORE:
        done = acme.call(*_words(acme, words), MSPTOOL_LANG="ru")
        said = (done.stdout + done.stderr).decode()
        assert done.returncode in (0, 1), (words, said)
        assert re.search("[а-я]", said) and not english(said), (words, said)
        for path in (acme.root / "tickets").rglob(
            "*.jsonl"
        ):  # only that of ID; a busy machine adds its own
            if re.search("принтер|MON-", path.read_text()):
                path.unlink()


@pytest.mark.parametrize("words", WRONG, ids=" ".join)
def test_errors_are_russian(spoken: Place, words: tuple[str, ...]) -> None:
    done = spoken.call(*words, MSPTOOL_LANG="ru")
    said = done.stderr.decode()
    assert done.returncode in (2, 5) and done.stdout == b"", (done, said)
    assert re.search("[а-я]", said) and not english(said), said


BROKEN = {
    "unknown-key": PROFILE.replace("networks", "networsk"),
    "not-yaml": PROFILE + "scope: [\n",
    "empty": "",
    "alias": PROFILE + "a: &a 1\nb: *a\n",
    "wrong-type": PROFILE.replace("[ru, en]", "7"),
    "expired": PROFILE.replace("2099", "2001"),
    "unauthorised": PROFILE.replace('authorised_by: "А. Смирнова"', 'authorised_by: ""'),
    "not-a-network": PROFILE.replace("127.77.0.0/29", "printer"),
    "secret": PROFILE + "backup: {repositories: {nas: {path: r, password: hunter2}}}\n",
    "plan": PROFILE + "extends: gold\n",
    "twice": PROFILE + "msptool: 1\n",
    "duration": PROFILE + "monitor: {disk_percent: lots}\n",
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_a_broken_profile_is_explained_in_russian(acme: Place, text: str) -> None:
    (acme.root / "client.yaml").write_text(text)
    done = acme.call("audit", "plan", MSPTOOL_LANG="ru")
    said = done.stderr.decode()
    assert done.returncode in (2, 5), said
    assert re.match(r"(ошибка|отказано)\[[a-z]+\.[a-z-]+\]: ", said), said
    told = re.sub(r"(?m)^\d+ \|.*$", "", said)  # the file's own line
    assert not english(told), said


def test_a_missing_program_is_explained_in_russian(acme: Place, tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    done = acme.call("doctor", MSPTOOL_LANG="ru", PATH=str(tmp_path / "bin"))
    said = done.stdout.decode()
    assert done.returncode == 4 and "НЕТ     nmap: " in said and "даёт: аудит" in said, said
    assert not english(said), said
