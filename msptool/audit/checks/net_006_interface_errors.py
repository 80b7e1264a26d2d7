"""NET-006: a port that receives broken frames."""

from collections.abc import Iterator

from msptool.audit.asset import Interface, Snmp
from msptool.audit.checks import CHECKS, Exhibit
from msptool.judge import Said, Undecided, Unsure, Violation, not_applicable
from msptool.model import Rule

PERCENT = 0.1
LEAST_PACKETS = 1_000

RULE = Rule(
    check="NET-006",
    title={"en": "Interface errors", "ru": "Ошибки на порту"},
    message={
        "en": "Port {port}: {errors} of {packets} frames received since the last run were broken "
        "({percent} %).",
        "ru": "Порт {port}: из {packets} кадров, принятых с прошлого запуска, повреждены {errors} "
        "({percent} %).",
    },
    remedy={
        "en": "Replace the cable or the SFP module, check the port, measure again.",
        "ru": "Замените кабель или модуль SFP, проверьте порт, измерьте ещё раз.",
    },
    severity="medium",
    category="network",
    standards=("CIS 12.1", "NIST CSF PR.IR-04", "ФСТЭК ОДТ.3"),
)


@CHECKS.check(RULE, kinds={"asset"}, needs=("snmp",))
def errors(exhibit: Exhibit) -> Iterator[Said]:
    """More than 0.1 % of what came in since the last run, ifInErrors against packets."""
    now = exhibit.asset.snmp
    before = exhibit.previous.snmp if exhibit.previous else None
    if now is None or not (_counts(now) or (before and _counts(before))):
        raise not_applicable()
    if before is None or not before.interfaces:
        raise Undecided("no-previous-run")
    if _restarted(before, now):
        raise Undecided("counter-reset")
    known = {port.name: port for port in before.interfaces}
    for port in now.interfaces:
        if port.name in known:
            yield from _compare(known[port.name], port, now.evidence)


def _counts(snmp: Snmp) -> bool:
    return any(port.in_errors is not None for port in snmp.interfaces)


def _restarted(before: Snmp, now: Snmp) -> bool:
    """sysUpTime went back: the device restarted. It also wraps after 497 days; then, too."""
    return before.uptime_s is None or now.uptime_s is None or now.uptime_s < before.uptime_s


def _compare(before: Interface, now: Interface, evidence: str) -> Iterator[Said]:
    """A port with errors and too little traffic to tell is unsure; an idle, clean one is fine.
    One that counts no more, or did not yet, is unsure; one that never counts has no errors to tell.
    """
    if now.in_errors is None or before.in_errors is None:
        if now.in_errors is not None:
            yield Unsure(now.name, "no-previous-run")
        elif before.in_errors is not None:
            yield Unsure(now.name, "no-data")
        return
    errors = now.in_errors - before.in_errors
    received = errors + (now.in_packets or 0) - (before.in_packets or 0)
    if errors < 0 or received < errors:
        yield Unsure(now.name, "counter-reset")
    elif received < LEAST_PACKETS and now.in_errors > 0:
        yield Unsure(now.name, "too-soon")
    elif errors * 100 > received * PERCENT:
        yield Violation(
            now.name,
            {
                "port": now.name,
                "errors": errors,
                "packets": received,
                "percent": round(100 * errors / received, 2),
            },
            evidence=(evidence,) if evidence else (),
        )
