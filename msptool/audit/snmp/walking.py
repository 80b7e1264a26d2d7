"""Record one agent, whole or a subtree of it: `msptool audit walk`."""

import ipaddress
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import msgspec

from msptool import clock, gate, process, secret
from msptool.audit import scope
from msptool.audit.scope import Address
from msptool.audit.snmp import asking, ber, credentials, talk
from msptool.audit.snmp.ber import Malformed
from msptool.audit.snmp.engine import Credential, holds_at
from msptool.audit.snmp.orders import Orders
from msptool.audit.snmp.recorded import Row
from msptool.audit.snmp.talk import Limits
from msptool.errors import UsageError
from msptool.profile.load import Loaded
from msptool.terminal import Progress
from msptool.workspace import Workspace

LIMITS = Limits(
    rows=400_000, bytes=32 << 20, seconds=1800.0, patience_s=60.0, least_rows_s=5.0,
    quick_s=1.5, timeout_s=3.0,
)  # fmt: skip


@dataclass(frozen=True)
class Walked:
    """What an agent told. `error`: why there is no more, of reasons.REASONS; "" for all."""

    address: str
    rows: tuple[Row, ...] = ()
    community: str = ""
    version: str = ""
    error: str = "silent"
    restarts: int = 0


def record(
    workspace: Workspace,
    loaded: Loaded,
    host: str,
    *,
    subtree: str = "",
    progress: Progress,
    now: datetime | None = None,
) -> Walked:
    """Read an agent with the profile's credentials, in their order.

    Raises OutOfScope before anything is sent, UsageError where there is nothing to ask with.
    """
    profile = loaded.profile
    _refuse_no_oid(subtree)
    today = scope.today(profile.client.zone, now or clock.now())
    address = _one(tuple(scope.plan(profile.scope, today, (host,)).addresses), host)
    known = credentials.of_profile(loaded, partial(secret.resolve, workspace=workspace))
    asked = tuple(one for one in known if holds_at(one, str(address)))
    if not asked:
        raise UsageError(
            "snmp.no-credential",
            f"the profile has no SNMP credential for {address}",
            hint="audit.snmp in client.yaml: a community, or a user of version 3",
        )
    progress.step("walk", str(address))
    orders = _orders(asked, subtree, profile.audit.pace)
    warrant = gate.Warrant.of(profile.scope, profile.client.zone)
    walked = read(str(address), _ask(address, orders, warrant, progress))
    progress.done("walk", f"{len(walked.rows)} rows")
    return walked


def _refuse_no_oid(text: str) -> None:
    try:
        talk.subtree(text)
    except Malformed as error:
        raise UsageError(
            "snmp.oid", f"{text!r} is no OID", hint="digits and dots: 1.3.6.1.2.1.2"
        ) from error


def _one(addresses: Sequence[Address], host: str) -> Address:
    try:
        ipaddress.ip_address(host)
    except ValueError as error:
        raise UsageError(
            "snmp.host", f"{host!r} is not one address", hint="name one host: 192.0.2.7"
        ) from error
    return addresses[0]


def _orders(asked: tuple[Credential, ...], subtree: str, pace: str) -> Orders:
    return Orders(
        groups=(asked,),
        subtree=subtree,
        limits=LIMITS,
        pause_s=asking.PAUSE_S[pace],
        pause_all_s=asking.PAUSE_ALL_S[pace],
    )


def _ask(
    address: Address, orders: Orders, warrant: gate.Warrant, progress: Progress
) -> process.Done:
    def hear(line: bytes) -> None:
        if line.startswith(b'{"address"') and b'"reading": ' in line[:200]:
            progress.step("walk", f"{json.loads(line)['reading']} rows")

    argv = [sys.executable, "-I", "-m", "msptool.audit.workers.snmp"]
    payload = msgspec.json.encode(orders)
    limit_s = LIMITS.seconds + 30 + 10 * len(orders.groups[0])
    return gate.scan(argv, [address], warrant, timeout_s=limit_s, payload=payload, on_line=hear)


def read(address: str, done: process.Done) -> Walked:
    """Return what the worker's last record says: the one of the credential that was let in, else
    of the last that was answered.
    """
    told: dict[str, Any] = {}
    for line in done.stdout.splitlines():
        try:
            found = json.loads(line)
        except ValueError:  # cut at the deadline
            continue
        told = found if "community" in found else told
    if not told:
        return Walked(address, error="silent" if done.ok else "seconds")
    rows = ((name, int(tag), bytes.fromhex(value)) for name, tag, value in told.get("varbinds", ()))
    return Walked(
        address,
        tuple(sorted(rows, key=lambda row: ber.arcs(ber.oid(row[0])))),
        told["community"],
        told["version"],
        told["error"],
        told.get("restarts", 0),
    )
