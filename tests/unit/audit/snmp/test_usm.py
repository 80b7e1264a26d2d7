"""Keys and ciphers: the answers that RFC 3414, A.3 and draft-reeder-snmpv3-usm-3desede, B print,
and pysnmp as a second reader of RFC 7860 and of the key extensions.
"""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyasn1.type import univ

from pysnmp.proto.secmod.rfc3414.auth import hmacmd5, hmacsha  # isort: skip - or a circle
from pysnmp.proto.secmod.eso.priv import aes192, aes256
from pysnmp.proto.secmod.rfc7860.auth import hmacsha2

from msptool.audit.snmp import usm

PASSWORD, ENGINE = b"maplesyrup", bytes(11) + b"\x02"
KEYS = {
    "MD5": ("9faf3283884e92834ebc9847d8edd963", "526f5eed9fcce26f8964c2930787d82b"),
    "SHA": (
        "9fb5cc0381497b3793528939ff788d5d79145211",
        "6695febc9288e36282235fc7151f128497b38f3f",
    ),
}


@pytest.mark.parametrize("auth", KEYS)
def test_keys_of_rfc_3414(auth: str) -> None:
    stretched, localised = KEYS[auth]
    assert usm.stretched(auth, PASSWORD).hex() == stretched
    assert usm.auth_key(auth, PASSWORD, ENGINE).hex() == localised


def test_keys_that_reeder_extends() -> None:
    """The first octets of what the draft prints for three keys of DES."""
    md5 = "526f5eed9fcce26f8964c2930787d82b79eff44a90650ee0a3a40abfac5acc12"
    sha = "6695febc9288e36282235fc7151f128497b38f3f9b8b6d78936ba6e7d19dfd9c"
    assert usm.priv_key("MD5", "AES-256-C", PASSWORD, ENGINE).hex() == md5
    assert usm.priv_key("SHA", "AES-256-C", PASSWORD, ENGINE).hex() == sha


_SHA2 = {f"SHA-{bits}": (1, 3, 6, 1, 6, 3, 10, 1, 1, n) for bits, n in
         ((224, 4), (256, 5), (384, 6), (512, 7))}  # fmt: skip
_AUTHS: dict[str, Any] = {
    "MD5": hmacmd5.HmacMd5(),
    "SHA": hmacsha.HmacSha(),
    **{name: hmacsha2.HmacSha2(oid) for name, oid in _SHA2.items()},
}
_PRIVS: dict[str, Any] = {
    "AES-192": aes192.AesBlumenthal192(), "AES-256": aes256.AesBlumenthal256(),
    "AES-192-C": aes192.Aes192(), "AES-256-C": aes256.Aes256(),
}  # fmt: skip


@pytest.mark.parametrize("auth", usm.AUTHS)
def test_pysnmp_makes_the_same_keys(auth: str) -> None:
    theirs, engine = _AUTHS[auth], univ.OctetString(ENGINE)
    stretched = theirs.hash_passphrase(PASSWORD)
    assert bytes(theirs.localize_key(stretched, engine)) == usm.auth_key(auth, PASSWORD, ENGINE)
    oid = _SHA2.get(auth, theirs.SERVICE_ID)
    for priv, cipher in _PRIVS.items():
        key = bytes(cipher.localize_key(oid, stretched, engine))
        assert key == usm.priv_key(auth, priv, PASSWORD, ENGINE), priv


@pytest.mark.parametrize("auth", usm.AUTHS)
def test_digests_have_the_length_of_their_rfc(auth: str) -> None:
    sizes = {"MD5": 12, "SHA": 12, "SHA-224": 16, "SHA-256": 24, "SHA-384": 32, "SHA-512": 48}
    key = usm.auth_key(auth, PASSWORD, ENGINE)
    assert len(usm.digest(auth, key, b"message")) == sizes[auth]


@given(st.binary(max_size=300), st.sampled_from(usm.PRIVS), st.integers(0, 2**31), st.integers(0))
def test_what_is_encrypted_comes_back(data: bytes, priv: str, boots: int, salt: int) -> None:
    key = bytes(range(usm.KEY_SIZES[priv]))
    sent, hidden = usm.encrypt(priv, key, (boots, 77), salt, data)
    if hidden:
        assert usm.decrypt(priv, key, (boots, 77), sent, hidden)[: len(data)] == data
    assert len(sent) == 8


def test_two_messages_have_two_salts() -> None:
    one, two = (usm.encrypt("AES", bytes(16), (1, 1), salt, b"x")[0] for salt in (1, 2))
    assert one != two


@pytest.mark.parametrize(("sent", "data"), [(b"short", bytes(8)), (bytes(8), bytes(7))])
def test_what_cannot_be_decrypted_says_so(sent: bytes, data: bytes) -> None:
    with pytest.raises(usm.Undecryptable):
        usm.decrypt("DES", bytes(16), (1, 1), sent, data)
