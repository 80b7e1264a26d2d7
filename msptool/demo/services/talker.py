"""A port that greets or waits: printers' raw port, VNC, unusual products, what is no telnet."""

from msptool.demo.blueprint import Talker
from msptool.demo.services.program import Program, Ready, script


def talker(service: Talker) -> Program:
    """Return the server for one port."""
    words = (_escaped(service.greeting), _escaped(service.reply))
    return Program(
        name=f"talker-{service.port}",
        tool="python",
        args=(*script("talker"), str(service.port), *words),
        ready=(Ready("tcp", service.port),),
    )


def _escaped(text: str) -> str:
    return text.encode("unicode_escape").decode()
