"""What the documents say is there: commands, links, checks, files, floors, exit codes."""

import configparser
import re
import shlex
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, get_args

import click
import msgspec
import pytest

from msptool import errors
from msptool.audit import ports, scope
from msptool.audit.checks import CHECKS as AUDIT
from msptool.audit.checks import Exhibit
from msptool.audit.probes import table
from msptool.backup import metrics, verdicts
from msptool.backup.checks import CHECKS as BACKUP
from msptool.backup.jobs import kind as kind_of
from msptool.backup.keeping.retention import REASONS
from msptool.backup.manifest import Source
from msptool.backup.proof.levels import DEEPEST
from msptool.backup.status import Standing
from msptool.cli import NOUNS, root
from msptool.judge import Checks
from msptool.monitor.checks import CHECKS as MONITOR
from msptool.profile import load
from msptool.profile.load import load_file
from msptool.profile.promises import Calendar
from msptool.profile.shape import Job, Tickets
from msptool.tickets.doctor import troubles
from msptool.workspace import Workspace
from tests.unit.audit import build, test_checks

ROOT = Path(__file__).resolve().parents[2]
READMES = ("README.md", "README.ru.md")
GUIDES = {"en": "docs/backup.md", "ru": "docs/backup.ru.md"}
STORE_GUIDES = ("docs/tickets-store.md", "docs/tickets-store.ru.md")
AUDIT_GUIDES = ("docs/audit.md", "docs/audit.ru.md")
SLA_GUIDES = ("docs/tickets-sla.md", "docs/tickets-sla.ru.md")
TICKET_GUIDES = ("docs/tickets.md", "docs/tickets.ru.md")
PAGES = sorted(
    path.relative_to(ROOT)
    for path in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "tests/cases/README.md")
)
STAGES = ("listen", "leases", "discover", "snmp", "dns", "hinted", "search", "snmp-hinted", "ports",
          "udp", "services", "names")  # fmt: skip
LINK = re.compile(r"\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
EXAMPLE = "msptool/audit/checks/sec_030_remote_control.py"  # CONTRIBUTING adds it


def text(name: str | Path) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(name: str | Path, language: str) -> list[str]:
    return [body for kind, body in FENCE.findall(text(name)) if kind == language]


def quoted(name: str | Path) -> list[str]:
    """Return what stands in backticks in a sentence."""
    return re.findall(r"`([^`\n]+)`", FENCE.sub("", text(name)))


def parts(line: str) -> Iterator[list[str]]:
    """Yield the msptool commands of a line: each side of a pipe, and what `demo exec` runs."""
    for side in re.split(r" \| | && ", line):
        words = shlex.split(re.split(" [<>] ", side)[0], comments=True)
        if "--" in words:
            at = words.index("--")
            yield words[at + 1 :]
            words = words[: at + 2]
        yield words


def typed(name: str | Path) -> list[list[str]]:
    """Return the msptool commands that a document tells its reader to type."""
    lines = [line for block in blocks(name, "") for line in block.splitlines()]
    return [words for line in lines if "msptool " in line and "│" not in line
            for words in parts(line) if words and words[0] == "msptool"]  # fmt: skip


def named(name: str | Path) -> set[tuple[str, ...]]:
    """Return the nouns and verbs of the commands that a document names in its sentences."""
    found = set()
    for phrase in quoted(name):
        words = re.sub(r"-C \S+ ", "", phrase.removeprefix("msptool ")).split()
        noun = root.get_command(click.Context(root), words[0]) if words else None
        if noun is None or (len(words) > 1 and not phrase.isascii()):
            continue
        is_verb = isinstance(noun, click.Group) and len(words) > 1 and words[1][0].isalpha()
        found.add(tuple(words[: 1 + is_verb]))
    return found


def every_command() -> set[tuple[str, ...]]:
    nouns = {name: root.get_command(click.Context(root), name) for name in NOUNS}
    return {words for name, noun in nouns.items() for words in below((name,), noun)}


def below(words: tuple[str, ...], command: click.Command | None) -> Iterator[tuple[str, ...]]:
    yield words
    if isinstance(command, click.Group):
        ctx = click.Context(command)
        for verb in command.list_commands(ctx):
            yield from below((*words, verb), command.get_command(ctx, verb))


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_every_typed_command_is_understood(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(click.Command, "invoke", lambda _self, _ctx: None)  # parse, run nothing
    for words in typed(page):
        try:
            root.main(words[1:], "msptool", standalone_mode=False)
        except click.ClickException as error:
            pytest.fail(f"{' '.join(words)}: {error.format_message()}")


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_every_named_command_exists(page: Path) -> None:
    assert not named(page) - every_command()


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    links = LINK.findall(FENCE.sub("", text(page)))
    here = [link for link in links if not link.startswith(("http://", "https://"))]
    assert not [link for link in here if not (ROOT / page.parent / link).exists()]


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_every_named_source_file_is_there(page: Path) -> None:
    files = [word for word in quoted(page) if re.fullmatch(r"[\w./-]+\.(py|cfg|yaml|j2)", word)]
    folders = ("msptool", "tests", "scripts", "templates", "profiles")
    found = (path for folder in folders for path in (ROOT / folder).rglob("*.*"))
    there = [f"/{path.relative_to(ROOT)}" for path in found]
    there += [f"/{path.name}" for path in ROOT.iterdir()] + ["/client.yaml", "/acme/client.yaml"]
    gone = [file for file in files if not any(path.endswith(f"/{file}") for path in there)]
    assert [file for file in gone if file != EXAMPLE] == []


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_every_named_make_target_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", text("Makefile"), re.MULTILINE))
    plain = "\n".join([*quoted(page), *blocks(page, "")])
    assert not set(re.findall(r"^make ([a-z-]+)", plain, re.MULTILINE)) - targets


def test_something_was_read() -> None:
    assert len(PAGES) > 15
    assert all(len(typed(name)) >= 12 and len(named(name)) >= 15 for name in READMES)
    assert typed("CONTRIBUTING.md") and len(named("docs/flow.md")) >= 2


@pytest.mark.parametrize(
    "pair",
    [READMES, tuple(GUIDES.values()), AUDIT_GUIDES, SLA_GUIDES, TICKET_GUIDES, STORE_GUIDES],
)
def test_both_languages_say_the_same(pair: tuple[str, str]) -> None:
    def shape(name: str) -> dict[str, Any]:
        return {
            "headings": [len(level) for level in re.findall(r"^(#+) ", text(name), re.MULTILINE)],
            "rows": len(re.findall(r"^\|", text(name), re.MULTILINE)),
            "points": len(re.findall(r"^- ", text(name), re.MULTILINE)),
            "typed": blocks(name, ""),
            "profile": blocks(name, "yaml"),
            "named": named(name),
            "links": [link.replace(".ru.", ".") for link in LINK.findall(text(name))],
            "arrows": [re.sub(r"\[.*?\]", "", block) for block in blocks(name, "mermaid")],
        }

    english, russian = map(shape, pair)
    for what, said in english.items():
        assert russian[what] == said, what


@pytest.mark.parametrize(("language", "guide"), GUIDES.items())
def test_the_guide_explains_every_verdict_level_and_reason(language: str, guide: str) -> None:
    rows = re.findall(r"^\| `([\w-]+)` \| (.*?) \| (.+?) \| (.+?) \|$", text(guide), re.MULTILINE)
    assert {code: says for code, says, *_ in rows} == {
        verdict: meaning.words[language] for verdict, meaning in verdicts.TABLE.items()
    }
    assert [code for code, *_ in rows] == list(verdicts.TABLE), "gravest first"
    levels = re.findall(r"^\| (\d) \|", text(guide), re.MULTILINE)
    assert list(map(int, levels)) == list(range(1, DEEPEST + 1))
    said = re.findall(r"^- (.*?)[,.]$", text(guide), re.MULTILINE)
    assert not {reason[language] for reason in REASONS.values()} - set(said)


@pytest.mark.parametrize("guide", GUIDES.values())
def test_the_profile_of_the_guide_is_one(guide: str, tmp_path: Path) -> None:
    head = "msptool: 1\nclient: {code: ACME, name: Acme Ltd}\n"
    parts = [block for block in blocks(guide, "yaml") if not block.startswith("groups:")]
    file = tmp_path / "client.yaml"
    file.write_text(head + "".join(parts))
    backup = load_file(file).profile.backup
    assert {kind_of(job) for job in backup.jobs.values()} == set(get_args(Source))
    assert len(backup.repositories) == 3


@pytest.mark.parametrize("guide", SLA_GUIDES)
def test_the_profile_of_the_sla_guide_names_every_key(guide: str, tmp_path: Path) -> None:
    (block,) = blocks(guide, "yaml")
    (tmp_path / "client.yaml").write_text(block, encoding="utf-8")
    told = load_file(tmp_path / "client.yaml").profile.tickets
    assert len(told.sla) == 4 and told.calendar.days
    named = set(re.findall(r"`(\w+)`", text(guide)))
    shapes = (Calendar, Tickets)
    keys = {field.name for shape in shapes for field in msgspec.structs.fields(shape)}
    others = {"policy", "maintenance", "assign", "templates", "views", "attachment_mib"}
    assert keys - named == {"calendar"} | others


@pytest.mark.parametrize("guide", AUDIT_GUIDES)
def test_the_profile_of_the_audit_guide_names_every_key(guide: str, tmp_path: Path) -> None:
    head = "msptool: 1\nclient: {code: ACME, name: Acme Ltd}\n"
    file = tmp_path / "client.yaml"
    file.write_text(head + "".join(blocks(guide, "yaml")))
    profile = load_file(file).profile
    assert scope.plan(profile.scope, date(2026, 11, 27)).excluded == 1
    assert not [key for key in profile.audit.__struct_fields__ if f"{key}:" not in file.read_text()]


@pytest.mark.parametrize("guide", TICKET_GUIDES)
def test_the_profile_of_the_ticket_guide_is_one(guide: str, tmp_path: Path) -> None:
    head = "msptool: 1\nclient: {code: ACME, name: Acme Ltd}\n"
    file = tmp_path / "client.yaml"
    file.write_text(head + "".join(blocks(guide, "yaml")))
    profile = load_file(file).profile
    assert (len(profile.tickets.assign), *profile.tickets.templates) == (3, "cartridge")
    shipped = {path.stem for path in (ROOT / "templates/tickets").glob("*.yaml")}
    assert all(name in text(guide) for name in shipped)


@pytest.mark.parametrize("guide", AUDIT_GUIDES)
def test_the_audit_guide_counts_what_is_asked(guide: str) -> None:
    said = text(guide)
    assert {int(n) for n in re.findall(r"(\d+) (?:TCP|ports, each|порта, у каждого)", said)} == {
        len(ports.tcp())
    }
    questions = sum(map(len, table.UDP.values()))
    assert re.search(rf"\| {questions} \w+ \w+ {len(table.UDP)} ", said)
    assert all(f"| `{stage}` |" in said for stage in STAGES)


@pytest.mark.parametrize("guide", GUIDES.values())
def test_the_alarms_of_the_guide_ask_for_metrics_that_are_written(guide: str) -> None:
    (rules,) = (block for block in blocks(guide, "yaml") if block.startswith("groups:"))
    groups: Any = msgspec.yaml.decode(rules)["groups"]
    asked = {name for group in groups for rule in group["rules"]
             for name in re.findall(r"msptool_\w+", rule["expr"])}  # fmt: skip
    standing = Standing(Job(repository="nas"), "files", 1.0, 1.0, 1.0, "ok")
    written = set(re.findall(r"^(msptool_\w+)\{", metrics.text("ACME", [standing]), re.MULTILINE))
    assert asked == written
    (states,) = re.findall(r'state!~"(.*?)"', rules)
    assert set(states.split("|")) == {"ok", "stale", "unproven"}


@pytest.mark.parametrize("guide", STORE_GUIDES)
def test_the_guide_of_the_store_tells_every_code(guide: str) -> None:
    rows = re.findall(r"^\| `([\w-]+)` \|([^|]*)\|([^|]*)\|", text(guide), re.MULTILINE)
    assert {code: (bool(wrong.strip()), bool(mends.strip())) for code, wrong, mends in rows} == {
        code: (kind.wrong, kind.mends) for code, kind in troubles.KINDS.items()
    }


def test_the_table_of_commands_is_the_help() -> None:
    rows = re.findall(r"^\| `msptool (\w+)` \| (.*) \|$", text("README.md"), re.MULTILINE)
    assert dict(rows) == NOUNS


def test_every_command_is_in_the_reference() -> None:
    told = re.findall(r"^## msptool ?(.*)$", text("docs/commands.md"), re.MULTILINE)
    assert {tuple(line.split()) for line in told} == every_command() | {()}


def test_every_check_is_in_the_catalogue() -> None:
    told = re.findall(r"^## ([A-Z]+-\d+) ", text("docs/checks.md"), re.MULTILINE)
    assert set(told) == {*AUDIT.load(), *BACKUP.load(), *MONITOR.load()}


def test_every_decision_is_in_the_index() -> None:
    records = {path.name for path in (ROOT / "docs/decisions").glob("[0-9]*.md")}
    assert set(LINK.findall(text("docs/decisions/README.md"))) == records


def kinds(of: type[errors.MsptoolError]) -> Iterator[type[errors.MsptoolError]]:
    yield of
    for kind in of.__subclasses__():
        if kind.__module__ == errors.__name__:
            yield from kinds(kind)


def test_exit_codes_are_those_of_the_code() -> None:
    codes = {kind.__name__: kind.exit for kind in kinds(errors.MsptoolError)}
    codes |= {name: code for name, code in vars(errors).items() if name.isupper()}
    rows = re.findall(r"^\| (\d+) \| (.*?) \|", text("docs/exit-codes.md"), re.MULTILINE)
    told = {name: int(code) for code, cell in rows for name in re.findall(r"`(\w+)`", cell)}
    assert told == codes


@pytest.mark.parametrize("name", READMES)
def test_the_exit_codes_of_a_readme_are_those_of_a_run(name: str) -> None:
    codes = {kind.exit for kind in kinds(errors.MsptoolError)} | {errors.FINE, errors.FINDINGS}
    told = re.findall(r"^\| (\d+) \|", text(name), re.MULTILINE)
    assert list(map(int, told)) == sorted(code for code in codes if code < errors.BUG)


@pytest.mark.parametrize("name", READMES)
def test_a_readme_counts_the_checks_of_the_audit(name: str) -> None:
    (told,) = re.findall(r"^- \w+: (\d+) (?:checks|проверок);", text(name), re.MULTILINE)
    assert int(told) == len(AUDIT.load())


def test_the_floors_are_those_of_the_contract() -> None:
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg")
    layers = config["importlinter:contract:floors"]["layers"].strip().splitlines()
    floors = [set(re.findall(r"msptool\.(\w+)", layer)) for layer in layers]
    drawn = re.findall(r"^(\d) │ (.*?) │", text("CONTRIBUTING.md"), re.MULTILINE)
    assert [set(names.split()) for _, names in drawn] == floors
    assert [int(number) for number, _ in drawn] == list(range(len(floors), 0, -1))


@pytest.mark.parametrize("name", READMES)
def test_the_profile_of_the_first_client_is_one(name: str, tmp_path: Path) -> None:
    (block,) = blocks(name, "yaml")
    head = "msptool: 1\nextends: standard\nclient: {code: ACME, name: Acme Ltd}\n"
    tmp_path.chmod(0o700)
    (tmp_path / "client.yaml").write_text(head + block)
    (tmp_path / "client.yaml").chmod(0o600)
    profile = load(Workspace(tmp_path)).profile
    plan = scope.plan(profile.scope, date(2026, 11, 27))
    assert (len(plan.addresses), plan.excluded) == (253, 1)
    assert list(profile.backup.jobs) == ["files"]


def test_the_check_that_contributing_adds_works(monkeypatch: pytest.MonkeyPatch) -> None:
    rule, proof = blocks("CONTRIBUTING.md", "python")
    fresh: Checks[Exhibit] = Checks("msptool.audit.checks")
    monkeypatch.setattr("msptool.audit.checks.CHECKS", fresh)
    monkeypatch.setattr(build, "CHECKS", fresh)
    exec(compile(rule, EXAMPLE, "exec"), {})  # noqa: S102 - our own document
    assert list(fresh.load()) == ["SEC-030"]
    assert "SEC-030" not in AUDIT.load(), "it is a check of ours now: take another example"
    scene = dict(vars(test_checks))
    exec(compile(proof, "CONTRIBUTING.md", "exec"), scene)  # noqa: S102
    scene["test_vnc_is_told_by_its_greeting_not_by_its_port"]()
