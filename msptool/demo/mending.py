"""Taking planted faults out of a plan, and putting them back: pure."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

from msgspec.structs import replace

from msptool.demo import verdicts
from msptool.demo.blueprint import (
    Blueprint,
    Ftp,
    Host,
    Service,
    Snmp,
    Ssh,
    Telnet,
    Traffic,
    UpsState,
    Web,
)
from msptool.demo.fates import ADDENDA, SUPPORTED
from msptool.demo.records.record import boot
from msptool.errors import UsageError

_MENDED_DAYS = 200


def mend(blueprint: Blueprint, check: str, host: str, part: str, epoch_s: float) -> Blueprint:
    """Return the plan without one fault; counters stand still where they are at `epoch_s`."""
    _require(blueprint, check, host, part)
    old = blueprint.host(host)
    if check in _SERVICES:
        kept = (_SERVICES[check](blueprint, service) for service in old.services)
        return _with(blueprint, replace(old, services=tuple(s for s in kept if s is not None)))
    if check == "SRV-016":
        return _with(blueprint, replace(old, ups=UpsState(on_battery_s=0, minutes=45, charge=100)))
    if check == "NET-006":
        return _with(blueprint, _without_errors(blueprint, old, part, epoch_s))
    raise UsageError("demo.not-mendable", f"{check} is not mended on the practice network")


def restore(blueprint: Blueprint, whole: Blueprint, check: str, host: str, part: str) -> Blueprint:
    """Return the plan with the host as it was planned; other faults mended on it come back too."""
    _require(whole, check, host, part)
    return _with(blueprint, whole.host(host))


def _require(blueprint: Blueprint, check: str, host: str, part: str) -> None:
    if not any(
        (f.check, f.host, f.part) == (check, host, part) for f in verdicts.faults(blueprint)
    ):
        raise UsageError("demo.no-fault", f"{check} is not planted on {host} {part}".rstrip())


def _with(blueprint: Blueprint, host: Host) -> Blueprint:
    hosts = tuple(host if old.role == host.role else old for old in blueprint.hosts)
    return replace(blueprint, hosts=hosts)


def _without_errors(blueprint: Blueprint, host: Host, part: str, epoch_s: float) -> Host:
    plan = verdicts.switch_plan(host)
    up_s = boot(blueprint.seed, host.role).uptime_s(epoch_s)
    traffic = tuple(
        _still(flow, up_s) if plan.if_name(flow.port) == part else flow for flow in plan.traffic
    )
    return replace(host, switch=replace(plan, traffic=traffic))


def _still(flow: Traffic, up_s: float) -> Traffic:
    errors = flow.errors_base + int(flow.errors_per_s * up_s)
    return replace(flow, errors_per_s=0.0, errors_base=errors)


def _no_telnet(_print: Blueprint, service: Service) -> Service | None:
    return None if isinstance(service, Telnet) else service


def _no_anonymous(_print: Blueprint, service: Service) -> Service:
    return replace(service, anonymous=False) if isinstance(service, Ftp) else service


def _renewed(blueprint: Blueprint, service: Service) -> Service:
    if not isinstance(service, Web) or service.certificate is None:
        return service
    noon = datetime.combine(blueprint.today, time(12), UTC)
    until = noon + timedelta(days=_MENDED_DAYS)
    return replace(
        service,
        certificate=replace(
            service.certificate, not_before_at=noon - timedelta(days=1), not_after_at=until
        ),
    )


def _private_only(_print: Blueprint, service: Service) -> Service:
    if not isinstance(service, Snmp):
        return service
    kept = tuple(c for c in service.communities if c not in verdicts.DEFAULT_COMMUNITIES)
    return replace(service, communities=kept)


def _upgraded(_print: Blueprint, service: Service) -> Service:
    return replace(service, addendum=ADDENDA[SUPPORTED]) if isinstance(service, Ssh) else service


_SERVICES: dict[str, Callable[[Blueprint, Service], Service | None]] = {
    "NET-001": _no_telnet,
    "NET-002": _private_only,
    "SEC-007": _renewed,
    "SEC-011": _no_anonymous,
    "SRV-002": _upgraded,
}
