"""A key is intact if its name is its hash."""

import hashlib
from pathlib import Path

from msptool.backup.repository import intact


def _key(repository: Path, data: bytes) -> Path:
    folder = repository / "keys"
    folder.mkdir(exist_ok=True)
    path = folder / hashlib.sha256(data).hexdigest()
    path.write_bytes(data)
    return path


def test_a_key_is_intact_until_a_bit_of_it_flips(tmp_path: Path) -> None:
    path = _key(tmp_path, b'{"salt": "x"}')
    assert intact.keys(tmp_path)
    path.write_bytes(b'{"salt": "y"}')
    assert not intact.keys(tmp_path)


def test_one_intact_key_is_enough(tmp_path: Path) -> None:
    _key(tmp_path, b"one").write_bytes(b"spoilt")
    _key(tmp_path, b"two")
    assert intact.keys(tmp_path)


def test_no_key_is_none(tmp_path: Path) -> None:
    assert not intact.keys(tmp_path)
    (tmp_path / "keys").mkdir()
    assert not intact.keys(tmp_path)
