"""How `msptool audit walk` hands over a recording, and says how far it came."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, cast

import msgspec

from msptool import files
from msptool.cli import base
from msptool.cli.speech import _
from msptool.errors import FINE, UsageError
from msptool.escape import visible

if TYPE_CHECKING:
    from msptool.audit.snmp.recorded import Format
    from msptool.audit.snmp.walking import Walked


class Varbind(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag="varbind"):
    """One row: the object, the ASN.1 tag of its value, and the value's octets in hex."""

    oid: str
    tag: int
    hex: str


class Walk(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag="walk"):
    """How a walk went. `credential` is a label, never the secret; `error` says why it is partial;
    `restarts`: how often the agent became another engine meanwhile.
    """

    address: str
    credential: str
    version: str
    rows: int
    complete: bool
    error: str
    restarts: int


def refuse_taken(output: Path | None, *, force: bool) -> None:
    """Raise UsageError where a file stands already, before anything is sent."""
    if output is not None and not force and (output.exists() or output.is_symlink()):
        raise _taken(output)


def _taken(output: Path) -> UsageError:
    return UsageError(
        "usage.taken", f"{output} is there already", hint="another name, or --force to replace it"
    )


def show(told: "Walked", form: str, output: Path | None, *, force: bool, as_json: bool) -> int:
    """Write the recording, print what is asked for; raise or return 3 for what is partial."""
    from msptool.audit.snmp import reasons, recorded

    lines = recorded.lines(told.rows, cast("Format", form))
    if told.rows and output is not None:
        _write(output, "".join(f"{line}\n" for line in lines).encode(), force=force)
    elif told.rows and not as_json:
        sys.stdout.writelines(f"{line}\n" for line in lines)
    if told.restarts:
        base.tell(_("the agent restarted; the walk went on with a new session"))
    if as_json:
        _emit(told, rows=output is None)
    elif output is not None and told.rows:
        base.say(_("{0} rows in {1}", len(told.rows), visible(str(output))))
    if not told.error:
        return FINE
    return base.part_done(reasons.error(told.error), as_json=as_json)


def _write(output: Path, data: bytes, *, force: bool) -> None:
    with base.into(output):
        if force:
            files.deliver(output, data)
        elif not files.create(output, data):
            raise _taken(output)


def _emit(told: "Walked", *, rows: bool) -> None:
    for name, tag, value in told.rows if rows else ():
        base.say(msgspec.json.encode(Varbind(oid=name, tag=tag, hex=value.hex())).decode())
    summary = Walk(
        address=told.address,
        credential=told.community,
        version=told.version,
        rows=len(told.rows),
        complete=not told.error,
        error=told.error,
        restarts=told.restarts,
    )
    base.say(msgspec.json.encode(summary).decode())
    base.end(as_json=True)
