"""The real crontab program, on a spool of our own: other lines stay byte for byte."""

import os
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from msptool.schedule import cron
from tests.lab.machine import console_script, program
from tests.unit.schedule.plans import plan

pytestmark = pytest.mark.lab
OTHERS = "# mine\nMAILTO=me\n5 4 * * * echo 'привет' \\% done\n"
SPOOL = "mount -t tmpfs -o mode=1730 tmpfs /var/spool/cron/crontabs"


def _in_own_spool(place: Path, script: str) -> str:
    """Run a shell script where the spool is a fresh tmpfs."""
    program("crontab", "cron")
    if os.geteuid() != 0:
        pytest.skip("needs root: in a user namespace Python itself belongs to nobody")
    done = subprocess.run(
        ["unshare", "-m", "sh", "-ec", f"{SPOOL}\n{script}"],
        capture_output=True, timeout=60, check=False,
        env={**os.environ, "M": console_script("msptool"), "W": str(place)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


@pytest.fixture
def place(tmp_path: Path) -> Path:
    tmp_path.chmod(0o700)
    script = f"{console_script('msptool')} init '{tmp_path}/w s' --plan standard --code ACME -q"
    subprocess.run(["sh", "-c", script], check=True)
    return tmp_path / "w s"


def test_lines_of_others_stay(place: Path) -> None:
    (place.parent / "others").write_text(OTHERS)
    said = _in_own_spool(
        place,
        'crontab "$W/../others"\n'
        '$M -C "$W" schedule install --cron -q\n'
        'crontab -l > "$W/../with"\n'
        '$M -C "$W" schedule install --cron\n'
        '$M -C "$W" schedule show\n'
        '$M -C "$W" schedule remove -q\n'
        '$M -C "$W" schedule remove\n'
        "crontab -l",
    )
    assert said.startswith("nothing to be installed\n")
    assert said.endswith(f"nothing to be removed\n{OTHERS}")
    assert said.count("cron  ") == 2
    with_ours = (place.parent / "with").read_text()
    assert with_ours.startswith(OTHERS)
    assert cron.without(with_ours, "ACME") == OTHERS


def test_no_crontab_before_is_no_crontab_after(place: Path) -> None:
    said = _in_own_spool(
        place,
        '$M -C "$W" schedule install --cron -q && crontab -l | grep -c "monitor check -q"\n'
        '$M -C "$W" schedule remove --cron -q; crontab -l 2>&1 || true',
    )
    assert said.splitlines()[0] == "1"
    assert "no crontab for" in said.splitlines()[1]


def _runs(calendar: str) -> bool:
    """Tell whether the shell gets past the guards of a line now, as cron would run it."""
    lines = cron.block(plan("/srv/a 'b", script="/bin/echo", calendar=calendar)).splitlines()
    line = next(line for line in lines if line.endswith(" run -q"))
    command = line.split(" ", 5)[5].replace(r"\%", "%")
    done = subprocess.run(
        ["/bin/sh", "-c", command], capture_output=True, text=True, timeout=10, check=True,
        env={"TZ": "Asia/Kolkata", "PATH": os.environ["PATH"]},
    )  # fmt: skip
    assert done.stdout in ("", "-C /srv/a 'b run -q\n")
    return bool(done.stdout)


def test_guards_let_a_line_run_in_its_utc_hour_only() -> None:
    now = datetime.now(UTC)
    if now.minute == 59:  # the hour could turn between here and the shell
        now += timedelta(hours=1)
        hours = f"{(now.hour - 1) % 24},{now.hour}"
    else:
        hours = f"{now.hour}"
    others = ",".join(str(hour) for hour in range(24) if hour not in map(int, hours.split(",")))
    assert _runs(f"*-*-* {hours}:00")
    assert not _runs(f"*-*-* {others}:00")
    assert _runs("*-*-* *:00")


def test_guards_hold_days_and_months_too() -> None:
    later = datetime.now(UTC) + timedelta(days=40)
    assert not _runs(f"*-{later.month}-* *:00")
    far = datetime.now(UTC) + timedelta(days=3)
    assert not _runs(f"{far:%a} *-*-* *:00")
    assert not _runs(f"*-*-{far.day} *:00")
