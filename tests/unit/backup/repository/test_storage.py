"""How restic is told where a repository lies: no word of a profile becomes an option."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msptool import process
from msptool.backup.repository import passwords, repositories, restic, storage
from msptool.backup.repository.restic import Access, Tool
from msptool.errors import ProfileError
from msptool.process import SecretFile
from msptool.profile.shape import Repository, Rest, Sftp
from msptool.workspace import Workspace


@pytest.fixture(autouse=True)
def _ssh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "find", lambda tool, package="": f"/usr/bin/{tool}")


def _of(tmp_path: Path, repository: Repository) -> storage.Storage:
    return storage.of(Workspace(tmp_path), repository)


def _split(option: str) -> list[str]:
    """Read an option as restic does: a field of CSV, then quotes and blanks without escapes."""
    field = option.removeprefix("--option=")[1:-1].replace('""', '"').partition("=")[2]
    parts = field.split("'")
    return [w for at, part in enumerate(parts) for w in ([part] if at % 2 else part.split())]


def test_sftp_never_asks_and_its_host_stands_after_the_options(tmp_path: Path) -> None:
    sftp = Sftp(
        host="nas.lan", path="/srv/r", user="bob", port=2222, identity="id", known_hosts="k"
    )
    at = _of(tmp_path, Repository(password="env:X", sftp=sftp))
    assert at.location == "sftp:nas.lan:/srv/r"
    (option,) = at.options
    words = _split(option)
    assert words[-4:] == ["-s", "--", "nas.lan", "sftp"]
    asked = {"-p2222", "-lbob", f"-i{tmp_path}/id", f'-oUserKnownHostsFile="{tmp_path}/k"'}
    assert asked | {"-oBatchMode=yes", "-oStrictHostKeyChecking=yes"} <= set(words)


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0/"), min_size=1))
def test_any_path_of_an_identity_is_one_word_or_refused(name: str) -> None:
    sftp = Sftp(host="::1", path="r", identity=f"/k/{name}")
    try:
        option = storage.csv(f"sftp.command={storage.ssh_command(Workspace(Path('/w')), sftp)}")
    except ProfileError as error:
        assert error.code == "repo.ssh-path"
        return
    assert f"-i/k/{name}" in _split(option)


def test_an_address_in_brackets_is_told_to_ssh_without_them(tmp_path: Path) -> None:
    at = _of(tmp_path, Repository(password="env:X", sftp=Sftp(host="[::1]", path="/r")))
    assert at.location == "sftp:[--1]:/r"
    assert _split(at.options[0])[-2:] == ["::1", "sftp"]


def test_user_and_password_of_a_rest_server_are_in_no_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("X", "canary p@ss/1")
    rest = Rest(url="https://nas:8000/acme", user="bob", password="env:X", ca="ca.pem")
    at = _of(tmp_path, Repository(password="env:X", rest=rest))
    assert at.location == SecretFile("rest:https://bob:canary%20p%40ss%2F1@nas:8000/acme")
    assert at.options == (f"--cacert={tmp_path}/ca.pem",)
    access = Access(Tool("restic", "0"), at.location, SecretFile("x"), options=at.options)
    words = restic.argv(access, "snapshots")
    assert words[words.index("--repository-file") + 1] == at.location
    assert "canary" not in repr(words) + repr(access)
    assert {"canary p@ss/1", "canary%20p%40ss%2F1"} <= set(access.secrets)


def test_a_rest_server_for_all_needs_no_secret(tmp_path: Path) -> None:
    at = _of(tmp_path, Repository(password="env:X", rest=Rest(url="http://nas/")))
    assert at.location == "rest:http://nas/"


def test_only_a_local_repository_has_a_folder(tmp_path: Path) -> None:
    here = Workspace(tmp_path)
    local = Repository(password="env:X", path="repo")
    remote = Repository(password="env:X", sftp=Sftp(host="nas", path="/r"))
    assert repositories.folder(here, local) == tmp_path / "repo"
    assert repositories.folder(here, remote) is None
    assert storage.shown(remote) == "sftp://nas//r"


def test_a_new_password_has_no_letter_that_looks_like_another() -> None:
    password = passwords.new_password()
    assert len(password) == 48 and not set(password) & set("0o1liuOIL")
    assert password != passwords.new_password()
