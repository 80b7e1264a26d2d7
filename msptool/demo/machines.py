"""The computers of a site: servers, a workstation, and hosts that are hard to see."""

from datetime import UTC, datetime, time, timedelta

from msptool.demo.blueprint import Certificate, Ftp, Host, Service, Smb, Snmp, Talker, Telnet, Web
from msptool.demo.devices import fake_telnet, odd_talker
from msptool.demo.fates import ADDENDA
from msptool.demo.ground import Ground, spot, ssh
from msptool.demo.products import DESK_OUIS, ODD_PRODUCTS, OLD_OUIS, SERVER_OUIS, SMALL_OUIS
from msptool.demo.truth import Kind

# Kernel and package as Debian's releases name them in `uname -v`.
KERNELS = {
    9: ("4.9.0-19-amd64", "Debian 4.9.320-2 (2022-06-30)"),
    10: ("4.19.0-27-amd64", "Debian 4.19.316-1 (2024-06-25)"),
    11: ("5.10.0-32-amd64", "Debian 5.10.223-1 (2024-08-10)"),
    13: ("6.12.43+deb13-amd64", "Debian 6.12.43-1 (2025-08-27)"),
}


def server(ground: Ground, role: str) -> Host:
    """Return a Linux server with SNMP and sshd."""
    draw = ground.draw(role)
    release = ground.fates.releases[role]
    name = draw.pick("name", ("srv-{}", "{}.srv", "vm-{}")).format(draw.pick("use", _USES[role]))
    kernel, package = KERNELS[release]
    services: list[Service] = [
        Snmp(communities=(ground.community,)),
        ssh(ground, role, addendum=ADDENDA[release], port=draw.pick("ssh", (22, 22, 22, 2222))),
    ]
    return _machine(
        ground,
        role,
        "server",
        name=name,
        ouis=SERVER_OUIS,
        services=services,
        descr=f"Linux {name} {kernel} #1 SMP {package} x86_64",
        release=release,
        lldp=draw.chance("lldp", 0.4),
    )


def file_server(ground: Ground) -> Host:
    """Return a Samba server with sshd."""
    draw = ground.draw("file")
    release = ground.fates.releases["file"]
    name = draw.pick("name", ("fs01", "files-{}", "share-{}")).format(ground.town)
    services: list[Service] = [
        Smb(name=name.upper()[:15], workgroup=ground.workgroup, comment="Files"),
        ssh(ground, "file", addendum=ADDENDA[release]),
    ]
    return _machine(
        ground, "file", "server", name=name, ouis=SERVER_OUIS, services=services, release=release
    )


def web_server(ground: Ground) -> Host:
    """Return a web server with TLS; its certificate is good or not, as fated."""
    draw = ground.draw("web")
    release = ground.fates.releases["web"]
    name = draw.pick("name", ("www", "portal", "web-{}")).format(ground.town)
    title = draw.pick("title", ("Портал", "Intranet", "Bitrix24", "1C web client"))
    secure = Web(
        port=draw.pick("tls", (443, 443, 8443)), title=title, certificate=_certificate(ground, name)
    )
    services: list[Service] = [secure, ssh(ground, "web", addendum=ADDENDA[release])]
    if draw.chance("plain", 0.5):
        services.append(Web(port=80, title=title))
    return _machine(
        ground, "web", "server", name=name, ouis=SERVER_OUIS, services=services, release=release
    )


def legacy(ground: Ground) -> Host:
    """Return an old box: FTP, and telnet or what looks like it."""
    draw, fates = ground.draw("legacy"), ground.fates
    banner = draw.pick("banner", ("FTP server ready.", "Welcome.", "CNC-02 FTP"))
    services: list[Service] = [Ftp(port=21, anonymous=fates.anonymous_ftp, banner=banner)]
    if "legacy" in fates.telnet:
        services.append(Telnet())
    if "legacy" in fates.fake_telnet:
        services.append(fake_telnet(ground, "legacy"))
    name = draw.pick("name", ("cnc-02", "oldbox", "meter-{}")).format(ground.town)
    return _machine(ground, "legacy", "device", name=name, ouis=OLD_OUIS, services=services)


def workstation(ground: Ground) -> Host:
    """Return a desktop with VNC."""
    draw = ground.draw("ws")
    name = draw.shape("name", draw.pick("naming", ("PC-####", "WS@@-##", "BUH-%%%%")))
    port = draw.pick("vnc", (5900, 5901))
    services: list[Service] = [
        Talker(port=port, service="vnc", greeting="RFB 003.008\n", reply=_VNC_AUTHENTICATION)
    ]
    return _machine(ground, "ws", "workstation", name=name, ouis=DESK_OUIS, services=services)


def mute(ground: Ground) -> Host:
    """Return a host that drops every echo request and answers on its ports."""
    draw = ground.draw("mute")
    services: list[Service] = [ssh(ground, "mute")]
    if draw.chance("web", 0.5):
        services.append(Web(port=draw.pick("port", (80, 8080)), title="It works"))
    return _machine(
        ground, "mute", "device", name="mute", ouis=SMALL_OUIS, services=services, drops_ping=True
    )


def odd(ground: Ground) -> Host:
    """Return a host whose only port is none of nmap's first thousand."""
    product = ground.draw("odd").pick("product", ODD_PRODUCTS)
    return _machine(
        ground, "odd", "device", name="odd", ouis=product.ouis, services=[odd_talker(product)]
    )


def six(ground: Ground) -> Host:
    """Return a host without any IPv4 address."""
    draw = ground.draw("six")
    services: list[Service] = [ssh(ground, "six")]
    if draw.chance("web", 0.5):
        services.append(Web(port=80, title="Sensor hub"))
    return _machine(
        ground, "six", "device", name="six", ouis=SMALL_OUIS, services=services, only_v6=True
    )


def _machine(
    ground: Ground,
    role: str,
    kind: Kind,
    *,
    name: str,
    ouis: tuple[str, ...],
    services: list[Service],
    descr: str = "",
    release: int = 0,
    lldp: bool = False,
    drops_ping: bool = False,
    only_v6: bool = False,
) -> Host:
    place = spot(ground, role, ouis, v6=1.0 if only_v6 else 0.5)
    return Host(
        role=role,
        kind=kind,
        name=name,
        mac=place.mac,
        ip4=None if only_v6 else place.ip4,
        ip6=place.ip6,
        services=tuple(services),
        descr=descr,
        release=release,
        lldp=lldp,
        drops_ping=drops_ping,
    )


def _certificate(ground: Ground, name: str) -> Certificate:
    until = datetime.combine(ground.fates.certificate_until, time(12), UTC)
    return Certificate(
        common_name=f"{name}.{ground.domain}",
        not_before_at=until - timedelta(days=398),
        not_after_at=until,
        key=ground.draw("web").data("tls key", 32),
    )


# RFC 6143, 7.1.2: one security type, 2 (VNC authentication).
_VNC_AUTHENTICATION = "\x01\x02"
_USES = {"srv1": ("1c", "db", "erp"), "srv2": ("dc", "mail", "git", "mon")}
