"""Which programs, libraries and rights this machine has, what each gives, and the remedy.

A table of needs; each has one probe that looks and says what it saw. Nothing is sent anywhere.
"""

import re
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import metadata
from typing import Literal

import msgspec

from msptool import process
from msptool.errors import ToolMissing

State = Literal["ok", "less", "missing"]
TIMEOUT_S = 10.0


class Seen(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag="tool"):
    """What was found: `missing` only if the main job needs it, `less` if it goes on without."""

    name: str
    state: State
    version: str = ""
    gives: str
    remedy: str = ""
    needed: bool = False


@dataclass(frozen=True)
class Need:
    """Something to look for. `probe` returns a version ("" if it has none) or raises Lacking."""

    name: str
    gives: str
    remedy: str
    probe: Callable[[], str]
    needed: bool = False


class Lacking(Exception):  # noqa: N818 - it is an answer, not a fault
    """Raised by a probe: why a need is not met."""


def look(needs: Sequence[Need]) -> list[Seen]:
    """Try each need."""
    return [_seen(need) for need in needs]


def _seen(need: Need) -> Seen:
    try:
        version = need.probe()
    except (Lacking, ToolMissing) as lacking:
        return Seen(
            name=need.name,
            state="missing" if need.needed else "less",
            version=str(lacking),
            gives=need.gives,
            remedy=need.remedy,
            needed=need.needed,
        )
    return Seen(name=need.name, state="ok", version=version, gives=need.gives, needed=need.needed)


def needs() -> list[Need]:
    """Return all that is looked for, in the order of the day's round."""
    return [*_programs(), *_rights(), *_packages()]


def _programs() -> list[Need]:
    return [
        Need("nmap", "audits: hosts, ports, services", "apt install nmap",
             partial(program, "nmap", "--version", (7, 80)), needed=True),
        Need("restic", "backups and their proof", "apt install restic",
             partial(program, "restic", "version", (0, 14)), needed=True),
        Need("git", "workspaces shared between engineers", "apt install git",
             partial(program, "git", "--version", (2, 0))),
        Need("timers", "the day's round by itself", "apt install cron, or boot with systemd",
             timers),
    ]  # fmt: skip


def _rights() -> list[Need]:
    return [
        Need("raw sockets", "SYN scans and MAC addresses (else connect scans only)",
             "run as root, or: sudo msptool ...", raw_sockets),
        Need("user namespaces", "the demo site without root", "run the demo as root, or allow"
             " them: sysctl kernel.apparmor_restrict_unprivileged_userns=0", user_namespaces),
    ]  # fmt: skip


def _packages() -> list[Need]:
    """Return our own package and one need for each library that it asks for."""
    own = Need("msptool", "timers, and a look at the libraries below",
               "pip install msptool", partial(package, "msptool", "0"))  # fmt: skip
    libraries = [
        Need(name, "a library msptool is made of", f"pip install '{name}>={least}'",
             partial(package, name, least), needed=True)
        for name, least in required(_requirements())
    ]  # fmt: skip
    return [own, *libraries]


def _requirements() -> Sequence[str]:
    try:
        return metadata.requires("msptool") or ()
    except metadata.PackageNotFoundError:  # run from a bare checkout
        return ()


def required(requirements: Sequence[str]) -> list[tuple[str, str]]:
    """Return name and least version of each requirement that is no extra's (PEP 508)."""
    found = []
    for text in requirements:
        match = re.match(r"([A-Za-z0-9._-]+)\s*(?:>=\s*([\d.]+))?", text)
        if match and "extra ==" not in text:
            found.append((match[1], match[2] or "0"))
    return sorted(found, key=lambda one: one[0].lower())


def number(text: str) -> tuple[int, ...]:
    """Return the first version number in a text: (7, 93) of "Nmap version 7.93 ( … )".

    One with a dot goes before one without: `Zstandard CLI (64-bit) v1.5.4`.
    """
    match = re.search(r"\d+(?:\.\d+)+", text, re.ASCII) or re.search(r"\d+", text, re.ASCII)
    return tuple(int(part) for part in match[0].split(".")) if match else ()


def program(name: str, ask: str, least: tuple[int, ...]) -> str:
    """Return a program's version; raise Lacking where it is older than `least`."""
    done = process.run([process.find(name), ask], timeout_s=TIMEOUT_S)
    version = number(done.stdout.decode(errors="replace").partition("\n")[0])
    if not done.ok or not version:
        raise Lacking(f"does not answer {ask}: {done.complaint()}")
    shown = ".".join(str(part) for part in version)
    if version < least:
        raise Lacking(f"{shown} is too old, {'.'.join(map(str, least))} is needed")
    return shown


def package(name: str, least: str) -> str:
    """Return a library's version; raise Lacking where it is not there or too old."""
    try:
        version = metadata.version(name)
    except metadata.PackageNotFoundError:
        raise Lacking("not installed") from None
    if number(version) < number(least):
        raise Lacking(f"{version} is too old, {least} is needed")
    return version


def timers() -> str:
    """Return which kinds of timers this machine has."""
    from msptool.schedule import doors, systemd

    found = ["systemd"] if systemd.is_running("system") else []
    found += ["cron"] if doors.has_cron() else []
    if not found:
        raise Lacking("neither systemd nor cron")
    return ", ".join(found)


def raw_sockets() -> str:
    """Open a raw socket and close it; nothing is sent."""
    try:
        socket.socket(socket.AF_PACKET, socket.SOCK_RAW).close()
    except (OSError, AttributeError) as error:
        raise Lacking(f"not allowed ({error})") from error
    return ""


def user_namespaces() -> str:
    """Enter a user and a network namespace in a child, and leave again."""
    argv = [process.find("unshare", package="util-linux"), "-Urn", "--", "true"]
    done = process.run(argv, timeout_s=TIMEOUT_S)
    if not done.ok:
        raise Lacking(f"not allowed ({done.complaint()})")
    return ""
