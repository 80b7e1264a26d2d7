"""Read a client profile: parse, extend, check, and say exactly where it is wrong."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import msgspec

from msptool import shipped, yaml12
from msptool.errors import Place, ProfileError
from msptool.escape import quotable
from msptool.profile import working, works
from msptool.profile.shape import Profile, SnmpCredential
from msptool.workspace import Workspace
from msptool.yaml12 import Document, Value

__all__ = ["Loaded", "load", "load_file", "merge", "nearest", "read"]
PLANS = ("basic", "standard", "complex")


@dataclass(frozen=True)
class Loaded:
    """A profile, the hash of what it was read from, and where its keys stand."""

    profile: Profile
    sha256: str
    document: Document
    scope_sha256: str


def load(workspace: Workspace) -> Loaded:
    """Read a workspace's client profile."""
    return load_file(workspace.client_file)


def load_file(path: Path) -> Loaded:
    """Read a profile and the plan it extends; raise ProfileError for the first thing wrong."""
    import hashlib

    raw, document = read(path)
    plan = _plan(document)
    _refuse_unknown(document)
    merged = merge(plan.data, document.data) if plan else document.data
    profile = _converted(merged, document)
    _check_references(profile, document)
    digest = hashlib.sha256(raw)
    if plan:
        digest.update("\n".join(plan.lines).encode())
    scope = hashlib.sha256(msgspec.json.encode(profile.scope)).hexdigest()
    return Loaded(profile, digest.hexdigest(), document, scope)


def read(path: Path) -> tuple[bytes, Document]:
    """Return a file's bytes and what they say; raise ProfileError where it cannot be read."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise ProfileError(
            "profile.unreadable", f"cannot read: {error.strerror}", place=Place(str(path))
        ) from error
    return raw, yaml12.load(raw, file=path.name)


def nearest(word: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """Return the known words that a mistyped one may have meant, best first."""
    from msptool.profile import wrong

    return wrong.nearest(word, known)


def _plan(document: Document) -> Document | None:
    name = document.data.get("extends", "")
    if not name:
        return None
    path = shipped.folder("profiles") / "plans" / f"{name}.yaml"
    if name not in PLANS or not path.is_file():
        raise ProfileError(
            "profile.unknown-plan",
            f"no service plan {name!r}",
            place=document.place(("extends",)),
            hint=f"known plans: {', '.join(PLANS)}",
            nearest=nearest(str(name), PLANS),
        )
    return yaml12.load(path.read_bytes(), file=f"plans/{path.name}")


def merge(below: Mapping[str, Value], above: Mapping[str, Value]) -> dict[str, Value]:
    """Return a plan with a profile laid over it: mappings merge, all else is replaced."""
    merged = dict(below)
    for key, value in above.items():
        under = merged.get(key)
        both = isinstance(under, dict) and isinstance(value, dict)
        merged[key] = merge(under, value) if both else value  # type: ignore[arg-type]
    return merged


def _refuse_unknown(document: Document) -> None:
    from msptool.profile import wrong

    for path, known in wrong.unknown(document.data, Profile, ()):
        raise ProfileError(
            "profile.unknown-key",
            yaml12.dotted(path),
            place=_key_alone(document, path),
            nearest=nearest(str(path[-1]), known),
            hint=f"known here: {', '.join(known)}",
        )


def _key_alone(document: Document, path: yaml12.Path) -> Place:
    """Return where a key stands, with its line no further than the key: what follows one that we
    do not know may be a password, whatever it is called.
    """
    place = document.place(path)
    line = document.lines[place.line - 1]
    colon = line.find(":", place.column - 1)
    end = colon + 1 if colon >= 0 else place.column - 1 + len(str(path[-1]))
    upto = (*document.lines[: place.line - 1], line[:end])
    return replace(place, source=quotable(upto, place.line))


def _converted(data: dict[str, Value], document: Document) -> Profile:
    try:
        return msgspec.convert(_composed(data), Profile)
    except msgspec.ValidationError as error:
        from msptool.profile import wrong

        raise wrong.value(error, data, document) from error


def _composed(data: dict[str, Value]) -> dict[str, Value]:
    """Return data in which a job's `repository` has the Unicode form that keys have."""
    backup = data.get("backup")
    jobs = backup.get("jobs") if isinstance(backup, dict) else None
    for job in jobs.values() if isinstance(jobs, dict) else ():
        if isinstance(job, dict) and isinstance(job.get("repository"), str):
            job["repository"] = unicodedata.normalize("NFC", str(job["repository"]))
    return data


def _check_references(profile: Profile, document: Document) -> None:
    """Check what the shape cannot say: networks, names that must exist, zones that are real."""
    _check_networks(profile, document)
    _check_hints(profile, document)
    _check_snmp(profile, document)
    _check_repositories(profile, document)
    _check_backup(profile, document)
    _check_zone(profile, document)
    working.check(profile, document)
    works.check(profile.tickets.maintenance, ("tickets", "maintenance"), document)


def _check_networks(profile: Profile, document: Document) -> None:
    for key in ("networks", "exclude"):
        _check_each(getattr(profile.scope, key), ("scope", key), document)


def _check_each(networks: Iterable[str], path: yaml12.Path, document: Document) -> None:
    for at, text in enumerate(networks):
        reason = _not_a_network(text)
        if reason:
            raise ProfileError(
                "profile.network",
                f"{yaml12.dotted((*path, at))}: {text!r} {reason}",
                place=document.place((*path, at)),
                hint="write 192.0.2.0/24, 192.0.2.7 or 2001:db8::/64; names are not resolved",
            )


def _not_a_network(text: str) -> str:
    """Return why a text is no network that two independent readers must understand alike."""
    import ipaddress

    address, slash, bits = text.partition("/")
    if slash and not (bits.isascii() and bits.isdigit()):
        return "must end in a number of bits"
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError:
        return "is neither an address nor a network"
    if "%" in address:
        return "names an interface, which another machine does not have"
    if isinstance(network, ipaddress.IPv6Network) and network.network_address.ipv4_mapped:
        return "hides an IPv4 address"
    return "is multicast" if network.is_multicast else ""


def _check_hints(profile: Profile, document: Document) -> None:
    for at, hint in enumerate(profile.audit.hints):
        path: yaml12.Path = ("audit", "hints", at)
        _check_one_of(hint, ("dhcp", "dns"), path, document, key="dhcp")
        if hint.dns is None:
            continue
        reason = _not_to_be_asked(hint.dns.server, profile)
        if reason:
            raise ProfileError(
                "profile.hint",
                f"audit.hints[{at}].dns.server: {hint.dns.server!r} {reason}",
                place=document.place((*path, "dns", "server")),
                hint="it is asked like any other host, so it must lie in scope.networks",
            )
        if hint.dns.transfer and not hint.dns.zone:
            raise ProfileError(
                "profile.missing-key",
                f"audit.hints[{at}].dns.zone: this key is missing",
                place=document.place((*path, "dns", "transfer")),
                hint="transfer takes the name of a zone",
            )


def _not_to_be_asked(text: str, profile: Profile) -> str:
    """Return why a name server gets no question of ours; "" where it may."""
    import ipaddress

    try:
        server = ipaddress.ip_address(text)
    except ValueError:
        return "is no address"
    inside = [
        any(server in ipaddress.ip_network(network, strict=False) for network in networks)
        for networks in (profile.scope.networks, profile.scope.exclude)
    ]
    return "" if inside == [True, False] else "is not in the authorised scope"


def _check_repositories(profile: Profile, document: Document) -> None:
    known = tuple(profile.backup.repositories)
    for name, job in profile.backup.jobs.items():
        if job.repository not in known:
            raise ProfileError(
                "profile.unknown-repository",
                f"backup.jobs.{name}.repository: no repository {job.repository!r}",
                place=document.place(("backup", "jobs", name, "repository")),
                nearest=nearest(job.repository, known),
                hint=f"known repositories: {', '.join(known) or 'none'}",
            )


_SNMP = ("community", "user")
_OF_USERS = ("auth", "auth_password", "priv", "priv_password", "context")
# What a key of an SNMP user is nothing without.
_PAIRS = (
    ("auth", "auth_password"), ("auth_password", "auth"), ("priv", "priv_password"),
    ("priv_password", "priv"), ("priv", "auth"),
)  # fmt: skip


def _check_snmp(profile: Profile, document: Document) -> None:
    """Check that each SNMP credential is a community or a user, and the user's level is whole."""
    for at, one in enumerate(profile.audit.snmp):
        path: yaml12.Path = ("audit", "snmp", at)
        _check_one_of(one, _SNMP, path, document, key="community")
        foreign = _OF_USERS if one.community else ("version",)
        for key in filter(partial(getattr, one), foreign):
            raise ProfileError(
                "profile.snmp",
                f"{yaml12.dotted((*path, key))}: does not go with {_kind_of(one)}",
                place=document.place((*path, key)),
                hint="a community has version and networks; a user has auth, priv and context",
            )
        for key, needed in _PAIRS:
            if getattr(one, key) and not getattr(one, needed):
                raise ProfileError(
                    "profile.snmp",
                    f"{yaml12.dotted((*path, key))}: needs {needed} beside it",
                    place=document.place((*path, key)),
                    hint="SNMP v3: user; user, auth, auth_password; these and priv, priv_password",
                )
        _check_each(one.networks, (*path, "networks"), document)


def _kind_of(one: SnmpCredential) -> str:
    return "community" if one.community else "user"


_PLACES = ("path", "sftp", "rest")
_SOURCES = ("paths", "sqlite", "postgresql", "command")


def _check_backup(profile: Profile, document: Document) -> None:
    """Check that each repository lies at one place and each job has one kind of source."""
    for name, repository in profile.backup.repositories.items():
        path = ("backup", "repositories", name)
        _check_one_of(repository, _PLACES, path, document, key="path")
    for name, job in profile.backup.jobs.items():
        _check_one_of(job, _SOURCES, ("backup", "jobs", name), document, key="paths")


def _check_one_of(
    entry: object, keys: tuple[str, ...], path: yaml12.Path, document: Document, *, key: str
) -> None:
    """Raise where not exactly one of some keys is there; none of them misses the usual one."""
    given = [one for one in keys if getattr(entry, one)]
    if len(given) == 1:
        return
    where = yaml12.dotted(path)
    if given:
        raise ProfileError(
            "profile.one-of",
            f"{where}: {' and '.join(given)} exclude each other",
            place=document.place((*path, given[1])),
            hint=f"keep one of: {', '.join(keys)}",
        )
    if _stands(document.data, (*path, key)):
        raise ProfileError(
            "profile.value", f"{where}.{key}: must not be empty", place=document.place((*path, key))
        )
    raise ProfileError(
        "profile.missing-key",
        f"{where}.{key}: this key is missing",
        place=document.place((*path, key)),
        hint=f"it needs one of: {', '.join(keys)}",
    )


def _stands(data: Value, path: yaml12.Path) -> bool:
    for part in path:
        if not isinstance(data, dict) or part not in data:
            return False
        data = data[str(part)]
    return True


def _check_zone(profile: Profile, document: Document) -> None:
    import zoneinfo

    try:
        zoneinfo.ZoneInfo(profile.client.zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ProfileError(
            "profile.zone",
            f"client.zone: no time zone {profile.client.zone!r}",
            place=document.place(("client", "zone")),
            hint="use a name like Europe/Moscow",
        ) from error
