"""Finding a running site and the programs it needs; what readiness asks."""

import os
from pathlib import Path

import pytest

from msptool.demo import running, tools
from msptool.demo.holder.ready import get_uptime
from msptool.demo.programs.talker import text
from msptool.errors import ToolMissing


def process(proc: Path, pid: int, words: list[str], namespaces: str) -> None:
    folder = proc / str(pid)
    folder.mkdir(parents=True)
    (folder / "cmdline").write_bytes(b"\0".join(word.encode() for word in words) + b"\0")
    (folder / "status").write_text(f"Name:\tpython3\nNSpid:\t{namespaces}\n")


def test_only_pid_1_of_a_site_of_the_seed_is_found(tmp_path: Path) -> None:
    mark = running.mark(7)
    process(tmp_path, 100, ["unshare", "--pid", mark], "100")
    process(tmp_path, 101, ["python", "-SE", mark], "101\t1")
    process(tmp_path, 102, ["python", "-SE", mark], "102\t5")
    process(tmp_path, 103, ["grep", mark, "notes"], "103\t1")
    (tmp_path / "104").mkdir()
    assert running.find(7, proc=tmp_path) == 101
    assert running.find(8, proc=tmp_path) is None


def test_seed_7_is_not_seed_77(tmp_path: Path) -> None:
    process(tmp_path, 101, ["python", running.mark(77)], "101\t1")
    assert running.find(7, proc=tmp_path) is None


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without any of the servers, and an empty cache."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("MSPTOOL_DEMO_TOOLS", str(tmp_path / "cache"))
    monkeypatch.setattr(tools, "_SYSTEM_FOLDERS", ())
    return tmp_path


def test_a_missing_server_names_the_remedy(bare: Path) -> None:
    with pytest.raises(ToolMissing) as caught:
        tools.find("nginx")
    assert caught.value.exit == 4
    assert "msptool demo fetch" in caught.value.hint
    assert tools.missing() == list(tools.SERVERS)


def make(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


def test_an_unpacked_server_gets_its_libraries(bare: Path) -> None:
    server = make(bare / "cache/usr/sbin/smbd")
    (bare / "cache/usr/lib/x86_64-linux-gnu").mkdir(parents=True)
    tool = tools.find("smbd")
    assert tool.path == str(server)
    assert f"{bare}/cache/usr/lib/x86_64-linux-gnu/samba" in tool.env["LD_LIBRARY_PATH"].split(
        os.pathsep
    )


def test_new_sshd_is_told_where_its_helpers_are(bare: Path) -> None:
    make(bare / "cache/usr/sbin/sshd")
    assert tools.find("sshd").args == ()
    helper = make(bare / "cache/usr/lib/openssh/sshd-session")
    assert tools.find("sshd").args == ("-o", f"SshdSessionPath={helper}")


def test_an_installed_server_comes_first(bare: Path) -> None:
    make(bare / "cache/usr/sbin/nginx")
    installed = make(bare / "bin/nginx")
    assert tools.find("nginx") == tools.Tool(str(installed))


def test_the_readiness_get_is_what_net_snmp_sends() -> None:
    """As `snmpget -v2c -c public HOST 1.3.6.1.2.1.1.3.0` puts it on the wire, request id 17."""
    assert get_uptime("public") == bytes.fromhex(
        "302602010104067075626c6963a019020111020100020100300e300c06082b060102010103000500"
    )


@pytest.mark.parametrize("words", [b"RFB 003.008\n", b"\x01\x02", b"-ERR x\r\n", b""])
def test_bytes_survive_the_command_line(words: bytes) -> None:
    escaped = words.decode("latin-1").encode("unicode_escape").decode()
    assert text(escaped) == words
