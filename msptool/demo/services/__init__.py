"""From services to programs: one file per kind, configuration texts pure."""

from collections.abc import Callable

from msptool.demo.blueprint import (
    Blueprint,
    Dns,
    Ftp,
    Host,
    Ipp,
    Service,
    Smb,
    Snmp,
    Ssh,
    Talker,
    Telnet,
    Web,
)
from msptool.demo.services.dns import dns
from msptool.demo.services.ftp import ftp
from msptool.demo.services.ipp import ipp
from msptool.demo.services.program import Program
from msptool.demo.services.smb import smb
from msptool.demo.services.snmp import snmp
from msptool.demo.services.ssh import ssh
from msptool.demo.services.talker import talker
from msptool.demo.services.telnet import telnet
from msptool.demo.services.web import web

Locate = Callable[[str], str]


def programs(blueprint: Blueprint, host: Host, locate: Locate) -> tuple[Program, ...]:
    """Return what runs on a host; `locate` gives the path of a tool that stands in an argument."""
    return tuple(program(blueprint, host, service, locate) for service in host.services)


def program(blueprint: Blueprint, host: Host, service: Service, locate: Locate) -> Program:
    """Return the program behind one service."""
    match service:
        case Ssh():
            made = ssh(blueprint, service)
        case Snmp():
            made = snmp(blueprint, host, service, locate("python"))
        case Telnet():
            made = telnet(locate("telnetd"))
        case Talker():
            made = talker(service)
        case Ftp():
            made = ftp(service)
        case Web():
            made = web(service)
        case Dns():
            made = dns(blueprint, service)
        case Smb():
            made = smb(service)
        case Ipp():
            made = ipp(host, service)
    return made
