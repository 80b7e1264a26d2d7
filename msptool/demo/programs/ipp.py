"""A printer's web page and IPP (RFC 8010): answers Get-Printer-Attributes on ports 631 and 80.

`python -SE ipp.py MAKE-AND-MODEL NAME`
"""

import http.server
import socket
import struct
import sys
import threading

_OPERATION, _PRINTER, _END = b"\x01", b"\x04", b"\x03"
_CHARSET, _LANGUAGE, _TEXT, _NAME, _ENUM, _KEYWORD = 0x47, 0x48, 0x41, 0x42, 0x23, 0x44
_IDLE = 3


def attribute(tag: int, name: str, value: bytes) -> bytes:
    """Return one attribute, encoded."""
    key = name.encode()
    head = struct.pack(f">BH{len(key)}sH", tag, len(key), key, len(value))
    return head + value


class Page(http.server.BaseHTTPRequestHandler):
    """GET gives the status page, POST an IPP answer."""

    make_and_model = ""
    name = ""
    server_version = "Embedded/1.0"
    sys_version = ""

    def do_GET(self) -> None:
        """Show a page whose title names the model."""
        page = f"<html><head><title>{self.make_and_model}</title></head><body>Ready</body></html>"
        self._send("text/html; charset=utf-8", page.encode())

    def do_POST(self) -> None:
        """Answer any IPP request with what the printer is."""
        length = min(int(self.headers.get("Content-Length", "0")), 65536)
        request = self.rfile.read(length)
        self._send("application/ipp", self._answer(request))

    def _answer(self, request: bytes) -> bytes:
        number = request[4:8] if len(request) >= 8 else b"\0\0\0\1"
        return b"".join(
            (
                b"\x01\x01\x00\x00" + number + _OPERATION,
                attribute(_CHARSET, "attributes-charset", b"utf-8"),
                attribute(_LANGUAGE, "attributes-natural-language", b"en"),
                _PRINTER,
                attribute(_NAME, "printer-name", self.name.encode()),
                attribute(_TEXT, "printer-make-and-model", self.make_and_model.encode()),
                attribute(_ENUM, "printer-state", struct.pack(">i", _IDLE)),
                attribute(_KEYWORD, "printer-state-reasons", b"none"),
                _END,
            )
        )

    def _send(self, kind: str, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Server(http.server.ThreadingHTTPServer):
    """Both IP versions on one socket."""

    address_family = socket.AF_INET6


def main() -> None:
    """Serve both ports for ever."""
    Page.make_and_model, Page.name = sys.argv[1:3]
    for port in (631, 80):
        server = Server(("::", port), Page)
        threading.Thread(target=server.serve_forever).start()


if __name__ == "__main__":
    main()
