from msptool.backup.sources import limits
from msptool.profile.shape import Limits


def test_no_limit_leaves_a_call_as_it_is() -> None:
    assert limits.wrapped(["/bin/restic", "backup"], Limits()) == ["/bin/restic", "backup"]
    assert limits.flags(Limits()) == []


def test_limits_stand_before_the_program_and_among_its_flags() -> None:
    given = Limits(nice=7, ionice="idle", upload_kib_s=100, download_kib_s=200)
    words = [str(word) for word in limits.wrapped(["/bin/restic"], given)]
    assert words[0].startswith("/") and words[0].endswith("/nice") and words[1:3] == ["-n", "7"]
    assert words[3].endswith("/ionice") and words[4:] == ["-t", "-c", "3", "/bin/restic"]
    assert limits.flags(given) == ["--limit-upload=100", "--limit-download=200"]
