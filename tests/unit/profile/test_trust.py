from pathlib import Path

import pytest

from msptool.errors import ProfileError
from msptool.profile import trust
from msptool.workspace import Workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    (tmp_path / "client.yaml").write_text("msptool: 1\n")
    return Workspace(tmp_path)


def test_a_changed_file_must_be_looked_at_again(workspace: Workspace) -> None:
    with pytest.raises(ProfileError) as caught:
        trust.require(workspace, "command:pass")
    assert caught.value.code == "profile.untrusted"
    assert "msptool profile trust" in caught.value.hint
    assert trust.trust(workspace)
    trust.require(workspace, "command:pass")
    assert not trust.trust(workspace), "it was trusted already"
    workspace.client_file.write_text("msptool: 1 \n")
    assert not trust.is_trusted(workspace)


def test_the_same_bytes_elsewhere_are_not_trusted(workspace: Workspace, tmp_path: Path) -> None:
    trust.trust(workspace)
    other = tmp_path / "other"
    other.mkdir()
    (other / "client.yaml").write_bytes(workspace.client_file.read_bytes())
    assert not trust.is_trusted(Workspace(other))
