"""telnetd behind a small inetd."""

from msptool.demo.services.program import Program, Ready, script


def telnet(telnetd: str) -> Program:
    """Return a telnetd that asks for a login."""
    return Program(
        name="telnetd",
        tool="python",
        args=(*script("inetd"), "23", telnetd),
        ready=(Ready("tcp", 23),),
    )
