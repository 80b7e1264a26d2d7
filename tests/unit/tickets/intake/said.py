"""What other programs say, made for the tests of intakes."""

import json
from typing import Any


def alert(
    name: str = "DiskFull",
    status: str = "firing",
    notes: dict[str, str] | None = None,
    **labels: Any,
) -> dict[str, Any]:
    """Return an alert of Alertmanager."""
    given = {"alertname": name, "instance": "srv1:9100", "severity": "warning", **labels}
    return {
        "status": status,
        "labels": {key: value for key, value in given.items() if value is not None},
        "annotations": {"summary": "disk is full"} if notes is None else notes,
        "startsAt": "2026-11-02T07:00:00Z",
        "endsAt": "0001-01-01T00:00:00Z",
        "generatorURL": "http://prometheus.example/graph",
        "fingerprint": "c6eadffa33fcdf37",
    }


def webhook(*alerts: dict[str, Any], **fields: Any) -> bytes:
    """Return a payload of Alertmanager's webhook."""
    return json.dumps(
        {
            "receiver": "msptool", "status": "firing", "alerts": alerts, "version": "4",
            "groupKey": "{}:{}", "groupLabels": {}, "commonLabels": {}, "commonAnnotations": {},
            "externalURL": "http://am.example", "truncatedAlerts": 0, **fields,
        }
    ).encode()  # fmt: skip


def result(
    rule: str = "R1", file: str = "src/a.py", text: str = "eval(x)", line: int = 7, **fields: Any
) -> dict[str, Any]:
    """Return a result of a SARIF log."""
    region = {"startLine": line, "snippet": {"text": text}}
    where = {"artifactLocation": {"uri": file}, "region": region}
    return {
        "ruleId": rule, "level": "error", "message": {"text": f"bad thing in line {line}"},
        "locations": [{"physicalLocation": where}], **fields,
    }  # fmt: skip


def scan(
    *results: dict[str, Any], rules: tuple[str, ...] = ("R1", "R2"), well: bool | None = True,
    scope: str = "nightly/1", **fields: Any,
) -> dict[str, Any]:  # fmt: skip
    """Return a run of a SARIF log; `well`: what its invocation says, None for none."""
    driver = {
        "name": "scanner",
        "rules": [{"id": rule, "shortDescription": {"text": f"about {rule}"}} for rule in rules],
    }
    run: dict[str, Any] = {"tool": {"driver": driver}, "results": results}
    if scope:
        run["automationDetails"] = {"id": scope}
    if well is not None:
        run["invocations"] = [{"executionSuccessful": well}]
    return {**run, **fields}


def sarif(*runs: dict[str, Any]) -> bytes:
    """Return a SARIF log."""
    return json.dumps({"version": "2.1.0", "runs": runs}).encode()


def notice(prefix: str = "NAGIOS_", **said: str) -> bytes:
    """Return an environment of a notification."""
    lines = [f"{prefix}{name}={value}" for name, value in said.items()]
    return "\n".join(("PATH=/usr/bin", "SECRET=hunter2", *lines, "")).encode()


def service(kind: str, state: str, *, host: str = "srv1", name: str = "disk", **said: str) -> bytes:
    """Return a notification of Nagios about a service."""
    given = {"HOSTSTATE": "UP", "SERVICEOUTPUT": "95% used"} | said
    return notice(
        NOTIFICATIONTYPE=kind, HOSTNAME=host, SERVICEDESC=name, SERVICESTATE=state, **given
    )


def machine(kind: str, state: str, *, host: str = "srv1", **said: str) -> bytes:
    """Return a notification of Nagios about a host."""
    return notice(NOTIFICATIONTYPE=kind, HOSTNAME=host, HOSTSTATE=state, HOSTOUTPUT="ping", **said)
