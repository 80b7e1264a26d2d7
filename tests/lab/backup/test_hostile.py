"""Hostile snapshots: nothing outside the target, nothing live, and bombs refused before writing."""

import os
import shlex
import stat
import subprocess
from pathlib import Path

import pytest

from tests.lab.backup import forge
from tests.lab.backup.site import FULL, Site
from tests.lab.backup.test_restore_verb import below, records

pytestmark = pytest.mark.lab
NAMES = (b"-rf", b"new\nline", b"\x1b[31mred", b"bad\xff\xfe", b"*[a]?\\x", b" ", "имя".encode())


def plant(source: Path, outside: Path) -> None:
    """Plant whatever a tree can hold that has led a restore astray."""
    here = os.fsencode(source)
    for name in NAMES:
        Path(os.fsdecode(here + b"/" + name)).write_bytes(name)
    (source / "absolute").symlink_to(outside)
    (source / "relative").symlink_to(Path("../" * 30) / str(outside).lstrip("/"))
    (source / "loop-a").symlink_to("loop-b")
    (source / "loop-b").symlink_to("loop-a")
    (source / "itself").symlink_to(".")
    (source / "dangling").symlink_to("/nowhere/at/all")
    os.mkfifo(source / "fifo")
    (source / "linked").write_text("twice")
    (source / "linked-too").hardlink_to(source / "linked")
    os.setxattr(source / "linked", "user.huge", b"x" * 3000)
    if os.geteuid() == 0:
        os.mknod(source / "device", 0o20666, os.makedev(1, 3))
        program = source / "setuid"
        program.write_bytes(Path("/usr/bin/id").read_bytes())
        program.chmod(0o6755)
    deep = source
    for _ in range(60):
        deep = deep / ("d" * 50)
    deep.mkdir(parents=True)
    (deep / "file").write_text("deep")


@pytest.fixture
def hostile(site: Site, tmp_path: Path) -> Site:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "file").write_text("must stay")
    plant(site.source, outside)
    for verb in ("init", "run"):
        done = site.cli(verb)
        assert done.returncode == 0, done.stderr
    return site


def kinds(root: Path) -> dict[bytes, tuple[int, int, bytes]]:
    """Return kind and mode, size, and content or target of all below a folder."""
    found = {}
    for folder, folders, names in os.walk(os.fsencode(root)):
        for name in (*folders, *names):
            path = os.path.join(folder, name)  # noqa: PTH118 - bytes
            told = os.lstat(path)
            data = b""
            if stat.S_ISREG(told.st_mode):
                data = Path(os.fsdecode(path)).read_bytes()
            elif stat.S_ISLNK(told.st_mode):
                data = os.readlink(path)  # noqa: PTH115 - bytes
            key = path[len(os.fsencode(root)) :]
            if not key.endswith(b"skip.tmp"):
                size = 0 if stat.S_ISDIR(told.st_mode) else told.st_size
                found[key] = (told.st_mode, size, data)
    return found


def untouched(tmp_path: Path) -> bool:
    outside = tmp_path / "outside"
    return [p.name for p in outside.iterdir()] == ["file"] and (
        outside / "file"
    ).read_text() == "must stay"


def test_a_test_restore_of_it_is_proven_and_touches_nothing(hostile: Site, tmp_path: Path) -> None:
    done = hostile.cli("verify")
    assert done.returncode == 0, done.stdout + done.stderr
    assert untouched(tmp_path)
    assert list((hostile.root / ".msptool/sandbox").iterdir()) == []
    assert "\x1b" not in done.stdout


def test_a_person_gets_it_back_as_it_was(hostile: Site, tmp_path: Path) -> None:
    target = tmp_path / "back"
    done = hostile.cli("restore", "files", "--to", str(target))
    assert done.returncode == 0, done.stdout + done.stderr
    assert kinds(below(target, hostile)) == kinds(hostile.source)
    assert untouched(tmp_path)
    back = below(target, hostile)
    assert (back / "linked").stat().st_ino == (back / "linked-too").stat().st_ino
    assert stat.S_IMODE(target.stat().st_mode) == 0o700, "a setuid program in it is out of reach"


def test_in_place_it_comes_back_over_links_and_loops(hostile: Site, tmp_path: Path) -> None:
    before = kinds(hostile.source)
    for name in ("absolute", "relative", "loop-a", "itself", "fifo", "linked"):
        (hostile.source / name).unlink()
    (hostile.source / "fifo").symlink_to(tmp_path / "outside/file")
    (hostile.source / "linked").symlink_to(tmp_path / "outside/file")
    (hostile.source / "loop-a").mkdir()
    done = hostile.cli("restore", "files", "--in-place")
    assert done.returncode == 0, done.stdout + done.stderr
    assert kinds(hostile.source) == before
    assert untouched(tmp_path)


@pytest.mark.parametrize("name", NAMES)
def test_each_odd_name_can_be_asked_for_and_no_other_comes(
    hostile: Site, tmp_path: Path, name: bytes
) -> None:
    typed = os.fsdecode(os.fsencode(hostile.source) + b"/" + name)
    target = tmp_path / "back"
    done = hostile.cli("restore", "files", "--path", typed, "--to", str(target), "--json")
    assert done.returncode == 0, done.stderr
    assert records(done.stdout)[0]["facts"]["back"] == 1
    assert os.listdir(os.fsencode(below(target, hostile))) == [name]  # noqa: PTH208 - bytes


def test_what_is_shown_has_no_control_characters(hostile: Site) -> None:
    for words in (
        ("browse", "files"),
        ("restore", "files", "--preview"),
        ("browse", "files", "--find", "*"),
    ):
        done = hostile.cli(*words)
        assert done.returncode == 0, done.stderr
        assert "\x1b" not in done.stdout and "new\nline" not in done.stdout


def on_a_small_disk(site: Site, place: Path, options: str, *words: str) -> tuple[int, str, str]:
    """Run a verb with a small file system mounted at `place`; return what was left there too."""
    place.mkdir()
    quoted = shlex.quote(str(place))
    script = (
        f"mount -t tmpfs -o mode=0700,{options} none {quoted} || exit 99; "
        f"{shlex.join(site.cli_words(*words))}; echo code $?; find {quoted} -mindepth 1"
    )
    done = subprocess.run(
        ["unshare", "-m", "sh", "-c", script], capture_output=True, text=True, check=False,
        env=site.environment(), timeout=200,
    )  # fmt: skip
    told, _, left = done.stdout.partition("code ")
    code, _, left = left.partition("\n")
    return int(code), told + done.stderr, left


@pytest.fixture
def root() -> None:
    if os.geteuid() != 0:
        pytest.skip("needs root: a small file system")


def test_a_bomb_of_zeros_is_refused_before_it_is_written(
    site: Site, tmp_path: Path, root: None
) -> None:
    """A few hundred KiB in the repository, far more than the disk when restored."""
    with (site.source / "bomb").open("wb") as file:
        file.truncate(4 << 30 if FULL else 400 << 20)
    assert site.cli("init").returncode == 0 and site.cli("run").returncode == 0
    assert sum(pack.stat().st_size for pack in site.packs()) < 2 << 20
    place = tmp_path / "small"
    code, said, left = on_a_small_disk(site, place, "size=100m", "verify", "--sandbox", str(place))
    assert code == 74 and "too little room for a test restore" in said
    assert site.facts("restore", "job:files")["verdict"] == "disk-full"
    assert str(place) + "/" not in left
    code, said, left = on_a_small_disk(
        site, tmp_path / "other", "size=100m", "restore", "files", "--to", str(tmp_path / "other")
    )
    assert code == 74 and "nothing was written" in said
    assert str(tmp_path / "other") + "/" not in left


def test_a_bomb_of_names_is_refused_before_it_is_written(
    site: Site, tmp_path: Path, root: None
) -> None:
    names = 100_000 if FULL else 8_000
    (site.source / "many").mkdir()
    for number in range(names):
        os.mknod(site.source / "many" / f"{number}")
    assert site.cli("init").returncode == 0 and site.cli("run").returncode == 0
    place = tmp_path / "small"
    code, said, left = on_a_small_disk(
        site, place, "size=900m,nr_inodes=5000", "restore", "files", "--to", str(place)
    )
    assert code == 74 and "inodes missing; nothing was written" in said
    assert str(place) + "/" not in left
    place = tmp_path / "other"
    code, said, left = on_a_small_disk(site, place, "size=20m", "verify", "--sandbox", str(place))
    assert code == 74 and "too " in said
    assert site.facts("restore", "job:files")["verdict"] == "disk-full"


@pytest.fixture(params=["file-up", "file-far", "file-absolute", "folder-up", "folder-here"])
def forged(request: pytest.FixtureRequest, sound: Site, tmp_path: Path) -> tuple[Site, str]:
    """A snapshot whose tree holds a name that leads out of it, which restic would never write."""
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/file").write_text("must stay")
    name = {
        "file-up": "../planted",
        "file-far": "../" * 30 + str(tmp_path / "outside/planted")[1:],
        "file-absolute": str(tmp_path / "outside/planted"),
        "folder-up": "..",
        "folder-here": ".",
    }[request.param]
    ident = forge.misnamed(sound, name, folder=request.param.startswith("folder"))
    tree = sound.restic("ls", "--json", ident)
    assert f'"name":"{name}"' in tree or '"name":"planted"' in tree, "restic reads it"
    return sound, ident


def planted(tmp_path: Path) -> list[Path]:
    return list(tmp_path.rglob("planted"))


def test_a_name_that_leads_out_is_bad_and_writes_nothing(
    forged: tuple[Site, str], tmp_path: Path
) -> None:
    site, _ident = forged
    done = site.cli("verify", "--level", "4")
    facts = site.facts("restore", "job:files")
    assert planted(tmp_path) == [] and untouched(tmp_path)
    assert done.returncode == 1, done.stderr
    assert facts["verdict"] == "damaged" and "invalid child node name" in str(facts["detail"])
    site.cli("verify", "--stream")
    assert planted(tmp_path) == [] and untouched(tmp_path)


def test_a_name_that_leads_out_is_given_back_to_nobody(
    forged: tuple[Site, str], tmp_path: Path
) -> None:
    site, ident = forged
    sources = sorted(os.listdir(site.source))  # noqa: PTH208
    for words in (("--to", str(tmp_path / "back")), ("--in-place",)):
        done = site.cli("restore", "files", "--snapshot", ident, *words)
        assert planted(tmp_path) == [] and untouched(tmp_path)
        assert done.returncode not in (0, 70), done
    assert sorted(os.listdir(site.source)) == sources  # noqa: PTH208
    assert (site.source / "a.txt").read_text() == "hello"
