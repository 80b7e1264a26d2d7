"""WS-Discovery: printers, Windows machines and ONVIF cameras say what they are, asked alone.

Sources: WS-Discovery 1.1, 5.2 (Probe) and 5.3 (ProbeMatches), in the 2005/04 namespace that
devices speak; ONVIF Core 7.3.2.2 (scopes `name`, `hardware`, `location`).
"""

import re
import urllib.parse
from collections.abc import Mapping

from msptool.audit.probes import markup
from msptool.audit.probes.probe import Question, listed, told

_ID = "urn:uuid:6d737074-6f6f-4c00-8000-000000004d53"
_PROBE = (
    '<?xml version="1.0" encoding="utf-8"?><s:Envelope '
    'xmlns:s="http://www.w3.org/2003/05/soap-envelope" '
    'xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" '
    'xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery" '
    'xmlns:wsdp="http://schemas.xmlsoap.org/ws/2006/02/devprof"><s:Header>'
    "<a:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</a:Action>"
    f"<a:MessageID>{_ID}</a:MessageID>"
    "<a:To>urn:schemas-xmlsoap-org:ws:2005:04:discovery</a:To></s:Header>"
    "<s:Body><d:Probe>%s</d:Probe></s:Body></s:Envelope>"
)
# Of any type: cameras; of the type of devices (DPWS 1.1): wsdd answers only where one is named.
_TYPES = ("", "<d:Types>wsdp:Device</d:Types>")


def parse(said: bytes) -> Mapping[str, str]:
    """Return types, addresses, endpoint and ONVIF's scopes of an answer to our message."""
    page = said[:16384].decode("utf-8", "replace")
    if markup.element(page, "RelatesTo") != _ID or "ProbeMatches" not in page:
        return {}
    scopes = markup.element(page, "Scopes").split()
    matches = page.partition("ProbeMatches")[2]
    endpoint = re.search(r"Address>\s*urn:uuid:([0-9A-Fa-f-]{36})\s*<", matches)
    return told(
        "ws-discovery",
        types=markup.element(matches, "Types"),
        addresses=markup.element(matches, "XAddrs"),
        uuid=endpoint[1] if endpoint else "",
        name=_scope(scopes, "name"),
        model=_scope(scopes, "hardware"),
        vendor=_scope(scopes, "manufacturer") or _scope(scopes, "mfr"),
        location=_scope(scopes, "location"),
        scopes=listed(scopes),
    )


def _scope(scopes: list[str], key: str) -> str:
    mark = f"onvif://www.onvif.org/{key}/"
    found = (s[len(mark) :] for s in scopes if s.lower().startswith(mark))
    return urllib.parse.unquote(next(found, ""))


UDP = tuple(Question("ws-discovery", (_PROBE % types).encode(), parse) for types in _TYPES)
