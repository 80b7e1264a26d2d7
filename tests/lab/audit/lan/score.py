"""What a scan found beside what is there: hosts, ports, names, inventions. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tests.lab.audit.lan.truth import Lan

# By address and TCP port the name that a scan gave it, "" where none.
Found = Mapping[str, Mapping[int, str]]
# Names that mean the same. A page's name is good for what serves pages, whatever it is called.
_PAGE = frozenset({"http", "https", "ssl/http", "ssl/https", "http-proxy", "http-alt", "https-alt"})
ACCEPTED: Mapping[str, frozenset[str]] = {
    "http": _PAGE | {"docker", "couchdb", "elasticsearch", "upnp", "soap", "tr-069", "cwmp",
                     "prometheus", "grafana", "rabbitmq", "netdata", "webmin", "jenkins"},
    "https": _PAGE | {"proxmox", "vmware"},
    "winrm": _PAGE | {"wsman"},
    "ipp": _PAGE | {"cups"},
    "smb": frozenset({"microsoft-ds", "netbios-ssn", "netbios", "cifs"}),
    "rdp": frozenset({"ms-wbt-server", "ssl/ms-wbt-server", "terminal-server"}),
    "mssql": frozenset({"ms-sql-s", "ms-sql", "tds"}),
    "kerberos": frozenset({"kerberos-sec"}),
    "dns": frozenset({"domain"}),
    "imaps": frozenset({"imap", "ssl/imap"}),
    "ldap": frozenset({"active-directory"}),
    "msrpc": frozenset({"dcerpc", "epmap"}),
    "rpcbind": frozenset({"portmapper", "sunrpc"}),
    "smtp": frozenset({"submission"}),
    "mongodb": frozenset({"mongod"}),
    "mysql": frozenset({"mariadb"}),
    "postgresql": frozenset({"postgres"}),
    "vmware-auth": frozenset({"vmware", "vmauthd"}),
    "sip": frozenset({"sip-proxy"}),
    "nut": frozenset({"upsd"}),
    "telnet": frozenset({"telnets"}),
    "amqp": frozenset({"rabbitmq"}),
    "mqtt": frozenset({"mqtts"}),
}  # fmt: skip


def is_right(protocol: str, name: str) -> bool:
    """Tell whether a name means that protocol."""
    return name == protocol or name in ACCEPTED.get(protocol, frozenset())


@dataclass(frozen=True)
class Score:
    """Hosts and ports found of those there; names right of those that can be given.

    `missed`, `unnamed`, `misnamed`, `invented` name each, as `ADDRESS:PORT what`.
    """

    hosts: int
    hosts_there: int
    ports: int
    ports_there: int
    names: int
    names_there: int
    missed: tuple[str, ...]
    unnamed: tuple[str, ...]
    misnamed: tuple[str, ...]
    invented: tuple[str, ...]

    @property
    def names_share(self) -> float:
        """The share of names that are right, of all that can be given."""
        return self.names / self.names_there if self.names_there else 1.0


def score(lan: Lan, found: Found) -> Score:
    """Compare a scan with the truth; the laptop's own ports, if any, do not count."""
    there = {(host.address, service.port): service for host, service in lan.services()}
    told = {(address, port): name for address, ports in found.items() if address != lan.laptop
            for port, name in ports.items()}  # fmt: skip
    nameable = lan.nameable()
    right = {at for at, service in nameable.items() if is_right(service.protocol, told.get(at, ""))}
    wrong = [at for at in nameable if at in told and at not in right]
    return Score(
        hosts=len({host.address for host in lan.hosts} & found.keys()),
        hosts_there=len(lan.hosts),
        ports=len(there.keys() & told.keys()),
        ports_there=len(there),
        names=len(right),
        names_there=len(nameable),
        missed=tuple(_missed(lan, found)),
        unnamed=tuple(_at(at, nameable[at].protocol) for at in wrong if not told[at]),
        misnamed=tuple(
            _at(at, f"{nameable[at].protocol}, told {told[at]}") for at in wrong if told[at]
        ),
        invented=tuple(
            [_at(at, name) for at, name in told.items() if at not in there]
            + [address for address in found if address not in _addresses(lan)]
        ),
    )


def _missed(lan: Lan, found: Found) -> Iterator[str]:
    for host in lan.hosts:
        if host.address not in found:
            yield f"{host.address} {host.kind}, drops {host.drops or 'nothing'}"
            continue
        for service in host.services:
            if service.port not in found[host.address]:
                yield _at((host.address, service.port), service.protocol)


def _addresses(lan: Lan) -> set[str]:
    return {host.address for host in lan.hosts} | {lan.laptop}


def _at(at: tuple[str, int], what: str) -> str:
    return f"{at[0]}:{at[1]} {what}"
