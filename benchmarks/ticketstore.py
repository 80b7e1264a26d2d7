"""A drawn store of tickets as three years of a client leave them, written in bulk: a minute for
100,000. `python -m benchmarks.ticketstore FOLDER COUNT SEED`.

Findings and requests in both languages, 5 to 40 events each, most of them closed; and the report
of an audit that finds again what is open, and some new things.
"""

import base64
import itertools
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from msptool import clock, model
from msptool.model import Attempt, End, Finding, Header, Rule, Subject, Thing
from msptool.tickets import events, ids, store
from msptool.tickets.events import FORMAT, MACHINE, AnyEvent, Mark
from msptool.ulid import ALPHABET
from msptool.workspace import Workspace

CLIENT = """\
msptool: 1
client: {code: BENCH, name: A large client, languages: [ru, en], zone: Europe/Moscow}
tickets:
  sla:
    critical: {response_h: 0.5, resolve_h: 4}
    high: {response_h: 2, resolve_h: 24}
    normal: {response_h: 8, resolve_h: 72}
"""
YEARS = timedelta(days=3 * 365)
ACTIVE = 0.08
_FINDINGS = 0.64
_CHECKS = 60
_THINGS = 3000
_PEOPLE = tuple(f"{name}@{host}" for name in ("anna", "boris", "vera", "gleb", "egor")
                for host in ("desk", "laptop"))  # fmt: skip
_WORDS_EN = (
    "printer paper jam on the second floor queue is stuck after update driver server restart "
    "user cannot log in password expired mailbox full outlook asks again network is slow switch "
    "port flapping cable replaced backup job failed disk space low volume cleaned monitor black "
    "screen ordered a part vendor called waiting for the client account created rights granted "
    "shared folder access remote desktop vpn tunnel down certificate renewed firewall rule added"
)
_WORDS_RU = (
    "принтер зажёвывает бумагу на втором этаже очередь стоит после обновления драйвер сервер "
    "перезапущен пользователь не может войти пароль истёк почтовый ящик переполнен сеть медленная "
    "коммутатор порт мигает кабель заменён резервная копия не прошла место на диске кончается "
    "монитор чёрный экран заказана деталь ждём клиента учётная запись создана права выданы общая "
    "папка доступ удалённый рабочий стол туннель упал сертификат продлён правило добавлено"
)
_EN, _RU = _WORDS_EN.split(), _WORDS_RU.split()
_QUEUES = ("desk", "network", "servers", "")


@dataclass(frozen=True)
class Known:
    """A finding that has its ticket, and would write nothing if it were seen again."""

    check: str
    thing: str
    part: str


class Drawn:
    """Draws tickets, the same for one seed and one day."""

    def __init__(self, seed: int, now: datetime) -> None:
        self.dice, self.now = random.Random(seed), now
        self.rules = [_rule(number) for number in range(_CHECKS)]
        self._times = ["".join(pair) for pair in itertools.product(ALPHABET, repeat=2)]
        self._turn = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", ALPHABET.encode())
        self._taken: set[str] = set()
        self.known: list[Known] = []

    def text(self, least: int, most: int) -> str:
        """Return some words of one language."""
        dice = self.dice
        words = dice.choices(_RU if dice.random() < 0.6 else _EN, k=dice.randint(least, most))
        if dice.random() < 0.3:  # a machine, by its tag
            words.append(f"ws-{dice.randrange(_THINGS):04d}")
        return " ".join(words)

    def ident(self) -> str:
        """Return an id that was not drawn before."""
        while (ident := ids.numbered("BENCH", self.dice.getrandbits(30))) in self._taken:
            pass
        self._taken.add(ident)
        return ident

    def eid(self, at: datetime) -> str:
        """Return a ULID of a time; quicker than ulid.new."""
        ms = int(at.timestamp() * 1000)
        told = "".join(self._times[ms >> shift & 1023] for shift in (40, 30, 20, 10, 0))
        return told + base64.b32encode(self.dice.randbytes(10)).translate(self._turn).decode()

    def ticket(self, ident: str) -> list[AnyEvent]:
        """Return a ticket's history."""
        dice = self.dice
        count = 5 + min(35, int(dice.expovariate(1 / 9)))
        active = dice.random() < ACTIVE
        age = YEARS * (dice.random() ** 3 * 0.2 if active else dice.random())
        at = self.now - age - timedelta(hours=2)
        step = min(age, timedelta(days=dice.expovariate(1 / 6))) / count
        history: list[AnyEvent] = [self._opening(ident, self._mark((), at, MACHINE))]
        for _ in range(count - (1 if active else 2)):
            at += step * dice.random()
            history.append(self._said(self._mark(history, at, dice.choice(_PEOPLE))))
        if not active:
            history.append(self._end(history, at + step))
        self._remember(history[0], history[-1], active=active)
        return history

    def _mark(self, history: Any, at: datetime, by: str) -> Mark:
        after = (history[-1].eid,) if history else ()
        return Mark(eid=self.eid(at), n=len(history) + 1, by=by, at=at, after=after)

    def _opening(self, ident: str, mark: Mark) -> events.Opened:
        dice = self.dice
        common: Any = {"format": FORMAT, "ticket": ident, "client": "BENCH"}
        if dice.random() < _FINDINGS:
            rule = dice.choice(self.rules)
            thing, part = self._place(dice.randrange(_THINGS))
            about = self._about(rule, thing, part, mark["at"])
            title = f"{rule.title['ru']}, {about.name} ({part})"
            return events.Opened(
                **mark, **common, kind="incident", channel="monitoring", title=title, about=about
            )
        mark["by"] = dice.choice(_PEOPLE)
        return events.Opened(
            **mark, **common, kind=dice.choice(("request", "incident", "change", "visit", "task")),
            title=self.text(3, 9), text=self.text(0, 60), queue=dice.choice(_QUEUES),
            requester=f"{dice.choice(_EN)}.{dice.choice(_EN)}@client.example",
            channel=dice.choice(("phone", "mail", "messenger", "portal")),
            priority=dice.choice((None, "low", "normal", "high", "critical")),
            tags=tuple(dice.sample(_EN, dice.randrange(3))),
        )  # fmt: skip

    def _place(self, number: int) -> tuple[str, str]:
        return f"01HZ{number:022d}", f"tcp/{self.dice.randrange(65536)}"

    def _about(self, rule: Rule, thing: str, part: str, at: datetime) -> events.About:
        facts = {"port": part, "banner": "x"}
        return events.About(
            check=rule.check,
            subject=Subject(client="BENCH", thing=thing, part=part),
            name=f"host-{thing[-4:]}",
            severity=rule.severity,
            title=rule.title,
            message={lang: model.fill(text, facts) for lang, text in rule.message.items()},
            remedy=rule.remedy,
            standards=rule.standards,
            seen=events.Sighting(seen_at=at, vantage="segment:10.0.0.0/8", privilege="root"),
        )

    def _said(self, mark: Mark) -> AnyEvent:
        dice = self.dice
        which = dice.random()
        if which < 0.6:
            return events.Comment(**mark, text=self.text(3, 40), internal=dice.random() < 0.2)
        if which < 0.8:
            person = dice.choice(_PEOPLE).partition("@")[0]
            state = dice.choice(("open", "in_progress", "waiting"))
            return events.Set(**mark, fields={"assignee": person, "state": state})
        if which < 0.95:
            return events.Timed(
                **mark, minutes=dice.randint(5, 180), began_at=mark["at"], text=self.text(1, 6)
            )
        return events.Set(**mark, fields={"priority": dice.choice(("low", "normal", "high"))})

    def _end(self, history: list[AnyEvent], at: datetime) -> AnyEvent:
        dice, finding = self.dice, _about_of(history[0])
        if finding is not None and dice.random() < 0.5:
            seen = events.Sighting(seen_at=at, vantage="segment:10.0.0.0/8", privilege="root")
            return events.Resolved(**self._mark(history, at, MACHINE), seen=seen)
        mark = self._mark(history, at, dice.choice(_PEOPLE))
        reason: Any = "wont-fix" if dice.random() < 0.15 else "fixed"
        return events.Closed(**mark, reason=reason, text=self.text(2, 12))

    def _remember(self, opening: AnyEvent, last: AnyEvent, *, active: bool) -> None:
        about = _about_of(opening)
        stays = active or isinstance(last, events.Closed) and last.reason == "wont-fix"
        if about is not None and stays:
            self.known.append(Known(about.check, about.subject.thing, about.subject.part))


def _about_of(event: AnyEvent) -> events.About | None:
    return event.about if isinstance(event, events.Opened) else None


def _rule(number: int) -> Rule:
    severity = model.SEVERITIES[number % len(model.SEVERITIES)]
    return Rule(
        check=f"NET-{number:03d}",
        title={"en": f"Service {number} is open", "ru": f"Открыта служба {number}"},
        message={
            "en": "port {port} answers as {banner}; anyone on the network can reach it",
            "ru": "порт {port} отвечает: {banner}; он доступен каждому в сети",
        },
        remedy={"en": "close it in the firewall", "ru": "закройте её в межсетевом экране"},
        severity=severity,
        category="exposure",
        standards=("CIS-4.8",),
    )


def make(root: Path, count: int, seed: int, now: datetime) -> Drawn:
    """Write a workspace with so many tickets; return what was drawn."""
    drawn = Drawn(seed, now)
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    workspace = Workspace(root)
    workspace.client_file.write_text(CLIENT)
    workspace.client_file.chmod(0o600)
    for _ in range(count):
        ident = drawn.ident()
        path = store.path_of(workspace, ident)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.write_bytes(b"".join(events.encode(e) + b"\n" for e in drawn.ticket(ident)))
    return drawn


def report(drawn: Drawn, count: int, known: int, run: int) -> bytes:
    """Return an audit's report as a pipe carries it: so many findings, so many of them known."""
    at = drawn.now - timedelta(minutes=30 - run)
    again = drawn.dice.sample(drawn.known, min(known, len(drawn.known)))
    new = [
        Known(f"NET-{at_ % _CHECKS:03d}", f"01J0{run:04d}{at_:018d}", "tcp/1")
        for at_ in range(count - len(again))
    ]
    return b"\n".join(map(model.encode, _lines(drawn, (*again, *new), at))) + b"\n"


def _lines(drawn: Drawn, found: tuple[Known, ...], at: datetime) -> Iterator[model.Line]:
    yield Header(
        run=drawn.eid(at), client="BENCH", kind="audit", msptool="0.1", started_at=at,
        vantage="segment:10.0.0.0/8", privilege="root",
    )  # fmt: skip
    yield from drawn.rules
    for thing in sorted({one.thing for one in found}):
        yield Thing(id=thing, kind="asset", name=f"host-{thing[-4:]}")
    for check, thing in sorted({(one.check, one.thing) for one in found}):
        yield Attempt(check=check, thing=thing, privilege="root", outcome="fail")
    severities = {rule.check: rule.severity for rule in drawn.rules}
    for one in found:
        yield Finding(
            check=one.check,
            subject=Subject(client="BENCH", thing=one.thing, part=one.part),
            severity=severities[one.check],
            facts={"port": one.part, "banner": "x"},
        )
    yield End(ended_at=at + timedelta(minutes=5), complete=True)


def main() -> None:
    """Make a store, and beside it the reports to ingest: `report-N.jsonl`."""
    root, count, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    drawn = make(root, count, seed, clock.now())
    size = min(10_000, count // 10)
    for run in range(1, 6):
        told = report(drawn, size, size * 9 // 10, run)
        (root / f"report-{run}.jsonl").write_bytes(told)
    print(f"{len(drawn.known)} findings are known")


if __name__ == "__main__":
    main()
