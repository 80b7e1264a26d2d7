"""Alertmanager's webhook: what fires opens or comes back, what is resolved is resolved.

The format is version 4 of prometheus.io/docs/alerting/latest/configuration/#webhook_config, which
Grafana's own sender uses too (there `version` is "1", and `orgId` stands beside it).

An alert is a check (its `alertname`) on a thing (the host in its labels, else the group's labels);
the part is made of the labels that are left. What may change while the fault stays the same, its
severity above all, is no part of that; the annotations, values and times are not either.

A payload has no time of its own, and an alert that fires since Monday is told on Friday again: what
fires was seen when the payload was received. An alert that is resolved says so by itself: its
attempt passed, in its own part alone. `truncatedAlerts` were left out by `max_alerts`: told.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime

import msgspec
from msgspec import Raw, Struct

from msptool import __version__
from msptool.model import Attempt, Finding, Header, Rule, Severity, Subject, Thing
from msptool.tickets.batch import Batch, Refused
from msptool.tickets.intake import INTAKES, Intake, Taken, plain, wrong

CALLED = "webhook of Alertmanager"
ALERTS = 10_000
LABELS = 200
# What says which machine, the plainest first.
_HOSTS = ("host", "hostname", "nodename", "node", "instance")
# What may change while the fault is the same.
VOLATILE = frozenset({
    "severity", "level", "priority", "value", "alertstate", "receiver", "replica", "__replica__",
    "prometheus", "prometheus_replica", "monitor", "uid", "pod_ip", "container_id", "trace_id",
    "grafana_folder",
})  # fmt: skip
_WORDS: Mapping[Severity, tuple[str, ...]] = {
    "critical": ("critical", "page", "fatal", "emergency", "disaster", "p1"),
    "high": ("error", "high", "major", "p2"),
    "medium": ("warning", "warn", "medium", "average", "minor", "p3"),
    "low": ("low", "notice", "p4"),
    "info": ("info", "information", "informational", "debug", "none", "p5"),
}
SEVERITY = {word: level for level, words in _WORDS.items() for word in words}
_PORT = re.compile(r"(?P<host>\[[0-9A-Fa-f:.]+\]|[^:/\s]+):\d{1,5}")


class Alert(Struct, frozen=True, gc=False):
    """One alert; a label's value is text, whatever it looks like."""

    status: str
    labels: dict[str, str]
    annotations: dict[str, str] = {}


class Payload(Struct, frozen=True, rename="camel", gc=False):
    """What is posted; fields that are not needed are passed over."""

    alerts: list[Raw]
    version: str = ""
    status: str = ""
    group_labels: dict[str, str] = {}
    truncated_alerts: int = 0


class Told(Struct, frozen=True, gc=False):
    """An alert as we name it."""

    check: str
    thing: str
    part: str
    fires: bool
    alert: Alert


def _knows(_head: bytes, keys: frozenset[str]) -> bool:
    return "alerts" in keys or {"receiver", "groupKey"} <= keys


def take(data: bytes, client: str, at: datetime) -> Taken:
    """Return the batch of a payload; raise UsageError if it is none."""
    try:
        payload = msgspec.json.decode(data, type=Payload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise wrong(CALLED, plain.line(str(error))) from error
    if len(payload.alerts) > ALERTS:
        raise wrong(CALLED, f"more than {ALERTS} alerts")
    if payload.version not in ("4", "1", ""):
        raise wrong(CALLED, f"version {payload.version[:20]!r}, not 4")
    refused: list[Refused] = []
    told = list(_told(payload, refused))
    if payload.truncated_alerts > 0:
        why = f"left out by max_alerts: {payload.truncated_alerts}"
        refused.append(Refused(len(payload.alerts) + 1, why, "alert"))
    batch = _batch(told, client, at, plain.run_id(at, data))
    return Taken((batch,) if told else (), tuple(refused))


def _told(payload: Payload, refused: list[Refused]) -> Iterator[Told]:
    decoder = msgspec.json.Decoder(Alert)
    for number, raw in enumerate(payload.alerts, start=1):
        try:
            alert = decoder.decode(raw)
            if alert.status not in ("firing", "resolved"):
                raise ValueError(f"status {alert.status[:20]!r}")
            if len(alert.labels) > LABELS:
                raise ValueError(f"more than {LABELS} labels")
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError) as error:
            refused.append(Refused(number, plain.line(str(error)), "alert"))
            continue
        yield _named(alert, payload.group_labels)


def _named(alert: Alert, group: Mapping[str, str]) -> Told:
    name = plain.line(alert.labels.get("alertname", "")) or "alert"
    host_label = next((label for label in _HOSTS if alert.labels.get(label, "").strip()), "")
    host = _host(alert.labels.get(host_label, ""))
    left_out = {"alertname", *VOLATILE}
    if host and host == plain.line(alert.labels[host_label]).lower():
        left_out.add(host_label)
    grouped = {} if host else {k: v for k, v in group.items() if k not in left_out}
    thing = plain.alias(host) if host else plain.line(f"alerts:{_joined(grouped)}")
    part = {k: v for k, v in alert.labels.items() if k not in left_out and k not in grouped}
    return Told(
        f"alertmanager/{name}", thing, plain.line(_joined(part)), alert.status == "firing", alert
    )


def _host(text: str) -> str:
    """Return the host of `host`, `host:port` or a URL; "" where it names none."""
    flat = plain.line(text).lower()
    if "://" in flat:
        flat = re.split(r"[/?#]", flat.partition("://")[2])[0].rpartition("@")[2]
    found = _PORT.fullmatch(flat)
    host = found["host"] if found else flat
    return host.removeprefix("[").removesuffix("]")


def _joined(labels: Mapping[str, str]) -> str:
    """Return labels in their order; "#" has a meaning in parts."""
    told = (f"{name}={value}" for name, value in sorted(labels.items()))
    return ",".join(told).replace("#", "%23")


def _batch(told: list[Told], client: str, at: datetime, run: str) -> Batch:
    places: dict[tuple[str, str], list[Told]] = {}
    for one in told:
        places.setdefault((one.check, one.thing), []).append(one)
    firing = {(one.check, one.thing, one.part) for one in told if one.fires}
    only = {
        place: frozenset(o.part for o in its if (o.check, o.thing, o.part) not in firing)
        for place, its in places.items()
    }
    attempts = tuple(
        Attempt(check=check, thing=thing, outcome="fail" if any(o.fires for o in its) else "pass")
        for (check, thing), its in places.items()
    )
    return Batch(
        header=Header(
            run=run, client=client, kind="monitor", msptool=__version__,
            vantage="alertmanager", started_at=at,
        ),
        rules={one.check: _rule(one) for one in reversed(told)},
        things=tuple(_thing(thing) for thing in dict.fromkeys(one.thing for one in told)),
        attempts=attempts,
        findings=tuple(_finding(one, client, at) for one in told if one.fires),
        whole=True,
        only=only,
        kept=False,
    )  # fmt: skip


def _thing(ident: str) -> Thing:
    return Thing(id=ident, kind="alert", name=ident.partition(":")[2] or "Alertmanager")


def _severity(alert: Alert) -> Severity:
    said = next(
        (alert.labels[k] for k in ("severity", "level", "priority") if k in alert.labels), ""
    )
    return SEVERITY.get(said.strip().lower(), "medium")


def _rule(one: Told) -> Rule:
    runbook = plain.line(one.alert.annotations.get("runbook_url", ""), 500)
    return Rule(
        check=one.check,
        title={"en": one.check.partition("/")[2]},
        message={"en": "{message}"},
        remedy={"en": runbook} if runbook else {},
        severity=_severity(one.alert),
        category="alert",
    )


def _finding(one: Told, client: str, at: datetime) -> Finding:
    notes = one.alert.annotations
    said = (notes.get(name, "") for name in ("summary", "description", "message"))
    message = plain.message("\n".join(filter(None, said))) or one.check
    down = "true" in (one.alert.labels.get("unreachable"), notes.get("unreachable"))
    return Finding(
        check=one.check,
        subject=Subject(client=client, thing=one.thing, part=one.part),
        severity=_severity(one.alert),
        facts={"message": message} | ({"unreachable": True} if down else {}),
        seen_at=at,
    )


INTAKES.add("alertmanager")(Intake(_knows, take, CALLED))
