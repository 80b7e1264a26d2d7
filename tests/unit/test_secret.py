import os
from pathlib import Path

import pytest

from msptool import secret
from msptool.errors import MsptoolError, ProfileError, UnsafeError
from msptool.profile import trust
from msptool.workspace import Workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    (tmp_path / "client.yaml").write_text("msptool: 1\n")
    return Workspace(tmp_path)


def code(reference: str, workspace: Workspace) -> str:
    with pytest.raises(MsptoolError) as caught:
        secret.resolve(reference, workspace)
    assert caught.value.exit == 2
    return caught.value.code


def test_from_the_environment(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NAS", " hunter2 \r\n")
    assert secret.resolve("env:NAS", workspace) == " hunter2 "
    monkeypatch.setenv("NAS", "\n")
    assert code("env:NAS", workspace) == "secret.empty"
    monkeypatch.delenv("NAS")
    assert code("env:NAS", workspace) == "secret.missing"


def test_from_a_file(workspace: Workspace) -> None:
    path = workspace.root / "nas password"
    path.write_bytes("пароль\n".encode())
    path.chmod(0o600)
    assert secret.resolve("file:nas password", workspace) == "пароль"
    assert secret.resolve(f"file:{path}", workspace) == "пароль"


def test_bytes_that_are_no_text_come_back_as_they_are(workspace: Workspace) -> None:
    path = workspace.root / "nas"
    path.write_bytes(b"\xff\xfe\n")
    path.chmod(0o600)
    assert os.fsencode(secret.resolve("file:nas", workspace)) == b"\xff\xfe"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o666, 0o644])
def test_a_file_that_others_can_read_is_refused(workspace: Workspace, mode: int) -> None:
    path = workspace.root / "nas"
    path.write_text("hunter2")
    path.chmod(mode)
    with pytest.raises(UnsafeError) as caught:
        secret.resolve("file:nas", workspace)
    assert "hunter2" not in caught.value.message
    assert caught.value.hint == f"chmod 600 {path}"


@pytest.mark.parametrize("name", ["nowhere", ".", "client.yaml/x", "~nosuchuser/x", "x" * 300])
def test_what_is_no_file_is_told_in_words(workspace: Workspace, name: str) -> None:
    assert code(f"file:{name}", workspace) == "secret.missing"


def test_a_pipe_in_its_place_holds_nobody(workspace: Workspace) -> None:
    os.mkfifo(workspace.root / "nas", 0o600)
    assert code("file:nas", workspace) == "secret.missing"


@pytest.mark.parametrize("text", ["./get", "bin/get", "'unfinished", "''"])
def test_a_command_is_a_program_of_this_machine(workspace: Workspace, text: str) -> None:
    trust.trust(workspace)
    assert code(f"command:{text}", workspace) in ("secret.command", "tool.missing")


def test_an_untrusted_command_is_not_even_looked_for(workspace: Workspace) -> None:
    with pytest.raises(ProfileError) as caught:
        secret.resolve("command:nosuchprogram", workspace)
    assert caught.value.code == "profile.untrusted"
