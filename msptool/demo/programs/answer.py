"""snmpd's pass_persist partner: answers get and getnext from a file of records.

Runs as a bare script (`python -SE answer.py FILE`), without msptool. The first line of FILE is
`PHASE_S TAB PERIOD_S`; each other line `OID TAB TYPE TAB VALUE`, where `=BASE,RATE,BITS` is
computed from the wall clock. Protocol: snmpd.conf(5), pass_persist.
"""

import bisect
import sys
import time
from pathlib import Path

Oid = tuple[int, ...]


def oid(text: str) -> Oid:
    """Return a dotted OID as numbers."""
    return tuple(int(part) for part in text.strip().strip(".").split(".") if part)


class Answers:
    """The records, in the order of their OIDs."""

    def __init__(self, path: Path) -> None:
        first, *rest = path.read_text(encoding="utf-8").splitlines()
        self.phase_s, self.period_s = (int(part) for part in first.split("\t"))
        split = (line.split("\t") for line in rest)
        self.values = {oid(where): (kind, value) for where, kind, value in split}
        self.order = sorted(self.values)

    def get(self, where: Oid) -> str:
        """Return the three lines for an OID, or NONE."""
        if where not in self.values:
            return "NONE"
        kind, value = self.values[where]
        return f".{'.'.join(map(str, where))}\n{kind}\n{self.now(value)}"

    def after(self, where: Oid) -> str:
        """Return the three lines for the next OID, or NONE."""
        at = bisect.bisect_right(self.order, where)
        return self.get(self.order[at]) if at < len(self.order) else "NONE"

    def now(self, value: str) -> str:
        """Return a value as it is at this moment."""
        if not value.startswith("="):
            return value
        base, rate, bits = value[1:].split(",")
        up_s = (time.time() - self.phase_s) % self.period_s  # noqa: TID251 - a bare script
        return str((int(base) + int(float(rate) * up_s)) % (1 << int(bits)))


def main() -> None:
    """Serve until snmpd closes the pipe."""
    answers = Answers(Path(sys.argv[1]))
    for line in iter(sys.stdin.readline, ""):
        match line.strip():
            case "PING":
                reply = "PONG"
            case "get":
                reply = answers.get(oid(sys.stdin.readline()))
            case "getnext":
                reply = answers.after(oid(sys.stdin.readline()))
            case "set":
                sys.stdin.readline(), sys.stdin.readline()
                reply = "not-writable"
            case _:
                reply = "NONE"
        sys.stdout.write(reply + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
