"""The recovery sheet of a repository: one printed page by which a stranger restores without us.

The password stands in groups of four, line by line, each with the first digits of its SHA-256:
`printf %s LINE | sha256sum` finds the line with a slip. The commands are restic's alone, and a
test follows them to the letter.
"""

import hashlib
import shlex
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import msgspec

from msptool import clock, escape, files, secret, shipped
from msptool.backup import names, pick
from msptool.backup.repository import storage
from msptool.model import Words
from msptool.profile.load import Loaded
from msptool.profile.shape import Repository, Rest, Sftp
from msptool.workspace import Workspace

_GROUP, _LINE, _CHECK = 4, 12, 4
_TYPE = "(umask 077; tr -d '[:space:]' > {0})"
_TYPE_EXACTLY = "(umask 077; cat > {0})"


@dataclass(frozen=True)
class Line:
    """A line of a secret in groups, and its check."""

    groups: tuple[str, ...]
    check: str


@dataclass(frozen=True)
class Secret:
    """A secret as it is printed. `exact`: gaps count, it is to be typed as it stands."""

    lines: tuple[Line, ...]
    exact: bool


@dataclass(frozen=True)
class Step:
    """What to do: the key of its sentence, and the command."""

    say: str
    command: str = ""


@dataclass(frozen=True)
class Sheet:
    """What a sheet tells; `secrets` by the key of their heading."""

    client: str
    repository: str
    place: str
    made: str
    secrets: tuple[tuple[str, Secret], ...]
    steps: tuple[Step, ...]


def printed(text: str) -> Secret:
    """Return a secret as lines of groups; one with blanks in it keeps them, shown as ␣."""
    exact = any(char.isspace() for char in text)
    lines = (text[at : at + _LINE] for at in range(0, len(text), _LINE))
    return Secret(tuple(Line(_groups(line), _check(line)) for line in lines), exact)


def _check(line: str) -> str:
    return hashlib.sha256(line.encode(errors="surrogateescape")).hexdigest()[:_CHECK]


def _groups(line: str) -> tuple[str, ...]:
    shown = line.replace(" ", "␣")
    return tuple(shown[at : at + _GROUP] for at in range(0, len(line), _GROUP))


def of(workspace: Workspace, loaded: Loaded, name: str, repository: Repository, made: str) -> Sheet:
    """Return the sheet of a repository; raise what resolving its secrets raises."""
    password = printed(secret.resolve(repository.password, workspace))
    secrets = [("password", password)]
    if repository.rest is not None and repository.rest.password is not None:
        word = quote(secret.resolve(repository.rest.password, workspace), safe="")
        secrets.append(("storage", printed(word)))
    return Sheet(
        client=f"{loaded.profile.client.name} ({loaded.profile.client.code})",
        repository=name,
        place=_place(workspace, repository),
        made=made,
        secrets=tuple(secrets),
        steps=_steps(workspace, repository, password, _example(loaded, name)),
    )


def _place(workspace: Workspace, repository: Repository) -> str:
    local = repository.sftp is None and repository.rest is None
    return str(storage.of(workspace, repository).location) if local else storage.shown(repository)


def _example(loaded: Loaded, name: str) -> str:
    """Return the tag of a job whose copies lie there: "latest" alone would be that of any job."""
    mine = (job for job, told in loaded.profile.backup.jobs.items() if told.repository == name)
    return pick.tag(next(mine, "NAME"))


def _steps(
    workspace: Workspace, repository: Repository, password: Secret, tag: str
) -> tuple[Step, ...]:
    typed = Step("type_exact", _TYPE_EXACTLY) if password.exact else Step("type", _TYPE)
    steps = [Step(typed.say, typed.command.format("password"))]
    if not password.exact:
        steps.append(Step("proof", f"printf %s LINE | sha256sum | cut -c1-{_CHECK}"))
    if repository.sftp is not None:
        steps.append(Step("ssh"))
        reach = _over_ssh(repository.sftp)
    elif repository.rest is not None:
        steps += _storage_password(repository.rest)
        reach = "--repository-file repository"
        if repository.rest.ca:
            reach += f" --cacert {shlex.quote(Path(repository.rest.ca).name)}"
    else:
        reach = f"-r {shlex.quote(str(storage.of(workspace, repository).location))}"
    restic = f"restic {reach} --password-file password"
    return (
        *steps,
        Step("see", f"{restic} snapshots"),
        Step("get", f"{restic} restore latest --tag {shlex.quote(tag)} --target restored"),
        Step("end"),
    )


def _over_ssh(sftp: Sftp) -> str:
    user = f" -l {sftp.user}" if sftp.user else ""
    command = f"ssh -p {sftp.port}{user} -s {sftp.host.strip('[]')} sftp"
    place = f"sftp:{sftp.host.replace(':', '-')}:{sftp.path}"
    return f"-o {shlex.quote(f'sftp.command={command}')} -r {shlex.quote(place)}"


def _storage_password(rest: Rest) -> tuple[Step, ...]:
    scheme, _, place = rest.url.partition("://")
    if rest.password is None:
        return (Step("reach", f"printf %s {shlex.quote(f'rest:{rest.url}')} > repository"),)
    form = shlex.quote(f"rest:{scheme}://{quote(rest.user, safe='')}:%s@{place}")
    write = f'(umask 077; printf {form} "$(cat storage)" > repository)'
    return (Step("type_storage", f"{_TYPE.format('storage')}\n{write}"),)


def folder(workspace: Workspace) -> Path:
    """Return where the sheets lie: git passes it over."""
    return files.make_folder(workspace.root / "secrets")


def write(
    workspace: Workspace, loaded: Loaded, name: str, *, again: bool = True
) -> tuple[Path, ...]:
    """Write a repository's sheet in each of the client's languages (0600); return those that were
    written: without `again`, only the ones that were not there.
    """
    repository = loaded.profile.backup.repositories[name]
    sheet = of(workspace, loaded, name, repository, clock.now().date().isoformat())
    place = folder(workspace)
    written = []
    for language in loaded.profile.client.languages:
        path = place / f"{names.safe(name)}.recovery.{language}.html"
        if again:
            files.write(path, render(sheet, language))
        elif not files.create(path, render(sheet, language)):
            continue
        written.append(path)
    return tuple(written)


def render(sheet: Sheet, language: str) -> bytes:
    """Return a sheet as a page that needs nothing beside it."""
    import jinja2

    at = shipped.folder("templates") / "recovery"
    jinja = jinja2.Environment(
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=_shown,
        loader=jinja2.FileSystemLoader(at),
        trim_blocks=True,
    )
    say = msgspec.yaml.decode((at / "words.yaml").read_bytes(), type=dict[str, Words])[language]
    page = jinja.get_template("sheet.html.j2")
    return page.render(sheet=sheet, say=say, language=language).encode(errors="replace")


def _shown(value: object) -> object:
    """Show control and direction characters; line breaks stay."""
    if type(value) is not str:
        return value
    return "\n".join(escape.visible(line) for line in value.split("\n"))
