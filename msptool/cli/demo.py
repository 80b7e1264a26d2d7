"""`msptool demo`: a network to practise on and to test with."""

import difflib
import os
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from msptool.cli import base, grouping, speech
from msptool.cli.speech import _

if TYPE_CHECKING:
    from msptool.demo.truth import Truth

seed_option = click.option(
    "--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Which network."
)


@click.group(cls=grouping.Helpful, context_settings=grouping.CONTEXT)
def demo() -> None:
    """A practice network in namespaces, without root."""


@demo.command()
@seed_option
@base.examples("msptool demo start", "msptool demo start --seed 7")
def start(seed: int) -> None:
    """Start a network and keep it until Ctrl-C or the end of input.

    It needs no root where the kernel lets users have namespaces, and leaves nothing behind.
    """
    from msptool.demo.site import Site

    truth = _truth(seed)
    with Site(truth) as site:
        _tell_hosts(truth)
        networks = _(" and ").join(truth.networks)
        base.tell(_("\n{0} run until Ctrl-C. In another terminal:", networks))
        base.tell(_NEXT.format(seed=seed))
        sys.stdout.flush()
        site.wait(sys.stdin.fileno())


@demo.command(
    "exec", context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False}
)
@seed_option
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
@base.examples(
    "msptool demo exec -- nmap -sn 192.0.2.0/24",
    "msptool demo exec --seed 7 -- bash",
    "msptool demo exec -- msptool -C demo run",
)
def exec_(seed: int, command: tuple[str, ...]) -> int:
    """Run a command on the engineer's laptop in the network.

    Enters a network of that seed that is running, else starts one for as long as the command
    runs. The exit code is the command's.
    """
    from msptool.demo import running
    from msptool.demo.site import Site

    if command[0].startswith("-"):  # click lets unknown options pass, for the command's sake
        near = difflib.get_close_matches(command[0], ("--seed", "--help"), n=1)
        raise click.NoSuchOption(command[0], possibilities=near)
    holder = running.find(seed)
    if holder is not None:
        return _enter(holder, command)
    with Site(_truth(seed)) as site:
        return _enter(site.holder_pid, command)


@demo.command()
@seed_option
@base.examples("msptool demo truth --seed 7 > truth.json")
def truth(seed: int) -> None:
    """Print what stands in a network and what is wrong with it, as JSON."""
    from msptool.demo.truth import encode

    base.say(encode(_truth(seed)).decode().rstrip("\n"))


@demo.command()
@click.argument("directory", metavar="DIR")
@seed_option
@base.json_option
@base.examples("msptool demo init demo", "msptool demo init demo --seed 7")
def init(directory: str, seed: int, as_json: bool) -> None:
    """Make the workspace of the client whose network it is.

    Profile, secrets and a folder worth backing up; what is there already stays.
    """
    from msptool import profile
    from msptool.cli import records
    from msptool.demo.client import write_workspace
    from msptool.workspace import Workspace

    root = Path(directory).absolute()
    write_workspace(root, _truth(seed))
    if as_json:
        found = profile.load(Workspace(root)).profile
        made = records.Made(path=str(root), client=found.client.code, plan=found.extends)
        base.say(records.lines([made]))
        return
    there = shlex.quote(directory)
    base.tell(_("Next: {0}", f"msptool -C {there} backup init"))
    base.tell(f"      msptool demo exec --seed {seed} -- msptool -C {there} run")


@demo.command()
@click.option("--list", "only_list", is_flag=True, help="Only say which programs are missing.")
@base.json_option
@base.examples("msptool demo fetch", "msptool demo fetch --list")
def fetch(only_list: bool, as_json: bool) -> None:
    """Fetch the servers that the network runs, without installing them.

    apt would start each of them on this machine; here their packages are only unpacked into
    a cache (MSPTOOL_DEMO_TOOLS, else XDG_CACHE_HOME/msptool/demo-tools).
    """
    from msptool.cli import records
    from msptool.demo import tools

    lacking = [records.Server(name=name, package=tools.SERVERS[name]) for name in tools.missing()]
    fetched = not only_list and tools.fetch(lambda text: base.tell(speech.told("progress", text)))
    if as_json:
        base.say(records.lines(lacking))
    elif only_list:
        base.say("\n".join(f"{server.name}  {server.package}" for server in lacking))
    else:
        base.tell(_("fetched") if fetched else _("nothing is missing"))


def _truth(seed: int) -> "Truth":
    from msptool import clock
    from msptool.demo.plan import plan

    return plan(seed, clock.now().date())


def _enter(holder_pid: int, command: tuple[str, ...]) -> int:
    """Run a command on the laptop; msptool itself is found there as it was found here."""
    from msptool import process
    from msptool.demo.site import enter

    own = str(Path(sys.executable).parent)
    path = os.pathsep.join((*os.get_exec_path(), own, "/usr/sbin", "/sbin"))
    return process.foreground(enter(holder_pid, command), env={**os.environ, "PATH": path})


def _tell_hosts(truth: "Truth") -> None:
    rows = [
        (
            host.name,
            host.kind,
            host.ip4 or host.ip6 or "",
            host.identity.sys_name or "",
            " ".join(f"{port.port}/{port.proto}" for port in host.ports),
        )
        for host in truth.hosts
    ]
    base.table(("HOST", "KIND", "ADDRESS", "NAME", "PORTS"), rows)


_NEXT = """\
  msptool demo init demo --seed {seed}
  msptool -C demo backup init
  msptool demo exec --seed {seed} -- msptool -C demo run
  msptool demo exec --seed {seed} -- bash
  msptool demo truth --seed {seed}
"""
