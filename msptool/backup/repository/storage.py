"""Where a repository lies and how restic reaches it: a local folder, SFTP, a REST server.

SFTP goes through the ssh of the machine, told by `-o sftp.command`: restic splits that line at
blanks, takes quotes and knows no escapes, and reads the option as a line of CSV before. So words
are quoted, and paths that cannot be are refused. The host stands after `--`, and the profile lets
neither it nor the user begin with a dash. A REST server's user and password go with the URL into
`--repository-file`, which is read from a descriptor: they stand in no argv.
"""

import re
from dataclasses import dataclass
from urllib.parse import quote

from msptool import process, secret
from msptool.backup import jobs
from msptool.errors import ProfileError
from msptool.process import SecretFile, Word
from msptool.profile.shape import Repository, Rest, Sftp
from msptool.workspace import Workspace

CONNECT_S = 15
_UNQUOTABLE = re.compile(r"""["'\\$%\x00-\x1f]""")  # for restic, or for ssh's own options


@dataclass(frozen=True)
class Storage:
    """What restic is told."""

    location: Word
    options: tuple[str, ...] = ()


def of(workspace: Workspace, repository: Repository) -> Storage:
    """Return where a repository lies; raise what resolving a REST server's password raises."""
    if repository.sftp is not None:
        return _sftp(workspace, repository.sftp)
    if repository.rest is not None:
        return _rest(workspace, repository.rest)
    return Storage(str(jobs.located(workspace, repository.path)))


def shown(repository: Repository) -> str:
    """Return where a repository lies as the profile says it."""
    if repository.sftp is not None:
        sftp = repository.sftp
        user = f"{sftp.user}@" if sftp.user else ""
        port = f":{sftp.port}" if sftp.port != 22 else ""
        return f"sftp://{user}{sftp.host}{port}/{sftp.path}"
    return repository.rest.url if repository.rest is not None else repository.path


def _rest(workspace: Workspace, rest: Rest) -> Storage:
    options = (f"--cacert={jobs.located(workspace, rest.ca)}",) if rest.ca else ()
    if not rest.user and rest.password is None:
        return Storage(f"rest:{rest.url}", options)
    password = secret.resolve(rest.password, workspace) if rest.password else ""
    return Storage(SecretFile(f"rest:{_url(rest, password)}"), options)


def _url(rest: Rest, password: str) -> str:
    scheme, _, place = rest.url.partition("://")
    who = ":".join(quote(word, safe="", errors="surrogateescape") for word in (rest.user, password))
    return f"{scheme}://{who}@{place}"


def _sftp(workspace: Workspace, sftp: Sftp) -> Storage:
    command = ssh_command(workspace, sftp)
    # restic cuts at the first colon and, as the command says where to go, does not use the host.
    location = f"sftp:{sftp.host.replace(':', '-')}:{sftp.path}"
    return Storage(location, (f"--option={csv(f'sftp.command={command}')}",))


def ssh_command(workspace: Workspace, sftp: Sftp) -> str:
    """Return the line by which restic starts ssh; raise ProfileError for paths it cannot hold."""
    words = [process.find("ssh", package="openssh-client"), *ssh_options(workspace, sftp)]
    return " ".join([*(f"'{word}'" for word in words), "-s", "--", sftp.host.strip("[]"), "sftp"])


def ssh_options(workspace: Workspace, sftp: Sftp) -> list[str]:
    """Return ssh's options: it never asks, knows the host's key, and gives a dead line up."""
    words = [f"-p{sftp.port}", "-oBatchMode=yes", "-oStrictHostKeyChecking=yes"]
    words += [f"-oConnectTimeout={CONNECT_S}", "-oServerAliveInterval=15"]
    words += [f"-l{sftp.user}"] if sftp.user else []
    if sftp.identity:
        words += [f"-i{_path(workspace, sftp.identity)}", "-oIdentitiesOnly=yes"]
    if sftp.known_hosts:
        hosts = _path(workspace, sftp.known_hosts)
        words += [f'-oUserKnownHostsFile="{hosts}"', "-oGlobalKnownHostsFile=/dev/null"]
    return words


def _path(workspace: Workspace, path: str) -> str:
    located = str(jobs.located(workspace, path))
    if _UNQUOTABLE.search(located):
        raise ProfileError(
            "repo.ssh-path",
            f"{located!r} cannot be given to ssh",
            hint="a path without quotes, backslash, $ and %",
        )
    return located


def csv(text: str) -> str:
    """Return a text as the one field of a line of CSV."""
    doubled = text.replace('"', '""')
    return f'"{doubled}"'
