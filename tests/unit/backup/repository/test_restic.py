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


@given(st.binary())
def test_parsers_take_anything(noise: bytes) -> None:
    restic.parse_summary(noise)
    restic.parse_status(noise)
    restic.parse_size(noise)
    restic.parse_found(noise)
    restic.parse_holders(noise)
    restic.parse_pack_list(noise)
    restic.parse_problems(noise)
    restic.parse_packs(noise, noise)
    restic.parse_unreadable(noise)


def test_complaints_keep_names_that_are_no_text() -> None:
    problems = restic.parse_problems(b"ignoring error for /a/bad\xff: ciphertext\nFatal: 1\n")
    assert problems == {"/a/bad\udcff": "ciphertext"}


MADE = b"""[{"time":"2020-01-01T00:00:00Z","tree":"c985","paths":["/srv"],"hostname":"vm",
"username":"root","tags":["job=files"],"original":"0b57","program_version":"restic 0.19.1",
"summary":{"backup_start":"2026-11-27T05:58:37.5Z","backup_end":"2026-11-27T05:58:38.1Z",
"files_new":1,"files_changed":2,"files_unmodified":3,"data_added":1417,"data_added_packed":1253,
"total_files_processed":6,"total_bytes_processed":3},"id":"a322","short_id":"a322"}]"""


def test_a_snapshot_tells_when_it_was_really_made() -> None:
    (snapshot,) = restic.parse_snapshots(MADE)
    assert snapshot.summary is not None and snapshot.summary.backup_start.year == 2026
    assert (snapshot.time.year, snapshot.original, snapshot.username) == (2020, "0b57", "root")
    assert (snapshot.summary.files_changed, snapshot.summary.data_added_packed) == (2, 1253)


def test_one_of_an_old_restic_does_not() -> None:
    (snapshot,) = restic.parse_snapshots(b'[{"time":"2020-01-01T00:00:00Z","id":"a"}]')
    assert snapshot.summary is None and snapshot.tags is None


def test_a_lock_tells_whose_it_is() -> None:
    told = restic.parse_lock(
        b'{\n "time": "2026-11-27T05:58:33.2Z", "exclusive": true, "hostname": "vm",\n'
        b' "username": "root", "pid": 14013\n}\n'
    )
    assert told is not None and (told.pid, told.hostname, told.exclusive) == (14013, "vm", True)
    assert restic.parse_lock(b"Fatal: no such lock") is None
    ids = b"a" * 64 + b"\nnot an id\n" + b"b" * 64 + b"\n"
    assert restic.parse_ids(ids) == ("a" * 64, "b" * 64)


def test_what_is_deleted_is_named_by_id_and_never_an_option() -> None:
    words = restic.forget_argv(ACCESS, ["a" * 64, "--prune"])
    assert words[words.index("--") + 1 :] == ["a" * 64, "--prune"]
    assert not any(str(word).startswith("--keep") for word in words)
