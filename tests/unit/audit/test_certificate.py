"""Certificates: real, cut anywhere, spoilt. What cannot be read is an error and never a pass."""

import json
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from msptool.audit import certificate
from tests.cases import read_site

RECORDED = Path(read_site.__file__).parent / "grab" / "web-https" / "answer.jsonl"
DER = json.loads(RECORDED.read_text())["said"]["tls"].encode("latin-1")


def test_a_real_one() -> None:
    told = certificate.parse(DER, port=443, evidence="e")
    assert (told.error, told.port, told.evidence) == ("", 443, "e")
    assert told.subject == told.issuer == "CN=portal.hq.example"
    assert told.not_after == datetime(2026, 10, 1, 12, tzinfo=UTC)
    assert told.not_before is not None and told.not_before < told.not_after


def test_cut_anywhere_is_an_error_without_dates() -> None:
    for length in range(len(DER)):
        told = certificate.parse(DER[:length], port=443)
        assert told.error and told.not_after is None and len(told.sha256) == 64


@given(st.integers(0, len(DER) - 1), st.integers(1, 255))
def test_a_spoilt_byte_never_crashes_us(at: int, flip: int) -> None:
    spoilt = bytearray(DER)
    spoilt[at] ^= flip
    told = certificate.parse(bytes(spoilt), port=443)
    assert bool(told.error) != (told.not_after is not None)


@given(st.binary(max_size=200))
def test_rubbish_is_an_error(data: bytes) -> None:
    assert certificate.parse(data, port=443).error
