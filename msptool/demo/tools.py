"""The programs of the site: taken from PATH, else from packages unpacked into a cache.

apt starts the daemons it installs, listening on the engineer's laptop. So the packages are
fetched and unpacked (`apt-get download`, `dpkg-deb -x`), never installed; no root is needed.
"""

import os
import shutil
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from msgspec import Struct

from msptool import files, process
from msptool.errors import ToolFailed, ToolMissing

# Program: the Debian and Ubuntu package that has it.
SERVERS = {
    "snmpd": "snmpd",
    "sshd": "openssh-server",
    "smbd": "samba",
    "vsftpd": "vsftpd",
    "nginx": "nginx",
    "dnsmasq": "dnsmasq-base",
    "telnetd": "inetutils-telnetd",
}
# What must be installed: they set up namespaces and links, and start nothing by themselves.
BASICS = {"ip": "iproute2", "unshare": "util-linux", "nsenter": "util-linux"}
_SYSTEM_FOLDERS = ("/usr/sbin", "/sbin", "/usr/bin", "/usr/local/sbin")
_APT_S, _DOWNLOAD_S = 60.0, 300.0


class Tool(Struct, frozen=True):
    """Where a program is, and what it needs to run from there."""

    path: str
    args: tuple[str, ...] = ()
    env: Mapping[str, str] = {}


def cache() -> Path:
    """Return the folder with the unpacked packages; it may not be there yet."""
    given = os.environ.get("MSPTOOL_DEMO_TOOLS")
    if given:
        return Path(given)
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base, "msptool", "demo-tools")


def find(name: str) -> Tool:
    """Return a program of the site; raise ToolMissing with the remedy."""
    if name == "python":
        return Tool(sys.executable)
    installed = shutil.which(name, path=os.pathsep.join((*os.get_exec_path(), *_SYSTEM_FOLDERS)))
    if installed:
        return Tool(str(Path(installed).absolute()))
    unpacked = cache() / "usr/sbin" / name
    if name in SERVERS and unpacked.is_file():
        return _unpacked(name, unpacked)
    if name in SERVERS:
        raise ToolMissing(
            "demo.tool-missing",
            f"the practice network needs {name}",
            hint="msptool demo fetch (unpacks it into a cache, installs nothing)",
        )
    return Tool(process.find(name, package=BASICS.get(name, "")))


def require_all() -> None:
    """Raise ToolMissing for the first program that is not here."""
    for name in (*BASICS, *SERVERS):
        find(name)


def missing() -> list[str]:
    """Return the servers that are neither installed nor unpacked."""
    return [name for name in SERVERS if not _is_here(name)]


def fetch(tell: Callable[[str], None]) -> list[str]:
    """Unpack what is missing into the cache; return the packages that were fetched.

    Raises ToolMissing without apt, ToolFailed when a package cannot be had.
    """
    wanted = [SERVERS[name] for name in missing()]
    if not wanted:
        return []
    folder = files.make_folder(cache())
    packages = _with_libraries(wanted)
    tell(f"fetching {len(packages)} packages into {folder}: {' '.join(packages)}")
    downloads = files.make_folder(folder / "downloads")
    try:
        _run([process.find("apt-get"), "download", *packages], _DOWNLOAD_S, cwd=downloads)
        for archive in sorted(downloads.glob("*.deb")):
            _run([process.find("dpkg-deb"), "-x", str(archive), str(folder)], _APT_S)
    finally:
        shutil.rmtree(downloads)
    require_all()
    return packages


def _is_here(name: str) -> bool:
    try:
        find(name)
    except ToolMissing:
        return False
    return True


def _unpacked(name: str, path: Path) -> Tool:
    """Return a program of the cache, with its libraries and helpers found beside it."""
    folders = [folder for folder in (cache() / "usr/lib").glob("*-linux-gnu*") if folder.is_dir()]
    libraries = [str(place) for folder in folders for place in (folder, folder / "samba")]
    env = {"LD_LIBRARY_PATH": os.pathsep.join(libraries)}
    return Tool(str(path), tuple(_helper_options(name)), env)


def _helper_options(name: str) -> list[str]:
    """OpenSSH 9.8 and later run two helpers by absolute path: name ours."""
    if name != "sshd":
        return []
    helpers = {"SshdSessionPath": "sshd-session", "SshdAuthPath": "sshd-auth"}
    places = {word: cache() / "usr/lib/openssh" / file for word, file in helpers.items()}
    return [part for word, at in places.items() if at.exists() for part in ("-o", f"{word}={at}")]


def _with_libraries(wanted: list[str]) -> list[str]:
    """Return the wanted packages and the libraries that apt would install with them.

    A simulated installation needs no root and changes nothing.
    """
    apt = process.find("apt-get")
    argv = [apt, "--simulate", "--no-install-recommends", "install", "--", *wanted]
    lines = _run(argv, _APT_S).splitlines()
    installed = [line.split()[1] for line in lines if line.startswith("Inst ")]
    libraries = (p for p in installed if p.startswith("lib") or p.endswith("-libs"))
    return sorted({*wanted, *libraries})


def _run(argv: list[str], timeout_s: float, *, cwd: Path | None = None) -> str:
    done = process.run(argv, timeout_s=timeout_s, cwd=cwd)
    if not done.ok:
        raise ToolFailed(
            "demo.fetch-failed",
            f"{Path(argv[0]).name}: {done.complaint()}",
            hint="apt-get update as root, then run it again",
        )
    return done.stdout.decode(errors="replace")
