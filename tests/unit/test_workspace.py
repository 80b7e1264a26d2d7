import errno
import fcntl
import os
import shutil
import stat
from pathlib import Path

import pytest

from msptool import workspace
from msptool.errors import Busy, MsptoolError, UnsafeError, UsageError


@pytest.fixture
def root(tmp_path: Path) -> Path:
    made = tmp_path / "acme"
    made.mkdir(mode=0o700)
    (made / "client.yaml").touch(mode=0o600)
    return made


def test_it_is_found_by_name_or_by_standing_in_it(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert workspace.find(root).root == root
    with pytest.raises(UsageError) as caught:
        workspace.find(root.parent)
    assert caught.value.code == "workspace.missing"
    monkeypatch.chdir(root)
    assert workspace.find(None).client_file == root / "client.yaml"


@pytest.mark.parametrize(
    "name",
    [
        "",
        "client.yaml",
        "tickets",
        "identities",
        "runs",
        "secrets",
        ".msptool",
        "manifests",
        "ledger",
        "evidence",
    ],
)
def test_what_others_can_write_is_refused(root: Path, name: str) -> None:
    path = root / name
    if not path.exists():
        path.mkdir(mode=0o700)
    workspace.find(root)
    path.chmod(path.stat().st_mode | 0o020)
    with pytest.raises(UnsafeError) as caught:
        workspace.find(root)
    assert str(path) in caught.value.message


def test_a_second_workspace_does_not_land_on_the_first(root: Path) -> None:
    workspace.require_free(root.parent)
    with pytest.raises(MsptoolError) as caught:
        workspace.require_free(root)
    assert (caught.value.code, caught.value.exit) == ("workspace.exists", 2)


def test_what_is_remembered_for_a_user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", "/var/state")
    assert workspace.state_home() == Path("/var/state/msptool")
    for ignored in ("", "relative"):
        monkeypatch.setenv("XDG_STATE_HOME", ignored)
        assert workspace.state_home() == Path.home() / ".local/state/msptool"


def test_deleting_what_is_derived_lets_no_second_run_in(root: Path) -> None:
    made = workspace.Workspace(root)
    with made.lock("audit run"):
        shutil.rmtree(made.derived)
        with pytest.raises(Busy) as caught, made.lock("backup run"):
            pass
        assert caught.value.message.startswith("cannot start backup run: another run holds acme")
    with made.lock("backup run"):
        pass


@pytest.mark.parametrize("number", [errno.EBADF, errno.ENOLCK])
def test_where_folders_cannot_be_locked_the_file_is(
    root: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    real = fcntl.flock

    def as_nfs(handle: int, how: int) -> None:
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            raise OSError(number, os.strerror(number))
        real(handle, how)

    monkeypatch.setattr(fcntl, "flock", as_nfs)
    made = workspace.Workspace(root)
    with made.lock("audit run"), pytest.raises(Busy), made.lock("backup run"):
        pass


def test_a_user_without_a_home_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    monkeypatch.setattr(Path, "home", nobody)
    with pytest.raises(UsageError) as caught:
        workspace.state_home()
    assert (caught.value.code, caught.value.exit) == ("state.no-home", 2)
