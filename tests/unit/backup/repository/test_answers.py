from hypothesis import given
from hypothesis import strategies as st

from msptool.backup.repository import answers


@given(st.binary())
def test_parsers_take_anything(noise: bytes) -> None:
    answers.parse_summary(noise)
    answers.parse_status(noise)
    answers.parse_size(noise)
    answers.parse_found(noise)
    answers.parse_holders(noise)
    answers.parse_pack_list(noise)
    answers.parse_problems(noise)
    answers.parse_packs(noise, noise)
    answers.parse_unreadable(noise)


def test_complaints_keep_names_that_are_no_text() -> None:
    problems = answers.parse_problems(b"ignoring error for /a/bad\xff: ciphertext\nFatal: 1\n")
    assert problems == {"/a/bad\udcff": "ciphertext"}


MADE = b"""[{"time":"2020-01-01T00:00:00Z","tree":"c985","paths":["/srv"],"hostname":"vm",
"username":"root","tags":["job=files"],"original":"0b57","program_version":"restic 0.19.1",
"summary":{"backup_start":"2026-11-27T05:58:37.5Z","backup_end":"2026-11-27T05:58:38.1Z",
"files_new":1,"files_changed":2,"files_unmodified":3,"data_added":1417,"data_added_packed":1253,
"total_files_processed":6,"total_bytes_processed":3},"id":"a322","short_id":"a322"}]"""


def test_a_snapshot_tells_when_it_was_really_made() -> None:
    (snapshot,) = answers.parse_snapshots(MADE)
    assert snapshot.summary is not None and snapshot.summary.backup_start.year == 2026
    assert (snapshot.time.year, snapshot.original, snapshot.username) == (2020, "0b57", "root")
    assert (snapshot.summary.files_changed, snapshot.summary.data_added_packed) == (2, 1253)


def test_one_of_an_old_restic_does_not() -> None:
    (snapshot,) = answers.parse_snapshots(b'[{"time":"2020-01-01T00:00:00Z","id":"a"}]')
    assert snapshot.summary is None and snapshot.tags is None


def test_a_lock_tells_whose_it_is() -> None:
    told = answers.parse_lock(
        b'{\n "time": "2026-11-27T05:58:33.2Z", "exclusive": true, "hostname": "vm",\n'
        b' "username": "root", "pid": 14013\n}\n'
    )
    assert told is not None and (told.pid, told.hostname, told.exclusive) == (14013, "vm", True)
    assert answers.parse_lock(b"Fatal: no such lock") is None
    ids = b"a" * 64 + b"\nnot an id\n" + b"b" * 64 + b"\n"
    assert answers.parse_ids(ids) == ("a" * 64, "b" * 64)
