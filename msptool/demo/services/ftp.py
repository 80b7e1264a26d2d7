"""vsftpd for one mapped user: no privilege to drop, no seccomp filter to trip over.

In one process vsftpd serves anonymous clients only, so it refuses them by a list of accepted
passwords with one that nobody sends; a client sees what any server without anonymous login says
(530). An empty list would let all in.
"""

from msptool.demo.blueprint import Ftp
from msptool.demo.services.program import Program, Ready, home
from msptool.demo.services.ssh import USER

_CONFIG = """\
listen=NO
listen_ipv6=YES
listen_port={port}
background=NO
run_as_launching_user=YES
one_process_model=YES
seccomp_sandbox=NO
anonymous_enable=YES
secure_email_list_enable={picky}
email_password_file={home}/emails
write_enable=NO
ftpd_banner={banner}
ftp_username={user}
nopriv_user={user}
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
        picky="NO" if service.anonymous else "YES",
        banner=service.banner,
        home=folder,
        user=USER,
    )
    return Program(
        name="vsftpd",
        tool="vsftpd",
        args=(f"{folder}/config",),
        files={
            "config": config,
            "emails": "9c1f2b8e3d-nobody\n",
            "pub/README.txt": "drawings and programs\n",
        },
        folders=("empty",),
        ready=(Ready("tcp", service.port),),
    )
