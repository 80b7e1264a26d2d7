"""The network as a tree: gateway, switches, hosts. Pure; links may loop, things may be unknown."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from msptool.model import Link, Thing
from msptool.report.index import Index

# What others hang on, the top first. Everything else is drawn as a row of what it hangs on.
TOP_FIRST = ("router", "gateway", "firewall", "switch", "network", "access-point")
ORDER = (
    *TOP_FIRST, "wireless", "server", "storage", "nas", "power", "ups", "printer", "workstation",
    "phone", "camera", "device", "host",
)  # fmt: skip


@dataclass(frozen=True)
class Node:
    """A thing and what hangs on it; `up_port` is its own port, `port` the one it hangs on."""

    thing: Thing
    port: str = ""
    up_port: str = ""
    below: tuple["Node", ...] = ()

    @property
    def spreads(self) -> bool:
        """Whether it is drawn as a box of its own."""
        return bool(self.below) or kind(self.thing) in TOP_FIRST


@dataclass(frozen=True)
class Network:
    """The trees, the things no link leads to, and the links beside the trees (loops)."""

    roots: tuple[Node, ...]
    loose: tuple[Thing, ...]
    beside: tuple[Link, ...]


def kind(thing: Thing) -> str:
    """Return what kind of device an asset is; "" if the audit could not tell."""
    return str(thing.facts.get("type") or "")


def network(index: Index) -> Network:
    """Grow a tree from each gateway, or from what has most links where there is none."""
    things = {thing.id: thing for thing in index.of_kind("asset")}
    links = _links(index, things)
    ends = _ends(links)
    degree = {ident: len(found) for ident, found in ends.items()}
    grower = _Grower(things, ends)
    roots = []
    for ident in sorted(ends, key=lambda i: _first(things[i], degree)):
        if ident not in grower.taken:
            roots.append(grower.grow(ident))
    loose = [thing for ident, thing in things.items() if ident not in ends]
    beside = tuple(link for link in links if id(link) not in grower.used)
    return Network(tuple(roots), tuple(sorted(loose, key=order)), beside)


def _links(index: Index, things: dict[str, Thing]) -> list[Link]:
    """Return the links of all runs; an end that no run tells of becomes a thing by its id."""
    found = []
    for report in index.reports.values():
        for link in report.links:
            if index.resolved(link.a) != index.resolved(link.b):
                found.append(link)
                for end in (index.resolved(link.a), index.resolved(link.b)):
                    things.setdefault(end, Thing(id=end, kind="asset", name=index.name(end)))
    return [_between(link, index.resolved(link.a), index.resolved(link.b)) for link in found]


def _between(link: Link, a: str, b: str) -> Link:
    return Link(a=a, b=b, a_port=link.a_port, b_port=link.b_port, source=link.source)


def _ends(links: Iterable[Link]) -> Mapping[str, list[Link]]:
    ends: dict[str, list[Link]] = defaultdict(list)
    for link in links:
        ends[link.a].append(link)
        ends[link.b].append(link)
    return dict(ends)


def _first(thing: Thing, degree: Mapping[str, int]) -> tuple[int, int, str, str]:
    """Order what may be a root: by kind, then the one with most links."""
    top = TOP_FIRST.index(kind(thing)) if kind(thing) in TOP_FIRST else len(TOP_FIRST)
    return top, -degree[thing.id], thing.name, thing.id


def order(thing: Thing) -> tuple[int, str, str, str]:
    """Order things for reading: by kind, those of unknown kind last, then by name."""
    known = ORDER.index(kind(thing)) if kind(thing) in ORDER else len(ORDER)
    return known + (not kind(thing)), kind(thing), thing.name, thing.id


class _Grower:
    """Breadth first, so that a thing hangs as near to the root as its links allow."""

    def __init__(self, things: Mapping[str, Thing], ends: Mapping[str, list[Link]]) -> None:
        self._things = things
        self._ends = ends
        self.taken: set[str] = set()
        self.used: set[int] = set()

    def grow(self, root: str) -> Node:
        """Return the tree below a root, and take all that is in it."""
        below: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
        self.taken.add(root)
        reached = [root]
        for ident in reached:
            for link in self._ends[ident]:
                other, port, up_port = _seen_from(ident, link)
                if other not in self.taken:
                    self.taken.add(other)
                    self.used.add(id(link))
                    below[ident].append((other, port, up_port))
                    reached.append(other)
        return self._built(root, reached, below)

    def _built(
        self, root: str, reached: list[str], below: Mapping[str, list[tuple[str, str, str]]]
    ) -> Node:
        """Build leaves first: a chain of 10,000 switches must not end the stack."""
        ports = {other: (port, up) for rows in below.values() for other, port, up in rows}
        nodes: dict[str, Node] = {}
        for ident in reversed(reached):
            port, up_port = ports.get(ident, ("", ""))
            children = [nodes[other] for other, _, _ in below.get(ident, ())]
            children.sort(key=lambda node: order(node.thing))
            nodes[ident] = Node(self._things[ident], port, up_port, tuple(children))
        return nodes[root]


def _seen_from(ident: str, link: Link) -> tuple[str, str, str]:
    """Return the other end, this end's port and the other end's."""
    if link.a == ident:
        return link.b, link.a_port, link.b_port
    return link.a, link.b_port, link.a_port
