"""Names that lead to a machine, `kind:value`, and how much each kind is worth. Pure."""

from collections.abc import Iterable

# Aliases that name one machine for years, strongest first; an address is no identity: it is only
# kept for a machine that shows nothing better, and is forgotten when something better turns up.
# Between them stand pairs of weak signs (a name and a card's maker); "local" is a MAC made up by
# software, "look" an address with its open ports.
STRONG = ("serial", "engine", "uuid", "guid", "hostkey", "mac")
PAIR = "pair"
WEAK = ("local", "name", "look", "ip")
EXCLUSIVE = ("serial", "engine", "guid", "hostkey")  # of these a machine has one
ORDER = (*STRONG, PAIR, *WEAK)


def kind_of(alias: str) -> str:
    """Return an alias' kind: a MAC with the local bit is "local", but for QEMU's 52:54:00."""
    kind, _, value = alias.partition(":")
    local = kind == "mac" and value[1:3] in _LOCAL and not value.startswith("52:54:00")
    return "local" if local else kind


_LOCAL = frozenset(f"{digit}:" for digit in "2367abefABEF")


def strength(alias: str) -> tuple[int, str]:
    """Order aliases from the strongest kind down."""
    return (ORDER.index(kind_of(alias)) if kind_of(alias) in ORDER else len(ORDER)), alias


def values(aliases: Iterable[str], kind: str) -> set[str]:
    """Return what aliases of a kind say: of `serial:VENDOR/NUMBER` the number, as vendors vary in
    spelling; a name in lower case.
    """
    some = (alias for alias in aliases if kind_of(alias) == kind)
    return {a.rpartition("/")[2] if kind == "serial" else a.partition(":")[2].lower() for a in some}


def agree_all(some: Iterable[str], others: Iterable[str]) -> bool:
    """Tell whether two machines' aliases contradict each other in nothing that one has once."""
    mine, theirs = list(some), list(others)
    return all(agree(values(mine, kind), values(theirs, kind)) for kind in EXCLUSIVE)


def agree(some: set[str], others: set[str]) -> bool:
    """Tell whether two sets of values do not contradict: one is empty, or they share some."""
    return not some or not others or bool(some & others)
