"""sshd: key login only, a banner that names a drawn release and never this machine's."""

from msptool.demo import keys
from msptool.demo.blueprint import Blueprint, Ssh
from msptool.demo.services.program import Program, Ready, home

USER = "admin"
_CONFIG = """\
Port {port}
HostKey {home}/host_key
AuthorizedKeysFile {home}/authorized_keys
PidFile none
UsePAM no
StrictModes no
PasswordAuthentication no
KbdInteractiveAuthentication no
DebianBanner no
VersionAddendum {addendum}
PrintMotd no
PrintLastLog no
"""


def ssh(blueprint: Blueprint, service: Ssh) -> Program:
    """Return an sshd that lets the site's key in as `USER`."""
    folder = home("sshd")
    config = _CONFIG.format(port=service.port, home=folder, addendum=service.addendum or "none")
    return Program(
        name="sshd",
        tool="sshd",
        args=("-D", "-e", "-f", f"{folder}/config"),
        files={
            "config": config,
            "host_key": keys.ssh_private(service.key),
            "authorized_keys": keys.ssh_public(blueprint.user_key) + "\n",
        },
        nested=True,
        ready=(Ready("tcp", service.port),),
    )
