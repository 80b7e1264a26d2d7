"""Texts of other programs, made fit."""

from datetime import UTC, datetime

import pytest

from msptool import ulid
from msptool.tickets.intake import plain


def test_a_long_line_is_cut_and_differs_from_its_beginning() -> None:
    one, other = plain.line("a" * 500), plain.line("a" * 500 + "b")
    assert len(one) == len(other) < 210
    assert one != other
    assert plain.line(" a\n\tb\x00c ") == "a b c"


def test_a_message_keeps_its_lines() -> None:
    assert plain.message(" a \r\n\nb\x1b[0m ") == "a\n\nb [0m"
    assert len(plain.message("é" * 9_000)) <= plain.TEXT_CHARACTERS
    assert len(plain.message("é\n" * 9_000)) == plain.TEXT_CHARACTERS


@pytest.mark.parametrize("text", ["\ud800", "\x00", "", "😀"])
def test_any_text_has_a_short_form(text: str) -> None:
    assert len(plain.short(text)) == 8


@pytest.mark.parametrize("year", [1, 1969, 2026, 9999])
def test_a_run_has_an_id_whatever_its_time(year: int) -> None:
    at = datetime(year, 6, 1, tzinfo=UTC)
    ident = plain.run_id(at, b"x")
    assert ulid.is_ulid(ident)
    assert plain.run_id(at, b"x") == ident != plain.run_id(at, b"y")


@pytest.mark.parametrize(
    ("host", "alias"),
    [("192.0.2.7", "ip:192.0.2.7"), ("2001:DB8::1", "ip:2001:db8::1"), ("srv1", "name:srv1")],
)
def test_a_host_has_the_alias_of_an_audit(host: str, alias: str) -> None:
    assert plain.alias(host) == alias
