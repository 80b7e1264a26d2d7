"""WinRM: the first message of NTLM in front of `/wsman`; its challenge names the machine.

No login is attempted. Sources: MS-WSMV 2.2.1 (HTTP 5985), MS-NTHT 2.1.
"""

import base64
from collections.abc import Mapping

from msptool.audit.probes import http, ntlm
from msptool.audit.probes.probe import Ask, Probe, Talk, told

_TOKEN = base64.b64encode(ntlm.first()).decode()


def talk(host: str) -> Talk:
    """Ask once, with an empty body, as a client that offers NTLM does."""
    ask = http.request("/wsman", host, f"Authorization: Negotiate {_TOKEN}", "Content-Length: 0")
    yield Ask(ask.replace(b"GET", b"POST", 1).replace(b"HTTP/1.0", b"HTTP/1.1", 1), http.whole)


def parse(said: bytes) -> Mapping[str, str]:
    """Return what the challenge says; Microsoft-HTTPAPI without one is WinRM all the same."""
    page = http.parse(said)
    challenge = {key: value for key, value in http.challenge(said).items() if key != "clock"}
    if page.get("status") != "401" or not (challenge or "HTTPAPI" in page.get("server", "")):
        return {}
    return told("winrm", server=page.get("server")) | challenge


PROBE = Probe("winrm", parse, talk)
