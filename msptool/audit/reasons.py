"""Find an asset of the newest audit by any of its names, and why it is what it is."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from msptool import identity, runs
from msptool.audit.asset import Asset
from msptool.audit.identify import Explanation
from msptool.audit.identify.keys import canonical
from msptool.errors import UsageError
from msptool.profile.load import nearest
from msptool.workspace import Workspace

NAME = "explanations"  # what a run keeps them as
_MOST_RUNS = 30  # that are looked through for an asset that the newest one did not meet
_MOST_NAMED = 8


def find(workspace: Workspace, word: str) -> Explanation:
    """Return why an asset is one machine and who said what of it: the newest run's word, of a
    machine that is off the last one's. Raises UsageError where there is no audit, no such asset,
    or several.
    """
    folder = runs.newest(workspace, "audit")
    if folder is None:
        raise UsageError("audit.none", "no audit yet", hint="msptool audit run")
    assets = runs.load_facts(folder, "assets", Asset)
    found = _named(assets, word, identity.load(workspace.identities).resolve(word))
    for older in islice(_from(workspace, folder), _MOST_RUNS):
        for one in runs.load_facts(older, NAME, Explanation):
            if one.id == found.id:
                return one
    raise UsageError(
        "audit.unexplained",
        f"{found.name}: no run tells why it is what it is",
        hint="msptool audit run",
    )


def _from(workspace: Workspace, folder: Path) -> Iterator[Path]:
    yield folder
    yield from (path for path in runs.folders(workspace, "audit") if path.name < folder.name)


def _named(assets: Sequence[Asset], word: str, ident: str) -> Asset:
    """Return the one asset that a word names."""
    by_id = [asset for asset in assets if asset.id in (word, ident)]
    found = by_id or [asset for asset in assets if _plain(word) in _names(asset)]
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(
            "audit.ambiguous",
            f"{len(found)} assets are called {word!r}",
            nearest=tuple(f"{one.id} ({_where(one)})" for one in found[:_MOST_NAMED]),
            hint="name it by its id, address, MAC or serial",
        )
    names = tuple(dict.fromkeys(name for asset in assets for name in _shown(asset)))
    near = nearest(word, names) or names[:_MOST_NAMED]
    raise UsageError(
        "audit.unknown", f"no asset {word!r} in the newest audit", nearest=near,
        hint="msptool audit show",
    )  # fmt: skip


def _where(asset: Asset) -> str:
    return ", ".join((asset.name, *asset.addresses[:1], *asset.macs[:1]))


def _shown(asset: Asset) -> tuple[str, ...]:
    return (asset.name, *asset.addresses[:1])


def _names(asset: Asset) -> set[str]:
    """Return all that people may call an asset, spelt in one way."""
    said = (asset.name, asset.name.partition(".")[0], asset.serial, *asset.addresses, *asset.macs)
    bare = (alias.partition(":")[2] for alias in asset.aliases)
    return {_plain(name) for name in (*said, *asset.aliases, *bare) if name}


def _plain(word: str) -> str:
    """Return a name, an address in its one spelling, or a MAC with colons."""
    plain = word.strip().lower()
    digits = re.sub(r"[-.:]", "", plain)
    if re.fullmatch(r"[0-9a-f]{12}", digits) and not canonical(plain):
        return ":".join(digits[at : at + 2] for at in range(0, 12, 2))
    return canonical(plain) or plain
