"""With which communities agents are asked."""

from msptool.audit import snmp

SECRET, PUBLIC, PRIVATE = ("profile:1", "s3cret"), ("public", "public"), ("private", "private")


def test_each_default_community_is_asked_by_itself_also_where_the_profile_names_it() -> None:
    for named in ((SECRET,), (SECRET, PUBLIC), (PUBLIC, SECRET)):
        assert snmp._groups(named, try_defaults=True) == [[SECRET], [PUBLIC], [PRIVATE]]
    assert snmp._groups((PUBLIC,), try_defaults=True) == [[PUBLIC], [PRIVATE]]


def test_without_consent_the_profile_alone_is_asked() -> None:
    assert snmp._groups((SECRET, PUBLIC), try_defaults=False) == [[SECRET, PUBLIC]]
    assert snmp._groups((), try_defaults=False) == []


def test_a_request_that_failed_here_proves_nothing() -> None:
    answered = {"rows": {"1.3": 1}, "error": "lost"}
    assert not snmp._trouble([answered])
    assert snmp._trouble([answered, {"rows": {}, "error": "ValueError"}]) == "probe-failed"
