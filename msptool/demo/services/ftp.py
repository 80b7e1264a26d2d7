"""vsftpd for one mapped user: no privilege to drop, no seccomp filter to trip over."""

from msptool.demo.blueprint import Ftp
from msptool.demo.services.program import Program, Ready, home

_CONFIG = """\
listen=NO
listen_ipv6=YES
listen_port={port}
background=NO
run_as_launching_user=YES
one_process_model=YES
seccomp_sandbox=NO
anonymous_enable={anonymous}
local_enable={local}
write_enable=NO
ftpd_banner={banner}
anon_root={home}/pub
secure_chroot_dir={home}/empty
connect_from_port_20=NO
xferlog_enable=NO
"""


def ftp(service: Ftp) -> Program:
    """Return an FTP server that lets anyone in, or refuses."""
    folder = home("vsftpd")
    config = _CONFIG.format(
        port=service.port,
        anonymous="YES" if service.anonymous else "NO",
        local="NO" if service.anonymous else "YES",
        banner=service.banner,
        home=folder,
    )
    return Program(
        name="vsftpd",
        tool="vsftpd",
        args=(f"{folder}/config",),
        files={"config": config, "pub/README.txt": "drawings and programs\n"},
        folders=("empty",),
        ready=(Ready("tcp", service.port),),
    )
