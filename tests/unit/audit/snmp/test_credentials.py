"""From the profile to what agents are asked with; and what a profile may not say."""

from pathlib import Path

import pytest

from msptool.audit.snmp import credentials
from msptool.audit.snmp.engine import Credential, holds_at
from msptool.errors import ProfileError
from msptool.profile.load import load_file

HEAD = "msptool: 1\nclient: {code: ACME, name: Acme}\naudit:\n  snmp:\n"
USER = "user: reader, auth: SHA-256, auth_password: env:A, priv: AES-256, priv_password: env:P"
SECRETS = {"env:C": "s3cret", "env:D": "public", "env:A": "the first word", "env:P": "the second"}


def read(tmp_path: Path, *entries: str) -> tuple[Credential, ...]:
    path = tmp_path / "client.yaml"
    path.write_text(HEAD + "".join(f"    - {{{entry}}}\n" for entry in entries))
    return credentials.of_profile(load_file(path), SECRETS.__getitem__)


def test_what_a_profile_names_in_its_order(tmp_path: Path) -> None:
    told = read(
        tmp_path, "community: env:C", 'community: env:D, version: "1"',
        f"{USER}, context: vlan-7, networks: [192.0.2.0/24, '2001:db8::/64']", "user: guest",
    )  # fmt: skip
    assert told == (
        Credential(label="profile:1", community="s3cret"),
        Credential(label="public", community="public", version="1"),
        Credential(
            label="profile:3", version="3", user="reader", auth="SHA-256", priv="AES-256",
            auth_password="the first word", priv_password="the second", context="vlan-7",
            networks=("192.0.2.0/24", "2001:db8::/64"),
        ),
        Credential(label="profile:4", version="3", user="guest"),
    )  # fmt: skip


def test_a_credential_holds_in_its_networks(tmp_path: Path) -> None:
    here, everywhere = read(tmp_path, "community: env:C, networks: [192.0.2.0/24]", "user: guest")
    assert holds_at(here, "192.0.2.7") and not holds_at(here, "192.0.3.7")
    assert holds_at(everywhere, "2001:db8::1")
    assert not holds_at(here, "2001:db8::1")


@pytest.mark.parametrize(
    ("entry", "code", "key"),
    [
        ("user: a, priv: AES, priv_password: env:P", "profile.snmp", "priv"),
        ("user: a, auth: SHA", "profile.snmp", "auth"),
        ("user: a, auth_password: env:A", "profile.snmp", "auth_password"),
        ("user: a, auth: SHA, auth_password: env:A, priv: AES", "profile.snmp", "priv"),
        ("community: env:C, auth: SHA", "profile.snmp", "auth"),
        ("community: env:C, user: a", "profile.one-of", "user"),
        ('user: a, version: "2c"', "profile.snmp", "version"),
        ("user: a, auth: SHA3, auth_password: env:A", "profile.value", "auth"),
        ("community: env:C, version: 3", "profile.value", "version"),
        ("community: env:C, networks: [everywhere]", "profile.network", "networks[0]"),
        ("networks: [192.0.2.0/24]", "profile.missing-key", "community"),
        ("user: a, auth: SHA, auth_password: hunter2", "profile.value", "auth_password"),
    ],
)
def test_what_does_not_fit_is_told_with_its_place(
    entry: str, code: str, key: str, tmp_path: Path
) -> None:
    with pytest.raises(ProfileError) as refused:
        read(tmp_path, entry)
    assert refused.value.code == code
    message = refused.value.message
    assert "audit.snmp[0]" in message and key in message
    assert refused.value.place.line == 5
    assert "hunter2" not in str(refused.value)


def test_a_short_password_is_told_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(ProfileError) as refused:
        read(tmp_path, "community: env:C", "user: a, auth: SHA, auth_password: env:C")
    assert (refused.value.code, refused.value.place.line) == ("snmp.short-password", 6)
    assert "s3cret" not in str(refused.value)
