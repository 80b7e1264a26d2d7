"""A client of the practice network, and msptool on the engineer's laptop that stands in it."""

import json
import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from msptool import process, runs
from msptool.demo.client import write_workspace
from msptool.demo.site import Site
from msptool.demo.truth import Host
from msptool.model import Kind, Report
from msptool.workspace import Workspace
from tests.lab.msptool import msptool

# Ways to be nobody on the laptop: another user, and root as containers have it.
AS_USER = ("unshare", "-U", "--map-user=1000")
WITHOUT_RAW = ("setpriv", "--bounding-set=-net_raw", "--inh-caps=-net_raw")


@dataclass(frozen=True)
class Client:
    """A workspace, and the site in which it lies."""

    site: Site
    root: Path

    @property
    def workspace(self) -> Workspace:
        return Workspace(self.root)

    def environment(self, env: Mapping[str, str] | None = None) -> dict[str, str]:
        state = str(self.root.parent / "state")
        return {**os.environ, "XDG_STATE_HOME": state, "MSPTOOL_LANG": "en", **(env or {})}

    def argv(self, *words: str) -> list[str]:
        """Return the words that start msptool for this client on the laptop."""
        return self.site.argv(msptool("-C", str(self.root), *words))

    def call(
        self,
        *words: str,
        before: Sequence[str] = (),
        stdin: bytes = b"",
        env: Mapping[str, str] | None = None,
    ) -> process.Done:
        """Run msptool to its end; every end must be one that people can read."""
        argv = [*before, *msptool("-C", str(self.root), *words)]
        done = self.site.run(argv, timeout_s=500, stdin=stdin, env=self.environment(env))
        assert not done.timed_out
        assert b"Traceback" not in done.stderr, done.stderr.decode()
        return done

    def edit(self, *changes: tuple[str, str]) -> None:
        """Edit the profile; each text that is replaced must be there."""
        path = self.root / "client.yaml"
        text = path.read_text()
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new)
        path.write_text(text)

    def report(self, kind: Kind) -> Report:
        """Return the newest run of a kind."""
        folder = runs.newest(self.workspace, kind)
        assert folder is not None
        return runs.load(folder)

    def count(self, kind: Kind) -> int:
        return len(list(runs.folders(self.workspace, kind)))

    def tickets(self) -> dict[str, dict[str, Any]]:
        """Return every ticket by its id."""
        done = self.call("tickets", "list", "--ended", "--json")
        assert done.ok, done.stderr
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        return {line["id"]: line for line in lines if line["type"] == "ticket"}


def make(site: Site, folder: Path, hosts: Iterable[Host] = ()) -> Client:
    """Make a client; its scope is the whole network, or the given hosts alone."""
    client = Client(site, folder)
    write_workspace(folder, site.truth)
    addresses = [host.ip4 or host.ip6 or "" for host in hosts]
    if addresses:
        whole = ", ".join(json.dumps(network) for network in site.truth.networks)
        client.edit((f"networks: [{whole}]", f"networks: {json.dumps(addresses)}"))
    return client


def tools(folder: Path, *, without: str = "", **scripts: str) -> str:
    """Return a PATH with all programs but one, and with shell scripts in place of others."""
    folder.mkdir()
    for place in reversed(os.environ["PATH"].split(":") + ["/usr/sbin", "/sbin"]):
        for program in Path(place).iterdir() if os.access(place, os.R_OK | os.X_OK) else ():
            link = folder / program.name
            link.unlink(missing_ok=True)
            link.symlink_to(program)
    for name in filter(None, (without, *scripts)):
        (folder / name).unlink(missing_ok=True)
    for name, script in scripts.items():
        (folder / name).write_text(f"#!/bin/sh\n{script}\n")
        (folder / name).chmod(0o755)
    return str(folder)


def copy(client: Client, folder: Path) -> Client:
    """Copy a client as it stands, to harm the copy."""
    shutil.copytree(client.root, folder, symlinks=True)
    return Client(client.site, folder)
