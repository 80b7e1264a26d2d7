"""Before a person trusts a profile, every command in it is shown."""

from pathlib import Path

from msptool import profile
from msptool.profile import commands


def test_every_command_is_listed_with_its_key(tmp_path: Path) -> None:
    file = tmp_path / "client.yaml"
    file.write_text(
        "msptool: 1\nclient: {code: ACME, name: 'command: is a word here'}\n"
        "audit: {snmp: [{community: 'env:A'}, {community: 'command:pass show snmp'}]}\n"
        "backup: {repositories: {nas: {path: r, password: 'command:pass show nas'}}}\n"
    )
    assert commands.listed(profile.load_file(file)) == [
        ("client.name", "command: is a word here"),
        ("audit.snmp[1].community", "command:pass show snmp"),
        ("backup.repositories.nas.password", "command:pass show nas"),
    ]
