import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msptool import escape

HOSTILE = [
    "\x1b[2J", "\x1b]52;c;aGk=\x07", "\x9b31m", "\x90q\x9c", "a\rb", "a\nb", "\0", "\x7f",
    "\u202eexe.txt", "\u2066x\u2069", "\u200b", "\ufeff", "\u2028", "\u2029", "\U000e0041",
    "\ue000", "\udc80", "\xad",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_hidden_leaves_for_a_terminal(text: str) -> None:
    shown = escape.visible(text)
    assert shown.isprintable()
    assert "\\" in shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31m", "\\x1b[31m"),
        ("\u202e", "\\u202e"),
        ("\U000e0041", "\\U000e0041"),
        ("принтер é 漢字 🖨", "принтер é 漢字 🖨"),
        (unicodedata.normalize("NFD", "йод"), unicodedata.normalize("NFD", "йод")),
    ],
)
def test_what_is_shown(text: str, shown: str) -> None:
    assert escape.visible(text) == shown


@given(st.text(st.characters(codec=None)))
def test_visible_text_has_no_control_and_stays_as_it_is(text: str) -> None:
    shown = escape.visible(text)
    assert not {unicodedata.category(char) for char in shown} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert escape.visible(shown) == shown


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "\n=1", "  =1", "\xa0=1", "＝1+1", "\u3000＠a"],
)
def test_a_formula_becomes_text(text: str) -> None:
    assert escape.cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "srv-1", "1=1", "a@b", "'=1", "漢字"])
def test_other_cells_stay(text: str) -> None:
    assert escape.cell(text) == text


@pytest.mark.parametrize(
    "text", ["::error::x", "  ::stop-commands::x", "##[error]x", "<0>x", "<3>"]
)
def test_a_line_does_not_begin_with_a_command(text: str) -> None:
    assert escape.line_start(text) == f"\\{text}"


@pytest.mark.parametrize("text", ["", "a::error::", ":one", "<b>", "#1", "2001:db8::1", "fe80::1"])
def test_other_lines_begin_as_they_are(text: str) -> None:
    assert escape.line_start(text) == text


def test_an_address_may_begin_with_colons() -> None:
    assert escape.line_start("::1") == "\\::1", "a runner would take it for a command"


@pytest.mark.parametrize(
    "text", ["\x9b2J", "\u202e", "👩\u200d👧", "\x7f", "\ue000", "\U000e0001", "ё"]
)
def test_json_reads_back_what_no_terminal_should_see(text: str) -> None:
    shown = escape.json(json.dumps({"text": text}, ensure_ascii=False))
    assert shown.isprintable()
    assert json.loads(shown) == {"text": text}


def test_markdown_stays_words() -> None:
    shown = escape.markdown("[x](javascript:alert(1)) <b>\n# **a** ~~~ &amp; @all")
    assert "\n" not in shown
    for char in "[](<>#*~&@":
        assert char not in shown.replace(f"\\{char}", "")


SECRET = "hunter2"


@pytest.mark.parametrize(
    "text",
    [
        "password: hunter2",
        "password:   'hunter2'",
        '"password": hunter2',
        "passwrod: hunter2",
        "pasword: hunter2",
        "PASSWORD: hunter2",
        "snmp_community: hunter2",
        "comunity: hunter2",
        "api_key: hunter2",
        "pw: hunter2",
        "nas_pw: hunter2",
        "psw: hunter2",
        "пароль: hunter2",
        "Пороль: hunter2",
        "пароль_nas: hunter2",
        "секрет: hunter2",
        "ключ: hunter2",
        "token: hunter2 # was env:TOKEN",
        "snmp: hunter2",
        "snmp: [hunter2]",
        "password: [hunter2]",
        "password: {hunter2: 1}",
        "  - {community: hunter2}",
        "audit: {snmp: [{community: env:A}, {community: hunter2}]}",
        "a: {password: env:A, token: hunter2}",
        "path: rest:https://backup:hunter2@host/repo",
        "path: rest:https://backup:p@hunter2@host/repo",
        "snmp:\n  - hunter2",
        "snmp:\n- hunter2",
        "snmp:\n  - community:\n      hunter2",
        "password: |\n  hunter2",
        "password: >-\n\n  one\n  hunter2",
        'password: "one\n  hunter2',
        "nas:\n  password: |\n    a\n      hunter2: x",
        "snmp:\n  - {community: env:A, word: hunter2}",
    ],
)
def test_a_quoted_line_says_no_inline_secret(text: str) -> None:
    lines = text.split("\n")
    assert SECRET not in escape.quotable(lines, len(lines))


@pytest.mark.parametrize(
    "text",
    [
        "  netwroks: [192.0.2.0/24]",
        "password: env:ACME_NAS",
        "password: 'file:secrets/nas'",
        "password:",
        "snmp:",
        "  - community: command:pass show acme/snmp",
        "audit: {snmp: [{community: env:A, bad: 1}]}",
        "scope:\n  expires: tomorrow",
        "nas:\n  password: env:A\n  path: 7",
    ],
)
def test_other_lines_are_quoted_as_they_are(text: str) -> None:
    lines = text.split("\n")
    assert escape.quotable(lines, len(lines)) == lines[-1]


def test_lines_that_are_not_there_and_endless_ones() -> None:
    assert escape.quotable(["a"], 0) == escape.quotable(["a"], 2) == ""
    assert len(escape.quotable(["a: " + "{b: " * 100_000], 1)) < 1000
