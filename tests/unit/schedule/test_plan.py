"""From profile to plan: places of errors, paths that a timer can carry."""

from pathlib import Path

import pytest

from msptool import profile
from msptool.errors import ProfileError, UsageError
from msptool.profile.load import Loaded
from msptool.schedule import plan
from msptool.workspace import Workspace


def _loaded(folder: Path, schedule: str) -> Loaded:
    file = folder / "client.yaml"
    file.write_text(f"msptool: 1\nclient: {{code: ACME, name: A}}\n{schedule}\n")
    return profile.load_file(file)


def test_a_wrong_time_names_its_line(tmp_path: Path) -> None:
    loaded = _loaded(tmp_path, 'schedule:\n  run: "*-*-* 25:00"')
    with pytest.raises(ProfileError) as caught:
        plan.tasks(loaded)
    assert (caught.value.code, caught.value.place.line) == ("schedule.calendar", 4)
    assert "schedule.run" in caught.value.message


def test_nothing_scheduled_says_what_to_add(tmp_path: Path) -> None:
    with pytest.raises(ProfileError) as caught:
        plan.make(Workspace(tmp_path), _loaded(tmp_path, ""), Path("/x/msptool"), "en")
    assert caught.value.code == "schedule.empty"


def test_repositories_outside_the_workspace_can_be_written(tmp_path: Path) -> None:
    loaded = _loaded(
        tmp_path,
        "schedule: {run: daily}\nbackup: {repositories: {nas: {path: /mnt/nas, password: env:P}}}",
    )
    made = plan.make(Workspace(Path("/srv/acme")), loaded, Path("/opt/msptool"), "en")
    assert made.writable == (Path("/srv/acme"), Path("/mnt/nas"))
    assert not made.temporary


def test_a_repository_at_home_can_be_written_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", "/home/anna")
    loaded = _loaded(
        tmp_path,
        "schedule: {run: daily}\nbackup: {repositories: {nas: {path: ~/repo, password: env:P}}}",
    )
    made = plan.make(Workspace(Path("/srv/acme")), loaded, Path("/opt/msptool"), "en")
    assert made.writable == (Path("/srv/acme"), Path("/home/anna/repo"))


@pytest.mark.parametrize("backup", [
    "{repositories: {nas: {path: ~nobody-here/repo, password: env:P}}}",
    "{repositories: {nas: {path: /mnt/nas, password: env:P}},"
    " jobs: {j: {repository: nas, paths: [~nobody-here/data]}}}",
])  # fmt: skip
def test_a_home_of_nobody_is_a_fault_of_the_profile(tmp_path: Path, backup: str) -> None:
    loaded = _loaded(tmp_path, f"schedule: {{run: daily}}\nbackup: {backup}")
    with pytest.raises(ProfileError) as caught:
        plan.make(Workspace(Path("/srv/acme")), loaded, Path("/opt/msptool"), "en")
    assert (caught.value.code, caught.value.place.line) == ("schedule.path", 4)


def test_a_source_in_tmp_is_seen(tmp_path: Path) -> None:
    loaded = _loaded(
        tmp_path,
        "schedule: {run: daily}\n"
        "backup:\n  repositories: {nas: {path: /mnt/nas, password: env:P}}\n"
        "  jobs: {j: {repository: nas, paths: [/tmp/source]}}",
    )
    assert plan.make(Workspace(Path("/srv/acme")), loaded, Path("/opt/msptool"), "en").temporary


@pytest.mark.parametrize("name", ["a\nExecStart=/bin/sh", "a\x1b[2J", "a\\b", "a\u2028b"])
def test_paths_that_could_steer_a_unit_are_refused(name: str) -> None:
    with pytest.raises(UsageError) as caught:
        plan.plain(Path("/srv") / name)
    assert caught.value.code == "schedule.path"
