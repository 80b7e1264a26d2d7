"""What names and first bytes promise. Pure; the magic numbers are those of file(1)."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping

from msptool.backup.probes.kinds import Candidate

SQLITE, PG_CUSTOM = b"SQLite format 3\0", b"PGDMP"
ZIP, TAR = (b"PK\x03\x04", b"PK\x05\x06"), b"ustar"
GZIP, BZIP2, XZ, ZSTD = b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd"
# Where a magic number does not stand at the very beginning.
_INNER: Mapping[int, tuple[bytes, ...]] = {257: (TAR,), 4: (b"ftyp", b"moov", b"mdat")}
_MAGIC = (
    SQLITE, PG_CUSTOM, *ZIP, GZIP, BZIP2, XZ, ZSTD, b"PK\x07\x08", b"7z\xbc\xaf", b"Rar!", b"%PDF",
    b"%!PS", b"\xc5\xd0\xd3\xc6", b"\xd0\xcf\x11\xe0", b"{\\rtf", b"AC10", b"!BDN", b"\xff\xd8\xff",
    b"\x89PNG", b"GIF8", b"RIFF", b"II*\0", b"MM\0*", b"BM", b"8BPS", b"\0\0\1\0", b"\x7fELF",
    b"ID3", b"OggS", b"fLaC", b"\x1a\x45\xdf\xa3", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf",
)  # fmt: skip
ARCHIVES = frozenset({".zip", ".gz", ".tgz", ".bz2", ".tbz2", ".xz", ".txz", ".tar", ".zst"})
DATABASES = frozenset({".sqlite", ".sqlite3", ".db3"})
DUMPS = frozenset({".sql", ".dump", ".pgdump"})
_FULL = ARCHIVES | DATABASES | DUMPS | {".7z", ".rar"}
_DOCUMENTS = frozenset({
    ".pdf", ".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp", ".doc", ".xls", ".ppt", ".rtf",
    ".jpg", ".jpeg", ".png", ".gif", ".tif", ".tiff", ".psd", ".dwg", ".pst", ".rar", ".7z",
})  # fmt: skip
PROMISING = ARCHIVES | DATABASES | _DOCUMENTS
# A file that someone encrypted on purpose says so.
_SEALED = frozenset({".gpg", ".pgp", ".asc", ".age", ".enc", ".aes", ".p7m", ".vault", ".kdbx"})
_RANDOM_LEAST_BYTES = 512
_RANDOM_MOST_G = 450.0


def is_empty(candidate: Candidate) -> bool:
    """Tell whether a database, dump or archive has no byte."""
    return candidate.size_bytes == 0 and candidate.suffix in _FULL


def has_magic(head: bytes) -> bool:
    """Tell whether the first bytes are those of a kind of file that we know."""
    inner = (head.startswith(magic, at) for at, magics in _INNER.items() for magic in magics)
    return head.startswith(_MAGIC) or any(inner)


def promises(candidate: Candidate) -> bool:
    """Tell whether a name promises a known beginning, also one that was appended to (x.pdf.lock3d).

    Office keeps the names of who has a document open in files `~$NAME`.
    """
    name = candidate.path.rpartition("/")[2]
    known = PROMISING.intersection(candidate.suffixes[-2:])
    return bool(known) and candidate.suffix not in _SEALED and not name.startswith(("~$", "._"))


def looks_encrypted(candidate: Candidate) -> bool:
    """Tell whether a promising file begins with bytes like random ones, without a known magic."""
    head = candidate.head
    if not promises(candidate) or len(head) < _RANDOM_LEAST_BYTES or has_magic(head):
        return False
    return randomness(head) <= _RANDOM_MOST_G


def randomness(data: bytes) -> float:
    """Return the G statistic of bytes against all being equally likely: about 255 ± 23 for random
    ones whatever their number, thousands for text (Sokal and Rohlf, Biometry, 17.2).
    """
    expected = len(data) / 256
    return 2 * sum(n * math.log(n / expected) for n in Counter(data).values())


# One file is no alarm, nor a few of many. Half of the promising files of a folder, at least three,
# or a twentieth of all, at least ten, are: what ransomware reached before it was stopped.
_FOLDER_LEAST, _FOLDER_SHARE = 3, 0.5
_ALL_LEAST, _ALL_SHARE = 10, 0.05


def encrypted(seen: Iterable[tuple[str, bool]]) -> list[str]:
    """Return the paths of a share that was encrypted; none if it is too few to tell.

    `seen`: each path that promises a beginning, and whether it looks encrypted.
    """
    folders: dict[str, list[tuple[str, bool]]] = {}
    for path, is_bad in seen:
        folders.setdefault(path.rpartition("/")[0], []).append((path, is_bad))
    bad = {folder: [path for path, is_bad in inner if is_bad] for folder, inner in folders.items()}
    total = sum(len(inner) for inner in folders.values())
    together = [path for inner in bad.values() for path in inner]
    if len(together) >= max(_ALL_LEAST, total * _ALL_SHARE):
        return sorted(together)
    found = [
        path
        for folder, paths in bad.items()
        if len(paths) >= max(_FOLDER_LEAST, len(folders[folder]) * _FOLDER_SHARE)
        for path in paths
    ]
    return sorted(found)
