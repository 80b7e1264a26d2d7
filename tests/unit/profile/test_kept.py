"""A profile that is kept is the one that stands there, whatever happened to either."""

from pathlib import Path

import pytest

from msptool import profile
from msptool.errors import ProfileError
from msptool.profile import kept
from msptool.workspace import Workspace

TEXT = "msptool: 1\nclient: {code: ACME, name: Acme}\nextends: standard\n"


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    (tmp_path / "client.yaml").write_text(TEXT)
    (tmp_path / ".msptool").mkdir()
    return Workspace(tmp_path)


def test_it_is_read_once_and_is_the_same(place: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    first = kept.profile(place)
    assert first == profile.load(place).profile
    monkeypatch.setattr(kept, "load", None)
    assert kept.profile(place) == first


def test_a_changed_profile_counts_at_once(place: Workspace) -> None:
    kept.profile(place)
    place.client_file.write_text(TEXT.replace("Acme", "Beta"))
    assert kept.profile(place).client.name == "Beta"
    place.client_file.write_text("msptool: 1\nclinet: {}\n")
    with pytest.raises(ProfileError):
        kept.profile(place)
    place.client_file.unlink()
    with pytest.raises(ProfileError):
        kept.profile(place)


@pytest.mark.parametrize("data", [b"", b"\x00", b"\xff" * 40, b"\x95\xa1a\xa1b\xa1c\xa1d\x80"])
def test_what_is_kept_may_be_damaged(place: Workspace, data: bytes) -> None:
    (place.derived / kept.NAME).write_bytes(data)
    assert kept.profile(place).client.code == "ACME"


def test_another_version_reads_anew(place: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    kept.profile(place)
    monkeypatch.setattr(kept, "_maker", lambda: "other")
    (place.derived / kept.NAME).chmod(0o400)
    assert kept.profile(place).client.code == "ACME"


def test_it_is_not_kept_where_it_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "client.yaml").write_text(TEXT)
    assert kept.profile(Workspace(tmp_path)).client.code == "ACME"
    assert not (tmp_path / ".msptool").exists()
