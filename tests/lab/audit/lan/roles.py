"""What stands on each kind of host: the ports that real ones of it have open."""

import random
from collections.abc import Callable, Iterator

from tests.lab.audit.lan.truth import Service

# Vendors' prefixes, as IEEE's registry has them.
OUIS = {
    "gateway": ("48:8F:5A", "DC:2C:6E"), "windows": ("8C:EC:4B", "F8:B4:6A", "D8:BB:C1"),
    "dc": ("00:15:5D",), "sql": ("00:15:5D",), "onec": ("00:15:5D",), "proxmox": ("3C:EC:EF",),
    "esxi": ("B0:26:28",), "web": ("BC:24:11",), "database": ("BC:24:11",), "mail": ("BC:24:11",),
    "broker": ("BC:24:11",), "nas": ("00:11:32",), "printer": ("30:05:5C", "9C:93:4E"),
    "plc": ("00:80:F4",), "s7": ("00:1C:06",), "camera": ("3C:EF:8C",), "dvr": ("00:12:31",),
    "modality": ("00:1B:21",), "pbx": ("BC:24:11",),
}  # fmt: skip
# No Redis stands on these.
DEVICES = frozenset({"gateway", "printer", "plc", "s7", "modality", "camera", "dvr"})
# Ports of our list whose owners keep silent, and that are in no table of silent ones.
MUTE = (2598, 4505, 9300, 9401, 9392, 13000, 14000, 32764, 51413, 4786)
UDP = {
    "gateway": ("dns", "ntp"), "dc": ("dns", "nbns"), "windows": ("nbns",), "sql": ("nbns",),
    "onec": ("nbns",), "nas": ("nbns", "mdns"), "printer": ("mdns", "snmp"), "plc": ("snmp",),
    "proxmox": ("snmp",),
}  # fmt: skip

Role = Callable[[random.Random, str], Iterator[Service]]


def _is(port: int, protocol: str, voice: str = "", **words: str) -> Service:
    return Service(port=port, protocol=protocol, voice=voice or protocol, words=words)


def _tls(port: int, protocol: str, voice: str, **words: str) -> Service:
    return Service(port=port, protocol=protocol, voice=voice, words=words, tls=True)


def mute(port: int, protocol: str) -> Service:
    """Return a service that answers nothing but its own private protocol."""
    return Service(port=port, protocol=protocol, voice="silent", nameable=False)


def web(port: int, server: str, title: str, **words: str) -> Service:
    """Return a web server in clear."""
    return _is(port, "http", server=server, title=title, **words)


def secure(port: int, server: str, title: str, **words: str) -> Service:
    """Return a web server behind TLS."""
    return _tls(port, "https", "http", server=server, title=title, **words)


def ssh(luck: random.Random, port: int = 22) -> Service:
    """Return an SSH server of one of Debian's or Ubuntu's releases."""
    versions = ("9.2p1 Debian-2+deb12u3", "8.4p1 Debian-5+deb11u3", "8.9p1 Ubuntu-3ubuntu0.10")
    return _is(port, "ssh", software=f"OpenSSH_{luck.choice(versions)}")


def redis(luck: random.Random, *, odd: bool = False) -> Service:
    """Return a Redis, open or with a password; an odd one on a port of something else."""
    port = luck.choice((8123, 21116, 4028)) if odd else 6379
    return _is(port, "redis", version=luck.choice(("7.0.15", "6.0.16")), auth=luck.choice("yn"))


def _smb(name: str, old: str = "") -> Iterator[Service]:
    yield _is(445, "smb", name=name.upper(), domain="OFFICE", old=old)
    yield _is(139, "smb", "netbios", name=name.upper(), domain="OFFICE", old="y")


def _rdp(name: str) -> Service:
    return _is(3389, "rdp", name=name.upper(), domain="OFFICE")


def _winrm(name: str) -> Service:
    return _is(5985, "winrm", name=name.upper(), domain="OFFICE", server="Microsoft-HTTPAPI/2.0")


def gateway(luck: random.Random, name: str) -> Iterator[Service]:
    """A MikroTik."""
    yield _is(22, "ssh", software="ROSSSH")
    yield _is(53, "dns", version="")
    yield web(80, "", f"RouterOS router configuration page {name}")
    yield _is(1723, "pptp", vendor="MikroTik", name=name)
    yield mute(8291, "winbox")
    yield mute(8728, "mikrotik-api")
    if luck.random() < 0.5:
        yield _is(23, "telnet", prompt="MikroTik v6.49.10 (long-term)\r\nLogin: ")


def windows(luck: random.Random, name: str) -> Iterator[Service]:
    """A workstation or member server."""
    yield _is(135, "msrpc")
    yield from _smb(name, old="y" if luck.random() < 0.4 else "")
    yield _winrm(name)
    if luck.random() < 0.7:
        yield _rdp(name)
    if luck.random() < 0.3:
        yield _is(5900, "vnc")


def dc(luck: random.Random, name: str) -> Iterator[Service]:
    """A domain controller."""
    yield from windows(luck, name)
    yield _is(53, "dns", version="Microsoft DNS 10.0.17763")
    yield _is(88, "kerberos")
    for port in (389, 3268):
        yield _is(port, "ldap", name=name.upper())


def sql(luck: random.Random, name: str) -> Iterator[Service]:
    """A Windows server with SQL Server."""
    yield from windows(luck, name)
    yield _is(1433, "mssql")


def onec(luck: random.Random, name: str) -> Iterator[Service]:
    """A 1C server: its cluster's ports answer nothing but 1C."""
    yield from _smb(name)
    yield _rdp(name)
    for port in (1540, 1541, 1560):
        yield mute(port, "1c")


def proxmox(luck: random.Random, name: str) -> Iterator[Service]:
    """A hypervisor."""
    yield ssh(luck)
    yield _is(111, "rpcbind")
    yield web(3128, "pve-api-daemon/3.0", "", status="400 Bad Request")
    title = f"{name} - Proxmox Virtual Environment"
    yield secure(8006, "pve-api-daemon/3.0", title)


def esxi(luck: random.Random, name: str) -> Iterator[Service]:
    """VMware ESXi."""
    yield _is(22, "ssh", software="OpenSSH_8.3")
    yield web(80, "", "", status="301 Moved Permanently", location="https://192.0.2.1/")
    yield secure(443, "", f"{name} VMware ESXi")
    yield _is(902, "vmware-auth")


def webserver(luck: random.Random, name: str) -> Iterator[Service]:
    """A Linux host with pages, and one more service on a port of its own."""
    server = luck.choice(("nginx/1.22.1", "Apache/2.4.62 (Debian)", "lighttpd/1.4.69"))
    yield ssh(luck, luck.choice((22, 22, 22, 2222, 22222)))
    yield web(80, server, f"{name} - Intranet")
    yield secure(443, server, f"{name} - Intranet")
    port, product, title = luck.choice(_PAGES)
    more = {"body": _ELASTIC, "type": "application/json"} if port == 9200 else {}
    yield web(port, product, title, **more)
    yield mute(10050, "zabbix-agent")


_PAGES = (
    (3000, "", "Grafana"), (8080, "Jetty(9.4.z-SNAPSHOT)", "Dashboard [Jenkins]"),
    (9090, "", "Prometheus Time Series Collection and Processing Server"), (9200, "", ""),
    (8880, "", "UniFi Network"), (15672, "Cowboy", "RabbitMQ Management"), (19999, "", "netdata"),
    (2375, "Docker/24.0.7 (linux)", ""), (7547, "RomPager/4.07 UPnP/1.0", ""),
    (5984, "CouchDB/3.3.3 (Erlang OTP/24)", ""), (10000, "MiniServ/2.105", "Login to Webmin"),
)  # fmt: skip


_ELASTIC = (
    '{\n  "name" : "node-1",\n  "cluster_name" : "elasticsearch",\n  "version" : {\n'
    '    "number" : "7.17.9",\n    "lucene_version" : "8.11.1"\n  },\n'
    '  "tagline" : "You Know, for Search"\n}\n'
)


def database(luck: random.Random, name: str) -> Iterator[Service]:
    """A Linux host with a database."""
    yield ssh(luck)
    yield mute(10050, "zabbix-agent")
    if luck.random() < 0.5:
        versions = ("8.0.36-0ubuntu0.22.04.1", "5.5.5-10.11.6-MariaDB-0+deb12u1")
        yield _is(3306, "mysql", version=luck.choice(versions), denied=luck.choice("yn"))
    else:
        yield _is(5432, "postgresql")
    protocol, port = luck.choice((("mongodb", 27017), ("memcached", 11211)))
    yield _is(port, protocol)


def mail(luck: random.Random, name: str) -> Iterator[Service]:
    """A mail server."""
    yield ssh(luck)
    for port in (25, 587):
        yield _is(port, "smtp", name=f"{name}.office.example")
    yield _is(110, "pop3")
    yield _is(143, "imap")
    yield _tls(993, "imaps", "imap")
    yield secure(443, "nginx/1.22.1", "Roundcube Webmail :: Welcome")


def nas(luck: random.Random, name: str) -> Iterator[Service]:
    """A Synology."""
    yield from _smb(name, old=luck.choice(("", "y")))
    yield _is(luck.choice((21, 21, 2121)), "ftp", greeting="(vsFTPd 3.0.3)")
    yield _is(873, "rsync")
    title = f"{name} - Synology DiskStation"
    yield web(5000, "nginx", title)
    yield secure(5001, "nginx", title)
    if luck.random() < 0.5:
        yield _is(3493, "nut")


def printer(luck: random.Random, name: str) -> Iterator[Service]:
    """A printer: what comes to 9100 and 515 is printed."""
    model = luck.choice(("HP LaserJet MFP M428fdw", "ECOSYS M2540dn", "Brother HL-L5200DW"))
    yield mute(9100, "jetdirect")
    yield mute(515, "lpd")
    yield web(80, "Virata-EmWeb/R6_2_1", model)
    yield _is(631, "ipp", model=model, name=name)
    if luck.random() < 0.5:
        yield secure(443, "Virata-EmWeb/R6_2_1", model)


def plc(luck: random.Random, name: str) -> Iterator[Service]:
    """A controller: Modbus, another fragile port, a page."""
    yield mute(502, "modbus")
    yield mute(luck.choice((44818, 20000, 2404)), "scada")
    yield web(80, "Schneider-WEB/V3.0.2", "Modicon M340")


def s7(luck: random.Random, name: str) -> Iterator[Service]:
    """A Siemens controller."""
    yield mute(102, "s7")
    yield web(80, "", "S7-1200 station", status="302 Found", location="/Default.mwsl")


def modality(luck: random.Random, name: str) -> Iterator[Service]:
    """A medical device."""
    yield mute(luck.choice((104, 11112)), "dicom")
    yield web(80, "Microsoft-IIS/7.5", "Ultrasound workstation")


def camera(luck: random.Random, name: str) -> Iterator[Service]:
    """A Dahua."""
    yield mute(37777, "dahua")
    yield web(80, "", "WEB SERVICE")
    yield _is(554, "rtsp", server="Rtsp Server/3.0")


def dvr(luck: random.Random, name: str) -> Iterator[Service]:
    """A nameless recorder."""
    yield mute(34567, "dvr")
    yield web(80, "uc-httpd 1.0.0", "NETSurveillance WEB")
    yield _is(554, "rtsp", server="")
    yield _is(9999, "telnet", prompt="LocalHost login: ")


def pbx(luck: random.Random, name: str) -> Iterator[Service]:
    """An Asterisk."""
    yield ssh(luck)
    yield _is(5060, "sip", server="Asterisk PBX 18.10.0")
    yield secure(443, "Apache/2.4.62 (Debian)", "FreePBX Administration")


def broker(luck: random.Random, name: str) -> Iterator[Service]:
    """A host of message queues."""
    yield ssh(luck)
    yield _is(1883, "mqtt")
    yield _is(5672, "amqp")
    yield web(15672, "Cowboy", "RabbitMQ Management")


ROLES: dict[str, Role] = {
    "gateway": gateway, "windows": windows, "dc": dc, "sql": sql, "onec": onec,
    "proxmox": proxmox, "esxi": esxi, "web": webserver, "database": database, "mail": mail,
    "nas": nas, "printer": printer, "plc": plc, "s7": s7, "modality": modality,
    "camera": camera, "dvr": dvr, "pbx": pbx, "broker": broker,
}  # fmt: skip


def lone(luck: random.Random, count: int) -> list[Service]:
    """Return the one port of each host that drops all else: often a fragile or an odd one."""
    first = [
        mute(9100, "jetdirect"), redis(luck), mute(502, "modbus"), mute(37777, "dahua"),
        mute(9100, "jetdirect"), redis(luck), mute(502, "modbus"), redis(luck),
    ]  # fmt: skip
    rest = [
        mute(102, "s7"), mute(8291, "winbox"), mute(1541, "1c"), mute(luck.choice(MUTE), "unknown"),
        _rdp("kiosk"), ssh(luck), _winrm("kiosk"), _is(5900, "vnc"), secure(8443, "", "Appliance"),
        secure(8006, "pve-api-daemon/3.0", "pve - Proxmox Virtual Environment"),
        _is(554, "rtsp", server=""), mute(10050, "zabbix-agent"), web(80, "", "Sensor"),
    ]  # fmt: skip
    luck.shuffle(rest)
    if count < len(first):  # a small LAN has a fragile port, too
        return [first[0], *luck.sample(first[1:] + rest, count - 1)] if count else []
    chosen = (first + rest)[:count]
    luck.shuffle(chosen)
    return chosen
