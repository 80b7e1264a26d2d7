"""A process that reads files of tickets for the index of another one: orders on stdin, batches on
stdout, each after its length. See `bulk`.
"""

import gc
import sys

import msgspec
from msgspec import Struct

from msptool.tickets import loading
from msptool.tickets.sla import reckoner


class Orders(Struct, frozen=True):
    """The folder of tickets, the shards of it to read, and what the client's plan follows from."""

    root: str
    shards: list[str]
    plan: bytes


def main() -> None:
    """Do what is asked on stdin."""
    gc.disable()  # tickets form no cycles, and there are millions
    orders = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Orders)
    for batch in loading.read(orders.root, orders.shards, reckoner.retold(orders.plan)):
        said = msgspec.msgpack.encode(batch)
        sys.stdout.buffer.write(len(said).to_bytes(4) + said)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
