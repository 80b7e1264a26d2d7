"""Inside a network namespace: a real snmpd on port 161, and `msptool audit walk` beside it."""

import json
import os
import subprocess
import sys
from pathlib import Path

from msptool.audit import recording
from tests.lab.audit import snmpd
from tests.lab.msptool import msptool

PROFILE = """
msptool: 1
client: {{code: ACME, name: Acme}}
scope:
  networks: [127.0.0.1/32]
  authorised_by: "A. Smith, CIO"
  expires: {expires}
audit:
  pace: fast
  snmp:
    - {{user: stranger, auth: SHA, auth_password: "file:password"}}
    - {{user: {user}, auth: SHA-256, auth_password: "file:password", priv: AES-256,
       priv_password: "file:hidden", networks: [127.0.0.0/8]}}
    - {{community: "file:community"}}
"""
USER = next(one for one in snmpd.users() if one.label == "SHA-256 AES-256")


def workspace(folder: Path, expires: str = "2999-12-31") -> Path:
    """Make a workspace whose second credential is let in."""
    folder.mkdir(mode=0o700)
    (folder / "client.yaml").write_text(PROFILE.format(expires=expires, user=USER.user))
    secrets = {
        "password": USER.auth_password, "hidden": USER.priv_password, "community": snmpd.COMMUNITY
    }  # fmt: skip
    for name, text in secrets.items():
        path = folder / name
        path.touch(mode=0o600)
        path.write_text(text)
    return folder


def call(folder: Path, *words: str) -> "subprocess.CompletedProcess[bytes]":
    """Run msptool in a workspace."""
    env = {**os.environ, "MSPTOOL_LANG": "en", "XDG_STATE_HOME": str(folder / "state")}
    argv = msptool(*words[:2], "-C", str(folder), *words[2:])
    return subprocess.run(argv, capture_output=True, env=env, timeout=60)


def main(folder: Path) -> None:
    """Print what came of it, as JSON."""
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    told: dict[str, object] = {}
    here = workspace(folder / "acme")
    late = workspace(folder / "late", "2020-01-01")
    state = folder / "snmpd"
    state.mkdir()
    with snmpd.running(state, port=161):
        told["whole"] = call(here, "audit", "walk", "127.0.0.1", "-o", str(folder / "a.snmprec"))
        walk = ("audit", "walk", "127.0.0.1", "--format", "snmpwalk")
        told["printed"] = call(here, *walk)
        told["json"] = call(
            here, "audit", "walk", "127.0.0.1", "--subtree", "1.3.6.1.2.1.1", "--json"
        )
        told["taken"] = call(here, "audit", "walk", "127.0.0.1", "-o", str(folder / "a.snmprec"))
        told["outside"] = call(here, "audit", "walk", "127.0.0.2")
        told["late"] = call(late, "audit", "walk", "127.0.0.1")
        (here / "hidden").write_text("another word")
        told["key"] = call(here, "audit", "walk", "127.0.0.1", "--json")
        argv = ["snmpbulkwalk", "-v2c", "-c", snmpd.COMMUNITY, "-On", "127.0.0.1", ".1"]
        theirs = subprocess.run(
            argv, capture_output=True, env={**os.environ, "MIBS": ""}, check=True
        ).stdout
    told["nobody"] = call(here, "audit", "walk", "127.0.0.1")
    done = {
        name: {
            "rc": one.returncode, "out": one.stdout.decode(), "err": one.stderr.decode(),
        }
        for name, one in told.items()
        if isinstance(one, subprocess.CompletedProcess)
    }  # fmt: skip
    sets = {
        "snmprec": recording.read((folder / "a.snmprec").read_bytes(), name="a"),
        "snmpwalk": recording.read(done["printed"]["out"].encode(), name="b"),
        "net-snmp": recording.read(theirs, name="c"),
    }
    print(json.dumps({"done": done, "rows": sets}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
