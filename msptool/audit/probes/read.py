"""From a worker's records to facts, in the main process. Pure; records are untrusted."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msptool.audit.facts import AnyFact, Grab, Port, Told
from msptool.audit.probes import http, table, wellknown
from msptool.audit.probes.probe import Question
from msptool.model import Instant

HEAD_BYTES = 4096
Record = Mapping[str, Any]


def tcp(address: str, records: Iterable[Record], at: Instant, evidence: str) -> list[AnyFact]:
    """Return what a host's TCP services said: a Grab a port, a Told a probe that was answered."""
    facts: list[AnyFact] = []
    for record in _of(address, records):
        said = _settled(_said(record))
        seen: dict[str, Any] = {
            "address": address,
            "at": at,
            "source": "grab",
            "evidence": evidence,
        }
        seen["port"] = record["port"]
        facts.append(Grab(**seen, **_shown(said), error=str(record.get("error", ""))))
        facts += [Told(**seen, probe=probe, values=values) for probe, values in _values(said)]
    return facts


def udp(address: str, records: Iterable[Record], at: Instant, evidence: str) -> list[AnyFact]:
    """Return the UDP services that answered: an open Port and what was told, each.

    A datagram that is no answer to our question opens no port.
    """
    facts: list[AnyFact] = []
    for record in _of(address, records):
        questions = table.UDP.get(record["port"], ())
        said = _said(record)
        seen: dict[str, Any] = {"address": address, "at": at, "source": "udp", "evidence": evidence}
        seen |= {"proto": "udp", "port": record["port"]}
        answers = list(_answers(questions, said.values()))
        if answers:
            facts.append(Port(**seen, state="open", service=answers[0][1]["protocol"]))
        facts += [Told(**seen, probe=probe, values=values) for probe, values in answers]
        described = table.PARSERS["upnp"](said.get("upnp", b""))
        if described:
            facts.append(Told(**seen, probe="upnp", values=described))
    return facts


def _answers(
    questions: Iterable[Question], heard: Iterable[bytes]
) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Yield what each datagram says to the first question that it answers."""
    known = list(questions)
    for datagram in heard:
        read = ((question.name, question.parse(datagram)) for question in known)
        answer = next((one for one in read if one[1]), None)
        if answer:
            yield answer


def _of(address: str, records: Iterable[Record]) -> Iterator[Record]:
    """Yield the records of services of this host."""
    for record in records:
        if record.get("address") == address and type(record.get("port")) is int:
            yield record


def _said(record: Record) -> dict[str, bytes]:
    said = record.get("said")
    pairs = said.items() if isinstance(said, dict) else ()
    return {k: v.encode("latin-1", "replace") for k, v in pairs if isinstance(v, str)}


def _settled(said: dict[str, bytes]) -> dict[str, bytes]:
    """Return what was said, a web server's words only where they are: others greeted late, or did
    not know what they were asked, and go by their words like any greeting.
    """
    page = said.get("http", b"")
    if not page or page.startswith(b"HTTP/"):
        return said
    rest = {name: words for name, words in said.items() if name != "http"}
    return {"greeting": page} | rest


def _shown(said: Mapping[str, bytes]) -> dict[str, Any]:
    """Return what a Grab keeps: the greeting, FTP's answers, a page's head, the certificate."""
    kept = {name: said[name] for name in ("ftp-user", "ftp-pass") if name in said}
    if "http" in said:
        kept["http"] = http.split(said["http"])[0][:HEAD_BYTES]
    return {
        "greeting": _greeting(said).decode("latin-1"),
        "answers": {name: words.decode("latin-1") for name, words in kept.items()},
        "certificate": said.get("tls", b"").hex(),
    }


def _greeting(said: Mapping[str, bytes]) -> bytes:
    """Return what came by itself, or to a question of no protocol; of SSH its first line."""
    if "ssh" in said and "greeting" not in said:
        line = next((row for row in said["ssh"].split(b"\n") if row.startswith(b"SSH-")), b"")
        return line + b"\n" if line else said["ssh"][:HEAD_BYTES]
    return said.get("greeting") or said.get("help", b"")


def _values(said: Mapping[str, bytes]) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Yield what each probe read; a page that is an API's root tells that, too."""
    for name, raw in said.items():
        values = table.PARSERS[name](raw) if name in table.PARSERS else {}
        if values and not (name == "greeting" and values["protocol"] in said):
            yield name, values
    for name, parse in wellknown.ROOTS.items():
        values = parse(said.get("http", b""))
        if values:
            yield name, values
