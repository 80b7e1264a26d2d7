import os
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from msptool.backup import words
from msptool.backup.probes import cell, room, warden
from msptool.backup.probes.cell import Answer, Errand, Limits, Told
from msptool.backup.walls import beneath

MOUNTINFO = rb"""22 27 0:21 / /proc rw,relatime - proc proc rw
40 27 0:50 / /a\040b/cell rw,nosuid,nodev,noexec - tmpfs tmpfs rw
41 40 254:0 /usr /a\040b/cell/usr rw,noatime shared:1 - ext4 /dev/vda rw
42 40 254:0 /usr /a\040b/cellar ro - ext4 /dev/vda rw
"""


def test_what_a_probe_says_is_believed_in_its_form_only() -> None:
    said = Told("bad-content", words.SQLITE_BROKEN, "row 3\x1b[31m missing" + "x" * 999, {"a": 1})
    told = cell.told(Answer(0, "told", 1.0, msgspec.json.encode(said)))
    assert told.detail == words.SQLITE_BROKEN and told.counts == {"a": 1}
    assert told.said.startswith("row 3 [31m missing") and len(told.said) == 200
    forged = cell.told(Answer(0, "told", 1.0, msgspec.json.encode(Told("ok", "all is well"))))
    assert forged.detail == ""


@given(st.binary(max_size=200))
def test_no_bytes_of_a_probe_break_us_or_pass(said: bytes) -> None:
    assert cell.told(Answer(0, "told", 1.0, said)).verdict == "could-not-run"


@pytest.mark.parametrize(("ended", "detail"), [
    ("time", words.NO_TIME), ("cpu", words.NO_TIME), ("room", words.NO_SCRATCH),
    ("broke", words.PROBE_BROKE),
])  # fmt: skip
def test_what_was_ended_told_nothing(ended: cell.Ended, detail: str) -> None:
    assert cell.told(Answer(0, ended, 1.0)) == Told("could-not-run", detail)


def test_why_there_is_no_cell() -> None:
    assert cell.no_cell(b'{"no_cell": "unshare: not permitted"}\n') == "unshare: not permitted"
    assert cell.no_cell(b'{"number":0,"ended":"told","seconds":1.0}\n') == ""
    assert cell.no_cell(b"") == ""


def test_the_mounts_below_a_root() -> None:
    found = room.mounts(MOUNTINFO, b"/a b/cell")
    assert found == [(b"/a b/cell", 2 | 4 | 8), (b"/a b/cell/usr", 1024)]


def test_nothing_is_opened_above_or_through_a_link(tmp_path: Path) -> None:
    base = tmp_path
    (base / "in" / "folder").mkdir(parents=True)
    (base / "in" / "folder" / "file").write_text("x")
    (base / "outside").write_text("x")
    (base / "in" / "link").symlink_to("folder")
    (base / "in" / "folder" / "out").symlink_to("../../outside")
    root = os.open(base / "in", os.O_RDONLY)
    try:
        os.close(beneath.opened(root, "/folder/file"))
        os.close(beneath.opened(root, "/"))
        for path in ("/link/file", "/folder/out", "/../outside", "/folder/../../outside", "/none"):
            with pytest.raises(OSError):  # noqa: PT011 - any of them is one
                beneath.opened(root, path)
    finally:
        os.close(root)


def test_only_cheap_neighbours_of_one_probe_share_a_cell() -> None:
    def errand(probe: str, *, shared: bool) -> Errand:
        return Errand(probe=probe, shown=(), limits=Limits(shared=shared))

    cheap, dear = errand("archive", shared=True), errand("archive", shared=False)
    other = errand("certificate", shared=True)
    assert len(warden.sharing([cheap] * 200)) == 64
    assert len(warden.sharing([cheap, cheap, dear, cheap])) == 2
    assert len(warden.sharing([cheap, other])) == 1
    assert len(warden.sharing([dear, cheap, cheap])) == 1
