"""Devices that the site can be made of: what each says of itself, in its vendor's shape.

Prefixes are the vendors' own (IEEE), object ids stand under the vendors' enterprise numbers
(IANA), serial shapes are as printed on labels; `#` digit, `@` letter, `%` either, `!` hex digit.
"""

from msgspec import Struct


class Model(Struct, frozen=True, kw_only=True):
    """A model. `descr` is sysDescr with {model}, {version}, {name}; `private` are OIDs of the
    vendor's own MIB by what they hold (serial, version, model).
    """

    vendor: str
    model: str
    object_id: str
    descr: str
    serial: str
    versions: tuple[str, ...]
    ouis: tuple[str, ...]
    private: tuple[tuple[str, str], ...] = ()


class SwitchModel(Model, frozen=True, kw_only=True):
    """A switch: how it names and numbers its ports ({n} counts from 1)."""

    ports: int
    if_name: str
    if_descr: str
    first_index: int


_CISCO = ("00:1B:54", "58:97:BD", "70:DB:98")
_MIKROTIK = ("48:8F:5A", "4C:5E:0C", "DC:2C:6E", "E4:8D:8C")

ROUTERS: tuple[Model, ...] = (
    Model(
        vendor="MikroTik",
        model="RB4011iGS+",
        object_id="1.3.6.1.4.1.14988.1",
        descr="RouterOS {model}",
        serial="%%%%%%%%%%%%",
        versions=("6.49.17", "7.15.3", "7.16.2"),
        ouis=_MIKROTIK,
        private=(
            ("1.3.6.1.4.1.14988.1.1.7.3.0", "serial"),
            ("1.3.6.1.4.1.14988.1.1.4.4.0", "version"),
            ("1.3.6.1.4.1.14988.1.1.7.8.0", "model"),
        ),
    ),
    Model(
        vendor="Fortinet",
        model="FGT60F",
        object_id="1.3.6.1.4.1.12356.101.1.643",
        descr="FortiGate-60F {name}",
        serial="FGT60FTK########",
        versions=("v7.2.8,build1639,240313 (GA.M)", "v7.4.4,build2662,240514 (GA.F)"),
        ouis=("04:D5:90", "08:5B:0E", "E8:1C:BA"),
        private=(
            ("1.3.6.1.4.1.12356.100.1.1.1.0", "serial"),
            ("1.3.6.1.4.1.12356.101.4.1.1.0", "version"),
        ),
    ),
    Model(
        vendor="Cisco",
        model="ISR4331/K9",
        object_id="1.3.6.1.4.1.9.1.2068",
        descr="Cisco IOS Software [Everest], ISR Software (X86_64_LINUX_IOSD-UNIVERSALK9-M), "
        "Version {version}, RELEASE SOFTWARE (fc2)",
        serial="FDO####%%%%",
        versions=("16.6.4", "16.9.5", "17.3.4a"),
        ouis=_CISCO,
    ),
)

SWITCHES: tuple[SwitchModel, ...] = (
    SwitchModel(
        vendor="Cisco",
        model="WS-C2960X-24TS-L",
        object_id="1.3.6.1.4.1.9.1.1208",
        descr="Cisco IOS Software, C2960X Software (C2960X-UNIVERSALK9-M), Version {version}, "
        "RELEASE SOFTWARE (fc1)",
        serial="FOC####%%%%",
        versions=("15.0(2)EX5", "15.2(4)E6", "15.2(7)E3"),
        ouis=_CISCO,
        ports=24,
        if_name="Gi1/0/{n}",
        if_descr="GigabitEthernet1/0/{n}",
        first_index=10101,
    ),
    SwitchModel(
        vendor="Huawei",
        model="S5735-L24T4S-A1",
        object_id="1.3.6.1.4.1.2011.2.23.774",
        descr="{model}\r\nHuawei Versatile Routing Platform Software\r\nVRP (R) software, "
        "Version 5.170 ({version})",
        serial="2102353#####%####%%%",
        versions=("S5735 V200R019C10SPC500", "S5735 V200R021C00SPC600"),
        ouis=("00:25:9E", "00:1E:10", "FC:BC:D1"),
        ports=24,
        if_name="GigabitEthernet0/0/{n}",
        if_descr="GigabitEthernet0/0/{n}",
        first_index=5,
    ),
    SwitchModel(
        vendor="Eltex",
        model="MES2324",
        object_id="1.3.6.1.4.1.35265.1.81",
        descr="{model} 28-port 1G/10G Managed Switch",
        serial="ES5A0#####",
        versions=("4.0.17.4", "4.0.21.3"),
        ouis=("A8:F9:4B", "E0:D9:E3", "E8:28:C1"),
        ports=28,
        if_name="gi1/0/{n}",
        if_descr="gigabitethernet1/0/{n}",
        first_index=49,
    ),
    SwitchModel(
        vendor="D-Link",
        model="DGS-1510-28X",
        object_id="1.3.6.1.4.1.171.10.133.5.1",
        descr="Gigabit Ethernet SmartPro Switch",
        serial="R3PH#########",
        versions=("1.50.021", "1.70.012"),
        ouis=("00:AD:24", "0C:B6:D2", "F8:E9:03"),
        ports=28,
        if_name="eth1/0/{n}",
        if_descr="D-Link Corporation DGS-1510-28X Port {n}",
        first_index=1,
    ),
)

PRINTERS: tuple[Model, ...] = (
    Model(
        vendor="HP",
        model="HP LaserJet Pro M404dn",
        object_id="1.3.6.1.4.1.11.2.3.9.1",
        descr="HP ETHERNET MULTI-ENVIRONMENT,ROM none,JETDIRECT,JD153,EEPROM JSI24180012,CIDATE "
        "06/12/2019",
        serial="PHB@%#####",
        versions=("002_2310A", "002_2331B"),
        ouis=("3C:D9:2B", "FC:3F:DB"),
    ),
    Model(
        vendor="KYOCERA",
        model="ECOSYS M2040dn",
        object_id="1.3.6.1.4.1.1347.41",
        descr="KYOCERA Document Solutions Printing System",
        serial="VCF#######",
        versions=("2S0_2000.004.105", "2S0_2000.008.005"),
        ouis=("00:17:C8", "00:C0:EE"),
    ),
    Model(
        vendor="Brother",
        model="Brother HL-L5100DN series",
        object_id="1.3.6.1.4.1.2435.2.3.9.1",
        descr="Brother NC-8500h, Firmware Ver.{version}  ,MID 8C5-B00",
        serial="E7#####@#@######",
        versions=("1.27", "1.36"),
        ouis=("00:80:77", "30:05:5C", "3C:2A:F4"),
    ),
)

UPSES: tuple[Model, ...] = (
    Model(
        vendor="APC",
        model="Smart-UPS 1500",
        object_id="1.3.6.1.4.1.318.1.3.27",
        descr="APC Web/SNMP Management Card (MB:v4.1.0 PF:v{version} PN:apc_hw05_aos_681.bin "
        "AF1:v6.8.0 AN1:apc_hw05_sumx_680.bin MN:AP9630 HR:08 SN: {serial} MD:09/12/2016)",
        serial="5A########%%",
        versions=("6.8.2", "6.9.6"),
        ouis=("00:C0:B7",),
        private=(("1.3.6.1.4.1.318.1.1.1.1.2.3.0", "serial"),),
    ),
    Model(
        vendor="EATON",
        model="9PX 3000i",
        object_id="1.3.6.1.4.1.705.1",
        descr="Eaton 9PX",
        serial="G###@#####",
        versions=("LF", "JH"),
        ouis=("00:20:85",),
        private=(("1.3.6.1.4.1.534.1.1.6.0", "serial"),),
    ),
    Model(
        vendor="CyberPower",
        model="OL3000ERTXL2U",
        object_id="1.3.6.1.4.1.3808.1.1.1",
        descr="UPS SNMP Card",
        serial="BPH##########",
        versions=("1.2.4", "1.3.1"),
        ouis=("00:0C:15",),
        private=(("1.3.6.1.4.1.3808.1.1.1.1.2.3.0", "serial"),),
    ),
)

NASES: tuple[Model, ...] = (
    Model(
        vendor="Synology",
        model="DS920+",
        object_id="1.3.6.1.4.1.8072.3.2.10",
        descr="Linux {name} 4.4.302+ #72806 SMP Thu Jul 18 22:43:22 CST 2024 x86_64",
        serial="####SBR######",
        versions=("DSM 7.1-42661", "DSM 7.2-64570"),
        ouis=("00:11:32", "90:09:D0"),
        private=(
            ("1.3.6.1.4.1.6574.1.5.1.0", "model"),
            ("1.3.6.1.4.1.6574.1.5.2.0", "serial"),
            ("1.3.6.1.4.1.6574.1.5.3.0", "version"),
        ),
    ),
    Model(
        vendor="QNAP",
        model="TS-453D",
        object_id="1.3.6.1.4.1.8072.3.2.10",
        descr="Linux {model} {version}",
        serial="Q###I#####",
        versions=("5.1.8", "5.2.1"),
        ouis=("24:5E:BE", "E8:43:B6"),
        private=(
            ("1.3.6.1.4.1.24681.1.2.12.0", "model"),
            ("1.3.6.1.4.1.24681.1.4.1.1.1.1.1.2.1.4.1", "serial"),
        ),
    ),
)

ACCESS_POINTS: tuple[Model, ...] = (
    Model(
        vendor="Ubiquiti",
        model="UAP-AC-Pro-Gen2",
        object_id="1.3.6.1.4.1.41112.1.6",
        descr="UAP-AC-Pro-Gen2 {version}",
        serial="!!!!!!!!!!!!",
        versions=("6.2.49.14111", "6.6.65.15248"),
        ouis=("18:E8:29", "24:5A:4C", "F4:E2:C6"),
        private=(
            ("1.3.6.1.4.1.41112.1.6.3.3.0", "model"),
            ("1.3.6.1.4.1.41112.1.6.3.6.0", "version"),
        ),
    ),
    Model(
        vendor="MikroTik",
        model="RBcAPGi-5acD2nD",
        object_id="1.3.6.1.4.1.14988.1",
        descr="RouterOS {model}",
        serial="%%%%%%%%%%%%",
        versions=("6.49.13", "7.14.2"),
        ouis=_MIKROTIK,
        private=(
            ("1.3.6.1.4.1.14988.1.1.7.3.0", "serial"),
            ("1.3.6.1.4.1.14988.1.1.4.4.0", "version"),
            ("1.3.6.1.4.1.14988.1.1.7.8.0", "model"),
        ),
    ),
)
