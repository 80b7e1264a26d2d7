"""The practice client: a profile that fits a seed, its secrets, and something to back up."""

import json
import secrets
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from msptool import files
from msptool.demo.draw import Draw
from msptool.demo.truth import Host, Truth
from msptool.profile import draft
from msptool.workspace import Workspace

SOURCE = "source"
_COMPANIES = ("ООО «Ромашка»", "ООО «Вектор»", "АО «Северный мост»", "ИП Ковалёва", "ООО «Лес»")
_PROFILE = """\
# A practice client of `msptool demo`, seed {seed}. Its network exists in namespaces only:
#   msptool demo exec --seed {seed} -- msptool -C . run
msptool: 1
extends: standard
client: {{code: DEMO, name: {name}, languages: [ru, en], zone: Europe/Moscow}}
scope:
  networks: [{networks}]
  exclude: []
  authorised_by: {authorised}
  expires: {expires}
  consents:
    # At most three tries of communities that everybody knows.
    - {{module: default-credentials, by: {authorised}, date: {today}}}
audit:
  pace: normal
  snmp:
    - community: file:secrets/snmp.community
backup:
  repositories:
    local: {{path: {repository}, password: "file:secrets/restic.password"}}
  jobs:
    files:
      repository: local
      paths: [{source}]
      rpo_h: 24
      rto_h: 4
      # By the name that an audit sees, else by address.
      protects: [{protects}]
monitor: {{services: []}}
assets:
{assets}"""


def client_yaml(
    truth: Truth, backup_source: str = f"./{SOURCE}", repository: str = "./backup-repository"
) -> str:
    """Return the client profile of a seed; relative paths start at the workspace."""
    draw = Draw(truth.seed, "client")
    owner = draw.pick("owner", ("И. Петров, директор", "А. Смирнова, главный бухгалтер"))
    return _PROFILE.format(
        seed=truth.seed,
        name=_quoted(draw.pick("company", _COMPANIES)),
        networks=", ".join(_quoted(network) for network in truth.networks),
        authorised=_quoted(owner),
        expires=truth.today + timedelta(days=365),
        today=truth.today,
        repository=_quoted(repository),
        source=_quoted(backup_source),
        protects=", ".join(_quoted(match(host)) for host in protected(truth)),
        assets="".join(_asset(truth.host(role)) for role in ("srv1", "file")),
    )


def protected(truth: Truth) -> list[Host]:
    """Return the hosts that the backup job protects."""
    roles = {decoy.host for decoy in truth.decoys if decoy.check == "BKP-001"}
    return [host for host in truth.hosts if host.name in roles]


def match(host: Host) -> str:
    """Return how a profile names a host: by the name SNMP tells, else by its address."""
    if host.snmp is not None and host.identity.sys_name:
        return f"name:{host.identity.sys_name}"
    return f"ip:{host.ip4 or host.ip6}"


def write_workspace(directory: Path, truth: Truth) -> None:
    """Make a workspace for a seed, as `msptool init` does; what is there already stays as it is."""
    files.make_folder(directory / "secrets")
    files.create(directory / "secrets/snmp.community", _community(truth))
    password = secrets.token_urlsafe(24).encode() + b"\n"
    files.create(directory / "secrets/restic.password", password)
    if not (directory / SOURCE).exists():
        for name, data in source_files(truth.seed):
            files.make_folder((directory / SOURCE / name).parent)
            files.create(directory / SOURCE / name, data)
    if not Workspace(directory).client_file.exists():
        draft.found(directory, client_yaml(truth))


def source_files(seed: int) -> Iterator[tuple[str, bytes]]:
    """Yield the path and content of a few dozen files as an office has them."""
    draw = Draw(seed, "source")
    for number in range(1, 13):
        rows = (f"{n};Товар {n};{draw.number(f'{number}:{n}', 1, 9999)},00" for n in range(80))
        yield f"Бухгалтерия/Счёт № {number:03d}.csv", "\n".join(rows).encode()
    for number in range(1, 11):
        size = draw.number(f"size {number}", 2_000, 120_000)
        yield f"photos/IMG_{number:04d}.jpg", b"\xff\xd8\xff\xe0" + draw.data(f"{number}", size)
    for number in range(1, 9):
        text = f"# Регламент {number}\n\n" + "Проверить резервные копии.\n" * number
        yield f"docs/Регламенты/{number}. Регламент.md", text.encode()
    yield "1C/base.dump", draw.data("base", 600_000)
    yield "1C/empty.log", b""
    yield "docs/long " + "name " * 30 + ".txt", b"x\n"


def _community(truth: Truth) -> bytes:
    host = truth.host("gw")
    return ((host.snmp.community if host.snmp else "") + "\n").encode()


def _asset(host: Host) -> str:
    return f"  - {{match: {_quoted(match(host))}, importance: high}}\n"


def _quoted(text: str) -> str:
    """Return a YAML double-quoted scalar; JSON's strings are such."""
    return json.dumps(text, ensure_ascii=False)
