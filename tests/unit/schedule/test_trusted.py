"""A timer starts only what no other user can change."""

from pathlib import Path

import pytest

from msptool.errors import UnsafeError
from msptool.schedule import trusted


@pytest.fixture
def program(tmp_path: Path) -> Path:
    tmp_path.chmod(0o700)
    folder = tmp_path / "bin"
    folder.mkdir(mode=0o755)
    path = folder / "msptool"
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


def test_a_private_program_is_fine(program: Path) -> None:
    trusted.refuse_unsafe(program)


@pytest.mark.parametrize("mode", [0o775, 0o777, 0o757])
@pytest.mark.parametrize("which", ["program", "folder"])
def test_what_others_can_write_is_refused(program: Path, which: str, mode: int) -> None:
    path = program if which == "program" else program.parent
    path.chmod(mode)
    with pytest.raises(UnsafeError) as caught:
        trusted.refuse_unsafe(program)
    assert caught.value.code == "schedule.unsafe"
    assert caught.value.exit == 2
    assert caught.value.place.file == str(path)


def test_a_link_is_followed_to_what_it_names(program: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(program)
    trusted.refuse_unsafe(link)
    program.parent.chmod(0o777)
    with pytest.raises(UnsafeError):
        trusted.refuse_unsafe(link)


def test_a_sticky_folder_is_as_safe_as_tmp(program: Path) -> None:
    program.parent.chmod(0o1777)
    trusted.refuse_unsafe(program)


def test_our_own_program_is_found() -> None:
    assert trusted.script().name == "msptool"
    assert trusted.script().is_absolute()
