from datetime import date

import pytest

from msptool.audit import court
from msptool.profile.shape import Client, Consent, Profile, Scope

TODAY = date(2026, 11, 24)


def agreed(by: str, day: date) -> frozenset[str]:
    consent = Consent(module="default-credentials", by=by, date=day)
    head = Client(code="ACME", name="Acme")
    made = Profile(msptool=1, client=head, scope=Scope(consents=(consent,)))
    return court.consents(made, TODAY)


@pytest.mark.parametrize("day", [TODAY, date(2020, 1, 1)])
def test_a_consent_holds_from_its_day_on(day: date) -> None:
    assert agreed("A. Client", day) == {"default-credentials"}


@pytest.mark.parametrize(
    ("by", "day"), [("", TODAY), (" \t", TODAY), ("A. Client", date(2026, 11, 25))]
)
def test_a_consent_by_nobody_or_of_a_later_day_is_none(by: str, day: date) -> None:
    assert agreed(by, day) == frozenset()
