from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msptool.backup.repository import restic
from msptool.backup.repository.restic import Access, Tool
from msptool.process import SecretFile

SECRET = "canary-7f3a"
ACCESS = Access(Tool("/usr/bin/restic", "0.14.0"), "/srv/repo", SecretFile(SECRET))


@given(st.lists(st.text(min_size=1), min_size=1), st.lists(st.text(min_size=1)))
def test_no_path_or_pattern_becomes_an_option(paths: list[str], excludes: list[str]) -> None:
    words = restic.backup_argv(ACCESS, paths, excludes, ["job=a"])
    at = words.index("--")
    assert words[at + 1 :] == paths
    assert [w for w in words[:at] if str(w).startswith("--exclude")] == [
        f"--exclude={pattern}" for pattern in excludes
    ]


def test_the_password_is_a_file_and_stands_in_no_word() -> None:
    words = restic.argv(ACCESS, "snapshots")
    assert words[words.index("--password-file") + 1] == SecretFile(SECRET)
    assert SECRET not in repr(words) + repr(ACCESS)


def test_without_a_cache_everything_is_read_from_the_repository() -> None:
    assert "--no-cache" in restic.argv(ACCESS, "restore")
    cold = Access(ACCESS.tool, ACCESS.location, ACCESS.password, Path("/empty"))
    assert "--cache-dir=/empty" in restic.argv(cold, "restore")


@pytest.mark.parametrize(
    ("part", "flag"), [("1/1", "--read-data"), ("2/7", "--read-data-subset=2/7")]
)
def test_check_reads_all_or_a_part(part: str, flag: str) -> None:
    assert flag in restic.check_argv(ACCESS, part)


@pytest.mark.parametrize(
    ("said", "version"),
    [
        (b"restic 0.14.0 compiled with go1.19.8 on linux/amd64\n", (0, 14, 0)),
        (b"restic 0.9.6 compiled with go1.12\n", (0, 9, 6)),
        (b"restic 0.18.0-dev (compiled manually)\n", (0, 18, 0)),
        (b"usage: restic\n", None),
        (b"", None),
    ],
)
def test_versions(said: bytes, version: tuple[int, ...] | None) -> None:
    assert restic.parse_version(said) == version


def test_what_is_deleted_is_named_by_id_and_never_an_option() -> None:
    words = restic.forget_argv(ACCESS, ["a" * 64, "--prune"])
    assert words[words.index("--") + 1 :] == ["a" * 64, "--prune"]
    assert not any(str(word).startswith("--keep") for word in words)
