"""MON-003: a unit that the profile names does not run."""

from collections.abc import Iterable

from msptool.judge import Undecided, Violation
from msptool.model import Rule
from msptool.monitor.checks import CHECKS
from msptool.monitor.seen import Seen, Service

RULE = Rule(
    check="MON-003",
    title={"en": "Service is not running", "ru": "Служба не работает"},
    message={
        "en": "{unit} is not running: {state}.",
        "ru": "{unit} не работает: {state}.",
    },
    remedy={
        "en": "Read its journal (journalctl -u UNIT), mend the cause and start it; if the unit is"
        " not-found, install it or correct monitor.services in the profile.",
        "ru": "Посмотрите журнал (journalctl -u UNIT), устраните причину и запустите службу; если"
        " состояние not-found — установите её или исправьте monitor.services в профиле.",
    },
    severity="high",
    category="servers",
    standards=("NIST CSF PR.IR-04",),
)
_RUNNING = frozenset({"active", "reloading", "refreshing"})
_ON_THE_WAY = frozenset({"activating", "deactivating", "maintenance"})


@CHECKS.check(RULE, kinds=("agent",), needs=("services",))
def judge(seen: Seen) -> Iterable[Violation]:
    """Find units that are not active; one that is just starting or stopping weighs little."""
    if seen.services is None:
        raise Undecided("not-configured", "skipped")
    for service in seen.services:
        if service.loaded == "loaded" and service.active in _RUNNING:
            continue
        yield Violation(
            part=service.unit,
            facts={"unit": service.unit, "state": _state(service)},
            severity="low" if _passing(service) else None,
            evidence=seen.evidence,
        )


def _state(service: Service) -> str:
    """Return what is wrong: a unit that is not there is "inactive" to systemd, not to us."""
    if service.loaded != "loaded":
        return service.loaded
    return f"{service.active} ({service.sub})"


def _passing(service: Service) -> bool:
    """Tell a state that ends by itself from a crash loop (auto-restart)."""
    return (
        service.loaded == "loaded"
        and service.active in _ON_THE_WAY
        and service.sub != "auto-restart"
    )
