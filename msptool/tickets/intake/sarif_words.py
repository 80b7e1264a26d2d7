"""What a SARIF log says of a rule and a result: how bad, in which words."""

import re
from collections.abc import Iterator, Mapping, Sequence

import msgspec
from msgspec import Raw

from msptool.model import Rule, Severity, Words
from msptool.tickets.intake import plain
from msptool.tickets.intake.sarif_log import Descriptor, Result, Text

_LEVEL: Mapping[str, Severity] = {
    "error": "high", "warning": "medium", "note": "low", "none": "info",
}  # fmt: skip
_ARGUMENT = 1_000  # characters: a template may name it a thousand times
_CVSS: tuple[tuple[float, Severity], ...] = (
    (9.0, "critical"), (7.0, "high"), (4.0, "medium"), (0.1, "low"),
)  # fmt: skip


def severity(result: Result, rule: Descriptor) -> Severity:
    """Return the score's step, else what the level says, else the rule's level, else medium."""
    for properties in (result.properties, rule.properties):
        score = number(properties.get("security-severity", Raw(b"null")))
        if score is not None and 0 <= score <= 10:
            return next((step for least, step in _CVSS if score >= least), "info")
    return _LEVEL.get(result.level or rule.default_configuration.level, "medium")


def number(raw: Raw) -> float | None:
    """Return a number, or a text that is one."""
    try:
        found = msgspec.json.decode(raw, type=float | str | None)
        return float(found) if found is not None else None
    except (msgspec.DecodeError, ValueError, RecursionError):
        return None


def message(result: Result, rule: Descriptor) -> str:
    """Return a result's own message, or its rule's with the result's arguments."""
    text = result.message
    template = text.text or rule.message_strings.get(text.id, Text()).text
    return plain.message(_with(template[: plain.TEXT_CHARACTERS], text.arguments))


def said(text: Text) -> str:
    """Return all that a message says, for telling it from others."""
    return text.text or "\n".join((text.id, *text.arguments))


def _with(template: str, arguments: Sequence[str]) -> str:
    """Fill `{0}` from arguments, at one go."""

    def value(hole: re.Match[str]) -> str:
        place = int(hole[1])
        return arguments[place][:_ARGUMENT] if place < len(arguments) else hole[0]

    return re.sub(r"\{(\d{1,4})\}", value, template)


def rule_of(check: str, rule: Descriptor, language: str) -> Rule:
    """Return a rule with its texts, in the language of the run."""
    tongue = "ru" if language.lower().startswith("ru") else "en"
    title = plain.line(rule.short_description.text or rule.name or rule.id, 120)
    help_uri = plain.line(rule.help_uri, 500)
    remedy = plain.message(rule.help.text or rule.full_description.text)
    help_: Words = {tongue: "\n".join(filter(None, (remedy, help_uri)))}
    return Rule(
        check=check,
        title={tongue: title},
        message={tongue: "{message}"},
        remedy=help_ if help_[tongue] else {},
        severity=severity(Result(), rule),
        category="code",
        standards=tuple(_standards(rule)),
    )


_CWE = re.compile(r"\bcwe[-/: ]?0*(\d{1,5})\b", re.IGNORECASE)


def _standards(rule: Descriptor) -> Iterator[str]:
    """Yield the weaknesses that a rule's tags name (external/cwe/cwe-079)."""
    try:
        tags = msgspec.json.decode(rule.properties.get("tags", Raw(b"[]")), type=list[str])
    except (msgspec.DecodeError, RecursionError):
        return
    yield from dict.fromkeys(f"CWE-{found[1]}" for t in tags[:100] if (found := _CWE.search(t)))
