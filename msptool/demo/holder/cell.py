"""A cell: one host's namespaces, and the process in them that starts and stops its programs.

It is told what to do by the holder, a JSON object a line over a socket, and answers each with
one: {"ok": true, …} or {"ok": false, "why": …}.
"""

import json
import os
import socket
from typing import IO, Any, NoReturn

from msptool.demo.holder.room import Room

Message = dict[str, Any]


class Cell:
    """The holder's handle on a cell; `pid` counts in the holder's pid namespace."""

    def __init__(self, pid: int, line: socket.socket) -> None:
        self.pid = pid
        self._file = line.makefile("rw", encoding="utf-8")

    def tell(self, message: Message) -> None:
        """Send a message; `hear` gets its answer."""
        self._file.write(json.dumps(message) + "\n")
        self._file.flush()

    def hear(self) -> Message:
        """Return the next answer; raise OSError if it says that something failed."""
        line = self._file.readline()
        answer: Message = json.loads(line) if line else {"ok": False, "why": "the cell is gone"}
        if not answer["ok"]:
            raise OSError(answer["why"])
        return answer

    def ask(self, message: Message) -> Message:
        """Send a message and return its answer."""
        self.tell(message)
        return self.hear()


def spawn(hostname: str) -> Cell:
    """Fork a cell with network, host name and mounts of its own; hear() says when it has them."""
    ours, theirs = socket.socketpair()
    pid = os.fork()
    if pid == 0:
        ours.close()
        _live(theirs.makefile("rw", encoding="utf-8"), hostname)
    theirs.close()
    return Cell(pid, ours)


def _live(line: IO[str], hostname: str) -> NoReturn:
    """Serve the holder until it closes the line or ends; never return into its code."""
    try:
        room = Room()
        _answer(line, room, {"do": "enter", "hostname": hostname})
        for text in line:
            _answer(line, room, json.loads(text))
    finally:
        os._exit(0)


def _answer(line: IO[str], room: Room, message: Message) -> None:
    try:
        answer = {"ok": True, **room.do(message)}
    except (OSError, KeyError, ValueError) as error:
        answer = {"ok": False, "why": f"{message['do']}: {error}"}
    line.write(json.dumps(answer) + "\n")
    line.flush()
