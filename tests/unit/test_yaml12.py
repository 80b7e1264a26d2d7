import re
import string
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msptool import yaml12
from msptool.errors import ProfileError


def load(text: str | bytes) -> yaml12.Document:
    return yaml12.load(text.encode() if isinstance(text, str) else text, file="client.yaml")


def refused(text: str | bytes) -> ProfileError:
    with pytest.raises(ProfileError) as caught:
        load(text)
    assert caught.value.exit == 2
    return caught.value


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("a: &x [1]\nb: *x\n", "profile.alias", 2, 4),
        ("a: 1\nb: {<<: {c: 1}}\n", "profile.key", 2, 5),
        ("a: 1\nb: !!python/object:os.system x\n", "profile.tag", 2, 4),
        ("a: !!str 12\n", "profile.tag", 1, 4),
        ("a: ! 12\n", "profile.tag", 1, 4),
        ("a:\n  b: 1\n  c: 2\n  b: 3\n", "profile.twice", 4, 3),
        ("? [a]\n: 1\n", "profile.key", 1, 3),
        ("a: " + "[" * 30, "profile.deep", 1, 27),
        ("a: 1\nb: x\0y\n", "profile.yaml", 2, 5),
        ("a: 1\n---\nb: 1\n", "profile.yaml", 2, 1),
        ("a:\n\tb: 1\n", "profile.yaml", 2, 1),
        ('a: 1\nb: "never ended\nc: 1\n', "profile.yaml", 2, 4),
        (b"a: 1\nb: \xff\n", "profile.encoding", 2, 0),
        ("", "profile.empty", 0, 0),
        ("# only words\n", "profile.empty", 0, 0),
        ("- a\n", "profile.empty", 0, 0),
        ("just words\n", "profile.empty", 0, 0),
    ],
)
def test_a_refusal_names_code_and_place(
    text: str | bytes, code: str, line: int, column: int
) -> None:
    error = refused(text)
    assert (error.code, error.place.line, error.place.column) == (code, line, column)
    assert error.place.file == "client.yaml"
    assert "\n" not in error.message


MERGE_BOMB = "a0: &a0 {k: v}\n" + "".join(
    f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 9)}]}}\n" for n in range(1, 9)
)
HOSTILE = {
    "merge bomb": MERGE_BOMB,
    "flow list": "a: [" + "a," * 500_000 + "]",
    "block list": "a:\n" + "- a\n" * 200_000,
    "keys": "".join(f"k{n}: a\n" for n in range(90_000)),
    "deep flow": "a: " + "[" * 500_000,
    "deep mappings": "{a: " * 200_000,
    "questions": "? " * 300_000,
    "dashes": "- " * 300_000,
    "documents": "---\n" * 200_000,
    "colons": "a" * 2000 + ": " * 200_000,
    "too large": "a: " + "x" * yaml12.LIMIT_BYTES,
    "largest within": "a: [" + "a," * (yaml12.LIMIT_VALUES - 10),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused_in_no_time(name: str) -> None:
    started = time.process_time()
    refused(HOSTILE[name])
    assert time.process_time() - started < 0.5, "0.2 s on an idle machine"


def test_a_file_of_the_largest_size_is_read() -> None:
    text = "a: [" + "a," * (yaml12.LIMIT_VALUES - 10) + "]"
    started = time.process_time()
    assert len(load(text).data["a"]) == yaml12.LIMIT_VALUES - 10  # type: ignore[arg-type]
    assert time.process_time() - started < 1.0


def test_marks_of_other_editors_change_nothing() -> None:
    plain = load("a: 1\nb:\n  - x\n")
    windows = load(b"\xef\xbb\xbfa: 1\r\nb:\r\n  - x\r\n")
    assert (windows.data, windows.places) == (plain.data, plain.places)


def test_a_key_in_two_forms_of_unicode_is_one_key() -> None:
    composed, apart = (unicodedata.normalize(form, "файлы-й") for form in ("NFC", "NFD"))
    assert composed != apart
    assert load(f"{apart}: {apart}\n").data == {composed: apart}, "values stay as written"
    assert refused(f"{composed}: 1\n{apart}: 2\n").code == "profile.twice"


def test_places_are_of_keys_and_items() -> None:
    document = load("a: {б: 1, c: [x, y]}\nd:\n  - e\n  -   f: 1\n")
    assert document.places == {
        ("a",): (1, 1),
        ("a", "б"): (1, 5),
        ("a", "c"): (1, 11),
        ("a", "c", 0): (1, 15),
        ("a", "c", 1): (1, 18),
        ("d",): (2, 1),
        ("d", 0): (3, 5),
        ("d", 1): (4, 7),
        ("d", 1, "f"): (4, 7),
    }
    place = document.place(("d", 1, "missing"))
    assert (place.line, place.column, place.key) == (4, 7, "d[1].missing")
    assert document.place(("nowhere",)).line == 0


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None), ("~", None), ("null", None), ("NULL", None), ("nULL", "nULL"),
        ("true", True), ("False", False), ("yes", "yes"), ("no", "no"), ("on", "on"),
        ("0", 0), ("-12", -12), ("+7", 7), ("007", 7), ("1_000", "1_000"),
        ("0o17", 15), ("0o18", "0o18"), ("0x1F", 31), ("-0x1F", "-0x1F"), ("0b1", "0b1"),
        ("12:34:56:12:34:56", "12:34:56:12:34:56"), ("1:30", "1:30"),
        ("1.5", 1.5), ("1.10", 1.1), (".5", 0.5), ("1.", 1.0), ("1e3", 1000.0), ("-1.5E-2", -0.015),
        ("1.2.3", "1.2.3"), ("1e", "1e"), (".", "."), ("-", "-"), ("e5", "e5"),
        (".inf", ".inf"), (".nan", ".nan"), ("1e999", "1e999"),
        ("9" * 18, int("9" * 18)), ("9" * 19, "9" * 19), ("٣", "٣"), ("2024-01-02", "2024-01-02"),
    ],
)  # fmt: skip
def test_scalars_resolve_as_the_core_schema_says(text: str, value: object) -> None:
    found = yaml12.scalar(text)
    assert (found, type(found)) == (value, type(value))
    assert yaml12.scalar(text, quoted=True) == text


# https://yaml.org/spec/1.2.2/#1032-tag-resolution, the table as it stands there.
TABLE: tuple[tuple[str, type], ...] = (
    (r"null|Null|NULL|~|", type(None)),
    (r"true|True|TRUE|false|False|FALSE", bool),
    (r"[-+]?[0-9]+", int),
    (r"0o[0-7]+", int),
    (r"0x[0-9a-fA-F]+", int),
    (r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", float),
)


@given(st.text(string.digits + "+-.eExoaF_:~ ", max_size=12))
def test_any_scalar_has_the_type_of_the_table(text: str) -> None:
    expected = next((kind for pattern, kind in TABLE if re.fullmatch(pattern, text)), str)
    value = yaml12.scalar(text)
    if isinstance(value, str) and expected is float:
        assert float(text) == float("inf") or float(text) == float("-inf")
    else:
        assert type(value) is expected


@given(st.recursive(st.text("ab\n:#-é ", max_size=8), st.lists, max_leaves=12))
def test_what_another_program_wrote_reads_the_same(value: object) -> None:
    import json

    assert load(json.dumps({"key": value})).data == {"key": value}


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        load(data)
    except ProfileError as error:
        assert error.code.startswith("profile.")
