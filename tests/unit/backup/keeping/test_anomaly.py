from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msptool.backup.keeping import anomaly
from msptool.backup.keeping.anomaly import Odd, Volume, judge
from msptool.backup.manifest import Seal
from msptool.profile.shape import Expect

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
MIB, GIB = 2**20, 2**30
ANY = Expect()


def ordinary(runs: int, files: int = 1000, size: int = 500 * MIB) -> list[Volume]:
    """Runs of a share of which 2 % change a day; of the first nobody knows what changed."""
    days = [
        Volume(NOW - timedelta(days=runs - n), f"{n}", files, size, files // 50, 2, size // 100)
        for n in range(runs)
    ]
    return [replace(days[0], changed=None, gone=None), *days[1:]]


def then(before: list[Volume], **changed: object) -> list[Volume]:
    last = replace(before[-1], at=NOW, snapshot="new", **changed)  # type: ignore[arg-type]
    return [*before, last]


def codes(found: tuple[Odd, ...]) -> list[str]:
    return [odd.code for odd in found]


ENCRYPTED = {"changed": 1000, "gone": 0, "added_bytes": int(500 * MIB * 0.997)}
RENAMED = {"changed": 1000, "gone": 1000, "added_bytes": int(500 * MIB * 0.007)}


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        (ENCRYPTED, "rewritten"),
        ({**ENCRYPTED, "gone": 1000}, "rewritten"),  # under new names
        (RENAMED, "renamed"),
        ({"bytes": 240 * MIB}, "shrunk"),
        ({"files": 490}, "fewer-files"),
        ({"bytes": 1600 * MIB}, "grown"),
    ],
)
def test_what_is_odd_is_told(changed: dict[str, object], code: str) -> None:
    for runs in (4, 30):
        assert codes(judge(then(ordinary(runs), **changed), ANY)) == [code]


def test_encryption_is_seen_at_the_second_backup_already() -> None:
    (odd,) = judge(then(ordinary(1), **ENCRYPTED), ANY)
    assert (odd.code, odd.snapshot, odd.value) == ("rewritten", "new", 1.0)


def test_the_quiet_day_after_hides_nothing() -> None:
    """Or retention would go on, and the good copies age away."""
    history = then(ordinary(10), **ENCRYPTED)
    for day in range(1, 30):
        quiet = replace(history[-1], snapshot=f"q{day}", at=NOW + timedelta(days=day), changed=0)
        history.append(replace(quiet, gone=0, added_bytes=0))
        found = judge(history, ANY)
        assert [odd.snapshot for odd in found if odd.holds] == ["new"]


@pytest.mark.parametrize(
    "changed",
    [
        {"changed": 200, "added_bytes": 100 * MIB},  # a fifth on a busy day
        {"bytes": 300 * MIB, "files": 600},  # a large clean-up
        {"bytes": 740 * MIB, "files": 1500, "changed": 520},  # a new folder
        {"bytes": 1400 * MIB},  # not yet a GiB more
        {"changed": 0, "gone": 0, "added_bytes": 0},
        {"changed": None, "gone": None, "added_bytes": None},
    ],
)
def test_ordinary_days_raise_no_alarm(changed: dict[str, object]) -> None:
    assert judge(then(ordinary(10), **changed), ANY) == ()


def test_a_first_backup_raises_no_alarm() -> None:
    assert judge(ordinary(1), ANY) == ()
    assert judge([], ANY) == ()


@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 900_000)),
        min_size=1, max_size=19,
    )
)  # fmt: skip
def test_a_small_job_never_does(days: list[tuple[int, int, int]]) -> None:
    volumes = [
        Volume(NOW + timedelta(days=n), str(n), files, size, min(changed, files), 3, size)
        for n, (files, changed, size) in enumerate(days)
    ]
    assert judge(volumes, ANY) == ()


def test_a_folder_of_dumps_rewrites_itself_every_day() -> None:
    dumps = [replace(v, changed=1000, gone=1000, added_bytes=v.bytes) for v in ordinary(10)]
    dumps[0] = replace(dumps[0], changed=None)
    found = judge([*dumps[:1], *dumps[2:]], ANY)
    assert {odd.snapshot for odd in found} <= {"2"}  # the first of its kind, before it is a habit
    assert judge(dumps[3:], ANY) == ()


def test_a_truncated_dump_is_one_small_file() -> None:
    dumps = ordinary(5, files=1, size=40 * MIB)
    assert codes(judge(then(dumps, bytes=9 * MIB), ANY)) == ["shrunk"]
    tiny = ordinary(5, files=1, size=MIB // 2)
    assert judge(then(tiny, bytes=1000), ANY) == ()


def test_the_profile_may_draw_the_line_lower() -> None:
    found = judge(then(ordinary(1), changed=20), Expect(change_percent=1))
    assert codes(found) == ["too-much-changed"]
    assert judge(ordinary(9), Expect(change_percent=2)) == ()


def test_the_profiles_word_on_change_goes_before_ours() -> None:
    assert judge(then(ordinary(9), **ENCRYPTED), Expect(change_percent=100)) == ()


def test_a_source_that_stopped_changing_is_a_hint_and_an_archive_is_none() -> None:
    still = [replace(v, changed=0, gone=0) for v in ordinary(40)]
    assert judge(still, ANY) == ()
    stopped = [ordinary(1)[0], replace(still[1], changed=5), *still[2:]]
    (odd,) = judge(stopped, ANY)
    assert odd.code == "still" and not odd.holds and odd.value == 38
    assert judge(stopped[:25], ANY) == ()


def test_a_seal_of_an_older_version_is_passed_over() -> None:
    seal = Seal(
        job="files", run="R", snapshot="a", paths=(), exclude=(), walked_at=NOW, sealed_at=NOW,
        complete=True, restic="0.14.0",
    )  # fmt: skip
    assert anomaly.volume(seal) is None


def test_every_kind_has_its_words() -> None:
    assert all(set(words) == {"en", "ru"} for words in anomaly.WORDS.values())
    assert set(anomaly.WORDS) > anomaly.HINTS
