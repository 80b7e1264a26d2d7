"""Write what an agent answered, in the forms that recording.read reads and others too. Pure.

snmprec: `OID|TAG|VALUE`, in the order of OIDs, the tag with `x` where the value is in hex (snmpsim,
https://docs.lextudio.com/snmpsim/documentation/simulation-data-file-format). snmpwalk: what
net-snmp 5.9 prints with -On.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Literal, TypeAlias

from msptool.audit.snmp import ber, pdu
from msptool.audit.snmp.ber import Malformed

Format: TypeAlias = Literal["snmprec", "snmpwalk"]
Row: TypeAlias = tuple[str, int, bytes]
_PLAIN = frozenset(b" !\"#$%&'()*+,-./:;<=>?@[]^_`{}~") | frozenset(
    b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
)
_NAMES = {
    ber.INTEGER: "INTEGER", ber.OID: "OID", pdu.IP_ADDRESS: "IpAddress", pdu.TICKS: "Timeticks",
    pdu.COUNTER: "Counter32", pdu.GAUGE: "Gauge32", pdu.UNSIGNED: "Gauge32",
    pdu.COUNTER64: "Counter64",
}  # fmt: skip


def lines(rows: Iterable[Row], form: Format) -> Iterator[str]:
    """Yield a line for each row, without its end; no value and a broken one are left out."""
    write = _FORMS[form]
    for name, tag, value in rows:
        try:
            told = "" if tag in pdu.NOTHING else write(tag, value)
        except Malformed:
            continue
        if told:
            yield f"{name}|{told}" if form == "snmprec" else f".{name} = {told}"


def _snmprec(tag: int, value: bytes) -> str:
    text = _text(tag, value)
    if text is not None:
        return f"{pdu.GAUGE if tag == pdu.UNSIGNED else tag}|{text}"
    if tag != pdu.OPAQUE and _PLAIN.issuperset(value) and value.strip() == value:
        return f"{ber.OCTETS}|{value.decode()}"
    return f"{tag if tag == pdu.OPAQUE else ber.OCTETS}x|{value.hex()}"


def _snmpwalk(tag: int, value: bytes) -> str:
    text = _text(tag, value)
    if text is not None:
        dot = "." if tag == ber.OID else ""
        return f"{_NAMES[tag]}: {dot}{_ticks(int(text)) if tag == pdu.TICKS else text}"
    if not value:
        return '""'
    if tag == ber.OCTETS and _PLAIN.issuperset(value):
        escaped = value.decode().replace("\\", "\\\\").replace('"', '\\"')
        return f'STRING: "{escaped}"'
    return f"Hex-STRING: {value.hex(' ').upper()}"


def _text(tag: int, value: bytes) -> str | None:
    """Return numbers, OIDs and addresses, which both forms write alike; None for other values."""
    if tag == ber.OID:
        return ber.dotted(value) if value else "0.0"
    if tag == pdu.IP_ADDRESS and len(value) == 4:
        return ".".join(map(str, value))
    if tag == ber.INTEGER:
        return str(ber.whole(value))
    return str(ber.natural(value)) if tag in _NAMES and tag != pdu.IP_ADDRESS else None


def _ticks(number: int) -> str:
    seconds, hundredths = divmod(number, 100)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    return f"({number}) {days}:{hours}:{minutes:02d}:{seconds:02d}.{hundredths:02d}"


_FORMS: Mapping[Format, Callable[[int, bytes], str]] = {
    "snmprec": _snmprec, "snmpwalk": _snmpwalk,
}  # fmt: skip
