"""Redis: INFO server, or its refusal, which names it as well (redis.io, RESP)."""

import re
from collections.abc import Mapping

from msptool.audit.probes.probe import Ask, Probe, asking, told

_ERRORS = re.compile(
    rb"-(?:NOAUTH|DENIED|WRONGPASS|MISCONF|LOADING"
    rb"|ERR (?:wrong number|unknown command|operation not permitted|max number))[^\r\n]*\r\n"
)
_FIELDS = {
    b"redis_version": "version",
    b"valkey_version": "valkey",
    b"os": "os",
    b"run_id": "run-id",
    b"uptime_in_seconds": "uptime-s",
    b"redis_mode": "mode",
}


def whole(said: bytes) -> bool:
    """A bulk string tells its size, an error ends with its line."""
    sized = re.match(rb"\$(\d{1,7})\r\n", said)
    if sized:
        return len(said) >= sized.end() + int(sized[1]) + 2
    return said[:1] in b"-+" and said.endswith(b"\r\n")


def parse(said: bytes) -> Mapping[str, str]:
    """Return the server's own lines; `auth` where it wants a password first."""
    if _ERRORS.match(said[:500]):
        return told("redis", auth="none" if said.startswith(b"-ERR wrong") else "required")
    if not re.match(rb"\$\d{1,7}\r\n(?:#|redis_version:)", said):
        return {}
    values = {}
    for line in said.split(b"\n")[:-1][:200]:
        name, _, value = line.strip().partition(b":")
        if name in _FIELDS:
            values[_FIELDS[name]] = value
    return told("redis", product="Redis", auth="none", **values)


PROBE = Probe("redis", parse, asking(Ask(b"*2\r\n$4\r\nINFO\r\n$6\r\nserver\r\n", whole)))
