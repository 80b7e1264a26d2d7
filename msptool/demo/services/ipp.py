"""A printer's IPP and status page. (CUPS' own ippeveprinter ends without a DNS-SD daemon.)"""

from msptool.demo.blueprint import Host, Ipp
from msptool.demo.services.program import Program, Ready, script


def ipp(host: Host, service: Ipp) -> Program:
    """Return the printer's HTTP side."""
    return Program(
        name="ipp",
        tool="python",
        args=(*script("ipp"), service.make_and_model, host.name),
        ready=(Ready("tcp", 631), Ready("tcp", 80)),
    )
