"""smbd with one public share: the real server, run as one mapped user."""

from msptool.demo.blueprint import Smb
from msptool.demo.services.program import Program, Ready, home
from msptool.demo.services.ssh import USER

_FOLDERS = ("private", "state", "cache", "lock", "pid", "ncalrpc", "share")
_CONFIG = """\
[global]
server role = standalone server
workgroup = {workgroup}
netbios name = {name}
server string = {comment}
map to guest = Bad User
guest account = {user}
load printers = no
printing = bsd
disable spoolss = yes
private dir = {home}/private
state directory = {home}/state
cache directory = {home}/cache
lock directory = {home}/lock
pid directory = {home}/pid
ncalrpc dir = {home}/ncalrpc
[public]
path = {home}/share
guest ok = yes
read only = yes
"""


def smb(service: Smb) -> Program:
    """Return a file server."""
    folder = home("smbd")
    config = _CONFIG.format(
        workgroup=service.workgroup,
        name=service.name,
        comment=service.comment,
        user=USER,
        home=folder,
    )
    return Program(
        name="smbd",
        tool="smbd",
        args=("-F", "--no-process-group", "-s", f"{folder}/config", "-l", folder),
        files={"config": config, "share/Прайс.txt": "1;2;3\n"},
        folders=_FOLDERS,
        nested=True,
        ready=(Ready("tcp", 445), Ready("tcp", 139)),
    )
