import pytest
from hypothesis import given
from hypothesis import strategies as st

from msptool.backup import reading
from msptool.backup.reading import READ_AT_ONCE_BYTES, Reading, next_part


@pytest.mark.parametrize(
    ("size", "previous", "clean", "part"),
    [
        (0, "", True, "1/1"),
        (READ_AT_ONCE_BYTES, "1/1", True, "1/1"),
        (READ_AT_ONCE_BYTES + 1, "1/1", True, "2/2"),
        (READ_AT_ONCE_BYTES * 3, "1/3", True, "2/3"),
        (READ_AT_ONCE_BYTES * 3, "3/3", True, "1/3"),
        (READ_AT_ONCE_BYTES * 3, "2/3", False, "2/3"),
        (READ_AT_ONCE_BYTES * 9, "nonsense", True, "1/9"),
    ],
)
def test_parts_take_turns(size: int, previous: str, clean: bool, part: str) -> None:
    assert next_part(size, previous, clean=clean) == part


@given(st.integers(0, 1 << 50))
def test_t_readings_in_a_row_read_every_part(size: int) -> None:
    part, seen = "", []
    for _ in range(256):
        part = next_part(size, part, clean=True)
        seen.append(part)
    parts = int(part.partition("/")[2])
    assert parts <= 256
    assert {int(p.partition("/")[0]) for p in seen} == set(range(1, parts + 1))


def test_a_fault_names_files_and_else_packs() -> None:
    packs = ("f" * 64,)
    assert Reading("ok", "1/1").fault() is None
    by_pack = Reading("damaged", "1/1", "x", packs).fault()
    assert by_pack is not None and by_pack.names == ("pack ffffffff",)
    by_file = Reading("damaged", "1/1", "x", packs, ("/srv/a",)).fault()
    assert by_file is not None and by_file.names == ("/srv/a",)
    assert reading.next_part(0, "1/1", clean=False) == "1/1"
