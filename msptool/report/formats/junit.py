"""JUnit XML for CI: a suite a kind of run, a case an attempt.

fail is a failure; unknown and skipped are skipped with the reason, so that no silence passes. There
is no official schema: these are the elements and attributes that GitLab, Jenkins and junitparser
read (testsuites, testsuite, testcase, failure, skipped).
"""

import re
from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement, tostring

from msptool import clock
from msptool.escape import visible
from msptool.model import Attempt, Finding, Report
from msptool.report.document import Document, Part
from msptool.report.formats import FORMATS, Format
from msptool.report.i18n import Tongue
from msptool.report.index import Index, message, title

# https://www.w3.org/TR/xml/#charsets forbids these beside the controls, which visible() shows.
_NONCHARACTERS = re.compile("[\ufffe\uffff]")
_TONGUE = Tongue("en")


def render(document: Document) -> bytes:
    """Return every attempt of every kind as XML, in English."""
    index = Index(document)
    root = Element("testsuites", name=_safe(f"msptool {document.client}"))
    for part in document.parts:
        root.append(_suite(index, part))
    text: str = tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'.encode()


def _safe(text: str) -> str:
    return _NONCHARACTERS.sub(lambda found: f"\\u{ord(found[0]):04x}", visible(text))


def _suite(index: Index, part: Part) -> Element:
    suite = Element("testsuite", name=part.kind)
    if part.report is None:
        _skipped(suite, "run", "no complete run yet")
    else:
        _cases(index, part.report, suite)
    for problem in part.problems:
        _skipped(suite, problem.run, _TONGUE.say(f"trouble.{problem.trouble}"))
    for attribute, tag in (("failures", "failure"), ("skipped", "skipped")):
        suite.set(attribute, str(len(suite.findall(f"testcase/{tag}"))))
    suite.set("tests", str(len(suite.findall("testcase"))))
    suite.set("errors", "0")
    return suite


def _cases(index: Index, report: Report, suite: Element) -> None:
    header, end = report.header, report.end
    suite.set("timestamp", clock.iso(header.started_at))
    suite.set("time", f"{(end.ended_at - header.started_at).total_seconds():.3f}")
    found: dict[tuple[str, str], list[Finding]] = {}
    for finding in report.findings:
        found.setdefault((finding.check, finding.subject.thing), []).append(finding)
    for attempt in report.attempts:
        _case(index, suite, attempt, found.pop((attempt.check, attempt.thing), []))
    for (check, thing), findings in found.items():  # bare findings, that no attempt speaks of
        case = SubElement(
            suite, "testcase", classname=_safe(check), name=_name(index, check, thing)
        )
        _failure(index, case, findings)


def _name(index: Index, check: str, thing: str) -> str:
    return _safe(f"{title(index, check, _TONGUE)}: {index.name(thing)}")


def _case(index: Index, suite: Element, attempt: Attempt, findings: list[Finding]) -> None:
    name = _name(index, attempt.check, attempt.thing)
    case = SubElement(suite, "testcase", classname=_safe(attempt.check), name=name)
    if attempt.outcome == "fail" or findings:
        _failure(index, case, findings)
    elif attempt.outcome != "pass":
        reason = f"{attempt.outcome}: {_TONGUE.reason(attempt.reason)}"
        SubElement(case, "skipped", message=_safe(reason))


def _failure(index: Index, case: Element, findings: Iterable[Finding]) -> None:
    """Add one failure a case: a second one would make some readers count two tests."""
    lines = [_line(index, finding) for finding in findings]
    severity = next((finding.severity for finding in findings), "")
    failure = SubElement(case, "failure", type=severity, message=lines[0] if lines else "failed")
    failure.text = "\n".join(lines)


def _line(index: Index, finding: Finding) -> str:
    words = message(index, finding, _TONGUE) or title(index, finding.check, _TONGUE)
    part = f" ({finding.subject.part})" if finding.subject.part else ""
    return _safe(f"{finding.severity}: {words}{part}")


def _skipped(suite: Element, name: str, why: str) -> None:
    case = SubElement(suite, "testcase", classname=suite.get("name", ""), name=_safe(name))
    SubElement(case, "skipped", message=_safe(why))


FORMATS.add("junit")(Format("junit.xml", render))
