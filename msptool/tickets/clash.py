"""One id that two laptops drew: after the merge its file holds two tickets.

Nothing is moved, since a third laptop may still write into the same file. Each event belongs to the
opening that its writer knew. The first opening in order keeps the id; the id of any other follows
from its opening, so every laptop finds the same one, and the id said on the phone leads to all.
"""

from collections.abc import Sequence

from msptool.tickets import causal, ids
from msptool.tickets.events import AnyEvent, Opened


def apart(
    history: Sequence[AnyEvent], openings: Sequence[Opened]
) -> tuple[tuple[AnyEvent, ...], ...]:
    """Return the events of each opening, in order; what names none of them is the first one's."""
    known = causal.known_to_each(history)
    places = [history.index(opening) for opening in openings]
    parts: list[list[AnyEvent]] = [[] for _ in openings]
    for at, event in enumerate(history):
        knew = [nth for nth, place in enumerate(places) if known[at] >> place & 1 or at == place]
        # An opening knows of no other one, whatever it says.
        mine = places.index(at) if at in places else knew[0] if len(knew) == 1 else 0
        parts[mine].append(event)
    return tuple(map(tuple, parts))


def ident(drawn: str, opening: Opened, openings: Sequence[Opened]) -> str:
    """Return the id of an opening's ticket: the one that was drawn, or one made of its eid."""
    if opening is openings[0]:
        return drawn
    client = drawn.rpartition("-")[0].rpartition("-")[0]
    import hashlib

    number = int.from_bytes(hashlib.sha256(opening.eid.encode()).digest()[:4])
    return ids.numbered(client, number)
