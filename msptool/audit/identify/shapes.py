"""What joining reads and what it leaves for people: the reasons of an asset. Kept in a run."""

from collections.abc import Mapping

from msgspec import Struct

from msptool.audit.asset import Contested, Shared
from msptool.audit.nameplate import Nameplate


class Claim(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a witness said of a field; `state` is "taken", "refused" (a placeholder, no such thing)
    or "" (another is believed more). `belief` is between 0 and 1.
    """

    field: str
    value: str
    by: str
    address: str
    belief: float = 0.0
    state: str = ""


class Tie(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an identifier did: `state` is "joined" (it made these addresses one machine), "alone"
    (nobody else has it), "demoted" (several machines have it), "ignored" (it names no machine) or
    "refused" (it would have joined machines that differ); `why` says more.
    """

    key: str
    state: str
    addresses: tuple[str, ...] = ()
    why: str = ""


class Keys(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """All that joining needs of an address, a few hundred bytes of it.

    `strong`: identifiers as `kind:value`; `macs`: heard for it; `own_macs` and `own`: MACs and
    addresses that its agent calls its own; `names`: short ones; `weak`: what never joins alone;
    `told`: what probes beside SNMP say best, by field; `ties`: what was ignored and why;
    `virtual`: only a virtual router's MAC was heard.
    """

    address: str
    vantage: str = ""
    strong: tuple[str, ...] = ()
    macs: tuple[str, ...] = ()
    own_macs: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    name: str = ""
    names: tuple[str, ...] = ()
    builds: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()
    look: str = ""
    virtual: bool = False
    contested: Contested | None = None
    plate: Nameplate = Nameplate()
    told: Mapping[str, str] = {}
    claims: tuple[Claim, ...] = ()
    ties: tuple[Tie, ...] = ()


class Group(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The addresses of one machine, with its minted id and the names that lead to it."""

    id: str
    name: str
    keys: tuple[Keys, ...]
    aliases: tuple[str, ...] = ()
    shared: tuple[Shared, ...] = ()
    ties: tuple[Tie, ...] = ()

    @property
    def addresses(self) -> tuple[str, ...]:
        """Its addresses, IPv4 first."""
        return tuple(one.address for one in self.keys)


class Explanation(
    Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="type", tag="explanation"
):
    """Why an asset is what it is: who said its fields, and what made its addresses one."""

    id: str
    name: str
    addresses: tuple[str, ...] = ()
    claims: tuple[Claim, ...] = ()
    ties: tuple[Tie, ...] = ()
