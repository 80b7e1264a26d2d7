"""Units: what the work needs and nothing more; what was not written by us stays."""

from pathlib import Path

import pytest

from msptool.errors import ToolMissing, UsageError
from msptool.schedule import systemd
from msptool.schedule.plan import STEPS
from tests.unit.schedule.plans import plan


def _lines(name: str, scope: systemd.Scope = "system", *, temporary: bool = False) -> list[str]:
    units = systemd.units(plan("/srv/a b%c$d", temporary=temporary), scope)
    return next(unit for unit in units if unit.name == name).text.splitlines()


def test_a_service_calls_the_program_by_its_path_literally() -> None:
    lines = _lines("msptool-ACME-audit.service")
    assert 'ExecStart="/opt/bin/msptool" "-C" "/srv/a b%%c$$d" "audit" "run"' in lines
    assert (
        'ReadWritePaths="-/srv/a b%%c$d" "-/backup/my copies" "-/root/.local/state/msptool"'
        in lines
    )
    for line in (
        "Environment=MSPTOOL_LANG=ru", "SuccessExitStatus=1 143 SIGTERM", "SyslogLevelPrefix=no",
        "TimeoutStartSec=43200s", "PrivateTmp=yes",
    ):  # fmt: skip
        assert line in lines


def test_a_timer_is_in_utc_and_catches_up() -> None:
    lines = _lines("msptool-ACME-run.timer")
    assert "OnCalendar=Mon,Tue,Wed,Thu,Fri *-*-* 19:00:00 UTC" in lines
    assert "Persistent=true" in lines
    assert "RandomizedDelaySec=900" in lines
    assert "RandomizedDelaySec=30" in _lines("msptool-ACME-monitor.timer")


@pytest.mark.parametrize(
    ("step", "raw", "owners"),
    [("run", True, True), ("audit", True, False), ("backup", False, False),
     ("verify", False, True), ("forget", False, False), ("monitor", False, False)],
)  # fmt: skip
def test_only_an_audit_opens_raw_sockets_and_only_a_restore_changes_owners(
    step: str, raw: bool, owners: bool
) -> None:
    text = "\n".join(_lines(f"msptool-ACME-{step}.service"))
    assert ("CAP_NET_RAW" in text) is raw
    assert ("AF_PACKET" in text) is raw
    assert ("CAP_CHOWN" in text) is owners


@pytest.mark.parametrize("scope", ["system", "user"])
@pytest.mark.parametrize(
    ("step", "proves"),
    [
        ("run", True),
        ("audit", False),
        ("backup", False),
        ("verify", True),
        ("forget", False),
        ("monitor", False),
    ],
)
def test_only_what_proves_may_build_a_cell(step: str, proves: bool, scope: systemd.Scope) -> None:
    lines = _lines(f"msptool-ACME-{step}.service", scope)
    assert ("RestrictNamespaces=user mnt net pid ipc uts" in lines) is proves
    assert ("RestrictNamespaces=yes" in lines) is not proves
    filters = [line for line in lines if line.startswith("SystemCallFilter=")]
    assert filters[:2] == ["SystemCallFilter=@system-service", "SystemCallFilter=~@resources"]
    calls = "SystemCallFilter=mount umount2 pivot_root setrlimit prlimit64"
    assert filters[2:] == ([calls] if proves else [])
    text = "\n".join(lines)
    assert ("CAP_SETUID CAP_SETGID" in text) is (proves and scope == "system")
    assert "CAP_SYS_ADMIN" not in text


def test_nothing_is_run_from_where_proofs_restore() -> None:
    assert 'NoExecPaths="-/srv/a b%%c$d/.msptool"' in _lines("msptool-ACME-verify.service")


def test_a_private_tmp_would_hide_a_workspace_in_tmp() -> None:
    lines = _lines("msptool-ACME-run.service", temporary=True)
    assert "PrivateTmp=no" in lines
    assert next(one for one in lines if one.startswith("ReadWritePaths=")).endswith(
        ' "-/tmp" "-/var/tmp"'
    )


def test_writing_again_changes_nothing(tmp_path: Path) -> None:
    units = systemd.units(plan(), "user")
    assert len(systemd.write(units, tmp_path / "units")) == 2 * len(STEPS)
    assert systemd.write(units, tmp_path / "units") == []
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "units").iterdir()} == {0o644}


def test_units_of_others_are_not_ours(tmp_path: Path) -> None:
    systemd.write(systemd.units(plan(), "user"), tmp_path)
    mine = tmp_path / "msptool-ACME-extra.timer"
    mine.write_text("[Timer]\nOnCalendar=daily\n")
    assert mine not in systemd.ours("ACME", tmp_path)
    assert len(systemd.ours("ACME", tmp_path)) == 2 * len(STEPS)
    assert systemd.ours("ACM", tmp_path) == []


def test_units_of_another_workspace_are_refused(tmp_path: Path) -> None:
    systemd.write(systemd.units(plan("/srv/old"), "user"), tmp_path)
    with pytest.raises(UsageError) as caught:
        systemd.refuse_taken(plan(), tmp_path)
    assert caught.value.code == "schedule.taken"


def test_no_manager_has_a_remedy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    with pytest.raises(ToolMissing) as caught:
        systemd.install(plan(), "user")
    assert caught.value.hint == "msptool schedule install --cron"
