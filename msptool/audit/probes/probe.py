"""What a probe is: a short conversation, and a reader of what was said.

A conversation is a generator: it yields what to do next and is given the bytes that came. The
worker does the rest (connects, waits, counts, cuts), so each is tested without a socket.
"""

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

# A value that is longer is cut: nobody's name, model or list of ciphers is.
LONGEST = 1024
MOST_VALUES = 40

Whole: TypeAlias = Callable[[bytes], bool]


def open_ended(said: bytes) -> bool:
    """Nothing marks the end: the worker stops at a short silence."""
    return False


@dataclass(frozen=True)
class Ask:
    """Say `send` (nothing: only listen) and read until `whole` says that the answer is complete.

    The answer is kept under `name`, or under the probe's where it has none. `patience_s` is for
    questions that wait for less than the worker's time.
    """

    send: bytes
    whole: Whole = open_ended
    name: str = ""
    patience_s: float = 60.0


@dataclass(frozen=True)
class Shield:
    """Go on in TLS; the answer is the server's certificate as DER."""


Talk: TypeAlias = Generator[Ask | Shield, bytes, None]


@dataclass(frozen=True)
class Probe:
    """A protocol's questions and the reader of its answers, all of them one after the other.

    `parse` never raises, whatever it is given; it returns {} for what is not its protocol, else
    `protocol` and what it could read whole. Values are untrusted text of at most LONGEST signs.
    """

    name: str
    parse: Callable[[bytes], Mapping[str, str]]
    talk: Callable[[str], Talk]


@dataclass(frozen=True)
class Question:
    """A datagram, and the reader of its answer, which is {} for anything but an answer to it."""

    name: str
    datagram: bytes
    parse: Callable[[bytes], Mapping[str, str]]


def asking(*asks: Ask) -> Callable[[str], Talk]:
    """Return the conversation that says the same words to everybody, while answers come."""

    def talk(host: str) -> Talk:
        for ask in asks:
            if not (yield ask):
                return

    return talk


def listening(whole: Whole = open_ended) -> Callable[[str], Talk]:
    """Return the conversation that only hears the other out."""
    return asking(Ask(b"", whole))


def told(protocol: str, **values: str | bytes | int | None) -> dict[str, str]:
    """Return values as bounded text under their names (`_` read as `-`); without empty ones."""
    kept = {"protocol": protocol}
    for name, value in values.items():
        shown = text(value) if isinstance(value, bytes) else "" if value is None else str(value)
        if shown.strip() and len(kept) < MOST_VALUES:
            kept[name.replace("_", "-")] = shown[:LONGEST]
    return kept


def text(data: bytes) -> str:
    """Decode bytes of a stranger: UTF-8, the rest marked; cut, without the zeros around it."""
    return data[: 4 * LONGEST].decode("utf-8", "replace")[:LONGEST].strip("\0 \t\r\n")


def listed(names: "list[str] | tuple[str, ...]") -> str:
    """Join a list for one value, cut at a whole name."""
    shown, kept = 0, []
    for name in names:
        shown += len(name) + 2
        if shown > LONGEST:
            break
        kept.append(name)
    return ", ".join(kept)


def counted(at: int, size: int, *, plus: int = 0, little: bool = False) -> Whole:
    """Return the teller of a message that counts its bytes: `size` bytes at `at`, and `plus`."""

    def whole(said: bytes) -> bool:
        if len(said) < at + size:
            return False
        count = int.from_bytes(said[at : at + size], "little" if little else "big")
        return len(said) >= count + plus

    return whole


def ended(*marks: bytes) -> Whole:
    """Return the teller of an answer that ends with one of the marks."""
    return lambda said: said.endswith(marks)


def at_least(size: int) -> Whole:
    """Return the teller of an answer of a fixed size."""
    return lambda said: len(said) >= size


def lines(data: bytes) -> list[bytes]:
    """Return the whole lines, without their ends: half a line is none. At most 400."""
    return [line.rstrip(b"\r") for line in data.split(b"\n", 400)[:-1]]
