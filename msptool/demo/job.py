"""The job that the holder gets: pure, from the plan and the places of the tools."""

from collections.abc import Callable
from typing import Any

from msptool.demo import keys, services
from msptool.demo.blueprint import Blueprint, Host
from msptool.demo.services.program import Program
from msptool.demo.services.ssh import USER
from msptool.demo.tools import Tool

Find = Callable[[str], Tool]
_DEADLINE_S = 20.0
_PREFIX4, _PREFIX6 = 24, 64
_RELEASES = {9: "stretch", 10: "buster", 11: "bullseye", 13: "trixie"}


def job(blueprint: Blueprint, find: Find) -> dict[str, Any]:
    """Return everything the holder needs to know, fit for JSON."""
    ip = find("ip").path
    gateway = blueprint.host("gw")
    lines4 = (f"addr add {blueprint.laptop.ip4}/{_PREFIX4} brd + dev eth0",)
    lines6 = (f"addr add {blueprint.laptop.ip6}/{_PREFIX6} dev eth0 nodad",)
    return {
        "ip": ip,
        "deadline_s": _DEADLINE_S,
        "laptop": {
            "ip": ip,
            "mac": blueprint.laptop.mac,
            "lines": [*_up(), *lines4, *lines6, *_routes(gateway, v6=True)],
            "binds": {"/etc/resolv.conf": _resolv(blueprint)},
        },
        "hosts": [host(blueprint, one, find) for one in blueprint.hosts],
    }


def host(blueprint: Blueprint, one: Host, find: Find) -> dict[str, Any]:
    """Return one host: what it is called, where it stands, what runs on it."""
    programs = services.programs(blueprint, one, lambda name: find(name).path)
    return {
        "ip": find("ip").path,
        "role": one.role,
        "hostname": one.name,
        "mac": one.mac,
        "address": one.ip4 or one.ip6,
        "v6": one.ip6 is not None,
        "drops_ping": one.drops_ping,
        "lines": _lines(blueprint, one),
        "binds": _binds(blueprint, one),
        "programs": [_program(program, find) for program in programs],
    }


def _program(program: Program, find: Find) -> dict[str, Any]:
    tool = find(program.tool)
    return {
        "name": program.name,
        "argv": [tool.path, *tool.args, *program.args],
        "files": dict(program.files),
        "folders": list(program.folders),
        "env": {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", **tool.env, **program.env},
        "nested": program.nested,
        "unshare": find("unshare").path,
        "ready": [
            {"proto": r.proto, "port": r.port, "community": r.community} for r in program.ready
        ],
    }


def _lines(blueprint: Blueprint, one: Host) -> list[str]:
    lines = _up()
    if one.ip4:
        lines.append(f"addr add {one.ip4}/{_PREFIX4} brd + dev eth0")
    if one.ip6:
        lines.append(f"addr add {one.ip6}/{_PREFIX6} dev eth0 nodad")
    if one.role != "gw":
        lines += _routes(blueprint.host("gw"), v4=bool(one.ip4), v6=bool(one.ip6))
    return lines


def _up() -> list[str]:
    return ["link set lo up", "link set eth0 up"]


def _routes(gateway: Host, *, v4: bool = True, v6: bool = False) -> list[str]:
    """The gateway leads nowhere: there is nothing behind it."""
    lines = [f"route add default via {gateway.ip4}"] if v4 else []
    if v6 and gateway.ip6:
        lines.append(f"route add default via {gateway.ip6}")
    return lines


def _resolv(blueprint: Blueprint) -> str:
    return f"search {blueprint.domain}\nnameserver {blueprint.host('gw').ip4}\n"


def _binds(blueprint: Blueprint, one: Host) -> dict[str, str]:
    """Return the files in which the host differs from the machine it runs on."""
    return {
        "/etc/passwd": f"root:x:0:0::/:/bin/sh\n{USER}:x:1000:1000::/run:/bin/sh\n"
        "sshd:x:100:65534::/run:/bin/false\nnobody:x:65534:65534::/:/bin/false\n",
        "/etc/group": f"root:x:0:\n{USER}:x:1000:\nnogroup:x:65534:\n",
        "/etc/shadow": "",
        "/etc/hostname": f"{one.name}\n",
        "/etc/hosts": f"127.0.0.1 localhost\n127.0.1.1 {one.name}.{blueprint.domain} {one.name}\n",
        "/etc/resolv.conf": _resolv(blueprint),
        "/etc/issue": f"{one.name}\n",
        "/etc/issue.net": f"{one.name}\n",
        "/etc/motd": "",
        "/etc/os-release": _os_release(one.release),
    }


def _os_release(release: int) -> str:
    if not release:
        return 'NAME="Embedded Linux"\nID=linux\n'
    name = _RELEASES[release]
    return (
        f'PRETTY_NAME="Debian GNU/Linux {release} ({name})"\nNAME="Debian GNU/Linux"\n'
        f'VERSION_ID="{release}"\nVERSION_CODENAME={name}\nID=debian\n'
    )


def ssh_key(blueprint: Blueprint) -> str:
    """Return the private key that every sshd of the site lets in as `services.ssh.USER`."""
    return keys.ssh_private(blueprint.user_key)
