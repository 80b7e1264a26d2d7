"""Read recorded SNMP answers: snmprec (snmpsim's form) and what net-snmp's snmpwalk prints. Pure.

snmprec, a line: `OID|TAG|VALUE`, the tag an ASN.1 number, with `x` for hex or `e` for escapes, and
of `2:numeric` the part before the colon:
https://docs.lextudio.com/snmpsim/documentation/simulation-data-file-format.
net-snmp, a line: `OID = TYPE: VALUE`, numeric OIDs (`snmpwalk -On`); strings and hex run on.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from msptool.audit.mib import Rows
from msptool.errors import UsageError

Value = int | str
MOST_ROWS = 2_000_000
MOST_VALUE_BYTES = 65_535  # of an SNMP message over UDP
_OID = re.compile(r"\.?((?:\d+|iso)(?:\.\d+)*)\Z")
_NEW = re.compile(r"(?:\.?1|iso)(?:\.\d+)+\s*= ")
_SEEN = 50  # lines that tell the form


def read(data: bytes, *, name: str) -> Rows:
    """Return the rows of a recording; raise UsageError for what is none.

    A line that cannot be read is passed over: recordings are cut, and edited by people.
    """
    lines = data.decode("utf-8", "surrogateescape").split("\n")
    begin = [line for line in lines if line.strip()][:_SEEN]
    is_walk = sum(_NEW.match(line) is not None for line in begin) > len(begin) / 2
    rows: dict[str, Value] = {}
    for oid, value in _walked(lines) if is_walk else _recorded(lines):
        rows[oid] = value
        if len(rows) > MOST_ROWS:
            break
    if not rows:
        raise UsageError(
            "audit.recording",
            f"{name}: no SNMP answers in it",
            hint="OID|TAG|VALUE lines (snmprec), or what snmpwalk -On prints",
        )
    return rows


# snmprec


def _recorded(lines: Iterable[str]) -> Iterator[tuple[str, Value]]:
    for line in lines:
        oid, bar, rest = line.rstrip("\r").partition("|")
        tag, again, text = rest.partition("|")
        name = _identifier(oid)
        value = _typed(tag.partition(":")[0], text) if bar and again and name else None
        if value is not None:
            yield name, value


def _typed(tag: str, text: str) -> Value | None:
    number, form = (tag[:-1], tag[-1]) if tag[-1:] in ("x", "e") else (tag, "")
    reader = _BY_TAG.get(number)
    try:
        return reader(_unwrapped(text, form)) if reader else None
    except ValueError:
        return None


def _unwrapped(text: str, form: str) -> bytes:
    if form == "x":
        return bytes.fromhex(text)
    raw = text.encode("utf-8", "surrogateescape")
    return _unescaped(raw) if form == "e" else raw


def _unescaped(raw: bytes) -> bytes:
    """Return what Python's string escapes stand for, of which snmpsim uses these."""
    escapes = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"0": b"\0", b"\\": b"\\"}

    def put(found: re.Match[bytes]) -> bytes:
        if found[1]:
            return bytes([int(found[1], 16)])
        return escapes.get(found[2], found[0])

    return re.sub(rb"\\(?:x([0-9a-fA-F]{2})|(.))", put, raw, flags=re.DOTALL)


def _octets(raw: bytes) -> str:
    return f"x:{raw[:MOST_VALUE_BYTES].hex()}"


def _integer(raw: bytes) -> int:
    return int(raw)


def _object(raw: bytes) -> str:
    name = _identifier(raw.decode("ascii", "replace"))
    if not name:
        raise ValueError("no object identifier")
    return f"o:{name}"


def _identifier(text: str) -> str:
    """Return an object identifier in digits; "" for what is none. snmpwalk without MIB files calls
    its first arc by name.
    """
    found = _OID.match(text.strip())
    return re.sub(r"\Aiso\b", "1", found[1]) if found else ""


def _address(raw: bytes) -> str:
    """Return the four octets of an address, written as text or as they are."""
    if len(raw) == 4:  # noqa: PLR2004 - octets
        return _octets(raw)
    return _octets(bytes(int(part) for part in raw.split(b".")))


_BY_TAG: Mapping[str, Callable[[bytes], Value]] = {
    "2": _integer, "4": _octets, "6": _object, "64": _address, "65": _integer, "66": _integer,
    "67": _integer, "68": _octets, "70": _integer,
}  # fmt: skip


# net-snmp


def _walked(lines: Iterable[str]) -> Iterator[tuple[str, Value]]:
    for whole in _joined(lines):
        oid, _, rest = whole.partition(" = ")
        name = _identifier(oid)
        kind, colon, text = rest.partition(": ")
        value = _printed(kind.strip(), text) if colon else _bare(rest)
        if name and value is not None:
            yield name, value


def _joined(lines: Iterable[str]) -> Iterator[str]:
    """Yield answers; a value goes on until the next line that begins one."""
    held = ""
    for line in lines:
        if _NEW.match(line):
            if held:
                yield held
            held = line
        elif held and len(held) < 4 * MOST_VALUE_BYTES:
            held += f"\n{line}"
    if held:
        yield held


def _bare(rest: str) -> Value | None:
    """Return an empty string, which net-snmp prints without its type."""
    return _octets(b"") if rest.strip() == '""' else None


def _printed(kind: str, text: str) -> Value | None:
    if kind == "STRING":
        return _octets(_quoted(text))
    if kind in ("Hex-STRING", "BITS", "Network Address"):
        digits = re.findall(r"\b[0-9A-Fa-f]{2}\b", text)
        return _octets(bytes(int(pair, 16) for pair in digits))
    if kind in ("OID", "IpAddress"):
        try:
            return (_object if kind == "OID" else _address)(text.strip().encode())
        except ValueError:
            return None
    inner = re.search(r"\((-?\d+)\)", text) or re.match(r"\s*(-?\d+)", text)
    return int(inner[1]) if inner else None


def _quoted(text: str) -> bytes:
    plain = text.strip("\r\n")
    if plain.startswith('"'):
        plain = plain[1:].rstrip()
        plain = plain.removesuffix('"')
        plain = re.sub(r'\\(["\\])', r"\1", plain)
    return plain.encode("utf-8", "surrogateescape")
