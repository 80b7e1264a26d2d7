"""The facts of a run by address, read from its journals when they are asked for."""

import os
from array import array
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping

from msgspec import structs

from msptool.audit.facts import AnyFact
from msptool.audit.identify.keys import canonical
from msptool.audit.journal import Journal, Logbook, facts_of
from msptool.model import Evidence


class Drawers:
    """Where the lines of each address stand. A sweep's line has many addresses: its facts, that
    somebody answered, are kept.
    """

    def __init__(
        self, book: Logbook, evidence: Mapping[str, Evidence], *, without: Collection[str] = ()
    ) -> None:
        """Look through the journals once; `without` are addresses whose facts are of no machine."""
        self._hashes = {name: kept.sha256 for name, kept in evidence.items()}
        self._journals = list(book.stages.values())
        self._kept: dict[str, list[AnyFact]] = defaultdict(list)
        # By threes: which journal, where the line begins, its bytes.
        self._places: dict[str, array[int]] = defaultdict(lambda: array("q"))
        self._without = without
        for number, journal in enumerate(self._journals):
            self._look_through(number, journal)

    def _look_through(self, number: int, journal: Journal) -> None:
        for unit, at, size_bytes in journal.places():
            address = canonical(unit.partition(" ")[0])
            if address and address not in self._without:
                self._places[address].extend((number, at, size_bytes))
            elif not address:
                for fact in self._read(number, at, size_bytes):
                    self._kept[canonical(fact.address)].append(fact)

    def __iter__(self) -> Iterator[str]:
        """Yield every address of which there is a fact."""
        known = dict.fromkeys((*self._kept, *self._places))
        return (address for address in known if address and address not in self._without)

    def facts(self, address: str) -> list[AnyFact]:
        """Return what is known of an address; evidence by its hash, as findings carry it."""
        found = list(self._kept.get(address, ()))
        places = self._places.get(address, array("q"))
        for at in range(0, len(places), 3):
            found += self._read(*places[at : at + 3])
        return [self._traced(fact) for fact in found]

    def _read(self, number: int, at: int, size_bytes: int) -> tuple[AnyFact, ...]:
        with self._journals[number].path.open("rb") as file:
            return facts_of(os.pread(file.fileno(), size_bytes, at))

    def _traced(self, fact: AnyFact) -> AnyFact:
        return structs.replace(fact, evidence=self._hashes.get(fact.evidence, ""))
