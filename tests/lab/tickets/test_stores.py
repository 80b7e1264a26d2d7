"""Stores as laptops, disks and clones really leave them: real git, a full disk, another user."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from msptool.profile import draft
from msptool.profile.shape import Client
from msptool.tickets import ids, redact, redaction, store
from msptool.tickets.acts import asking, ending
from msptool.tickets.doctor import look, mend
from msptool.tickets.events import Comment
from tests.lab.msptool import msptool
from tests.unit.tickets.site import Site

pytestmark = pytest.mark.lab
SECRET = "correcthorse"


def _git(root: Path, *words: str) -> str:
    settings = {
        "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, "HOME": str(root),
        "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.invalid",
        "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.invalid",
    }  # fmt: skip
    done = subprocess.run(
        ["git", "-C", str(root), *words], env=os.environ | settings, capture_output=True, text=True,
        check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _commit(site: Site) -> None:
    _git(site.root, "add", "-A")
    _git(site.root, "commit", "-q", "--allow-empty", "-m", "work")


@pytest.fixture
def clones(tmp_path: Path) -> tuple[Site, Site]:
    """Return two clones of a workspace as `init` makes it, with one ticket."""
    text = draft.text(Client(code="ACME", name="Acme"), "basic")
    anna = Site(draft.found(tmp_path / "anna", text).root)
    _git(anna.root, "init", "-q", "-b", "main")
    anna.act(asking.add, "a printer")
    _commit(anna)
    _git(tmp_path, "clone", "-q", str(anna.root), "boris")
    return anna, Site(tmp_path / "boris", now=anna.now)


def _meet(anna: Site, boris: Site) -> None:
    """Commit both; each takes the other's state of before the merge."""
    for site, other in ((anna, boris), (boris, anna)):
        _commit(site)
        other_root = str(site.root)
        _git(other.root, "fetch", "-q", other_root, "main:theirs")
    for site in (anna, boris):
        _git(site.root, "merge", "-q", "--no-edit", "theirs")
        _git(site.root, "branch", "-qD", "theirs")


def _run(site: Site, *words: str, stdin: str = "") -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [*msptool("-C", str(site.root), "tickets", *words)], input=stdin, capture_output=True,
        text=True, check=False, timeout=120,
    )  # fmt: skip


def _holding(site: Site) -> list[str]:
    found = (p for p in site.root.rglob("*") if p.is_file() and ".git" not in p.parts)
    return [str(p.relative_to(site.root)) for p in found if SECRET.encode() in p.read_bytes()]


def test_a_union_merge_never_brings_a_secret_back(clones: tuple[Site, Site]) -> None:
    anna, boris = clones
    ident = anna.only().id
    anna.comment(ident, f"the password is {SECRET}")
    _meet(anna, boris)
    assert _run(boris, "list", SECRET).stdout, "boris' index knows the word"
    with anna.desk() as desk:
        redact.redact(desk, SECRET, pen=anna.pen(), ident=ident)
    boris.comment(ident, "me too", who="boris@b")  # beside the line that anna takes out
    _meet(anna, boris)
    _git(anna.root, "fsck", "--no-progress")
    path = store.path_of(anna.workspace, ident)
    assert SECRET in path.read_text(), "else this merge proves nothing"
    for site in clones:
        for words in (["show", ident], ["show", ident, "--json"], ["list", "--ended"], ["export"],
                      ["fsck"], ["list", "--ended", SECRET[:7]]):  # fmt: skip
            done = _run(site, *words)
            assert SECRET not in done.stdout + done.stderr, words
        assert _holding(site) == [str(path.relative_to(anna.root))]
        assert _run(site, "fsck").returncode == 1
    assert _run(anna, "fsck", "--mend").returncode == 0
    boris.comment(ident, "on", who="boris@b")
    assert _holding(anna) == _holding(boris) == []
    _meet(anna, boris)
    assert _holding(anna) == _holding(boris) == []
    texts = [e.text for e in boris.read(ident).history if isinstance(e, Comment)]
    assert texts == ["the password is " + redaction.FILL * len(SECRET), "me too", "on"]
    assert anna.read(ident) == boris.read(ident)


def test_two_engineers_redact_apart_and_delete_an_attachment(clones: tuple[Site, Site]) -> None:
    anna, boris = clones
    ident = anna.only().id
    (anna.root.parent / "scan").write_text(SECRET)
    assert _run(anna, "attach", ident, str(anna.root.parent / "scan")).returncode == 0
    anna.comment(ident, f"{SECRET} and swordfish")
    _meet(anna, boris)
    assert _run(anna, "redact", ident, "-", stdin=SECRET).returncode == 0
    assert _run(boris, "redact", ident, "-", stdin="swordfish").returncode == 0
    assert _run(boris, "redact", ident, "--attachment", "scan").returncode == 0
    _meet(anna, boris)
    assert anna.read(ident) == boris.read(ident)
    for site in clones:
        assert _run(site, "fsck", "--mend").returncode == 0
        assert _holding(site) == []
        assert site.read(ident).attachments == ()


def test_one_id_on_two_laptops(clones: tuple[Site, Site], monkeypatch: pytest.MonkeyPatch) -> None:
    anna, boris = clones
    drawn = ids.draw("ACME")
    monkeypatch.setattr(ids, "draw", lambda _client: drawn)
    for site, who in ((anna, "anna@a"), (boris, "boris@b")):
        site.act(asking.add, f"of {who}", who=who)
        site.comment(drawn, f"by {who}", who=who)
    _meet(anna, boris)
    tickets = {t.title: t for t in anna.all()}
    assert tickets == {t.title: t for t in boris.all()}
    assert len(tickets) == 3
    done = _run(anna, "fsck")
    assert done.returncode == 0
    (line,) = (line for line in done.stdout.splitlines() if "[clash]" in line)
    assert all(tickets[f"of {who}"].id in line for who in ("anna@a", "boris@b"))
    for who in ("anna@a", "boris@b"):
        (said,) = (e for e in tickets[f"of {who}"].history if isinstance(e, Comment))
        assert said.text == f"by {who}"


def test_both_close_and_reopen_offline(clones: tuple[Site, Site]) -> None:
    anna, boris = clones
    ident = anna.only().id
    for site, who, reason in ((anna, "anna@a", "fixed"), (boris, "boris@b", "wont-fix")):
        site.later()
        site.close(ident, reason=reason, text="so", who=who)
        site.act(ending.reopen, ident, who=who)
    anna.close(ident, reason="fixed")
    _meet(anna, boris)
    assert anna.read(ident) == boris.read(ident)
    assert len(anna.read(ident).history) == 6
    assert [_run(site, "fsck").returncode for site in clones] == [0, 0]


def test_a_torn_and_mended_file_merges(clones: tuple[Site, Site]) -> None:
    anna, boris = clones
    ident = anna.only().id
    path = store.path_of(anna.workspace, ident)
    path.write_bytes(path.read_bytes() + b'{"event":"comment","ei')
    _meet(anna, boris)
    with anna.desk() as desk:
        mend.mend(desk, look.look(desk, anna.now, is_locked=True))
    boris.comment(ident, "after the torn line", who="boris@b")
    _meet(anna, boris)
    for site in clones:
        assert _run(site, "fsck", "--mend").returncode == 0
        assert len(site.read(ident).history) == 2
    assert not _git(anna.root, "status", "--porcelain", "tickets/quarantine")


def test_a_line_of_300_mb_hides_one_ticket_until_it_is_moved_out(tmp_path: Path) -> None:
    site = Site(
        draft.found(tmp_path / "a", draft.text(Client(code="ACME", name="A"), "basic")).root
    )
    ident, other = site.act(asking.add, "x").id, site.act(asking.add, "y").id
    path = store.path_of(site.workspace, ident)
    before = path.read_bytes()
    size = 300 << 20
    with path.open("ab") as file:
        for _ in range(300):
            file.write(b"x" * (1 << 20))
        file.write(b"\n")
    limit = ["sh", "-c", 'ulimit -v 700000; exec "$@"', "sh"]  # KiB

    def run(*words: str) -> "subprocess.CompletedProcess[str]":
        argv = [*limit, *msptool("-C", str(site.root), "tickets", *words)]
        return subprocess.run(argv, capture_output=True, text=True, check=False, timeout=120)

    assert (run("show", ident).returncode, run("show", other).returncode) == (3, 0)
    listed = run("list")
    assert (listed.returncode, other in listed.stdout) == (3, True)
    assert run("comment", ident, "hello").returncode == 3
    assert path.stat().st_size == len(before) + size + 1, "nothing was written"
    found = run("fsck")
    assert (found.returncode, "[gigantic]" in found.stdout) == (1, True), found.stderr
    mended = run("fsck", "--mend")
    assert mended.returncode == 0, mended.stdout + mended.stderr
    assert path.read_bytes() == before
    (kept,) = (site.workspace.tickets / "quarantine").iterdir()
    assert kept.stat().st_size == size
    assert run("comment", ident, "hello").returncode == 0


FULL = """
set -e
mount -t tmpfs -o size=2m tmpfs "$1"
cp -a "$2/." "$1"
dd if=/dev/zero of="$1/filler" bs=4k 2>/dev/null || true
shift 2
"$@"
"""


def test_a_full_disk_says_so_and_loses_nothing(clones: tuple[Site, Site], tmp_path: Path) -> None:
    anna, _ = clones
    ident = anna.only().id
    shutil.rmtree(anna.root / ".git")
    here = tmp_path / "full"
    here.mkdir()
    script = tmp_path / "script"
    tool = " ".join(msptool("-C", str(here), "tickets"))
    script.write_text(
        f"""
        cd {here}; before=$(cat tickets/*/*.jsonl | sha256sum)
        {tool} comment {ident} "$(head -c 20000 /dev/zero | tr '\\0' x)"; echo "comment $?"
        {tool} add --title x; echo "add $?"
        {tool} redact {ident} - <<< printer; echo "redact $?"
        {tool} attach {ident} filler; echo "attach $?"
        {tool} list; echo "list $?"
        {tool} show {ident} > /dev/null; echo "show $?"
        [ "$before" = "$(cat tickets/*/*.jsonl | sha256sum)" ] && echo same
        find . -name '.msptool-*' | grep . || echo clean
        rm filler
        {tool} comment {ident} "there is room"; echo "later $?"
        {tool} fsck --mend; echo "mend $?"
        """
    )
    argv = ["unshare", "--map-root-user", "--mount", "bash", "-c", FULL, "bash", str(here),
            str(anna.root), "bash", str(script)]  # fmt: skip
    done = subprocess.run(argv, capture_output=True, text=True, check=False, timeout=120)
    told = done.stdout.splitlines()
    for line in ("comment 74", "add 74", "redact 74", "attach 74", "list 0", "show 0", "same",
                 "clean", "later 0", "mend 0"):  # fmt: skip
        assert line in told, done.stdout + done.stderr
    assert "bug" not in done.stderr


@pytest.mark.parametrize("how", ["rights", "mount", "mount without an index"])
def test_a_store_that_cannot_be_written_is_read(
    clones: tuple[Site, Site], tmp_path: Path, how: str
) -> None:
    anna, _ = clones
    ident = anna.only().id
    tool = " ".join(msptool("-C", str(anna.root), "tickets"))
    script = tmp_path / "script"
    script.write_text(
        f"""
        {tool} list; echo "list $?"
        {tool} show {ident} > /dev/null; echo "show $?"
        {tool} fsck > /dev/null; echo "fsck $?"
        {tool} comment {ident} hello; echo "comment $?"
        {tool} fsck --mend > /dev/null; echo "mend $?"
        """
    )
    if how == "mount without an index":
        shutil.rmtree(anna.workspace.derived)
    before = anna.snapshot()
    if how != "rights":
        read_only = 'mount --bind "$1" "$1"; mount -o remount,bind,ro "$1"; exec bash "$2"'
        argv = ["unshare", "--map-root-user", "--mount", "bash", "-c", read_only, "bash",
                str(anna.root), str(script)]  # fmt: skip
    else:
        for path in (anna.root, *anna.root.rglob("*")):
            path.chmod(0o500 if path.is_dir() else 0o400)
        # Root, too, is then an ordinary owner.
        plain = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"]
        argv = [*(plain if os.geteuid() == 0 else []), "bash", str(script)]
    done = subprocess.run(argv, capture_output=True, text=True, check=False, timeout=120)
    refused = 2 if how == "rights" else 74
    told = done.stdout.splitlines()
    for line in ("list 0", "show 0", "fsck 0", f"comment {refused}", f"mend {refused}"):
        assert line in told, done.stdout + done.stderr
    assert "bug" not in done.stderr
    assert anna.snapshot() == before
    for path in (anna.root, *anna.root.rglob("*")):
        path.chmod(0o700)
