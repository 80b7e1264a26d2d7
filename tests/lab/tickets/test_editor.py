"""`tickets edit` as a person meets it: a real terminal, an editor that is a real program."""

import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.lab.msptool import msptool
from tests.lab.terminal import Terminal, environment

pytestmark = pytest.mark.lab
HERE = {"PYTHONPATH": str(Path(__file__).resolve().parents[3])}
CLIENT = "msptool: 1\nclient: {code: ACME, name: Acme}\n"


class Desk:
    """A client's workspace, and a ticket in it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir(mode=0o700)
        (root / "client.yaml").write_text(CLIENT)
        (root / "client.yaml").chmod(0o600)
        self.ident = json.loads(self.run("add", "--title", "A printer", "--json").split("\n")[0])[
            "id"
        ]  # fmt: skip

    def argv(self, *words: str) -> list[str]:
        return msptool("-C", str(self.root), "tickets", *words)

    def run(self, *words: str) -> str:
        argv, env = self.argv(*words), environment(**HERE)
        return subprocess.run(argv, env=env, capture_output=True, text=True, check=True).stdout

    def edit(self, script: str, **extra: str) -> Terminal:
        """Edit the ticket with an editor that does what a shell script says with "$1"."""
        editor = self.root.parent / "my editor.sh"
        editor.write_text(f"#!/bin/sh\nset -e\n{script}\n")
        editor.chmod(0o700)
        given = {**HERE, "VISUAL": f"'{editor}'", "EDITOR": "/no/such", **extra}
        return Terminal(self.argv("edit", self.ident), 24, 80, given)

    def files(self) -> dict[str, bytes]:
        return {str(path): path.read_bytes() for path in self.root.glob("tickets/??/*.jsonl")}

    def kept(self) -> list[Path]:
        return sorted(self.root.glob(".msptool/edit/*/*.yaml"))

    def title(self) -> str:
        return str(json.loads(self.run("show", self.ident, "--json").split("\n")[0])["title"])


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "acme")


def test_what_was_edited_is_written_and_the_file_is_private(desk: Desk) -> None:
    seen = desk.root.parent / "seen"
    screen = desk.edit(
        f'stat -c "%a" "$1" "$(dirname "$1")" > {seen}; env >> {seen}; test -t 0; test -t 1\n'
        'sed -i "s/^title:.*/title: Two printers/; s/^priority:/priority: high/" "$1"',
        RESTIC_PASSWORD="hunter2",
    )
    assert screen.end() == 0, screen.said
    assert b"high" in screen.said and desk.title() == "Two printers"
    told = seen.read_text()
    assert told.startswith("600\n700\n") and "TERM=xterm" in told and "hunter2" not in told
    assert desk.kept() == []


def test_an_editor_that_changes_nothing_writes_nothing(desk: Desk) -> None:
    before = desk.files()
    screen = desk.edit('touch "$1"')
    assert screen.end() == 0
    assert b"nothing was changed, nothing was written" in screen.said
    assert (desk.files(), desk.kept()) == (before, [])


def test_a_mistake_is_offered_again_and_mended(desk: Desk) -> None:
    screen = desk.edit(
        'if grep -q "^line: L9" "$1"; then sed -i "s/^line:.*/line: L2/" "$1"\n'
        'else sed -i "s/^line:.*/line: L9/" "$1"; fi'
    )
    screen.until(rb"edit it again\? \[Y/n\] ")
    assert b"'L9' is not known here" in screen.said and b".yaml:10:1" in screen.said
    screen.type(b"\n")
    assert screen.end() == 0, screen.said
    assert desk.kept() == []
    assert '"line":"L2"' in desk.run("show", desk.ident, "--json")


def test_a_mistake_that_is_left_is_kept(desk: Desk) -> None:
    before = desk.files()
    screen = desk.edit('echo "::: no yaml [" > "$1"')
    screen.until(rb"edit it again\? \[Y/n\] ")
    screen.type(b"\x04")
    assert screen.end() == 2
    (path,) = desk.kept()
    assert str(path).encode() in screen.said.replace(b"\r\n", b"")
    assert (path.read_text(), desk.files()) == ("::: no yaml [\n", before)


def test_whoever_was_quicker_is_named(desk: Desk) -> None:
    quick = " ".join(f"'{word}'" for word in desk.argv("comment", desk.ident, "mine"))
    screen = desk.edit(f'PYTHONPATH={HERE["PYTHONPATH"]} {quick}; echo "title: slow" > "$1"')
    assert screen.end() == 2
    assert b"was changed meanwhile by" in screen.said
    (path,) = desk.kept()
    assert path.read_text() == "title: slow\n"
    assert desk.title() == "A printer"


def test_an_editor_that_gives_up_writes_nothing(desk: Desk) -> None:
    before = desk.files()
    screen = desk.edit('echo "title: x" > "$1"; exit 3')
    assert screen.end() == 2
    assert b"the editor ended with 3; nothing was written" in screen.said
    assert desk.files() == before and len(desk.kept()) == 1


def test_control_c_belongs_to_the_editor(desk: Desk) -> None:
    screen = desk.edit(
        'trap "true" INT; echo ready\nread answer || read answer\n'
        'sed -i "s/^title:.*/title: $answer/" "$1"'
    )
    screen.until(b"ready")
    screen.type(b"\x03")
    time.sleep(0.3)
    screen.type(b"after\n")
    assert screen.end() == 0, screen.said
    assert desk.title() == "after"


def test_a_hang_up_keeps_what_was_typed(desk: Desk) -> None:
    before = desk.files()
    screen = desk.edit('echo "title: typed" > "$1"; echo ready; exec sleep 60')
    screen.until(b"ready")
    os.kill(screen.pid, signal.SIGTERM)
    assert screen.end() == -signal.SIGTERM
    (path,) = desk.kept()
    assert path.read_text() == "title: typed\n"
    assert b"what you wrote is kept in" in screen.said
    assert desk.files() == before


def test_no_editor_at_all(desk: Desk) -> None:
    screen = Terminal(desk.argv("edit", desk.ident), 24, 80, {**HERE, "EDITOR": "/no/such -x"})
    assert screen.end() == 4
    assert b"cannot start /no/such" in screen.said and desk.kept() == []


def test_bash_completes_ids(desk: Desk) -> None:
    script = (
        'eval "$(_MSPTOOL_COMPLETE=bash_source msptool)"\n'
        f"COMP_WORDS=(msptool -C {desk.root} tickets show {desk.ident[5:8].lower()}) COMP_CWORD=5\n"
        '_msptool_completion msptool; printf "%s\\n" "${COMPREPLY[@]}"'
    )
    path = f"{Path(msptool()[0]).parent}:{os.environ['PATH']}"
    env = environment(**HERE) | {"PATH": path}
    done = subprocess.run(["bash", "-c", script], env=env, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == (f"{desk.ident}\n", "")
