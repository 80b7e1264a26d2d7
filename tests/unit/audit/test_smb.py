"""A file server's first words: whole as Samba says them, cut anywhere, with lengths that lie."""

import json
import struct
from dataclasses import astuple
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msptool.audit import smb
from msptool.audit.smb import Server
from tests.cases import read_site

RECORDED = Path(read_site.__file__).parent / "grab" / "file-smb" / "answer.jsonl"


def recorded() -> tuple[bytes, bytes]:
    """Return what Samba answered to NEGOTIATE and to SESSION_SETUP."""
    answers = json.loads(RECORDED.read_text())["answers"]
    return answers["smb-negotiate"].encode("latin-1"), answers["smb-setup"].encode("latin-1")


def challenge(pairs: bytes, *, offset: int = 56, length: int | None = None) -> bytes:
    """Return an NTLM challenge with target information (MS-NLMP 2.2.1.2), build 20348."""
    size = len(pairs) if length is None else length
    head = b"NTLMSSP\0" + struct.pack("<IHHI", 2, 0, 0, 56) + bytes(20)
    version = struct.pack("<BBH4x", 10, 0, 20348)
    return b"\x00" * 80 + head + struct.pack("<HHI", size, size, offset) + version + pairs


def pair(kind: int, text: str) -> bytes:
    data = text.encode("utf-16-le")
    return struct.pack("<HH", kind, len(data)) + data


NAMES = pair(2, "OFFICE") + pair(1, "ФАЙЛЫ") + pair(3, "files.example") + pair(0, "")


def test_a_challenge_names_the_server() -> None:
    told = smb.parse(b"", challenge(NAMES + pair(1, "after the end")))
    assert told == Server("ФАЙЛЫ", "OFFICE", "files.example", 20348, None)


@pytest.mark.parametrize(("mode", "required"), [(1, False), (2, True), (3, True)])
def test_signing(mode: int, required: bool) -> None:
    negotiated, _ = recorded()
    changed = bytearray(negotiated)
    changed[4 + 64 + 2] = mode
    assert smb.parse(bytes(changed), b"").signing_required is required


def test_no_answer_is_no_verdict_on_signing() -> None:
    assert smb.parse(b"", b"") == Server()
    assert smb.parse(b"\x00\x00\x00\x55\xffSMB" + bytes(80), b"").signing_required is None


def test_a_cut_answer_says_less_and_nothing_else() -> None:
    negotiated, challenged = recorded()
    whole = smb.parse(negotiated, challenged)
    assert whole.name and whole.signing_required is not None
    for at in range(len(challenged)):
        told = smb.parse(negotiated, challenged[:at])
        for said, all_said in zip(astuple(told)[:3], astuple(whole)[:3], strict=True):
            assert said in ("", all_said), "half a name is another machine's"
        assert told.build in (None, whole.build)
    for at in range(len(negotiated)):
        assert smb.parse(negotiated[:at], b"").signing_required in (None, whole.signing_required)


@pytest.mark.parametrize(("offset", "length"), [(2**32 - 1, 100), (56, 65535), (0, 65535), (40, 0)])
def test_lengths_that_lie_read_nothing_beyond_the_data(offset: int, length: int) -> None:
    told = smb.parse(b"", challenge(NAMES, offset=offset, length=length))
    assert len(told.name) <= 200


@given(st.binary(max_size=300), st.binary(max_size=200))
def test_no_server_can_crash_us(negotiated: bytes, after: bytes) -> None:
    smb.parse(negotiated, b"NTLMSSP\0\x02\0\0\0" + after)
    smb.parse(b"\0\0\0\0\xfeSMB" + negotiated, after)


def test_our_words_are_framed_by_their_length_and_name_nobody() -> None:
    for words in (smb.negotiate(), smb.session_setup()):
        assert struct.unpack(">I", words[:4])[0] == len(words) - 4
        assert words[4:8] == b"\xfeSMB"
    token = smb.session_setup()[4 + 64 + 24 :]
    assert token.startswith(b"NTLMSSP\0\x01") and token[16:] == bytes(24)
