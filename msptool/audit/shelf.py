"""Assets on disk, one read when it is looked at: of a large network they would fill the memory."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

import msgspec
from msgspec import structs

from msptool.audit.asset import Asset
from msptool.model import Instant

_DECODER = msgspec.json.Decoder(Asset)


class Card(msgspec.Struct, frozen=True, gc=False):
    """What is known of an asset without reading it: where it stands, and its least facts."""

    id: str
    name: str
    seen_at: Instant
    addresses: tuple[str, ...] = ()
    at: int = 0
    size_bytes: int = 0


_CARD = msgspec.json.Decoder(Card)


class Shelf(Mapping[str, Asset]):
    """Assets of a JSON Lines file by id, in the order of their names."""

    def __init__(self, path: Path, cards: Iterable[Card]) -> None:
        """Take some of a file's assets; `of` takes all."""
        self._path = path
        ordered = sorted(cards, key=lambda card: (card.name, card.id, card.seen_at))
        self.cards = {card.id: card for card in ordered}

    @classmethod
    def of(cls, path: Path) -> "Shelf":
        """Return all assets of a file; raises msgspec.DecodeError where a line is none."""
        return cls(path, _cards(path))

    def renamed(self, resolve: Callable[[str], str]) -> "Shelf":
        """Return the same assets under the ids that they have now."""
        now = (structs.replace(card, id=resolve(card.id)) for card in self.cards.values())
        return Shelf(self._path, _newest(now))

    def only(self, keep: Callable[[Card], bool]) -> "Shelf":
        """Return a shelf with some of these."""
        return Shelf(self._path, (card for card in self.cards.values() if keep(card)))

    def __getitem__(self, ident: str) -> Asset:
        """Read an asset; KeyError where it is not here."""
        card = self.cards[ident]
        with self._path.open("rb") as file:
            line = os.pread(file.fileno(), card.size_bytes, card.at)
        return structs.replace(_DECODER.decode(line), id=ident)

    def __iter__(self) -> Iterator[str]:
        """Yield the ids, by name."""
        return iter(self.cards)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.cards)


EMPTY = Shelf(Path(os.devnull), ())


def _cards(path: Path) -> Iterator[Card]:
    at = 0
    with path.open("rb") as file:
        for line in file:
            yield structs.replace(_CARD.decode(line), at=at, size_bytes=len(line))
            at += len(line)


def _newest(cards: Iterable[Card]) -> Iterable[Card]:
    """Return the cards; of those that have one id now, the one seen last."""
    kept: dict[str, Card] = {}
    for card in cards:
        known = kept.get(card.id)
        if known is None or known.seen_at <= card.seen_at:
            kept[card.id] = card
    return kept.values()
