"""A TCP server that greets, answers the first bytes once, and then only listens.

`python -SE talker.py PORT GREETING REPLY`; both texts with Python's escapes, both may be empty.
How many bytes it was sent goes to stderr, a line a connection: so the log shows whether anybody
wrote to a printer.
"""

import socketserver
import sys


class Conversation(socketserver.BaseRequestHandler):
    """One client."""

    greeting = b""
    reply = b""

    def handle(self) -> None:
        """Greet, answer once, count until the client leaves."""
        received = 0
        try:
            if self.greeting:
                self.request.sendall(self.greeting)
            while data := self.request.recv(65536):
                if not received and self.reply:
                    self.request.sendall(self.reply)
                received += len(data)
        except OSError:
            received = -received
        sys.stderr.write(f"received {received}\n")
        sys.stderr.flush()


class Server(socketserver.ThreadingTCPServer):
    """Both IP versions on one socket."""

    address_family = socketserver.socket.AF_INET6  # type: ignore[attr-defined]
    allow_reuse_address = True
    daemon_threads = True


def text(escaped: str) -> bytes:
    r"""Turn `\r\n` and the like into bytes."""
    return escaped.encode("latin-1", "backslashreplace").decode("unicode_escape").encode("latin-1")


def main() -> None:
    """Serve for ever."""
    port, Conversation.greeting, Conversation.reply = (
        int(sys.argv[1]),
        text(sys.argv[2]),
        text(sys.argv[3]),
    )
    with Server(("::", port), Conversation) as server:
        server.serve_forever()


if __name__ == "__main__":
    main()
