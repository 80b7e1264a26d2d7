from pathlib import Path

import pytest

from msptool import process
from msptool.errors import ToolMissing


def test_a_secret_is_in_no_repr() -> None:
    assert "hunter2" not in repr(process.SecretFile("hunter2"))


def test_secrets_are_blanked_whatever_their_bytes() -> None:
    odd = b"\xff\xfe".decode(errors="surrogateescape")
    assert process.redact(b"no key: \xff\xfe!", [odd]) == b"no key: [redacted]!"
    assert process.redact(b"a hunter2\n", ["hunter2\n", "", " "]) == b"a [redacted]\n"


def test_a_child_sees_nothing_that_steers_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LD_PRELOAD", "PYTHONPATH", "RESTIC_PASSWORD", "LANG", "NMAPDIR"):
        monkeypatch.setenv(name, "x")
    seen = process.environment({"EXTRA": "1"})
    assert set(seen) <= {"PATH", "HOME", "TMPDIR", "USER", "LOGNAME", "XDG_CACHE_HOME",
                         "XDG_RUNTIME_DIR", "LC_ALL", "EXTRA"}  # fmt: skip
    assert seen["LC_ALL"] == "C.UTF-8"


def test_a_planted_program_is_not_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    planted = tmp_path / "nmap-of-somebody"
    planted.write_text("#!/bin/sh\n")
    planted.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", ":.:" + "relative")
    with pytest.raises(ToolMissing) as caught:
        process.find("nmap-of-somebody", package="nmap")
    assert caught.value.exit == 4
    assert "apt install nmap;" in caught.value.hint
    monkeypatch.setenv("PATH", str(tmp_path))
    assert process.find("nmap-of-somebody") == str(planted)


@pytest.mark.parametrize(
    ("stderr", "told"),
    [(b"", "exit code 7"), (b"one\ntwo\n\n", "two"), (b"\xff" * 900, "�" * 300)],
)
def test_the_complaint_is_one_short_line(stderr: bytes, told: str) -> None:
    assert process.Done((), 7, b"", stderr, 0.0).complaint() == told
