"""Where boxes and rows of the map go, in pixels. Pure; the template only draws.

A box is a device that others hang on; its hosts are rows inside it. Wide: a column for each step
from the gateway, as many as a page has room for. Narrow, for telephones and deeper networks: the
same boxes one under the other, indented.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from msptool.model import Thing
from msptool.report.network import Network, Node, kind

BOX, HEAD, ROW, GAP, INDENT = 262, 46, 26, 22, 16
PAD = 8
COLUMNS = 4  # 4 boxes and the gaps between them are 1,114 pixels: a page
ROWS_SHOWN = 16
LOOSE_SHOWN = 24
BOXES_SHOWN = 40


@dataclass(frozen=True)
class Row:
    """A host in a box; `folded` counts, by kind, the hosts that one row stands for."""

    y: int
    thing: Thing | None
    port: str = ""
    folded: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Box:
    """A device with its hosts; `thing` is None for the box of things without a link."""

    x: int
    y: int
    height: int
    thing: Thing | None
    port: str = ""
    up_port: str = ""
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True)
class Wire:
    """The line from a box to the one it hangs on, as points of a polyline."""

    points: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Drawing:
    """A map of one width: what is drawn where, and how many boxes found no room."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    wires: tuple[Wire, ...]
    left_out: int = 0


def drawings(network: Network) -> tuple[Drawing, ...]:
    """Return the wide map and the narrow one; only the narrow one where the wide does not fit."""
    narrow = _narrow(network)
    depths = [depth for root in network.roots for _, depth in _spreading(root)]
    if len(depths) > BOXES_SHOWN or max(depths, default=0) >= COLUMNS:
        return (narrow,)
    return (_wide(network), narrow)


def _spreading(node: Node) -> Iterator[tuple[Node, int]]:
    """Yield the boxes of a tree with their depth, without recursion: chains may be long."""
    stack = [(node, 0)]
    while stack:
        current, depth = stack.pop()
        yield current, depth
        stack.extend((child, depth + 1) for child in reversed(current.below) if child.spreads)


def _rows(hosts: list[tuple[Thing, str]], shown: int, top: int) -> tuple[Row, ...]:
    """Return rows for hosts; what is over the limit is folded into one row that counts."""
    if len(hosts) <= shown:
        return tuple(Row(top + at * ROW, *host) for at, host in enumerate(hosts))
    rows = [Row(top + at * ROW, *host) for at, host in enumerate(hosts[: shown - 1])]
    folded = Counter(kind(thing) for thing, _ in hosts[shown - 1 :])
    return (*rows, Row(top + (shown - 1) * ROW, None, folded=dict(folded.most_common())))


def _box(node: Node, x: int, y: int) -> Box:
    hosts = [(child.thing, child.port) for child in node.below if not child.spreads]
    rows = _rows(hosts, ROWS_SHOWN, y + HEAD)
    height = HEAD + len(rows) * ROW + (PAD if rows else 0)
    return Box(x, y, height, node.thing, node.port, node.up_port, rows)


def _loose(network: Network, x: int, y: int) -> tuple[Box, ...]:
    if not network.loose:
        return ()
    rows = _rows([(thing, "") for thing in network.loose], LOOSE_SHOWN, y + HEAD)
    return (Box(x, y, HEAD + len(rows) * ROW + PAD, None, rows=rows),)


def _wide(network: Network) -> Drawing:
    """Draw a column for each depth; things without a link stand below the last root."""
    hung: list[tuple[Box, Box | None]] = []
    y = beneath = 1
    for root in network.roots:
        bottom = _hang(root, 0, y, None, hung)
        beneath = y + _box(root, 1, y).height + GAP
        y = bottom + GAP
    wires = [_across(parent, box) for box, parent in hung if parent is not None]
    return _drawing([*(box for box, _ in hung), *_loose(network, 1, beneath)], wires)


def _hang(
    node: Node, depth: int, y: int, parent: Box | None, hung: list[tuple[Box, Box | None]]
) -> int:
    """Place a box and, to its right, all that hangs on it; return where that ends."""
    box = _box(node, 1 + depth * (BOX + GAP), y)
    hung.append((box, parent))
    bottom = y
    for child in node.below:
        if child.spreads:
            bottom = _hang(child, depth + 1, bottom, box, hung) + GAP
    return max(box.y + box.height, bottom - GAP)


def _across(parent: Box, child: Box) -> Wire:
    start, end = parent.x + BOX, child.x
    middle, above, below = end - GAP // 2, parent.y + HEAD // 2, child.y + HEAD // 2
    return Wire(((start, above), (middle, above), (middle, below), (end, below)))


def _narrow(network: Network) -> Drawing:
    boxes: list[Box] = []
    wires: list[Wire] = []
    waiting: list[tuple[Node, int, Box | None]] = [(r, 0, None) for r in reversed(network.roots)]
    y, left_out = 1, 0
    while waiting:
        node, depth, parent = waiting.pop()
        if len(boxes) >= BOXES_SHOWN:
            left_out += 1
            box = parent
        else:
            box = _box(node, 1 + min(depth, 4) * INDENT, y)
            y += box.height + GAP // 2
            boxes.append(box)
            if parent is not None:
                wires.append(_elbow(parent, box))
        below = [child for child in reversed(node.below) if child.spreads]
        waiting.extend((child, depth + 1, box) for child in below)
    boxes += _loose(network, 1, y)
    return _drawing(boxes, wires, left_out)


def _elbow(parent: Box, child: Box) -> Wire:
    x = parent.x + INDENT // 2
    middle = child.y + HEAD // 2
    end = child.x if child.x > x else parent.x
    return Wire(((x, parent.y + parent.height), (x, middle), (end, middle)))


def _drawing(boxes: list[Box], wires: list[Wire], left_out: int = 0) -> Drawing:
    width = max((box.x + BOX for box in boxes), default=0) + 1
    height = max((box.y + box.height for box in boxes), default=0) + 1
    return Drawing(width, height, tuple(boxes), tuple(wires), left_out)
