"""The programs: configured from the plan alone, nothing of this machine, nothing left to fill."""

import json
from datetime import UTC, date, datetime

import pytest

from msptool.demo import job, keys, services
from msptool.demo.blueprint import Blueprint, Certificate
from msptool.demo.plan import blueprint
from msptool.demo.services.program import Program
from msptool.demo.tools import Tool

TODAY = date(2026, 11, 24)


def find(name: str) -> Tool:
    return Tool(f"/tools/{name}", ("--first",), {"LD_LIBRARY_PATH": "/tools/lib"})


def programs(drawn: Blueprint) -> list[tuple[str, Program]]:
    return [
        (host.role, program)
        for host in drawn.hosts
        for program in services.programs(drawn, host, lambda name: find(name).path)
    ]


@pytest.mark.parametrize("seed", range(1, 9))
def test_every_tcp_port_of_the_truth_is_waited_for(seed: int) -> None:
    from msptool.demo.telling import truth

    drawn = blueprint(seed, TODAY)
    told = {(h.name, p.port) for h in truth(drawn).hosts for p in h.ports if p.proto == "tcp"}
    waited = {(r, w.port) for r, p in programs(drawn) for w in p.ready if w.proto == "tcp"}
    assert waited == told


def test_no_configuration_has_an_empty_place() -> None:
    for _, program in programs(blueprint(3, TODAY)):
        for name, text in program.files.items():
            assert "{" not in text or name in {"config"} and program.tool == "nginx"


def test_programs_of_a_host_have_names_of_their_own() -> None:
    for seed in range(1, 30):
        names = [(role, program.name) for role, program in programs(blueprint(seed, TODAY))]
        assert len(set(names)) == len(names)


def test_banners_never_tell_this_machines_release() -> None:
    for _, program in programs(blueprint(3, TODAY)):
        if program.tool == "sshd":
            lines = program.files["config"].splitlines()
            assert "DebianBanner no" in lines
            assert any(line.startswith("VersionAddendum ") for line in lines)


def test_the_job_is_json_and_passes_the_tools_needs_on() -> None:
    made = json.loads(json.dumps(job.job(blueprint(3, TODAY), find)))
    sshd = next(
        program
        for host in made["hosts"]
        if host["role"] == "srv1"
        for program in host["programs"]
        if program["name"] == "sshd"
    )
    assert sshd["argv"][:2] == ["/tools/sshd", "--first"]
    assert sshd["env"]["LD_LIBRARY_PATH"] == "/tools/lib"
    assert sshd["nested"] is True
    six = next(host for host in made["hosts"] if host["role"] == "six")
    assert not any("." in line.split("/")[0] for line in six["lines"] if "addr add" in line)


def test_keys_and_certificates_stay_the_same() -> None:
    from cryptography import x509

    certificate = Certificate(
        common_name="www.hq.example",
        not_before_at=datetime(2025, 1, 1, tzinfo=UTC),
        not_after_at=datetime(2026, 1, 1, tzinfo=UTC),
        key=b"\7" * 32,
    )
    made = keys.tls_certificate(certificate)
    assert made == keys.tls_certificate(certificate)
    assert x509.load_pem_x509_certificate(made.encode()).not_valid_after_utc.year == 2026
    assert keys.ssh_public(b"\1" * 32).startswith("ssh-ed25519 ")
    assert keys.ssh_private(b"\1" * 32) != keys.ssh_private(b"\2" * 32)
