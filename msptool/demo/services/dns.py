"""dnsmasq: the names of the site, forward and reverse, and nothing from upstream."""

from collections.abc import Iterator

from msptool.demo.blueprint import Blueprint, Dns
from msptool.demo.services.program import Program, Ready, home


def dns(blueprint: Blueprint, service: Dns) -> Program:
    """Return a name server that knows this site only."""
    folder = home("dnsmasq")
    lines = ("no-resolv", "no-hosts", "no-poll", f"domain={service.domain}", *_names(blueprint))
    return Program(
        name="dnsmasq",
        tool="dnsmasq",
        args=("--keep-in-foreground", "--user=", "--group=", f"--conf-file={folder}/config"),
        files={"config": "\n".join((*lines, f"pid-file={folder}/pid", ""))},
        ready=(Ready("tcp", 53),),
    )


def _names(blueprint: Blueprint) -> Iterator[str]:
    for host in blueprint.hosts:
        addresses = [address for address in (host.ip4, host.ip6) if address]
        yield f"host-record={','.join((host.name.lower() + '.' + blueprint.domain, *addresses))}"
