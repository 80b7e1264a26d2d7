"""Messages of version 3: sealed and opened, and every change of an octet is found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msptool.audit.snmp import ber, codec, pdu, secure, usm
from msptool.audit.snmp.ber import Malformed
from msptool.audit.snmp.engine import Credential

ENGINE = secure.Engine(bytes.fromhex("80001f8803aabbccddeeff"), 7, 1234)
WHO = Credential(
    label="x", version="3", user="reader", auth="SHA-256", auth_password="the digest's word",
    priv="AES-256", priv_password="the cipher's word",
)  # fmt: skip
KEYS = codec.keys_at(ENGINE.ident, WHO)


def answer(keys: secure.Keys) -> bytes:
    inner = ber.sequence(
        ber.integer(5), ber.integer(0), ber.integer(0),
        ber.sequence(ber.sequence(ber.tlv(ber.OID, ber.oid("1.3.6.1")), ber.octets(b"it"))),
        tag=pdu.RESPONSE,
    )  # fmt: skip
    scoped = ber.sequence(ber.octets(ENGINE.ident), ber.octets(b""), inner)
    return secure.sealed(scoped, 5, 99, ENGINE, keys, reportable=False)


WHOLE = answer(KEYS)


def test_what_is_sealed_is_opened() -> None:
    seen = secure.outer(WHOLE)
    assert (seen.message_id, seen.engine, seen.user, seen.flags) == (5, ENGINE, b"reader", 3)
    assert secure.opened(WHOLE, seen, KEYS).varbinds == [(ber.oid("1.3.6.1"), ber.OCTETS, b"it")]
    assert b"it" not in WHOLE[-12:]


@given(st.integers(0, len(WHOLE) - 1), st.integers(1, 255))
def test_each_changed_octet_is_found(at: int, change: int) -> None:
    data = WHOLE[:at] + bytes([WHOLE[at] ^ change]) + WHOLE[at + 1 :]
    try:
        seen = secure.outer(data)
        secure.opened(data, seen, KEYS)
    except (Malformed, secure.Unauthentic):
        return
    # Whose flags say that nothing is vouched for, the session takes from nobody.
    assert seen.flags != KEYS.flags


@pytest.mark.parametrize("cut", range(len(WHOLE)))
def test_a_cut_message(cut: int) -> None:
    with pytest.raises((Malformed, secure.Unauthentic)):
        secure.opened(WHOLE[:cut], secure.outer(WHOLE[:cut]), KEYS)


@pytest.mark.parametrize("auth", usm.AUTHS)
@pytest.mark.parametrize("priv", ["", *usm.PRIVS])
def test_every_pair_of_methods(auth: str, priv: str) -> None:
    who = Credential(
        label="x", version="3", user="u", auth=auth, auth_password="aaaaaaaa", priv=priv,
        priv_password="bbbbbbbb" if priv else "",
    )  # fmt: skip
    keys = codec.keys_at(ENGINE.ident, who)
    data = answer(keys)
    assert secure.opened(data, secure.outer(data), keys).request_id == 5


def test_a_stranger_s_key_opens_nothing() -> None:
    other = codec.keys_at(b"12345", WHO)
    with pytest.raises(secure.Unauthentic):
        secure.opened(WHOLE, secure.outer(WHOLE), other)
