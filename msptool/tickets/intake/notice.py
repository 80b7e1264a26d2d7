"""Notifications of Nagios and of those that came from it: a host or a service changed its state.

They are lines `NAME=VALUE` as `env` prints them (or ended by NUL, as `env -0` does). Of an
environment, which may hold secrets, only the names in `NAMES` are read. A line that is none goes on
with the value before it. Several notifications are parted by an empty line.

Types: nagios.org, "Standard Macros", NOTIFICATIONTYPE. What each one does stands in `_DOES`:
trouble is a finding; a return to OK or UP is an attempt that passed, of that service alone; what
tells of neither (the beginning of a downtime, and of flapping while all is well) changes nothing.

- A host that is down says with its finding that the machine does not answer: what is wrong with its
  services then comes under its ticket.
- The time is the monitor's, where it says one that is not in the future: a spool may be late.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from msptool import __version__
from msptool.model import Attempt, Finding, Header, Rule, Scalar, Severity, Subject, Thing
from msptool.tickets.batch import Batch, Refused
from msptool.tickets.intake import Taken, plain, wrong

LIMIT_BYTES = 4 << 20
NAMES = frozenset({
    "NOTIFICATIONTYPE", "WHAT", "HOSTNAME", "HOSTALIAS", "HOSTADDRESS", "HOSTSTATE", "HOSTOUTPUT",
    "LONGHOSTOUTPUT", "SERVICEDESC", "SERVICESTATE", "SERVICEOUTPUT", "LONGSERVICEOUTPUT",
    "TIMET", "MICROTIME", "NOTIFICATIONCOMMENT", "HOSTNOTESURL", "SERVICENOTESURL",
})  # fmt: skip
_SEVERITY: Mapping[str, Severity] = {
    "DOWN": "high", "UNREACHABLE": "medium", "CRITICAL": "high", "CRIT": "high",
    "WARNING": "medium", "WARN": "medium", "UNKNOWN": "low", "UNKN": "low",
}  # fmt: skip
_FINE = frozenset({"OK", "UP"})
_DOES: Mapping[str, str] = {
    "PROBLEM": "look", "RECOVERY": "look", "ACKNOWLEDGEMENT": "trouble", "CUSTOM": "trouble",
    "FLAPPINGSTART": "trouble", "FLAPPINGSTOP": "look", "FLAPPINGDISABLED": "look",
    "DOWNTIMESTART": "nothing", "DOWNTIMEEND": "look", "DOWNTIMECANCELLED": "look",
    "ALERTHANDLER": "nothing",
}  # fmt: skip


@dataclass(frozen=True)
class System:
    """A program that notifies: its name, how it is written, and what its variables begin with."""

    name: str
    called: str
    prefix: str

    def knows(self, head: bytes, _keys: frozenset[str]) -> bool:
        """Tell whether a beginning is an environment of this program."""
        return re.search(rb"(?:^|[\n\0])" + self.prefix.encode() + rb"[A-Z]\w*=", head) is not None

    def take(self, data: bytes, client: str, at: datetime) -> Taken:
        """Return a batch for each notification; raise UsageError where there is none."""
        batches: list[Batch] = []
        refused: list[Refused] = []
        number = 0
        for number, said in enumerate(_notices(data, self.prefix), start=1):
            try:
                batch = _batch(self, said, client, at)
            except ValueError as error:
                refused.append(Refused(number, str(error), "notification"))
                continue
            batches += [batch] if batch else []
        if not number:
            raise wrong(self.called, f"no line begins with {self.prefix}")
        return Taken(tuple(batches), tuple(refused))


def _notices(data: bytes, prefix: str) -> Iterator[Mapping[str, str]]:
    """Yield the variables of each notification.

    Behind an empty line the next one begins, unless this one is not whole yet: an output of several
    lines may hold an empty one.
    """
    text = data.decode(errors="replace").removeprefix("\ufeff")
    held: dict[str, str] = {}
    name, gap = "", False
    for line in re.split(r"\0" if "\0" in text else r"\r?\n", text):
        begun = re.match(r"(\w+)=(.*)", line, re.DOTALL)
        if begun is None:
            gap = gap or not line.strip()
            if name in held:
                held[name] += f"\n{line}"
            continue
        name = begun[1].removeprefix(prefix) if begun[1].startswith(prefix) else ""
        if name not in NAMES:
            continue
        if gap and (name in held or {"NOTIFICATIONTYPE", "HOSTNAME"} <= held.keys()):
            yield held
            held = {}
        held[name], gap = begun[2], False
    if held:
        yield held


def _batch(system: System, said: Mapping[str, str], client: str, at: datetime) -> Batch | None:
    """Return what a notification says; None where it says nothing of a fault."""
    kind = said.get("NOTIFICATIONTYPE", "").strip().upper()
    does = _DOES.get(kind.partition(" ")[0])
    if does is None:
        raise ValueError(f"type {plain.line(kind, 40)!r} is none we know")
    host = plain.line(said.get("HOSTNAME", "")).lower()
    if not host:
        raise ValueError("names no host")
    service = plain.line(said.get("SERVICEDESC", ""))
    if said.get("WHAT", "").upper() == "HOST":
        service = ""
    state = said.get("SERVICESTATE" if service else "HOSTSTATE", "").strip().upper()
    if state not in _FINE and state not in _SEVERITY:
        raise ValueError(f"state {plain.line(state, 40)!r} is none we know")
    if does == "nothing" or (does == "trouble" and state in _FINE):
        return None
    return _look(
        system, said, Subject(client=client, thing=plain.alias(host), part=service), state, at
    )


def _look(
    system: System, said: Mapping[str, str], subject: Subject, state: str, at: datetime
) -> Batch:
    check = f"{system.name}/{'service' if subject.part else 'host'}"
    seen_at = _time(said, at)
    told = "\0".join((check, subject.thing, subject.part, state))
    attempt = Attempt(
        check=check, thing=subject.thing, outcome="pass" if state in _FINE else "fail"
    )
    return Batch(
        header=Header(
            run=plain.run_id(seen_at, told.encode()), client=subject.client, kind="monitor",
            msptool=__version__, vantage=system.name, started_at=seen_at,
        ),
        rules={check: _rule(check, said, state)},
        things=(_thing(said, subject.thing),),
        attempts=(attempt,),
        findings=() if state in _FINE else (_finding(check, said, subject, state, seen_at),),
        whole=True,
        only={(check, subject.thing): frozenset({subject.part})},
        kept=False,
    )  # fmt: skip


def _thing(said: Mapping[str, str], ident: str) -> Thing:
    address = plain.line(said.get("HOSTADDRESS", ""))
    return Thing(
        id=ident, kind="asset", name=ident.partition(":")[2],
        addresses=(address,) if address else (),
    )  # fmt: skip


def _rule(check: str, said: Mapping[str, str], state: str) -> Rule:
    """Return a rule without a title of its own where the state says it: it may change."""
    of_service = check.endswith("/service")
    notes = plain.line(said.get("SERVICENOTESURL" if of_service else "HOSTNOTESURL", ""), 500)
    return Rule(
        check=check,
        title={"en": "service in trouble", "ru": "неполадка службы"}
        if of_service
        else {"en": "host does not answer", "ru": "узел не отвечает"},
        message={"en": "{state}: {output}"},
        remedy={"en": notes} if notes else {},
        severity=_SEVERITY.get(state, "info"),
        category="availability",
    )


def _finding(
    check: str, said: Mapping[str, str], subject: Subject, state: str, seen_at: datetime
) -> Finding:
    what = "SERVICE" if subject.part else "HOST"
    more = said.get(f"LONG{what}OUTPUT", "").replace("\\n", "\n")
    output = plain.message("\n".join((said.get(f"{what}OUTPUT", ""), more)))
    facts: dict[str, Scalar] = {"state": state, "output": output}
    if not subject.part:
        facts["unreachable"] = True
    return Finding(
        check=check,
        subject=subject,
        severity=_SEVERITY[state],
        facts=facts,
        seen_at=seen_at,
    )


def _time(said: Mapping[str, str], at: datetime) -> datetime:
    """Return when the monitor says it was, unless that is in the future, or years ago."""
    for name, per_second in (("TIMET", 1), ("MICROTIME", 1_000_000)):
        number = said.get(name, "").strip()
        if number.isascii() and number.isdigit() and len(number) < 20:
            stated = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(
                seconds=min(int(number) / per_second, 4e9)
            )
            return stated if at - timedelta(days=366) < stated < at else at
    return at
