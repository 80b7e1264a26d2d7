import pytest
from hypothesis import given
from hypothesis import strategies as st

from msptool.backup.patterns import Excludes, naming
from msptool.errors import ProfileError

CASES = [
    ("*.tmp", "/srv/a.tmp", True),
    ("*.tmp", "/srv/a.tmp/inner", True),
    ("*.tmp", "/srv/a.tmpx", False),
    ("cache", "/srv/cache/x", True),
    ("cache", "/srv/mycache/x", False),
    ("/srv/a", "/srv/a/b", True),
    ("/srv/a", "/data/srv/a", False),
    ("srv/a", "/data/srv/a/b", True),
    ("/srv/*/c", "/srv/b/c", True),
    ("/srv/*/c", "/srv/b/d/c", False),
    ("/srv/**/c", "/srv/b/d/c", True),
    ("/srv/**/c", "/srv/c", True),
    ("srv/**", "/srv", True),
    ("**", "/anything", True),
    ("a?c", "/abc", True),
    ("a?c", "/a/c", False),
    ("[a-c]x", "/bx", True),
    ("[^a-c]x", "/bx", False),
    ("[^a-c]x", "/dx", True),
    ("[!a]x", "/!x", True),
    (r"\*.tmp", "/*.tmp", True),
    (r"\*.tmp", "/a.tmp", False),
    (r"[\]]x", "/]x", True),
    ("./a/", "/srv/a", True),
    ("a.b", "/aXb", False),
    ("*.tmp", "/new\nline.tmp", True),
    ("*", "/srv", True),
]


@pytest.mark.parametrize(("pattern", "path", "dropped"), CASES)
def test_patterns_mean_what_restic_says(pattern: str, path: str, dropped: bool) -> None:
    assert Excludes([pattern]).drops(path) is dropped


def test_a_later_exclamation_takes_a_name_back() -> None:
    excludes = Excludes(["*.log", "!keep.log"])
    assert excludes.drops("/srv/a.log")
    assert not excludes.drops("/srv/keep.log")
    assert Excludes(["!keep.log", "*.log"]).drops("/srv/keep.log")


@pytest.mark.parametrize("pattern", ["[", "[]x", "[a-", "x\\", "[-a]"])
def test_what_restic_refuses_is_refused(pattern: str) -> None:
    with pytest.raises(ProfileError) as raised:
        Excludes([pattern])
    assert raised.value.code == "backup.exclude"


@given(st.text(st.characters(exclude_characters="\0/\\[*?!"), min_size=1))
def test_a_plain_name_drops_itself(name: str) -> None:
    if name not in (".", ".."):
        assert Excludes([name]).drops(f"/srv/{name}/below")


def test_naming_tells_which_exclude_dropped_a_file() -> None:
    assert naming("/srv/b/base.dump", ["*.iso", "[", "*.dump"]) == "*.dump"
    assert naming("/srv/b/base.dump", ["*.iso"]) == ""
