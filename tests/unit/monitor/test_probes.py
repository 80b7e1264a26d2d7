"""What outside programs say, read: garbage and silence give a reason, never a value."""

from hypothesis import given
from hypothesis import strategies as st

from msptool.monitor.probes import Unseen, services, volumes
from msptool.monitor.seen import Service, Volume

BLOCK = "Id={}\nLoadState=loaded\nActiveState=active\nSubState=running\n"
MOUNTS = {"/": "/dev/vda", "/srv": "/dev/vdb"}


def test_units_are_given_after_a_double_dash() -> None:
    argv = services.argv("/bin/systemctl", ["--force", "a.service"])
    assert argv[argv.index("--") + 1 :] == ["--force", "a.service"]


def test_one_block_a_unit_under_the_name_that_was_asked() -> None:
    said = "\n".join([BLOCK.format("sshd.service"), BLOCK.format("b.service")]).encode()
    assert services.parse(said, ["ssh.service", "b.service"]) == (
        Service("ssh.service", "loaded", "active", "running"),
        Service("b.service", "loaded", "active", "running"),
    )


def test_a_pattern_that_matches_two_units_is_no_answer() -> None:
    said = "\n".join([BLOCK.format("a"), BLOCK.format("b")]).encode()
    assert services.parse(said, ["*"]) == Unseen("unreadable")


@given(st.binary(max_size=400))
def test_no_bytes_pass_for_running_services(said: bytes) -> None:
    assert services.parse(said, ["a", "b"]) == Unseen("unreadable")


def test_volumes_are_counted_as_users_see_them() -> None:
    said = b"1 4096 1000 300 250 500 400 400\n0 512 10 5 5 0 0 0\n"
    found = volumes.parse(said, MOUNTS)
    assert found["/srv"] == Volume("/srv", "/dev/vdb", 700 * 4096, 250 * 4096, 100, 400)
    assert found["/"] == Volume("/", "/dev/vda", 5 * 512, 5 * 512, 0, 0)


def test_a_mount_without_a_line_did_not_answer() -> None:
    assert volumes.parse(b"0 512 10 5 5 0 0 0\n", MOUNTS)["/srv"] == Unseen("timed-out")


def test_a_mount_that_refused_or_has_no_blocks_is_unseen() -> None:
    found = volumes.parse(b"0\n1 512 0 0 0 0 0 0\n", MOUNTS)
    assert found == {"/": Unseen("probe-failed"), "/srv": Unseen("no-data")}


@given(st.binary(max_size=200))
def test_no_bytes_crash_the_reader(said: bytes) -> None:
    assert set(volumes.parse(said, MOUNTS)) == set(MOUNTS)


def test_a_read_only_mount_is_measured_and_a_read_only_file_system_is_not() -> None:
    mountinfo = (
        "1 0 254:0 / / ro,relatime shared:1 - ext4 /dev/vda rw,discard\n"
        "2 1 7:1 / /snap/core ro,nodev - squashfs /dev/loop1 ro,errors=continue\n"
        "3 1 0:5 / /odd rw master:1 propagate_from:2 - tmpfs\n"
    )
    assert volumes.never_written(mountinfo) == {"/dev/loop1"}
