"""Another policy, to be tried: a file with `tickets:`, and `policy:`, `maintenance:` in it."""

from pathlib import Path

import msgspec
from msgspec import Struct, structs

from msptool import yaml12
from msptool.errors import ProfileError
from msptool.profile import works, wrong
from msptool.profile.load import merge, read
from msptool.profile.shape import Maintenance, Policy, Profile


class Tried(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What may be tried."""

    policy: Policy = Policy()
    maintenance: tuple[Maintenance, ...] = ()


class Trial(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file."""

    tickets: Tried


def load(path: Path, profile: Profile) -> Profile:
    """Return a profile with another policy: what the file does not say stays as it is. Raises
    ProfileError with the place of what is wrong in the file.
    """
    _, document = read(path)
    for where, known in wrong.unknown(document.data, Trial, ()):
        raise ProfileError(
            "profile.unknown-key",
            yaml12.dotted(where),
            place=document.place(where),
            nearest=wrong.nearest(str(where[-1]), known),
            hint=f"known here: {', '.join(known)}",
        )
    now = {key: getattr(profile.tickets, key) for key in ("policy", "maintenance")}
    data = merge({"tickets": msgspec.to_builtins(now)}, document.data)
    try:
        tried = msgspec.convert(data, Trial).tickets
    except msgspec.ValidationError as error:
        raise wrong.value(error, data, document) from error
    works.check(tried.maintenance, ("tickets", "maintenance"), document)
    tickets = structs.replace(profile.tickets, policy=tried.policy, maintenance=tried.maintenance)
    return structs.replace(profile, tickets=tickets)
