"""Names behind IANA enterprise numbers of what stands in offices.

Source: IANA Private Enterprise Numbers. 8072 (net-snmp) and 311 (Microsoft) name the agent, not
the maker of the machine, so they are not here.
"""

AGENTS = (8072, 311, 99, 2021, 0)  # net-snmp, Windows, SNMP Research, UCD: of no maker

BY_ENTERPRISE: dict[int, str] = {
    2: "IBM", 9: "Cisco", 11: "HP", 43: "3Com", 171: "D-Link", 207: "Allied Telesis",
    232: "HPE", 236: "Samsung", 253: "Xerox", 318: "APC", 343: "Intel", 367: "Ricoh",
    476: "Vertiv", 534: "Eaton", 641: "Lexmark", 674: "Dell", 705: "MGE", 789: "NetApp",
    850: "Tripp Lite", 890: "Zyxel", 935: "Megatec", 1248: "Epson", 1347: "Kyocera",
    1588: "Brocade", 1602: "Canon", 1916: "Extreme", 1991: "Ruckus", 2001: "OKI",
    2011: "Huawei", 2435: "Brother", 2604: "Sophos", 2620: "Check Point", 2636: "Juniper",
    3224: "Juniper", 3808: "CyberPower", 4413: "Broadcom", 4526: "Netgear", 4881: "Ruijie",
    5624: "Enterasys", 6486: "Alcatel-Lucent", 6527: "Nokia", 6574: "Synology", 6876: "VMware",
    8691: "Moxa", 8741: "SonicWall", 8886: "Raisecom", 10002: "Ubiquiti", 11863: "TP-Link",
    12325: "FreeBSD", 12356: "Fortinet", 14179: "Cisco", 14823: "Aruba", 14988: "MikroTik",
    18334: "Konica Minolta", 19046: "Lenovo", 24681: "QNAP", 25053: "Ruckus", 25461: "Palo Alto",
    25506: "H3C", 27514: "QTECH", 30065: "Arista", 35265: "Eltex", 39165: "Hikvision",
    40297: "SNR", 41112: "Ubiquiti", 47196: "Aruba", 47307: "Nutanix", 50536: "TrueNAS",
    52642: "FS",
}  # fmt: skip
