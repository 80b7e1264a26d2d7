"""Keys, passwords as they are typed, and the recovery sheet."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msptool import process, profile
from msptool.backup.repository import escrow, keys, passwords, sheet
from msptool.backup.repository.escrow import Drill
from msptool.backup.repository.keys import Key
from msptool.backup.repository.restic import Access, Tool
from msptool.errors import UsageError
from msptool.process import SecretFile
from msptool.profile.load import Loaded
from msptool.profile.shape import Repository
from msptool.workspace import Workspace

ACCESS = Access(Tool("/usr/bin/restic", "0.14.0"), "/srv/repo", SecretFile("old"))
_KEY = b'{"current":%s,"id":"%s","userName":"root","hostName":"s","created":"2026-01-02 03:04:05"}'
SAID = b"[%s,%s]" % (_KEY % (b"false", b"5c1f3a20"), _KEY % (b"true", b"aa00bb11"))
_PROFILE = """
msptool: 1
client: {code: ACME, name: "Рога & <Копыта>", languages: [ru, en]}
backup:
  repositories:
    nas: {path: "/srv/re po", password: "env:PW"}
    far: {sftp: {host: nas.lan, path: /srv/r, user: bob, port: 2222}, password: "env:PW"}
    web:
      rest: {url: "https://nas:8000/acme", user: bob, password: "env:REST"}
      password: "env:PW"
"""


@pytest.fixture
def loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Loaded:
    monkeypatch.setattr(process, "find", lambda tool, package="": f"/usr/bin/{tool}")
    monkeypatch.setenv("PW", "abcd2345efgh6789jkmnpqrs")
    monkeypatch.setenv("REST", "p@ss word")
    (tmp_path / "client.yaml").write_text(_PROFILE)
    return profile.load(Workspace(tmp_path))


def test_a_new_password_stands_in_no_word() -> None:
    words = keys.add_argv(ACCESS, SecretFile("canary"), "vault", "srv")
    assert words[1:3] == ["key", "add"]
    assert words[words.index("--new-password-file") + 1] == SecretFile("canary")
    assert "canary" not in repr(words) and words[-1] == "--"


def test_keys_are_read_and_the_one_in_use_and_the_last_stay() -> None:
    both = keys.parse(SAID)
    assert [key.current for key in both] == [False, True]
    assert keys.removable(both, "5c1f3a20").id == "5c1f3a20"
    with pytest.raises(UsageError, match="opens the repository"):
        keys.removable(both, "aa00bb11")
    with pytest.raises(UsageError, match="opens the repository"):
        keys.removable(both[:1], "5c1f3a20")
    for wrong in ("", "5c1", "ffff", "--all", "*"):
        with pytest.raises(UsageError, match="names 0 keys"):
            keys.removable(both, wrong)
    twins = (*both, Key(False, "5c1f9999"))
    with pytest.raises(UsageError, match="names 2 keys"):
        keys.removable(twins, "5c1f")


@given(st.text(passwords.ALPHABET, min_size=1), st.lists(st.sampled_from(" \t\r\n"), max_size=9))
def test_gaps_in_a_password_of_ours_do_not_count(word: str, gaps: list[str]) -> None:
    typed = "".join(a + b for a, b in zip(word, [*gaps, *[""] * len(word)], strict=False))
    assert passwords.typed(f"{typed}\n") == word


def test_gaps_in_other_passwords_count() -> None:
    assert passwords.typed("Correct horse\n") == "Correct horse"


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1))
def test_a_printed_secret_has_every_letter_and_a_check_for_each_line(text: str) -> None:
    shown = sheet.printed(text)
    joined = "".join(group for line in shown.lines for group in line.groups)
    assert joined == text.replace(" ", "␣")
    assert all(len(line.check) == 4 for line in shown.lines)


def test_a_sheet_says_where_the_password_and_the_commands(tmp_path: Path, loaded: Loaded) -> None:
    here = Workspace(tmp_path)
    written = sheet.write(here, loaded, "nas")
    assert [path.name for path in written] == ["nas.recovery.ru.html", "nas.recovery.en.html"]
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in written)
    ru, en = (path.read_text() for path in written)
    for page in (ru, en):
        assert "abcd  2345  efgh" in page and "Рога &amp; &lt;Копыта&gt;" in page
        assert "restic -r &#39;/srv/re po&#39; --password-file password restore latest" in page
        assert "restore latest --tag job=" in page, "the newest of all may be of another job"
        assert "http:" not in page and "src=" not in page and "<script" not in page
    assert "Лист восстановления" in ru and "Recovery sheet" in en
    assert sheet.write(here, loaded, "nas", again=False) == ()


def test_a_sheet_of_a_server_says_how_to_reach_it(tmp_path: Path, loaded: Loaded) -> None:
    here = Workspace(tmp_path)
    far, web = (sheet.write(here, loaded, name)[1].read_text() for name in ("far", "web"))
    assert "sftp.command=ssh -p 2222 -l bob -s nas.lan sftp" in far and "sftp:nas.lan:/srv/r" in far
    assert "p%40s  s%20  " not in web and "p%40" in web
    assert "rest:https://bob:%s@nas:8000/acme" in web


def test_a_drill_is_kept_and_forgotten(tmp_path: Path) -> None:
    here = Workspace(tmp_path)
    assert escrow.last(here, "nas") is None
    at = datetime(2026, 6, 1, tzinfo=UTC)
    assert escrow.facts(None)["escrow"] == "untried"
    assert escrow.facts(Drill(at, "ok", "env:X"))["escrow"] == "ok"
    (tmp_path / "secrets" / "nas.escrow.json").write_text("{")
    assert escrow.last(here, "nas") is None
    escrow.forget(here, "nas")
    escrow.forget(here, "nas")
    with pytest.raises(UsageError, match="reads the password itself"):
        escrow.require_other(Repository(password="env:X", path="r"), "env:X")
