"""Machines that tell nothing of their maker but by their address, and unusual products."""

from msgspec import Struct

SERVER_OUIS = ("00:25:90", "0C:C4:7A", "AC:1F:6B", "F8:CA:B8", "F8:DB:88", "3C:D9:2B")
DESK_OUIS = ("00:2B:67", "38:F3:AB", "54:E1:AD", "D8:CB:8A", "FC:34:97")
OLD_OUIS = ("00:0B:AB", "00:80:A3", "00:90:E8", "00:D0:C9")
SMALL_OUIS = ("28:CD:C1", "B8:27:EB", "DC:A6:32", "E4:5F:01")


class Product(Struct, frozen=True, kw_only=True):
    """What listens on one unusual port, and the first bytes that a client gets to hear."""

    port: int
    service: str
    reason: str
    ouis: tuple[str, ...]
    reply: str = ""


# Ports outside nmap's 1,000 most frequent (nmap-services of nmap 7.93).
ODD_PRODUCTS: tuple[Product, ...] = (
    Product(
        port=37777,
        service="dahua",
        reason="video recorder, private protocol; silent until it is addressed",
        ouis=("08:ED:ED", "3C:EF:8C", "FC:5F:49"),
    ),
    Product(
        port=34567,
        service="dvr",
        reason="video recorder of many brands, private protocol; silent",
        ouis=("00:0B:AB", "74:FE:48"),
    ),
    Product(
        port=1541,
        service="1c",
        reason="1C:Enterprise cluster manager; silent",
        ouis=SERVER_OUIS,
    ),
    Product(
        port=6379,
        service="redis",
        reason="Redis that wants a password",
        ouis=SERVER_OUIS,
        reply="-NOAUTH Authentication required.\r\n",
    ),
    Product(
        port=8728,
        service="mikrotik-api",
        reason="RouterOS API; silent until a sentence is whole",
        ouis=("48:8F:5A", "DC:2C:6E"),
    ),
)
