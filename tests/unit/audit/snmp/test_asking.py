"""With which credentials agents are asked, and what becomes of the worker's records."""

from datetime import UTC, datetime

from msptool.audit.facts import Snmp
from msptool.audit.snmp import asking
from msptool.audit.snmp.engine import Credential


def named(label: str, community: str) -> Credential:
    return Credential(label=label, community=community)


SECRET, PUBLIC, PRIVATE = (
    named("profile:1", "s3cret"), named("public", "public"), named("private", "private")
)  # fmt: skip
USER = Credential(label="profile:2", version="3", user="reader")


def test_each_default_community_is_asked_by_itself_also_where_the_profile_names_it() -> None:
    for given in ((SECRET, USER), (SECRET, PUBLIC, USER), (PUBLIC, SECRET, USER)):
        asked = asking.groups(given, try_defaults=True)
        assert asked == [(SECRET, USER), (PUBLIC,), (PRIVATE,)]
    assert asking.groups((PUBLIC,), try_defaults=True) == [(PUBLIC,), (PRIVATE,)]


def test_without_consent_the_profile_alone_is_asked() -> None:
    assert asking.groups((SECRET, PUBLIC), try_defaults=False) == [(SECRET, PUBLIC)]
    assert asking.groups((), try_defaults=False) == []


def test_a_request_that_failed_here_proves_nothing() -> None:
    answered = {"rows": {"1.3": 1}, "error": "lost"}
    unwelcome = {"rows": {}, "error": "wrong-user"}
    refused = {"rows": {}, "error": "refused: authorizationError"}
    assert not asking.trouble([answered, unwelcome, refused])
    assert asking.trouble([answered, {"rows": {}, "error": "ValueError"}]) == "probe-failed"


def test_records_of_a_host_become_facts_and_its_end_none() -> None:
    at = datetime(2026, 11, 27, tzinfo=UTC)
    record = {"community": "profile:1", "rows": {"1.3.6": 1}, "complete": False, "error": "rows"}
    found = asking.read("192.0.2.7", [record, {"address": "192.0.2.7", "done": True}], at, "ab")
    assert found == [
        Snmp(
            address="192.0.2.7", at=at, source="snmp", evidence="ab", community="profile:1",
            rows={"1.3.6": 1}, complete=False, error="rows",
        )
    ]  # fmt: skip


def test_a_credential_never_says_its_secrets() -> None:
    secret = Credential(
        label="profile:1", community="sesame", auth_password="sesame", priv_password="sesame"
    )
    assert "sesame" not in f"{secret!r} {secret}"


def test_the_fast_pace_waits_less_for_those_who_keep_silent() -> None:
    waits_s = {pace: asking.orders([(SECRET,)], pace).greeting_s for pace in asking.PAUSE_S}
    assert len({len(waits) for waits in waits_s.values()}) == 1  # lost as seldom
    assert sum(waits_s["fast"]) < sum(waits_s["normal"]) == sum(waits_s["gentle"])


def test_every_pace_has_its_pauses() -> None:
    gentle = asking.orders([(SECRET,)], "gentle")
    assert 1 / gentle.pause_s < 40 and 1 / gentle.pause_all_s < 1000
    assert asking.orders([(SECRET,)], "fast").pause_s == 0
