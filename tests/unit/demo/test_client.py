"""The practice client: a profile that msptool accepts and that fits the truth."""

import stat
from datetime import date
from pathlib import Path

import pytest

from msptool import clock, profile
from msptool.demo.client import client_yaml, match, protected, write_workspace
from msptool.demo.plan import plan
from msptool.tickets import desk
from msptool.tickets.doctor import look
from msptool.workspace import Workspace

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize("seed", range(1, 13))
def test_the_profile_is_valid_and_fits_the_truth(seed: int, tmp_path: Path) -> None:
    truth = plan(seed, TODAY)
    write_workspace(tmp_path, truth)
    loaded = profile.load_file(tmp_path / "client.yaml").profile
    assert loaded.scope.networks == truth.networks
    assert loaded.scope.expires == date(2027, 11, 24)
    unprotected = {fault.host for fault in truth.faults if fault.check == "BKP-001"}
    assert set(loaded.backup.jobs["files"].protects) == {match(h) for h in protected(truth)}
    assert unprotected.isdisjoint(host.name for host in protected(truth))
    candidates = {h.name for h in truth.hosts if h.kind in {"server", "nas"}}
    assert unprotected | {host.name for host in protected(truth)} == candidates


def test_names_that_no_scan_can_see_are_not_used() -> None:
    truth = plan(3, TODAY)
    assert match(truth.host("srv1")).startswith("name:")
    assert match(truth.host("web")).startswith("ip:")


def test_secrets_are_private_and_nothing_is_overwritten(tmp_path: Path) -> None:
    truth = plan(3, TODAY)
    write_workspace(tmp_path / "w", truth)
    secret = tmp_path / "w/secrets/restic.password"
    first = secret.read_bytes()
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    snmp = truth.host("gw").snmp
    assert snmp is not None
    assert (tmp_path / "w/secrets/snmp.community").read_text().strip() == snmp.community
    (tmp_path / "w/client.yaml").write_text("mine")
    (tmp_path / "w/source/docs/new.txt").write_text("mine")
    write_workspace(tmp_path / "w", plan(4, TODAY))
    assert secret.read_bytes() == first
    assert (tmp_path / "w/client.yaml").read_text() == "mine"
    assert (tmp_path / "w/source/docs/new.txt").exists()


def test_its_store_of_tickets_is_well(tmp_path: Path) -> None:
    write_workspace(tmp_path / "w", plan(3, TODAY))
    made = Workspace(tmp_path / "w")
    with desk.opened(made, profile.load(made).profile) as held:
        assert look.look(held, clock.now()).troubles == ()


def test_the_source_is_worth_a_backup(tmp_path: Path) -> None:
    write_workspace(tmp_path, plan(3, TODAY))
    paths = [path for path in (tmp_path / "source").rglob("*") if path.is_file()]
    assert len(paths) >= 30
    assert any(b"\0" in path.read_bytes() for path in paths)
    assert any(not path.name.isascii() for path in paths)


def test_every_seed_has_a_profile_of_its_own() -> None:
    texts = {client_yaml(plan(seed, TODAY)) for seed in range(1, 6)}
    assert len(texts) == 5
