"""Snapshots that restic itself would never write, made by whoever knows a repository's key.

By restic's own documentation (doc/design.rst): AES-256-CTR with Poly1305-AES, packs of encrypted
blobs with an encrypted header, an index and a snapshot as JSON.
"""

import base64
import hashlib
import json
import os
import struct
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.poly1305 import Poly1305

from tests.lab.backup.site import Site

Node = dict[str, Any]
_TREE = 1  # type of a blob in a pack's header


@dataclass
class Forge:
    """A repository to forge in. Trees are kept until a snapshot is made of them."""

    site: Site
    trees: list[bytes] = field(default_factory=list)

    def nodes(self, tree: str) -> list[Node]:
        """Return what is in a tree of the repository."""
        return list(json.loads(self.site.restic("cat", "blob", tree))["nodes"])

    def tree(self, nodes: list[Node]) -> str:
        """Make a tree; return its id."""
        self.trees.append(json.dumps({"nodes": nodes}).encode() + b"\n")
        return hashlib.sha256(self.trees[-1]).hexdigest()

    def snapshot(self, tree: str, like: Node) -> str:
        """Write the trees, an index and a snapshot like another one; return its id."""
        offset, blobs, header, body = 0, [], b"", b""
        for plain in self.trees:
            ident = hashlib.sha256(plain)
            sealed = self._sealed(plain)
            told = {"id": ident.hexdigest(), "type": "tree", "offset": offset}
            blobs.append({**told, "length": len(sealed)})
            header += struct.pack("<BI", _TREE, len(sealed)) + ident.digest()
            offset, body = offset + len(sealed), body + sealed
        header = self._sealed(header)
        pack = body + header + struct.pack("<I", len(header))
        name = hashlib.sha256(pack).hexdigest()
        self._write(f"data/{name[:2]}", pack)
        self._write("index", self._sealed({"packs": [{"id": name, "blobs": blobs}]}))
        kept = {key: value for key, value in like.items() if key not in ("id", "short_id")}
        return self._write("snapshots", self._sealed({**kept, "tree": tree}))

    def _sealed(self, plain: bytes | Node) -> bytes:
        if not isinstance(plain, bytes):
            plain = json.dumps(plain).encode()
        key = json.loads(self.site.restic("cat", "masterkey"))
        mac_k, mac_r = (base64.b64decode(key["mac"][part]) for part in "kr")
        nonce = os.urandom(16)
        counter = Cipher(algorithms.AES(base64.b64decode(key["encrypt"])), modes.CTR(nonce))
        hidden = counter.encryptor().update(plain)
        block = Cipher(algorithms.AES(mac_k), modes.ECB()).encryptor().update(nonce)  # noqa: S305
        return nonce + hidden + Poly1305.generate_tag(mac_r + block, hidden)

    def _write(self, folder: str, data: bytes) -> str:
        name = hashlib.sha256(data).hexdigest()
        place = self.site.repo / folder
        place.mkdir(exist_ok=True)
        (place / name).write_bytes(data)
        return name


def misnamed(site: Site, name: str, *, folder: bool = False) -> str:
    """Forge a newer snapshot of a site that has one, with a node of a name beside a.txt: a copy of
    a.txt called so, or a folder called so with `planted` in it. Return the snapshot's id.
    """
    forge = Forge(site)
    (like,) = json.loads(site.restic("snapshots", "--json"))
    parts = site.source.parts[1:]
    above = [forge.nodes(like["tree"])]
    for part in parts:
        (inner,) = (node["subtree"] for node in above[-1] if node["name"] == part)
        above.append(forge.nodes(inner))
    file = next(node for node in above[-1] if node["name"] == "a.txt")
    if folder:
        down = next(node for node in above[-1] if node["type"] == "dir")
        planted = forge.tree([{**file, "name": "planted"}])
        above[-1].append({**down, "name": name, "subtree": planted})
    else:
        above[-1].append({**file, "name": name})
    at = forge.tree(sorted(above[-1], key=lambda node: str(node["name"])))
    for part, nodes in zip(reversed(parts), reversed(above[:-1]), strict=True):
        at = forge.tree([{**n, "subtree": at} if n["name"] == part else n for n in nodes])
    later = datetime.fromisoformat(like["time"]) + timedelta(seconds=1)
    return forge.snapshot(at, {**like, "time": later.isoformat()})
