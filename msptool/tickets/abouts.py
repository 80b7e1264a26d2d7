"""What a ticket remembers of the finding that opened it, or brought it back."""

from msptool import model
from msptool.model import Finding, Rule, Subject, Words
from msptool.tickets.events import About, Sighting
from msptool.tickets.look import Look


def about(look: Look, finding: Finding) -> About:
    """Return what a ticket remembers of its finding, with the words of its rule."""
    context = look.context
    ident = context.identities.resolve(finding.subject.thing)
    subject = Subject(client=context.client, thing=ident, part=finding.subject.part)
    rule = look.batch.rules.get(finding.check)
    return About(
        check=finding.check,
        subject=subject,
        name=look.name(subject),
        severity=finding.severity,
        importance=look.importance(subject) or "normal",
        title=rule.title if rule else {},
        message=_message(rule, finding, context.languages),
        remedy=rule.remedy if rule else {},
        standards=rule.standards if rule else (),
        evidence=finding.evidence,
        proof_head=_proof_head(finding),
        proof_key=str(finding.facts.get("evidence_key") or ""),
        seen=_sighting(look, finding, ident),
    )


def _proof_head(finding: Finding) -> str:
    """Return the head of the signed proofs of the job that a finding is about; "" without one."""
    sequence, sha256 = (finding.facts.get(f"evidence_{name}") for name in ("seq", "head"))
    job = finding.subject.thing.removeprefix("job:")
    return f"{job}:{sequence}:{sha256}" if sequence and sha256 else ""


def _message(rule: Rule | None, finding: Finding, languages: tuple[str, ...]) -> Words:
    """Return the rule's message, filled; without a rule the finding's own, in no known language."""
    if rule is None:
        return dict.fromkeys(languages, finding.message)
    return {lang: model.fill(text, finding.facts) for lang, text in rule.message.items()}


def _sighting(look: Look, finding: Finding, ident: str) -> Sighting:
    header = look.batch.header
    tried = look.attempts.get((finding.check, ident), ())
    failed = next((attempt for attempt in tried if attempt.outcome == "fail"), None)
    from_header = header.privilege if header else "user"
    return Sighting(
        seen_at=look.when(finding.seen_at),
        run=header.run if header else "",
        vantage=look.vantage(failed) if failed else header.vantage if header else "",
        privilege=failed.privilege if failed else from_header,
    )
