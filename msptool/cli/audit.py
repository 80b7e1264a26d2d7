"""`msptool audit`: look at a client's network, show what was found."""

from pathlib import Path

import click

from msptool.cli import base, grouping
from msptool.errors import FINE


@click.group(cls=grouping.Helpful, context_settings=grouping.CONTEXT)
def audit() -> None:
    """Discover a network and check it."""


@audit.command("run")
@click.argument("targets", nargs=-1, metavar="[NETWORK]...")
@click.option(
    "--ports", default="", metavar="LIST", help="These ports instead of ours: 22,8000-8100."
)
@click.option("--resume", is_flag=True, help="Go on with the audit that was cut short.")
@base.workspace_option
@base.json_option
@base.fail_on_option
@base.quiet_option
@base.examples(
    "msptool -C acme audit run",
    "msptool -C acme audit run 192.0.2.0/28",
    "msptool -C acme audit run 192.0.2.7 --ports 1-65535",
    "msptool -C acme audit run --resume",
    "msptool -C acme audit run --json | msptool -C acme tickets ingest -",
)
def run_(
    *,
    targets: tuple[str, ...],
    ports: str,
    resume: bool,
    directory: str | None,
    as_json: bool,
    fail_on: str,
    quiet: bool,
) -> int:
    """Look at the authorised networks, or at a part of them, and keep a report.

    Scan only networks whose owner has authorised it in writing: scanning may disturb fragile
    equipment. Without root only connect scans are possible; MAC addresses may then be missing.
    A run that was stopped or killed goes on after its last host with --resume, for a day.
    """
    from msptool.audit.run import audit as look
    from msptool.cli import audit_words, news
    from msptool.profile import load

    workspace = base.open_workspace(directory)
    loaded = load(workspace)
    with workspace.lock("audit run"):
        progress = base.progress(quiet=quiet)
        outcome = look(
            workspace, loaded, progress=progress, only=targets, ports=ports, resume=resume
        )
    if as_json:
        base.emit(outcome.report.lines())
    elif quiet:
        base.say(news.lines(workspace, outcome.report, fail_on))
    else:
        base.say(audit_words.summary(outcome.report, workspace.root))
    if outcome.part_done is not None:
        return base.part_done(outcome.part_done, as_json=as_json)
    return base.verdict(outcome.report.findings, fail_on)


@audit.command()
@base.workspace_option
@base.json_option
@base.examples("msptool -C acme audit show", "msptool -C acme audit show --json | head")
def show(directory: str | None, as_json: bool) -> None:
    """Show the newest complete audit: findings, and what could not be seen."""
    from msptool import runs
    from msptool.cli import audit_words
    from msptool.errors import UsageError

    workspace = base.open_workspace(directory)
    folder = runs.newest(workspace, "audit")
    if folder is None:
        raise UsageError("audit.none", "no audit yet", hint="msptool audit run")
    report = runs.load(folder)
    if as_json:
        base.emit(report.lines())
    else:
        base.say(audit_words.whole(report))


@audit.command()
@click.argument("targets", nargs=-1, metavar="[NETWORK]...")
@base.workspace_option
@base.json_option
@base.examples("msptool -C acme audit plan", "msptool -C acme audit plan 192.0.2.0/28 --json")
def plan(targets: tuple[str, ...], directory: str | None, as_json: bool) -> None:
    """Say what a run would look at, and from where; sends nothing."""
    from msptool.cli import audit_words, records
    from msptool.profile import load

    told = audit_words.look(load(base.open_workspace(directory)).profile, targets)
    base.say(records.lines([told]) if as_json else audit_words.plan(told))


@audit.command()
@click.option(
    "--walk",
    "walks",
    multiple=True,
    required=True,
    type=click.Path(path_type=Path),
    metavar="FILE|DIR",
    help="A recording: snmprec, or what snmpwalk -On prints.",
)
@click.argument("more", nargs=-1, type=click.Path(path_type=Path), metavar="[FILE]...")
@click.option("--why", is_flag=True, help="Show which witness gave which answer.")
@base.json_option
@base.examples(
    "msptool audit identify --walk switch.snmprec",
    "msptool audit identify --walk recordings/ --json",
    "msptool audit identify --walk switch.snmprec --why",
    "snmpwalk -v2c -c public -On 192.0.2.7 .1 >switch.walk",
)
def identify(*, walks: tuple[Path, ...], more: tuple[Path, ...], why: bool, as_json: bool) -> int:
    """Say what devices are, from recordings of their SNMP answers; sends nothing.

    With --json one line a recording, of one that cannot be read too: its field "error" tells why.
    Then it exits with 3.
    """
    from msptool.audit import replay
    from msptool.cli import audit_words

    paths = replay.files([*walks, *more])
    if why and not as_json:
        for path in paths:
            audit_words.show_hearing(path.name, replay.hearing(path))
        return FINE
    return audit_words.identified(map(replay.replay, paths), as_json=as_json)


@audit.command()
@click.argument("asset")
@base.workspace_option
@base.json_option
@base.examples(
    "msptool -C acme audit explain sw-core",
    "msptool -C acme audit explain 192.0.2.7",
    "msptool -C acme audit explain 00:11:22:33:44:55 --json",
)
def explain(asset: str, directory: str | None, as_json: bool) -> None:
    """Say why an asset is one machine, who said what of it, and what was not believed.

    ASSET is its id, name, address, MAC or serial number, as the newest audit knows it.
    """
    from msptool.audit import reasons
    from msptool.cli import audit_words, records

    found = reasons.find(base.open_workspace(directory), asset)
    if as_json:
        base.say(records.lines([found]))
    else:
        audit_words.show_reasons(found)


@audit.command()
@click.argument("host")
@click.option("--subtree", default="", metavar="OID", help="Only what lies below it.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["snmprec", "snmpwalk"]),
    default="snmprec",
    show_default=True,
    help="How to write it.",
)
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write into this file instead of stdout.",
)
@click.option("--force", is_flag=True, help="Replace the file that stands there.")
@base.workspace_option
@base.json_option
@base.quiet_option
@base.examples(
    "msptool -C acme audit walk 192.0.2.7 -o switch.snmprec",
    "msptool audit walk 192.0.2.7 --subtree 1.3.6.1.2.1.2 --format snmpwalk",
    "msptool audit identify --walk switch.snmprec --why",
)
def walk(
    *,
    host: str,
    subtree: str,
    form: str,
    output: Path | None,
    force: bool,
    directory: str | None,
    as_json: bool,
    quiet: bool,
) -> int:
    """Record what an SNMP agent answers, with the profile's credentials.

    The host must be in the authorised scope. What broke off is written as far as it came, and the
    exit code is 3.
    """
    from msptool.audit.snmp import walking
    from msptool.cli import walk_words
    from msptool.profile import load

    workspace = base.open_workspace(directory)
    walk_words.refuse_taken(output, force=force)
    with workspace.lock("audit walk"):
        told = walking.record(
            workspace, load(workspace), host, subtree=subtree, progress=base.progress(quiet=quiet)
        )
    return walk_words.show(told, form, output, force=force, as_json=as_json)


@audit.command()
@click.argument("check", required=False)
@base.json_option
@base.examples("msptool audit checks", "msptool audit checks NET-001")
def checks(check: str | None, as_json: bool) -> None:
    """List the checks, or say what one asks, why, and the cure."""
    from msptool.audit.checks import CHECKS
    from msptool.cli import audit_words

    known = CHECKS.load()
    found = None if check is None else audit_words.find(check, known)
    if as_json:
        base.emit(one.rule for one in ([found] if found else known.values()))
        base.end(as_json)
    elif found is None:
        base.say(audit_words.catalogue(known.values()))
    else:
        base.say(audit_words.explain(found))
