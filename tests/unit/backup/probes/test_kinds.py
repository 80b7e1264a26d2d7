"""A candidate's suffixes are those that pathlib tells."""

from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msptool.backup.probes.kinds import Candidate


def suffixes(path: str) -> tuple[str, ...]:
    return Candidate(path, 0, b"").suffixes


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("dump.SQL.gz", (".sql", ".gz")),
        (".bashrc", ()),
        (".config.d.tar", (".d", ".tar")),
        ("ends.", ()),
        ("plain", ()),
    ],
)
def test_names_of_every_sort(name: str, found: tuple[str, ...]) -> None:
    assert suffixes(f"/srv/v1.2/{name}") == found


@given(st.text("aB. é\\", min_size=1).filter(lambda name: name not in (".", "..")))
def test_as_pathlib_has_them(name: str) -> None:
    expected = tuple(suffix.lower() for suffix in PurePosixPath(f"/s/{name}").suffixes)
    assert suffixes(f"/s/{name}") == expected
