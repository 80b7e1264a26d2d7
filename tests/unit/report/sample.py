"""A realistic document: 20 assets behind two switches, 15 findings, gaps, a damaged backup.

Run as a program it writes the HTML page to look at: `python sample.py PAGE.html`.
"""

# ruff: noqa: E501, PLR0917 - sample data reads best as tables
# fmt: off
import hashlib
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from msptool.backup import words
from msptool.model import (
    Attempt,
    End,
    Evidence,
    Finding,
    Header,
    Kind,
    Link,
    Report,
    Rule,
    Scalar,
    Severity,
    Subject,
    Thing,
)
from msptool.profile.shape import Consent
from msptool.report.document import KINDS, Authority, Document, Part, Problem, Promise, Ticket

NOW = datetime(2026, 11, 24, 5, 40, tzinfo=UTC)
SEEN = NOW - timedelta(minutes=38)
CLIENT = "ROMASHKA"

# name, type, last octet, vendor, model, serial, ports
ASSETS: tuple[tuple[str, str, int, str, str, str, str], ...] = (
    ("gw-office", "router", 1, "MikroTik", "CCR2004-1G-12S+2XS 7.16.1", "HG109Q7V2XA", "tcp/22, tcp/8291"),
    ("sw-core", "switch", 2, "Cisco", "WS-C2960X-24TS-L 15.2(7)E8", "FOC2051X0L7", "tcp/22, tcp/23, udp/161"),
    ("sw-buh", "switch", 3, "D-Link", "DGS-1210-28/F1", "S3VN1K6000411", "tcp/80, tcp/443, udp/161"),
    ("srv-1c", "server", 10, "HPE", "ProLiant DL360 Gen10", "CZJ93807VM", "tcp/22, tcp/1540, tcp/1541, tcp/5432"),
    ("srv-files", "server", 11, "Supermicro", "SYS-5019C-MR", "A263748X9A04512", "tcp/22, tcp/139, tcp/445"),
    ("srv-web", "server", 12, "", "", "", "tcp/80, tcp/443"),
    ("srv-ad", "server", 13, "Dell", "PowerEdge R240", "7QKX2P3", "tcp/53, tcp/88, tcp/135, tcp/139, tcp/389, tcp/445, tcp/464, tcp/593, tcp/636, tcp/3268, tcp/3269, tcp/3389, tcp/5985, tcp/9389"),
    ("nas-archive", "storage", 14, "Synology", "DS1821+ DSM 7.2", "2150QWR4X9K2B", "tcp/22, tcp/139, tcp/445, tcp/5001, udp/161"),
    ("ups-rack", "ups", 20, "APC", "Smart-UPS 2200 UPS 09.8", "AS1834191722", "tcp/80, udp/161"),
    ("prn-buh", "printer", 30, "Kyocera", "ECOSYS M2040dn", "VCF8Y12345", "tcp/80, tcp/9100, udp/161"),
    ("prn-sklad", "printer", 31, "HP", "LaserJet M404dn", "PHB4K07231", "tcp/80, tcp/631, tcp/9100, udp/161"),
    ("ws-direktor", "workstation", 101, "", "", "", "tcp/135, tcp/445"),
    ("ws-buh-1", "workstation", 102, "", "", "", "tcp/135, tcp/445, tcp/3389"),
    ("ws-buh-2", "workstation", 103, "", "", "", "tcp/135, tcp/445"),
    ("ws-sklad", "workstation", 104, "", "", "", "tcp/135, tcp/445"),
    ("cam-vhod", "device", 150, "Hikvision", "", "", "tcp/80, tcp/554"),
    ("skud", "device", 151, "", "", "", "tcp/21, tcp/23"),
    ("192.0.2.160", "", 160, "", "", "", ""),
    ("192.0.2.161", "", 161, "Espressif", "", "", ""),
    ("ats-office", "device", 170, "Yeastar", "S20", "3631A1830418", "tcp/80, tcp/5060"),
)
UP = {"sw-core": ("gw-office", "ether2", "Gi1/0/24"), "sw-buh": ("sw-core", "Gi1/0/23", "28")}
ON_CORE = ("srv-1c", "srv-files", "srv-web", "srv-ad", "nas-archive", "ups-rack", "ats-office", "skud")
ON_BUH = ("prn-buh", "ws-buh-1", "ws-buh-2", "ws-direktor", "cam-vhod")


def rule(check: str, severity: Severity, category: str, title: tuple[str, str],
         message: tuple[str, str], remedy: tuple[str, str], *standards: str) -> Rule:
    return Rule(
        check=check, severity=severity, category=category, standards=standards,
        title=dict(zip(("en", "ru"), title, strict=True)),
        message=dict(zip(("en", "ru"), message, strict=True)),
        remedy=dict(zip(("en", "ru"), remedy, strict=True)),
    )


AUDIT_RULES = (
    rule("NET-001", "high", "network", ("Telnet management enabled", "Управление по Telnet"),
         ("Telnet answers on {port}: {banner}", "На {port} отвечает Telnet: {banner}"),
         ("Turn SSH on and Telnet off, then change the passwords that travelled in clear.",
          "Включить SSH, выключить Telnet и сменить пароли, которые ходили открытым текстом."),
         "CIS 4.6", "CIS 12.6", "ФСТЭК ЗИС.3"),
    rule("NET-002", "high", "network",
         ("SNMP answers to a default community", "SNMP отвечает на community по умолчанию"),
         ("SNMP answers to the community “{community}”.", "SNMP отвечает на community «{community}»."),
         ("Use SNMPv3, or a community of your own that only the monitoring host may use.",
          "Перейти на SNMPv3 или задать своё community и разрешить его только узлу мониторинга."),
         "CIS 4.7", "ФСТЭК ИАФ.4"),
    rule("NET-011", "medium", "network", ("Errors on an interface", "Ошибки на порту"),
         ("{errors} errors on {share} % of the packets of port {port} since the last run.",
          "На порту {port} с прошлого запуска {errors} ошибок, это {share} % пакетов."),
         ("Change the cable or the module, then check speed and duplex on both ends.",
          "Заменить кабель или модуль, затем сверить скорость и дуплекс на обоих концах."), "CSF DE.CM-01"),
    rule("NET-020", "low", "network",
         ("A single switch carries all servers", "Все серверы держатся на одном коммутаторе"),
         ("If {switch} fails, {count} servers are cut off.", "Если откажет {switch}, без связи останутся серверы: {count}."),
         ("Connect the servers to a second switch as well.", "Подключить серверы и ко второму коммутатору.")),
    rule("SEC-003", "high", "security", ("Certificate has expired", "Срок сертификата истёк"),
         ("The certificate of {subject} on {port} expired on {expired_at}.",
          "Сертификат {subject} на {port} истёк: {expired_at}."),
         ("Renew the certificate and let it renew itself from now on.",
          "Обновить сертификат и настроить его обновление без участия людей."), "CIS 3.10"),
    rule("SEC-010", "critical", "security",
         ("Anonymous FTP can be written to", "Анонимный FTP доступен для записи"),
         ("FTP on {port} lets anyone in: {banner}", "FTP на {port} впускает любого: {banner}"),
         ("Turn anonymous access off; if files must be handed out, do it read-only and over HTTPS.",
          "Выключить анонимный доступ; если файлы нужно раздавать, то только на чтение и по HTTPS."),
         "CIS 3.3", "CIS 4.8", "ФСТЭК УПД.2"),
    rule("SRV-004", "medium", "servers", ("Remote desktop open to the whole network", "Удалённый рабочий стол открыт всей сети"),
         ("RDP answers on {port} to the surveying host.", "RDP на {port} отвечает обследующему узлу."),
         ("Let only the administrators' addresses in.", "Оставить доступ только с адресов администраторов."),
         "CIS 4.4"),
    rule("BKP-001", "high", "backup", ("No backup job protects this asset", "Узел не защищён резервным копированием"),
         ("No job of the profile names {name}.", "Ни одно задание профиля не называет {name}."),
         ("Add a job with its data, or note in the profile that there is nothing to lose.",
          "Добавить задание с его данными или отметить в профиле, что терять там нечего."), "CIS 11.2"),
)
RESTORE_RULES = (
    rule("BKP-010", "critical", "backup", ("Restored files differ from the sealed manifest", "Восстановленные файлы не совпали с описью"),
         ("{differ} of {total} files differ, {absent} are absent. Differs: {files}. Absent: {missing} "
          "(the exclude {exclude} is not in the profile).",
          "Изменено файлов: {differ} из {total}, нет: {absent}. Изменён: {files}. Нет: {missing} "
          "(исключения {exclude} нет в профиле)."),
         ("Make a fresh backup at once.\nFind out what changed the repository; run: restic check --read-data.",
          "Сразу сделать новую копию.\nВыяснить, что изменило хранилище: restic check --read-data."), "CIS 11.5"),
    rule("BKP-012", "medium", "backup", ("Restore takes longer than promised", "Восстановление дольше обещанного"),
         ("It took {took_h} h; {target_h} h are promised.", "Заняло {took_h} ч; обещано {target_h} ч."),
         ("Agree on another target, or move the copy nearer.", "Согласовать другой срок или держать копию ближе.")),
)
MONITOR_RULES = (
    rule("MON-001", "medium", "monitor", ("Load of the machine", "Нагрузка машины"), ("Load {load} per processor.", "Нагрузка {load} на процессор."), ("Find what computes.", "Найти, что считает.")),
    rule("MON-003", "high", "monitor", ("Services run", "Службы работают"), ("{unit} is {state}.", "{unit}: {state}."), ("systemctl status tells why.", "Причину скажет systemctl status.")),
    rule("SRV-006", "high", "servers", ("Volume is nearly full", "Том почти заполнен"),
         ("{mount} is {used} % full; the limit is {limit} %.", "{mount} занят на {used} %; предел {limit} %."),
         ("Free some space, or make the volume larger.", "Освободить место или увеличить том.")),
    rule("BKP-003", "high", "backup", ("Last proven restore is too old", "Последнее доказанное восстановление устарело"),
         ("The last proof of {job} is of {proven_at}.", "Последнее доказательство задания {job}: {proven_at}."),
         ("msptool backup verify", "msptool backup verify")),
)

FAULTS: tuple[tuple[str, str, str, dict[str, Scalar]], ...] = (
    ("SEC-010", "skud", "tcp/21", {"port": "tcp/21", "banner": "220 SKUD-FTP ready"}),
    ("NET-001", "sw-core", "tcp/23", {"port": "tcp/23", "banner": "User Access Verification"}),
    ("NET-001", "skud", "tcp/23", {"port": "tcp/23", "banner": "login:"}),
    ("NET-002", "prn-sklad", "public", {"community": "public"}),
    ("NET-002", "ups-rack", "public", {"community": "public"}),
    ("NET-011", "sw-core", "Gi1/0/7", {"port": "Gi1/0/7", "errors": 4127, "share": 1.84}),
    ("NET-020", "sw-core", "", {"switch": "sw-core", "count": 4}),
    ("SEC-003", "srv-web", "tcp/443", {"port": "tcp/443", "subject": "www.romashka.example", "expired_at": "2026-10-31T12:00:00Z"}),
    ("SRV-004", "srv-ad", "tcp/3389", {"port": "tcp/3389"}),
    ("SRV-004", "ws-buh-1", "tcp/3389", {"port": "tcp/3389"}),
    ("BKP-001", "srv-web", "", {"name": "srv-web"}),
    ("BKP-001", "srv-ad", "", {"name": "srv-ad"}),
)
GAPS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("NET-011", "no-snmp", ("srv-1c", "srv-files", "srv-web", "srv-ad", "gw-office", "cam-vhod")),
    ("NET-011", "no-previous-run", ("sw-buh",)),
    ("NET-002", "no-consent", ("gw-office", "sw-buh")),
    ("SEC-003", "timed-out", ("nas-archive",)),
    ("NET-001", "host-off", ("192.0.2.160", "192.0.2.161")),
    ("NET-020", "not-applicable", ("prn-buh",)),
)


def ident(name: str) -> str:
    """Return an id in the shape of a minted one."""
    return "01J8" + hashlib.sha256(name.encode()).hexdigest().upper()[:22]


def asset(row: tuple[str, str, int, str, str, str, str]) -> Thing:
    name, kind, octet, vendor, model, serial, ports = row
    mac = ":".join(hashlib.sha256(name.encode()).hexdigest()[at : at + 2] for at in range(0, 12, 2))
    facts = {"type": kind, "vendor": vendor, "model": model, "serial": serial, "mac": mac, "ports": ports}
    return Thing(
        id=ident(name), kind="asset", name=name, aliases=(f"mac:{mac}",),
        addresses=(f"192.0.2.{octet}",), importance="critical" if name == "srv-1c" else "normal",
        facts={key: value for key, value in facts.items() if value},
    )


def links() -> tuple[Link, ...]:
    found = [
        Link(a=ident(up), a_port=port, b=ident(name), b_port=own, source="lldp")
        for name, (up, port, own) in UP.items()
    ]
    for switch, hosts, form in (("sw-core", ON_CORE, "Gi1/0/{}"), ("sw-buh", ON_BUH, "{}")):
        found += [
            Link(a=ident(switch), a_port=form.format(n), b=ident(host), source="fdb")
            for n, host in enumerate(hosts, start=1)
        ]
    loop = Link(a=ident("sw-core"), a_port="Gi1/0/22", b=ident("sw-buh"), b_port="27", source="lldp")
    return (*found, loop)


def report(kind: Kind, began: datetime, took_s: int, tools: dict[str, str], **told: object) -> Report:
    header = Header(
        run="01" + hashlib.sha256(kind.encode()).hexdigest().upper()[:24], client=CLIENT, kind=kind,
        msptool="0.1.0", tools=tools, scope=("192.0.2.0/24",), vantage="192.0.2.50/24", privilege="root",
        started_at=began,
    )
    return Report(header=header, end=End(ended_at=began + timedelta(seconds=took_s), complete=True), **told)  # type: ignore[arg-type]


def evidence(source: str, kind: str) -> Evidence:
    digest = hashlib.sha256(source.encode()).hexdigest()
    return Evidence(
        sha256=digest, kind=kind, path=f"evidence/{digest}.{kind}", source=source, taken_at=SEEN,
        size_bytes=4096, redacted=kind == "snmp",
    )


def finding(check: Rule, thing: str, part: str, facts: dict[str, Scalar], kept: Evidence) -> Finding:
    subject = Subject(client=CLIENT, thing=thing, part=part)
    return Finding(
        check=check.check, subject=subject, severity=check.severity, facts=facts,
        evidence=(kept.sha256,), seen_at=SEEN,
    )


def audit() -> Report:
    things = tuple(asset(row) for row in ASSETS)
    rules = {one.check: one for one in AUDIT_RULES}
    kept = (evidence("nmap -sV 192.0.2.0/24", "xml"), evidence("SNMP 192.0.2.2", "snmp"))
    findings = tuple(
        finding(rules[check], ident(name), part, facts, kept[check in ("NET-002", "NET-011", "NET-020")])
        for check, name, part, facts in FAULTS
    )
    ended = {(f.check, f.subject.thing): ("fail", "") for f in findings}
    for check, reason, names in GAPS:
        outcome = "skipped" if reason in ("no-consent", "not-applicable") else "unknown"
        ended |= {(check, ident(name)): (outcome, reason) for name in names}
    attempts = tuple(
        Attempt(check=check, thing=thing.id, vantage="192.0.2.50/24", privilege="root",
                outcome=ended.get((check, thing.id), ("pass", ""))[0],  # type: ignore[arg-type]
                reason=ended.get((check, thing.id), ("pass", ""))[1])
        for check in rules for thing in things
    )
    return report("audit", SEEN - timedelta(minutes=6), 271, {"nmap": "7.93", "scapy": "2.6.1", "pysnmp": "7.1.16"},
                  rules=AUDIT_RULES, things=things, links=links(), attempts=attempts, findings=findings, evidence=kept)


def job(name: str, **facts: Scalar) -> Thing:
    return Thing(id=f"job:{name}", kind="job", name=name, facts=facts)


def repository(name: str, **facts: Scalar) -> Thing:
    return Thing(id=f"repo:{name}", kind="repository", name=name, facts=facts)


def backup() -> Report:
    jobs = (job("1c-base", backup_at="2026-11-23T20:04:11Z"), job("files", backup_at="2026-11-23T20:11:57Z"))
    return report("backup", NOW - timedelta(hours=10), 512, {"restic": "0.14.0"}, things=jobs)


def restore() -> Report:
    kept = (evidence("restic restore 497e8460", "json"),)
    rules = {one.check: one for one in RESTORE_RULES}
    damaged: dict[str, Scalar] = {"differ": 1, "absent": 1, "total": 18204, "files": "docs/договор.xlsx", "missing": "b/base.dump", "exclude": "*.dump"}
    findings = (
        finding(rules["BKP-010"], "job:files", "", damaged, kept[0]),
        finding(rules["BKP-012"], "job:1c-base", "", {"took_h": 4.6, "target_h": 4.0}, kept[0]),
    )
    full: dict[str, Scalar] = {"level": 5, "tested_at": "2026-11-24T04:50:00Z"}
    some = "112 of 1204 groups of files were proven (1731 of 18204 files): with 95 % confidence at most 2.6 % of the groups are bad"
    some_ru = "проверено групп файлов: 112 из 1204 (файлов: 1731 из 18204); с уверенностью 95 % негодных групп не больше 2,6 %"
    jobs = (
        job("1c-base", **full, last_proven_at="2026-11-24T04:50:00Z", rpo_s=34800.0, rto_s=16560.0, full_rto_s=16560.0, verdict="ok",
            restore="sample", why=words.FULL_RECENT, files=203, covered_en=some, covered_ru=some_ru,
            evidence_seq=41, evidence_head="9c" * 32, evidence_key="5f" * 32),
        job("files", **full, last_proven_at="2026-11-17T04:44:02Z", rpo_s=34083.0, full_rto_s=851.4, verdict="damaged",
            restore="full", why=words.FULL_DUE, files=18204, covered_en="all 18204 files were proven", covered_ru="восстановлением проверены все файлы: 18204",
            evidence_seq=7, evidence_head="3e" * 32, evidence_key="5f" * 32),
        repository("nas", verdict="damaged", escrow="ok", escrow_tested_at="2026-11-02T09:15:00Z"),
        repository("offsite", verdict="ok", append_only="holds", escrow="untried"),
    )
    attempts = (
        Attempt(check="BKP-010", thing="job:files", outcome="fail", unsure=("docs/отчёт.xlsx",)),
        Attempt(check="BKP-012", thing="job:files", outcome="pass"),
        Attempt(check="BKP-010", thing="job:1c-base", outcome="pass"),
        Attempt(check="BKP-012", thing="job:1c-base", outcome="fail"),
    )
    return report("restore", NOW - timedelta(minutes=50), 1411, {"restic": "0.14.0"}, rules=RESTORE_RULES,
                  things=jobs, attempts=attempts, findings=findings, evidence=kept)


def monitor() -> Report:
    rules = {one.check: one for one in MONITOR_RULES}
    things = (
        Thing(id="agent:msp-1", kind="agent", name="msp-1", facts={"load_per_cpu": 0.42, "cpus": 2, "memory_percent": 61.3, "memory_bytes": 4123168768}),
        Thing(id="volume:msp-1:/", kind="volume", name="msp-1 /", facts={"mount": "/", "used_percent": 92.4, "free_bytes": 8053063680}),
        job("1c-base"), job("files"), job("mail"),
    )
    full = finding(rules["SRV-006"], "volume:msp-1:/", "", {"mount": "/", "used": 92.4, "limit": 90}, evidence("statvfs /", "json"))
    attempts = (
        Attempt(check="MON-001", thing="agent:msp-1", outcome="pass"),
        Attempt(check="MON-003", thing="agent:msp-1", outcome="unknown", reason="tool-missing"),
        Attempt(check="SRV-006", thing="volume:msp-1:/", outcome="fail"),
        Attempt(check="BKP-003", thing="job:1c-base", outcome="pass"),
        Attempt(check="BKP-003", thing="job:files", outcome="pass"),
        Attempt(check="BKP-003", thing="job:mail", outcome="skipped", reason="no-data"),
    )
    return report("monitor", NOW - timedelta(minutes=2), 1, {"psutil": "6.1.0"}, rules=MONITOR_RULES,
                  things=things, attempts=attempts, findings=(full,))


def tickets() -> tuple[Ticket, ...]:
    opened, rules = NOW - timedelta(days=3), {one.check: one for one in AUDIT_RULES}
    found = [
        Ticket(id=f"ROMASHKA-{4 + n}K7QX2-M", title=rules[check].title["ru"], titles=rules[check].title, state="open",
               priority="critical" if check == "SEC-010" else "high", severity=rules[check].severity, check=check,
               thing=ident(name), part=part, name=name, opened_at=opened + timedelta(hours=n),
               due_at=NOW + timedelta(hours=9 * n - 12))
        for n, (check, name, part, _) in enumerate(FAULTS[:4])
    ]
    request = Ticket(id="ROMASHKA-9D2FHW-3", title="Завести учётную запись для нового бухгалтера", state="in_progress",
                     priority="normal", opened_at=opened + timedelta(days=1), due_at=NOW + timedelta(days=2))
    done = Ticket(id="ROMASHKA-2B8VNE-R", title=rules["NET-001"].title["ru"], titles=rules["NET-001"].title, state="resolved",
                  priority="high", check="NET-001", thing=ident("gw-office"), part="tcp/23", name="gw-office",
                  opened_at=opened - timedelta(days=9), ended_at=NOW - timedelta(days=2))
    return (*found, request, done)


def document(languages: tuple[str, ...] = ("ru", "en")) -> Document:
    """Return the whole sample."""
    reports = {"audit": audit(), "backup": backup(), "restore": restore(), "monitor": monitor()}
    cut = (Problem(run="01KB3Q5M8D7W1R2T4Y6V8X0Z9A-backup", trouble="unfinished"),)
    return Document(
        id="01KB3Q6ZC0H5N8P2S4V7X9B1D3", built_at=NOW, msptool="0.1.0", client=CLIENT, name="ООО «Ромашка»",
        zone="Europe/Moscow", languages=languages,
        authority=Authority(
            networks=("192.0.2.0/24",), exclude=("192.0.2.200",), authorised_by="И. П. Смирнов, директор, 1 ноября 2026",
            expires=date(2026, 12, 31), consents=(Consent(module="capture", by="И. П. Смирнов", date=date(2026, 11, 1)),),
            profile_sha256=hashlib.sha256(b"profile").hexdigest(), scope_sha256=hashlib.sha256(b"scope").hexdigest(),
        ),
        promises=(Promise(job="1c-base", rpo_h=24, rto_h=4), Promise(job="files", rpo_h=24, rto_h=4), Promise(job="mail", rpo_h=24, rto_h=8)),
        parts=tuple(Part(kind=kind, report=reports[kind], problems=cut if kind == "backup" else ()) for kind in KINDS),
        tickets=tickets(),
    )


if __name__ == "__main__":
    from msptool.report.formats.html import render

    Path(sys.argv[1]).write_bytes(render(document()))
