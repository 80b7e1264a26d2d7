"""Receipts: whether each can be read, is of the run that its name says, and leads to tickets."""

from collections.abc import Iterator
from pathlib import Path

from msptool import files, ulid
from msptool.tickets import quarantine, receipts, store
from msptool.tickets.doctor.troubles import Trouble, trouble
from msptool.tickets.index import Index
from msptool.tickets.receipts import Receipt


def look(root: Path, index: Index) -> Iterator[Trouble]:
    """Yield what is wrong with the receipts of a workspace; the index is one just made."""
    there: dict[str, bool] = {}
    for path in sorted((root / "tickets" / receipts.RECEIPTS).glob("*")):
        file = str(path.relative_to(root))
        if path.match(files.TEMPORARY):
            continue  # see places
        if path.suffix != receipts.SUFFIX or not ulid.is_ulid(path.stem):
            yield trouble("stray", file)
            continue
        try:
            lines = store.content(path).split(b"\n")
        except OSError as error:
            yield trouble("unreadable", file, detail=error.strerror or "")
            continue
        yield from _lines(file, lines)
        known = list(filter(None, map(receipts.decode, lines)))
        for run in sorted({one.run for one in known} - {path.stem}):
            yield trouble("receipt-renamed", file, detail=run)
        for ident in _nowhere(known, index, there):
            yield trouble("receipt-nowhere", file, detail=ident)


def _lines(file: str, lines: list[bytes]) -> Iterator[Trouble]:
    if not any(map(bytes.strip, lines)):
        yield trouble("receipt", file)
    for number, line in enumerate(lines, start=1):
        if line.strip() and receipts.decode(line) is None:
            yield trouble("receipt", file, number)


def _nowhere(known: list[Receipt], index: Index, there: dict[str, bool]) -> Iterator[str]:
    for ident in sorted({ident for one in known for ident in one.seen.values()}):
        if ident not in there:
            there[ident] = index.is_known(ident)
        if not there[ident]:
            yield ident


def mend(root: Path, file: str) -> dict[int, str]:
    """Put aside what of a receipt cannot be read; return where each line is now. Of nothing left
    no file is left: the run would be taken as one that was never ingested in either case.
    """
    path = root / file
    kept: dict[int, str] = {}
    good: list[bytes] = []
    for number, line in enumerate(store.content(path).split(b"\n"), start=1):
        if receipts.decode(line) is not None:
            good.append(line + b"\n")
        elif line.strip():
            kept[number] = quarantine.keep(root / "tickets", line)
    if good:
        files.write(path, b"".join(good))
    else:
        path.unlink()
        files.sync_folder(path.parent)
    return kept
