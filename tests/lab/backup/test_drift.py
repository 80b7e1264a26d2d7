"""Every verb and flag that we use is in the help of the restic that is installed."""

import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

from msptool import backup, process
from msptool.backup.repository import keys, restic, storage
from msptool.backup.sources import limits
from msptool.process import SecretFile, Word
from msptool.profile.shape import Limits

pytestmark = pytest.mark.lab
ACCESS = restic.Access(
    restic.Tool("restic", ""), SecretFile("rest:http://a/"), SecretFile("x"),
    options=(f"--option={storage.csv('sftp.command=ssh')}", "--cacert=/ca"),
)  # fmt: skip
WARM = restic.Access(restic.Tool("restic", ""), "/repo", SecretFile("x"), Path("/cache"))
LIMITS = limits.flags(Limits(upload_kib_s=1, download_kib_s=1))
CALLS = {
    "backup_argv": restic.backup_argv(WARM, ["/a"], ["b"], ["c"], *LIMITS),
    "stdin_argv": restic.stdin_argv(ACCESS, "/a", ["c"], *LIMITS),
    "restore_argv": restic.restore_argv(ACCESS, "id", Path("/t"), ["a"]),
    "list_argv": restic.list_argv(ACCESS, "id"),
    "check_argv": restic.check_argv(ACCESS, "1/1"),
    "check_argv part": restic.check_argv(ACCESS, "1/2"),
    "dump_argv": restic.dump_argv(ACCESS, "id", "/"),
    "size_argv": restic.size_argv(ACCESS, "id"),
    "raw_size_argv": restic.raw_size_argv(ACCESS),
    "find_argv": restic.find_argv(ACCESS, ["id"]),
    "holders_argv": restic.holders_argv(ACCESS, ["a"]),
    "packs_argv": restic.packs_argv(ACCESS),
    "locks_argv": restic.locks_argv(ACCESS),
    "lock_argv": restic.lock_argv(ACCESS, "id"),
    "config_argv": restic.config_argv(ACCESS),
    "forget_argv": restic.forget_argv(ACCESS, ["id"]),
    "prune_argv": restic.prune_argv(ACCESS),
    "keys list_argv": keys.list_argv(ACCESS),
    "keys add_argv": keys.add_argv(ACCESS, SecretFile("y"), "user", "host"),
    "keys remove_argv": keys.remove_argv(ACCESS, "id"),
    **{verb: restic.argv(ACCESS, verb) for verb in ("snapshots", "init", "check", "unlock")},
}


@cache
def help_of(*verb: str) -> str:
    argv = [process.find("restic"), *verb, "--help"]
    return subprocess.run(argv, capture_output=True, text=True, check=True).stdout


def verb_of(words: list[Word]) -> tuple[str, ...]:
    return tuple(str(word) for word in words[1 : 3 if words[1] == "key" else 2])


def flags_of(words: list[Word]) -> list[str]:
    before = [str(word) for word in words[: words.index("--")]]
    return [word.partition("=")[0] for word in before if word.startswith("--")]


@pytest.mark.parametrize("name", CALLS)
def test_its_flags_are_in_the_help(name: str) -> None:
    told = help_of(*verb_of(CALLS[name]))
    for flag in flags_of(CALLS[name]):
        assert re.search(rf"{flag}\s", told), flag


@pytest.mark.parametrize(
    ("verb", "wanted"),
    [
        (("stats",), ("restore-size", "raw-data")),
        (("dump",), ("tar",)),
        (("check",), ("--read-data-subset", "n/t")),
        (("list",), ("packs", "locks")),
        (("cat",), ("lock", "config")),
        (("key",), ("list", "add", "remove")),
        (("find",), ("--pack",)),
    ],
)
def test_its_words_are_in_the_help(verb: tuple[str, ...], wanted: tuple[str, ...]) -> None:
    told = help_of(*verb)
    assert [word for word in wanted if word not in told] == []


def test_no_call_is_left_out() -> None:
    made = {name for name in vars(restic) if name.endswith("_argv")}
    made |= {f"keys {name}" for name in vars(keys) if name.endswith("_argv")} - {"keys _argv"}
    code = "".join(path.read_text() for path in Path(backup.__file__).parent.rglob("*.py"))
    for words in re.findall(r"restic\.argv\((.*?)\)", code):
        made |= set(re.findall(r'"([a-z]+)"', words)) - {"key"}
    assert made == {name.partition(" part")[0] for name in CALLS}
