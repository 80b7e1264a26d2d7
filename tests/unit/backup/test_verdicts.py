from msptool.backup import words
from msptool.backup.meter import Meter, size
from msptool.backup.verdicts import TABLE, known, worst
from msptool.terminal import Progress


def test_every_verdict_has_words_and_every_failure_a_code() -> None:
    for verdict, meaning in TABLE.items():
        assert meaning.words["en"] and meaning.words["ru"]
        assert (meaning.code == "") is (verdict == "ok")
    assert len({meaning.code for meaning in TABLE.values()}) == len(TABLE)


def test_the_gravest_verdict_speaks_for_a_job() -> None:
    assert worst([]) == "ok"
    assert worst(["stale", "absent", "damaged"]) == "damaged"
    assert worst(["locked", "absent"]) == "absent"
    assert known("damaged") == "damaged" and known("fine") is None


def test_every_sentence_of_ours_has_a_russian_one() -> None:
    ours = {v for k, v in vars(words).items() if k.isupper() and isinstance(v, str)}
    assert ours == set(words.RUSSIAN)
    assert words.russian("Fatal: from restic") == "Fatal: from restic"


def test_sizes_are_short() -> None:
    assert [size(n) for n in (0, 999, 1023, 1536, 1 << 20, 5 << 30)] == [
        "0 B", "999 B", "0.999 KiB", "1.5 KiB", "1 MiB", "5 GiB",
    ]  # fmt: skip


def test_a_meter_tells_rate_and_time_left() -> None:
    meter = Meter(Progress(None), "x", 100 << 20)
    meter.add(25 << 20)
    assert meter.told(10) == "25 MiB of 100 MiB, 2.5 MiB/s, about 30 s left"
    assert meter.told(0.5) == "25 MiB of 100 MiB"
