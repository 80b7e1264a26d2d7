"""snmpd as another device: only the listed modules answer, all data comes from our records."""

from msptool.demo import records
from msptool.demo.blueprint import Blueprint, Host, Snmp
from msptool.demo.services.program import Program, Ready, home, script

# The roots under which our records stand. `pass_persist .1` answers nothing; all five share one
# process.
_ROOTS = (".1.3.6.1.2.1", ".1.0.8802", ".1.2.840", ".1.3.111", ".1.3.6.1.4.1")
# Without a minus this list is a list of what may answer, so nothing of this machine shines through.
_COMMUNITY = ("rocommunity", "rocommunity6")
_NET_SNMP = 8072
_MODULES = "vacm_conf,usmConf,usmUser,pass_persist,snmpEngine"


def snmp(blueprint: Blueprint, host: Host, service: Snmp, python: str) -> Program:
    """Return an snmpd for the communities of the service."""
    folder = home("snmpd")
    partner = " ".join((python, *script("answer"), f"{folder}/records"))
    lines = [f"{word} {name}" for name in service.communities for word in _COMMUNITY]
    lines.append(f"exactEngineID 0x{_engine(host)}")
    lines += [f"pass_persist {root} {partner}" for root in _ROOTS]
    return Program(
        name="snmpd",
        tool="snmpd",
        args=(
            *("-f", "-Le", "-C", "-c", f"{folder}/config", "-p", f"{folder}/pid"),
            *("-I", _MODULES, "udp:161", "udp6:161"),
        ),
        files={"config": "\n".join((*lines, "")), "records": records.answers(blueprint, host)},
        folders=("state",),
        env={"SNMP_PERSISTENT_DIR": f"{folder}/state", "MIBS": ""},
        ready=(Ready("snmp", 161, service.communities[0]),),
    )


def _engine(host: Host) -> str:
    """Return an engine id that stays: the maker's enterprise number and the MAC (RFC 3411)."""
    arcs = host.model.object_id.split(".") if host.model else []
    number = int(arcs[6]) if len(arcs) > 6 else _NET_SNMP
    return f"{0x80000000 + number:08x}03{host.mac.replace(':', '').lower()}"
