"""Crontab blocks: ours alone is touched, and every character reaches the shell as it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msptool.errors import UsageError
from msptool.schedule import cron
from tests.unit.schedule.plans import plan

# Crontabs of other people, ending in a line break as crontab(1) demands; any byte may be in them.
crontabs = st.text(st.characters(exclude_characters="\r")).map(
    lambda text: f"{text}\n" if text else ""
)


@given(crontabs)
def test_remove_takes_exactly_what_install_gave(crontab: str) -> None:
    installed = cron.with_block(crontab, plan())
    assert installed.startswith(crontab)
    assert cron.without(installed, "ACME") == crontab


@given(crontabs, crontabs)
def test_installing_twice_changes_nothing_and_lines_below_stay(above: str, below: str) -> None:
    once = cron.with_block(above, plan()) + below
    twice = cron.with_block(once, plan())
    assert cron.without(twice, "ACME") == above + below
    assert cron.with_block(twice, plan()) == twice


def test_blocks_of_other_clients_stay() -> None:
    both = cron.with_block(cron.block(plan("/srv/b", client="BETA")), plan())
    assert cron.without(both, "ACME") == cron.block(plan("/srv/b", client="BETA"))
    assert cron.owner(both, "ACM") == ""


def test_a_client_scheduled_from_another_workspace_is_refused() -> None:
    with pytest.raises(UsageError) as caught:
        cron.with_block(cron.block(plan("/srv/old copy")), plan())
    assert caught.value.code == "schedule.taken"
    assert "msptool -C '/srv/old copy' schedule remove" in caught.value.hint


USERS = "17 3 * * * /usr/local/bin/night\n"
BLOCK = cron.block(plan())
END = "# END msptool ACME\n"


@pytest.mark.parametrize(
    "crontab",
    [
        BLOCK.removesuffix(END) + USERS,
        BLOCK.removesuffix(END) + USERS + BLOCK,
        BLOCK.removesuffix(END) + USERS + BLOCK + END,
        USERS + END + BLOCK,
    ],
    ids=["its end lost", "and installed again", "and an end too many", "an end before it"],
)
def test_a_block_that_lost_a_mark_is_told_and_takes_no_line_of_the_users(crontab: str) -> None:
    with pytest.raises(UsageError) as installing:
        cron.with_block(crontab, plan())
    with pytest.raises(UsageError) as removing:
        cron.without(crontab, "ACME")
    assert installing.value.code == removing.value.code == "schedule.torn"
    other = plan("/srv/b", client="BETA")
    assert cron.with_block(crontab, other) == crontab + cron.block(other)


def test_a_block_is_found_whose_last_line_has_no_break() -> None:
    assert cron.without(USERS + BLOCK.removesuffix("\n"), "ACME") == USERS


def test_what_is_installed_reads_back() -> None:
    entries = cron.entries(cron.block(plan()), "ACME")
    assert [(entry.step, entry.calendar) for entry in entries] == [
        (task.step, task.calendar) for task in plan().tasks
    ]


def test_hours_are_asked_in_utc_and_minutes_shifted_to_the_zone() -> None:
    lines = cron.block(plan(calendar="*-*-* 02,04:10"), zone_minutes=30).splitlines()
    run = next(line for line in lines if line.endswith(" run -q"))
    assert run.startswith(r"40 * * * * case $(date -u +\%H) in 02|04) ;; *) exit 0;; esac; ")


def test_every_percent_sign_is_escaped() -> None:
    """cron(8) makes a bare one a line break and the rest the command's input."""
    block = cron.block(plan("/srv/100% acme's", script="/opt/%/msptool"))
    commands = [line for line in block.splitlines() if not line.startswith("#")]
    assert commands
    for command in commands:
        assert command.count("%") == command.count(r"\%")


def test_cron_catches_up_on_missed_backups_every_hour() -> None:
    (line,) = [line for line in cron.block(plan("/srv/100% acme")).splitlines() if "--due" in line]
    told = r"41 * * * * MSPTOOL_LANG=ru /opt/bin/msptool -C '/srv/100\% acme' backup run --due -q"
    assert line == told
    assert [entry.step for entry in cron.entries(cron.block(plan()), "ACME")] == list(
        task.step for task in plan().tasks
    )
