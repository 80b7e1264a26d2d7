"""SARIF 2.1.0, what scanners of code and configuration write: a result is a finding.

Format: docs.oasis-open.org/sarif/sarif/v2.1.0, sections 3.14 (run) to 3.58; `security-severity` is
GitHub's ("SARIF support for code scanning"), and its steps are those of CVSS.

- The check is the tool and its rule; the thing is what was scanned (the repository and the run's
  category); the part is the file and a hash of what stays: the tool's own fingerprint without any
  counter, else the matched text, else the message without its numbers. Never a line or a column.
- A run whose invocations all ended well is a whole look by each rule that it names: what is absent
  from it may resolve, where it says it looked: the repository or category, or the files that it
  lists as its targets. One that says none of that resolves nothing.
- A result that is suppressed opens nothing and is not mended: somebody wrote down why it stays. One
  of which the tool is not sure (`open`, `review`) is not mended either. What the baseline calls
  `absent` is not there.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import unquote

import msgspec
from msgspec import Raw

from msptool import __version__
from msptool.model import Attempt, Finding, Header, Subject, Thing
from msptool.tickets.batch import Batch, Refused
from msptool.tickets.intake import INTAKES, Intake, Taken, plain, sarif_words, wrong
from msptool.tickets.intake.sarif_log import (
    Artifact,
    Component,
    Descriptor,
    Location,
    Log,
    Logical,
    Result,
    Run,
)

CALLED = "log in SARIF 2.1.0"
LIMIT_BYTES = 64 << 20
RUNS, RESULTS, RULES = 100, 200_000, 20_000


@dataclass
class Seen:
    """What is known of a run while its results are read."""

    run: Run
    rules: Mapping[str, Descriptor]
    client: str
    at: datetime
    findings: list[Finding] = field(default_factory=list)
    failed: set[str] = field(default_factory=set)
    unsure: dict[str, list[str]] = field(default_factory=dict)

    @property
    def scope(self) -> str:
        """What was scanned, as far as the run says: the repository and GitHub's category of the
        scan (of its id what stands before the last "/").
        """
        sources = self.run.version_control_provenance
        repository = sources[0].repository_uri.rpartition("://")[2] if sources else ""
        category = self.run.automation_details.id.rpartition("/")[0]
        return plain.line(" ".join(filter(None, (repository.rpartition("@")[2], category))))

    @property
    def thing(self) -> str:
        """The id of what was scanned."""
        return f"code:{self.scope or 'sources'}"


def _knows(head: bytes, keys: frozenset[str]) -> bool:
    return "runs" in keys or ("$schema" in keys and b"sarif" in head[:400].lower())


def take(data: bytes, client: str, at: datetime) -> Taken:
    """Return a batch for each run of a log; raise UsageError if it is none."""
    try:
        log = msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf"), type=Log)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise wrong(CALLED, plain.line(str(error))) from error
    if not log.version.startswith("2.1"):
        raise wrong(CALLED, f"version {log.version[:20]!r}")
    if len(log.runs) > RUNS:
        raise wrong(CALLED, f"more than {RUNS} runs")
    refused: list[Refused] = []
    batches = []
    for number, raw in enumerate(log.runs, start=1):
        try:
            run = msgspec.json.decode(raw, type=Run)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            refused.append(Refused(number, plain.line(str(error)), "run"))
            continue
        batches.append(_batch(run, bytes(raw), client, at, refused))
    return Taken(tuple(batches), tuple(refused))


def _batch(run: Run, raw: bytes, client: str, at: datetime, refused: list[Refused]) -> Batch:
    results = run.results or []
    components = [run.tool.driver, *run.tool.extensions]
    descriptors = {rule.id: rule for one in reversed(components) for rule in one.rules}
    if len(results) > RESULTS or len(descriptors) > RULES:
        raise wrong(CALLED, f"more than {RESULTS} results or {RULES} rules in a run")
    started_at = _started(run, at)
    seen = Seen(run, descriptors, client, started_at)
    before = len(refused)
    _read(results, seen, refused)
    targets = _targets(run)
    read_all = run.results is not None and len(refused) == before
    checks = {_check(run, name): rule for name, rule in descriptors.items()}
    tried = [_check(run, name) for name in _ran(run, descriptors)]
    attempts = tuple(
        Attempt(
            check=check,
            thing=seen.thing,
            outcome="fail" if check in seen.failed else "pass",
            unsure=tuple(dict.fromkeys(seen.unsure.get(check, ()))),
        )
        for check in dict.fromkeys((*tried, *sorted(seen.failed)))
    )
    return Batch(
        header=Header(
            run=plain.run_id(started_at, raw), client=client, kind="audit", msptool=__version__,
            tools={plain.line(run.tool.driver.name): ""}, vantage="sarif", started_at=started_at,
        ),
        rules={c: sarif_words.rule_of(c, rule, run.language) for c, rule in checks.items()},
        things=(Thing(id=seen.thing, kind="code", name=seen.thing.partition(":")[2]),),
        attempts=attempts,
        findings=tuple(seen.findings),
        whole=read_all and _ended_well(run) and bool(seen.scope or targets),
        only={(one.check, one.thing): targets for one in attempts} if targets else {},
    )  # fmt: skip


def _ended_well(run: Run) -> bool:
    return bool(run.invocations) and all(one.execution_successful for one in run.invocations)


def _ran(run: Run, rules: Mapping[str, Descriptor]) -> Iterator[str]:
    """Yield the rules that the run says it looked by: those it lists and did not switch off."""
    changed = [o for one in run.invocations for o in one.rule_configuration_overrides]
    driver = run.tool.driver.rules
    enabled = {
        one.descriptor.id or driver[one.descriptor.index].id: one.configuration.enabled
        for one in changed
        if one.descriptor.id or 0 <= one.descriptor.index < len(driver)
    }
    for name, rule in rules.items():
        if enabled.get(name, rule.default_configuration.enabled):
            yield name


def _started(run: Run, at: datetime) -> datetime:
    """Return when the run began, as it says, if that is not in the future."""
    said = [i.start_time_utc or i.end_time_utc for i in run.invocations]
    times = [one for one in said if one is not None]
    return min((*times, at))


def _read(results: Sequence[Raw], seen: Seen, refused: list[Refused]) -> None:
    """Read a run's results one by one."""
    decoder = msgspec.json.Decoder(Result)
    for number, raw in enumerate(results, start=1):
        try:
            result = decoder.decode(raw)
            name = _rule_id(result, seen.run, seen.rules)
            if not name:
                raise ValueError("names no rule")
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError) as error:
            refused.append(Refused(number, plain.line(str(error)), "result"))
            continue
        _result(result, name, seen)


def _result(result: Result, name: str, seen: Seen) -> None:
    check = _check(seen.run, name)
    part = _part(result, seen.run)
    if result.baseline_state == "absent" or result.kind in ("pass", "notApplicable"):
        return
    if result.kind != "fail" or _is_suppressed(result):
        if result.kind != "informational":
            seen.unsure.setdefault(check, []).append(part)
        return
    rule = seen.rules.get(name, Descriptor(id=name))
    seen.failed.add(check)
    seen.findings.append(
        Finding(
            check=check,
            subject=Subject(client=seen.client, thing=seen.thing, part=part),
            severity=sarif_words.severity(result, rule),
            facts={"message": sarif_words.message(result, rule) or name},
            seen_at=seen.at,
        )
    )


def _is_suppressed(result: Result) -> bool:
    """Tell it by section 3.27.23: not while one of the words is under review or was rejected."""
    said = {one.status for one in result.suppressions}
    return bool(said) and not said & {"underReview", "rejected"}


def _rule_id(result: Result, run: Run, known: Mapping[str, Descriptor]) -> str:
    """Return a result's rule: by its name (of `CA1000/1` the part that is listed), or its place."""
    named = result.rule_id or result.rule.id
    if named:
        parts = named.split("/", 20)
        above = ("/".join(parts[:length]) for length in range(len(parts) - 1, 0, -1))
        return named if named in known else next((name for name in above if name in known), named)
    place, rules = max(result.rule_index, result.rule.index), _component(result, run).rules
    return rules[place].id if 0 <= place < len(rules) else ""


def _component(result: Result, run: Run) -> Component:
    """Return the part of the tool in whose list a rule's place counts: the driver, if not said."""
    raw = result.rule.tool_component.get("index")
    nth = sarif_words.number(raw) if raw is not None else None
    if nth is None or not 0 <= nth < len(run.tool.extensions):
        return run.tool.driver
    return run.tool.extensions[int(nth)]


def _check(run: Run, rule: str) -> str:
    return f"{plain.line(run.tool.driver.name, 60) or 'sarif'}/{plain.line(rule, 120)}"


def _part(result: Result, run: Run) -> str:
    where = result.locations[0] if result.locations else Location()
    file = _file(where.physical_location.artifact_location, run)
    logical = next(iter(where.logical_locations), Logical())
    place = file or plain.line(logical.fully_qualified_name or logical.name)
    stays = _fingerprint(result) or where.physical_location.region.snippet.text
    text = plain.line(stays, 4_000) or plain.without_numbers(sarif_words.said(result.message))
    return f"{place}#{plain.short(text)}"


_POSITION = re.compile(r"column|linenumber|startline|position|offset|ordinal", re.IGNORECASE)
_COUNTER = re.compile(r"(:\d+)+$")


def _fingerprint(result: Result) -> str:
    """Return the tool's own fingerprint: the last by name (…/v2 after …/v1) of those that are no
    place, without a counter or a line at its end.
    """
    for found in (result.fingerprints, result.partial_fingerprints):
        fit = sorted(name for name in found if not _POSITION.search(name) and found[name].strip())
        if fit:
            return _COUNTER.sub("", found[fit[-1]])
    return ""


def _file(at: Artifact, run: Run) -> str:
    """Return a file as it is called below the sources' root, wherever that lay."""
    if not at.uri and 0 <= at.index < len(run.artifacts):
        at = run.artifacts[at.index].location
    uri = at.uri
    roots = sorted((b.uri for b in run.original_uri_base_ids.values() if b.uri), key=len)
    root = next((r for r in reversed(roots) if uri.startswith(r)), "")
    path = unquote(uri.removeprefix(root).removeprefix("file://").removeprefix("./"))
    return plain.line(path).replace("#", "%23")


def _targets(run: Run) -> frozenset[str]:
    """Return the files that a run says it looked at; none where it does not say."""
    listed = (one.location for one in run.artifacts if "analysisTarget" in one.roles)
    return frozenset(filter(None, (_file(one, run) for one in listed)))


INTAKES.add("sarif")(Intake(_knows, take, CALLED, LIMIT_BYTES))
