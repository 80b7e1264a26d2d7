from msptool.backup import metrics
from msptool.backup.status import Standing
from msptool.profile.shape import Job

JOB = Job(repository="nas", paths=("/srv",), rpo_h=24, rto_h=4)


def test_what_is_known_has_a_sample_and_what_is_not_has_none() -> None:
    proven = Standing(JOB, "files", 1_234_567.5, 60.0, 8.25, "ok")
    never = Standing(JOB, "mail", None, None, None, "stale")
    told = metrics.text("ACME", [proven, never]).splitlines()
    assert 'msptool_backup_age_seconds{client="ACME",job="files"} 1234567.5' in told
    assert 'msptool_restore_seconds{client="ACME",job="files"} 8.25' in told
    assert not any("restore_seconds" in line and "mail" in line for line in told)
    assert 'msptool_backup_state{client="ACME",job="mail",state="stale"} 1' in told


def test_names_are_quoted_as_the_format_asks() -> None:
    told = metrics.text("ACME", [Standing(JOB, 'a"b\\c', None, None, None, "ok")])
    assert 'job="a\\"b\\\\c"' in told


def test_every_metric_says_what_it_is_once() -> None:
    told = metrics.text("ACME", [Standing(JOB, "files", 1.0, 1.0, 1.0, "ok")] * 3).splitlines()
    heads = [line.split()[2] for line in told if line.startswith("# TYPE")]
    assert len(heads) == len(set(heads))
    samples = {line.partition("{")[0] for line in told if not line.startswith("#")}
    assert samples == set(heads)
