"""A new workspace: it loads, it is private, and nothing can be scanned from it."""

import re
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from msptool import profile, yaml12
from msptool.errors import UnsafeError, UsageError
from msptool.profile import commands, draft
from msptool.profile.load import PLANS
from msptool.profile.promises import Calendar, Effort, Sla
from msptool.profile.shape import Backup, Client

HEAD = Client(code="ACME", name='ООО "Ромашка": #1', languages=("ru", "en"), zone="Europe/Moscow")


@pytest.mark.parametrize("plan", PLANS)
def test_every_plan_gives_a_profile_that_loads_and_authorises_nothing(
    tmp_path: Path, plan: str
) -> None:
    place = draft.found(tmp_path / "acme", draft.text(HEAD, plan))
    loaded = profile.load(place)
    assert loaded.profile.client == HEAD
    assert loaded.profile.extends == plan
    assert loaded.profile.scope.networks == ()
    assert loaded.profile.scope.authorised_by == ""
    assert loaded.profile.schedule
    assert commands.listed(loaded) == []


def uncommented() -> str:
    """Return the template with its examples: a comment that begins with a key or an item."""
    text = re.sub(
        r"^( *)# ( *)(?=[a-z_]+:(?: |$)|- \{)", r"\1\2", draft.text(HEAD, "standard"), flags=re.M
    )
    for empty in ("repositories: {}", "jobs: {}", "assets: []", "tickets: {}"):
        text = text.replace(empty, empty.split()[0])
    return text


def test_the_examples_in_the_comments_are_valid_too(tmp_path: Path) -> None:
    file = tmp_path / "client.yaml"
    file.write_text(uncommented())
    found = profile.load_file(file).profile
    assert list(found.backup.jobs) == ["files", "crm", "erp", "router"]
    assert list(found.backup.repositories) == ["local", "box", "offsite"]
    assert found.scope.consents
    assert found.audit.snmp
    assert found.tickets.calendar.days and found.tickets.time.included_h
    assert found.assets
    assert set(found.schedule) == {"run", "forget", "monitor"}


def keys(shape: Any) -> Iterator[str]:
    """Yield every key that stands in a shape, at any depth."""
    if isinstance(shape, type) and issubclass(shape, msgspec.Struct):
        for field in msgspec.structs.fields(shape):
            yield field.encode_name
            yield from keys(field.type)
    for inner in typing.get_args(shape):
        yield from keys(inner)


def test_every_key_of_a_backup_is_named() -> None:
    named = set(re.findall(r"\b([a-z_]+):", uncommented()))
    assert set(keys(Backup)) - named == set()
    assert set().union(*map(keys, (Sla, Calendar, Effort))) - named == set()


@pytest.mark.parametrize("plan", PLANS)
def test_a_plan_proves_all_before_the_last_proof_is_too_old(tmp_path: Path, plan: str) -> None:
    place = draft.found(tmp_path / "acme", draft.text(HEAD, plan))
    backup = profile.load(place).profile.backup
    assert backup.verify.full_days < backup.proof_days
    assert backup.verify.packs_days <= backup.proof_days


@pytest.mark.parametrize("language", ["[а-я]{4}", "[a-z]{4}"])
def test_every_section_is_explained_in_both_languages(language: str) -> None:
    text = draft.text(HEAD, "basic")
    for section in ("scope:", "audit:", "backup:", "monitor:", "tickets:", "assets:"):
        above = text.split(f"\n{section}")[0].rstrip().splitlines()
        comment = []
        while above and above[-1].startswith("#"):
            comment.append(above.pop())
        assert re.search(language, " ".join(comment)), section


@given(st.text(min_size=1).filter(lambda text: text.isprintable() and text.strip()))
def test_no_name_changes_what_the_profile_says(name: str) -> None:
    head = Client(code="ACME", name=name)
    data: Any = yaml12.load(draft.text(head, "basic").encode(), file="client.yaml").data
    assert data["client"]["name"] == name
    assert data["scope"]["networks"] == []


def test_folders_and_files_are_private(tmp_path: Path) -> None:
    root = draft.found(tmp_path / "a" / "acme", draft.text(HEAD, "basic")).root
    modes = {path.name: path.stat().st_mode & 0o777 for path in (root, *root.iterdir())}
    assert {modes[name] for name in modes if (root / name).is_dir()} == {0o700}
    assert modes["client.yaml"] == modes[".gitignore"] == modes[".gitattributes"] == 0o600


def test_a_workspace_is_never_made_twice(tmp_path: Path) -> None:
    draft.found(tmp_path, "first")
    with pytest.raises(UsageError) as caught:
        draft.found(tmp_path, "second")
    assert caught.value.code == "workspace.exists"
    assert (tmp_path / "client.yaml").read_text() == "first"


def test_git_files_that_are_there_stay(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("mine\n")
    draft.found(tmp_path, "x")
    assert (tmp_path / ".gitignore").read_text() == "mine\n"


def test_a_folder_that_others_can_write_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o777)
    with pytest.raises(UnsafeError):
        draft.found(tmp_path, "x")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "code"),
    [("acme", "ACME"), ("my-client.2", "MYCLIENT"), ("9lives", "LIVES"), ("a_b", "AB")],
)
def test_codes_come_from_folders(name: str, code: str) -> None:
    assert draft.code_of(Path("/srv") / name) == code


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"code": "acme"}, "init.code"), ({"code": "A" * 9}, "init.code"),
        ({"name": " "}, "init.name"), ({"name": "a\nb"}, "init.name"),
        ({"languages": ("ru", "de")}, "init.lang"), ({"zone": "Europe/Moskow"}, "init.zone"),
        ({"zone": "../../etc/passwd"}, "init.zone"), ({"zone": ""}, "init.zone"),
    ],
)  # fmt: skip
def test_wrong_options_are_named(change: dict[str, Any], error: str) -> None:
    options: dict[str, Any] = {"code": "ACME", "name": "A", "languages": ("ru",), "zone": "UTC"}
    with pytest.raises(UsageError) as caught:
        draft.client(**{**options, **change})
    assert caught.value.code == error


@pytest.mark.parametrize("name", ["9", "---", "я"])
def test_a_folder_without_letters_asks_for_a_code(name: str) -> None:
    with pytest.raises(UsageError) as caught:
        draft.code_of(Path(name))
    assert "--code" in caught.value.hint


def test_an_unknown_plan_names_the_nearest() -> None:
    with pytest.raises(UsageError) as caught:
        draft.text(HEAD, "standart")
    assert caught.value.nearest == ("standard",)
