"""From the profile's SNMP credentials to those that agents are asked with."""

from collections.abc import Callable

from msptool.audit.snmp import DEFAULT_COMMUNITIES
from msptool.audit.snmp.engine import Credential
from msptool.errors import ProfileError
from msptool.profile.load import Loaded
from msptool.profile.shape import SnmpCredential

_SHORTEST = 8  # RFC 3414, 11.2: shorter passwords are refused by agents, too


def of_profile(loaded: Loaded, resolve: Callable[[str], str]) -> tuple[Credential, ...]:
    """Return credentials in the profile's order. `resolve` gives the secret of a reference.

    Only a default community is labelled by itself, as it is no secret. Raises ProfileError.
    """
    known = enumerate(loaded.profile.audit.snmp)
    return tuple(_credential(at, one, loaded, resolve) for at, one in known)


def _credential(
    at: int, one: SnmpCredential, loaded: Loaded, resolve: Callable[[str], str]
) -> Credential:
    label = f"profile:{at + 1}"
    if one.community:
        community = resolve(one.community)
        return Credential(
            label=community if community in DEFAULT_COMMUNITIES else label,
            version=one.version or "",
            community=community,
            networks=one.networks,
        )

    def password(key: str, reference: str | None) -> str:
        return "" if reference is None else _long_enough(resolve(reference), at, key, loaded)

    return Credential(
        label=label,
        version="3",
        user=one.user,
        auth=one.auth or "",
        auth_password=password("auth_password", one.auth_password),
        priv=one.priv or "",
        priv_password=password("priv_password", one.priv_password),
        context=one.context,
        networks=one.networks,
    )


def _long_enough(found: str, at: int, key: str, loaded: Loaded) -> str:
    if len(found.encode(errors="surrogateescape")) < _SHORTEST:
        raise ProfileError(
            "snmp.short-password",
            f"audit.snmp[{at}].{key}: the password has fewer than 8 characters",
            place=loaded.document.place(("audit", "snmp", at, key)),
            hint="agents refuse such a password (RFC 3414); compare it with theirs",
        )
    return found
