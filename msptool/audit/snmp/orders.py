"""What the worker is told to ask, and with what."""

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

from msptool.audit.snmp.engine import Credential
from msptool.audit.snmp.talk import Limits

GREETING_S = (0.5, 0.5, 1.0)


class Orders(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of each group, the first credential that is let in is read; groups are asked side by side,
    since most hosts keep silent.

    `greeting_s`: how long the first question is waited for, each time that it is sent; whoever
    keeps silent is asked as version 1, too, once less.

    `tables`: columns that are read whole, together. `objects` are asked of agents of that
    enterprise number; those of "" of every agent. An agent of `agents`, or of no number, is asked
    for the first part of each riddle, and for the second where one of the first answered. An
    object that is no instance stands for the first of its column; `self.` for the agent's
    sysObjectID. Of an agent whose number stands nowhere in `objects`, the first `own_rows` below
    its own number are read. `subtree`: nothing but this, with the types as they came.
    """

    groups: tuple[tuple[Credential, ...], ...]
    tables: tuple[tuple[str, ...], ...] = ()
    objects: Mapping[str, tuple[str, ...]] = {}
    agents: tuple[str, ...] = ()
    riddles: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = ()
    own_rows: int = 0
    subtree: str | None = None
    limits: Limits = Limits()
    greeting_s: tuple[float, ...] = GREETING_S
    pause_s: float = 0.0
    pause_all_s: float = 0.0
    parallel: int = 64
    port: int = 161
    engine: Literal["own", "pysnmp"] = "own"
