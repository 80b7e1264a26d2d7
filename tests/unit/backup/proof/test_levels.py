from hypothesis import given
from hypothesis import strategies as st

from msptool.backup import words
from msptool.backup.proof import levels
from msptool.backup.proof.levels import Asked, History, Plan, pick
from msptool.profile.shape import Verify

SETTINGS = Verify()
DAY_S = 86400.0
LARGE = 2 << 30


def daily(history: History, settings: Verify = SETTINGS) -> Plan:
    return pick(Asked(), history, settings)


def test_each_level_includes_those_before_it() -> None:
    made = [pick(Asked(level), History(LARGE), SETTINGS) for level in range(1, 6)]
    assert [plan.reading for plan in made] == ["none", "structure", "part", "whole", "whole"]
    assert [plan.restore for plan in made] == ["none", "none", "none", "full", "full"]
    assert [plan.probes for plan in made] == [False, False, False, False, True]


def test_a_small_job_is_proven_whole_every_day() -> None:
    plan = daily(History(SETTINGS.small_mib << 20, full_age_s=60.0))
    assert (plan.restore, plan.reading, plan.level) == ("full", "whole", 5)


def test_a_large_job_is_proven_whole_when_it_is_due_and_sampled_in_between() -> None:
    assert daily(History(LARGE)).restore == "full"
    assert daily(History(LARGE, full_age_s=DAY_S)).restore == "sample"
    assert daily(History(LARGE, full_age_s=8 * DAY_S)).why == words.FULL_DUE


def test_after_a_bad_proof_the_day_looks_at_everything() -> None:
    plan = daily(History(LARGE, full_age_s=DAY_S, bad=True))
    assert (plan.restore, plan.why) == ("full", words.WAS_BAD)


def test_what_does_not_fit_the_budget_is_sampled_so_that_all_is_proven_in_time() -> None:
    history = History(10 << 40, full_age_s=None, bytes_per_s=100e6)
    plan = daily(history)
    assert (plan.restore, plan.why) == ("sample", words.TOO_LARGE)
    assert plan.share * SETTINGS.full_days >= 100


def test_the_rate_of_the_last_restore_decides_what_fits() -> None:
    settings = Verify(budget_min=1)
    assert daily(History(6 << 30, bytes_per_s=200e6), settings).restore == "full"
    assert daily(History(6 << 30, bytes_per_s=20e6), settings).restore == "sample"


def test_what_was_asked_is_done_whatever_the_day_would_pick() -> None:
    assert pick(Asked(share=10.0), History(1), SETTINGS).share == 10.0
    assert pick(Asked(stream=True), History(1), SETTINGS).restore == "stream"
    assert pick(Asked(4, 10.0), History(1), SETTINGS).probes is False


def test_a_repository_is_read_as_deep_as_its_deepest_job_asks() -> None:
    plans = [Plan(1, "none", "none"), Plan(3, "none", "part"), Plan(2, "none", "structure")]
    assert levels.deepest(plans) == "part"
    assert levels.deepest([]) == "none"


@given(
    st.builds(
        History,
        bytes=st.integers(0, 1 << 50),
        full_age_s=st.none() | st.floats(-1e9, 1e9),
        bad=st.booleans(),
        bytes_per_s=st.floats(0, 1e10),
    )
)
def test_a_day_always_reads_and_restores_something(history: History) -> None:
    plan = daily(history)
    assert plan.restore in ("full", "sample")
    assert plan.reading in ("part", "whole")
    assert 0 < plan.share <= 100
