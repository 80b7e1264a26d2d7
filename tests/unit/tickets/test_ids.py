import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msptool.errors import UsageError
from msptool.tickets import ids
from msptool.ulid import ALPHABET

codes = st.from_regex(r"[A-Z][A-Z0-9]{1,7}", fullmatch=True)
drawn = st.text(ALPHABET, min_size=6, max_size=6)


def _whole(code: str, six: str) -> str:
    return f"{code}-{six}-{ids.check_character(code, six)}"


@given(codes)
def test_what_is_drawn_is_an_id(code: str) -> None:
    ident = ids.draw(code)
    assert ids.is_id(ident)
    assert ids.parse(ident, "OTHER") == ident


@given(codes, drawn, st.integers(0, 6), st.sampled_from(ALPHABET))
def test_any_one_wrong_character_is_noticed(code: str, six: str, at: int, wrong: str) -> None:
    good = list(_whole(code, six).replace("-", "")[len(code) :])
    if good[at] == wrong:
        return
    good[at] = wrong
    with pytest.raises(UsageError):
        ids.parse(code + "".join(good), code)


@given(codes, drawn)
def test_any_two_that_changed_places_are_noticed(code: str, six: str) -> None:
    good = _whole(code, six).replace("-", "")[len(code) :]
    for one, two in itertools.combinations(range(7), 2):
        if good[one] != good[two]:
            swapped = list(good)
            swapped[one], swapped[two] = swapped[two], swapped[one]
            with pytest.raises(UsageError):
                ids.parse(code + "".join(swapped), code)


def test_the_client_is_in_the_sum() -> None:
    ident = ids.draw("ACME")
    with pytest.raises(UsageError):
        ids.parse(ident.replace("ACME", "ACNE"), "ACME")


@pytest.mark.parametrize(
    "heard",
    [
        "ACME-1001AB-{c}", "acme-1001ab-{c}", "ACME lOOI ab {c}", "1001AB{c}", "  1OOlAB - {c} ",
        "АСМЕ-1001АВ-{c}", "ACME\u20111001AB\u2013{c}",
    ],
)  # fmt: skip
def test_forgiving(heard: str) -> None:
    check = ids.check_character("ACME", "1001AB")
    assert ids.parse(heard.format(c=check), "ACME") == f"ACME-1001AB-{check}"


@pytest.mark.parametrize(
    "text", ["", "ACME", "../../x", "ACME-100UAB-0", "A" * 10_000, "\x1b[2J", "４５６７８９０"]
)
def test_refused(text: str) -> None:
    with pytest.raises(UsageError):
        ids.parse(text, "ACME")


def test_30_bits_are_drawn() -> None:
    seen = {ids.drawn_part(ids.draw("ACME")) for _ in range(2000)}
    assert len(seen) >= 1999
    assert {six[at] for six in seen for at in range(6)} == set(ALPHABET)


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("4k7qx", "4K7QX"),
        ("4k7qx2y", "4K7QX2-Y"),
        ("acme4k7", "ACME-4K7"),
        ("ACME-4k", "ACME-4K"),
        ("acme4k7qx2y", "ACME-4K7QX2-Y"),
        ("acme", "ACME"),
        ("printers", "PRINTE-RS"),
    ],
)
def test_a_part_is_found_without_its_dashes(said: str, written: str) -> None:
    assert ids.part(said, "ACME") == written
