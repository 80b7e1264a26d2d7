"""Starts a program for each connection, with the connection as its input and output.

`python -SE inetd.py PORT PROGRAM [ARG…]`: what telnetd expects, without an inetd to install.
"""

import os
import signal
import socket
import sys


def main() -> None:
    """Serve for ever; children are reaped by the kernel."""
    port, argv = int(sys.argv[1]), sys.argv[2:]
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.create_server(("::", port), family=socket.AF_INET6, dualstack_ipv6=True) as door:
        while True:
            client, _ = door.accept()
            with client:
                if os.fork() == 0:
                    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                    for handle in (0, 1, 2):
                        os.dup2(client.fileno(), handle)
                    os.execv(argv[0], argv)  # noqa: S606 - an inetd has no shell


if __name__ == "__main__":
    main()
