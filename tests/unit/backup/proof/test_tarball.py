import contextlib
import hashlib
import io
import os
import tarfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msptool.backup import names
from msptool.backup.proof.tarball import MalformedError, Member, Reader

NAMES = st.binary(min_size=1, max_size=300).filter(lambda raw: not {0, 0x2F} & set(raw))


def read(data: bytes, step: int = 1000) -> tuple[list[Member], Member | None]:
    found: list[Member] = []
    reader = Reader(found.append)
    for at in range(0, len(data), step):
        reader.feed(data[at : at + step])
    return found, reader.cut


def packed(files: dict[str, bytes], form: int = tarfile.PAX_FORMAT) -> bytes:
    into = io.BytesIO()
    with tarfile.open(fileobj=into, mode="w", format=form, errors="surrogateescape") as tar:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return into.getvalue()


@given(
    st.dictionaries(NAMES, st.binary(max_size=2000), max_size=5),
    st.integers(1, 3000),
    st.sampled_from([tarfile.PAX_FORMAT, tarfile.GNU_FORMAT]),
)
def test_what_was_packed_is_read(files: dict[bytes, bytes], step: int, form: int) -> None:
    given_files = {os.fsdecode(b"d/" + name): data for name, data in files.items()}
    if form == tarfile.PAX_FORMAT:  # Python's pax headers hold text only
        given_files = {n: d for n, d in given_files.items() if n.isprintable()}
    found, cut = read(packed(given_files, form), step)
    assert cut is None
    assert [(m.name, m.size_bytes, m.sha256) for m in found] == [
        (f"/{name}", len(data), hashlib.sha256(data).hexdigest())
        for name, data in given_files.items()
    ]


def test_kinds_and_links() -> None:
    into = io.BytesIO()
    with tarfile.open(fileobj=into, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for name, kind in (("d", tarfile.DIRTYPE), ("l", tarfile.SYMTYPE), ("p", tarfile.FIFOTYPE),
                           ("h", tarfile.LNKTYPE)):  # fmt: skip
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "é" * 120
            tar.addfile(info)
    found, _ = read(into.getvalue())
    assert [(m.name, m.kind, m.target) for m in found] == [
        ("/d", "folder", ""), ("/l", "link", "é" * 120), ("/p", "other", ""), ("/h", "other", ""),
    ]  # fmt: skip


def test_a_cut_tar_names_what_it_was_cut_in() -> None:
    data = packed({"a": b"1" * 5000, "b": b"2" * 5000})
    found, cut = read(data[:7000])
    assert [m.name for m in found] == ["/a"] and cut is not None and cut.name == "/b"


@given(st.binary(min_size=512, max_size=5000))
def test_noise_is_refused_and_never_more_than_that(noise: bytes) -> None:
    try:
        found, _ = read(noise)
    except MalformedError:
        return
    assert found == []


@given(st.integers(0, 1535), st.integers(0, 255))
def test_a_changed_byte_of_a_header_is_refused_or_read(at: int, byte: int) -> None:
    data = bytearray(packed({"é" * 90: b"x"}))
    data[at] = byte
    with contextlib.suppress(MalformedError):
        read(bytes(data))


def test_a_bomb_of_a_header_is_refused() -> None:
    info = tarfile.TarInfo("x")
    info.type, info.size = tarfile.XHDTYPE, 1 << 40
    with pytest.raises(MalformedError, match="MiB"):
        read(info.tobuf(tarfile.GNU_FORMAT))


def test_names_that_are_no_text_keep_their_bytes() -> None:
    found, _ = read(packed({os.fsdecode(b"a\xff"): b""}, tarfile.GNU_FORMAT))
    assert names.written(found[0].name) == r"/a\xff"
