"""Which probe goes to which port, and which reads what: the tables of all probes."""

import itertools
from collections.abc import Callable, Mapping

from msptool.audit.probes import (
    ajp,
    amqp,
    apcupsd,
    dns,
    engine,
    git,
    greetings,
    http,
    ipmi,
    ipp,
    kerberos,
    ldap,
    mdns,
    memcached,
    mongodb,
    mqtt,
    mssql,
    mysql,
    nbns,
    ntp,
    nut,
    postgresql,
    pptp,
    rdp,
    redis,
    rpcbind,
    rtsp,
    sip,
    smb,
    smb1,
    ssdp,
    ssh,
    tls,
    ubiquiti,
    wellknown,
    winrm,
    wsd,
    x11,
    zabbix,
    zookeeper,
)
from msptool.audit.probes.probe import Probe, Question

Parse = Callable[[bytes], Mapping[str, str]]

# The protocol asked for first, by port. Others are heard out, and asked for a page.
TCP: Mapping[int, Probe] = {
    22: ssh.PROBE, 222: ssh.PROBE, 830: ssh.PROBE, 2022: ssh.PROBE, 2222: ssh.PROBE,
    22222: ssh.PROBE,
    53: dns.PROBE,
    80: http.PROBE, 81: http.PROBE, 8000: http.PROBE, 8008: http.PROBE, 8080: http.PROBE,
    8081: http.PROBE, 8088: http.PROBE, 8888: http.PROBE, 9090: http.PROBE, 3000: http.PROBE,
    5000: http.PROBE, 8086: http.PROBE, 9200: http.PROBE, 2375: http.PROBE, 2379: http.PROBE,
    8500: http.PROBE, 15672: http.PROBE, 5984: http.PROBE, 8530: http.PROBE, 8123: http.PROBE,
    32400: http.PROBE, 16992: http.PROBE, 5357: http.PROBE, 19999: http.PROBE, 7547: http.PROBE,
    88: kerberos.PROBE,
    111: rpcbind.PROBE,
    139: smb.SESSION, 445: smb.PROBE,
    389: ldap.PROBE, 3268: ldap.PROBE,
    554: rtsp.PROBE, 8554: rtsp.PROBE, 10554: rtsp.PROBE,
    631: ipp.PROBE,
    1433: mssql.PROBE,
    1723: pptp.PROBE,
    1883: mqtt.PROBE,
    2181: zookeeper.PROBE,
    3306: mysql.PROBE,
    3389: rdp.PROBE,
    3493: nut.PROBE,
    3551: apcupsd.PROBE,
    5060: sip.PROBE,
    5432: postgresql.PROBE,
    5672: amqp.PROBE,
    5985: winrm.PROBE, 47001: winrm.PROBE,
    6000: x11.PROBE, 6001: x11.PROBE,
    6379: redis.PROBE,
    8009: ajp.PROBE,
    9418: git.PROBE,
    10050: zabbix.PROBE,
    11211: memcached.PROBE,
    27017: mongodb.PROBE,
}  # fmt: skip

# What is asked where the first question got no word.
SECOND: Mapping[int, Probe] = {445: smb1.PROBE}

# What is spoken inside TLS where that comes first; a web page at any other port.
WRAPPED: Mapping[int, Probe] = {
    465: greetings.PROBE, 990: greetings.PROBE, 992: greetings.PROBE, 993: greetings.PROBE,
    995: greetings.PROBE, 6697: greetings.PROBE,
    636: ldap.PROBE, 3269: ldap.PROBE, 5061: sip.PROBE, 5671: amqp.PROBE, 5986: winrm.PROBE,
    6380: redis.PROBE, 8883: mqtt.PROBE, 853: dns.PROBE,
}  # fmt: skip

UDP: Mapping[int, tuple[Question, ...]] = {
    53: (dns.UDP,), 111: (rpcbind.UDP,), 123: (ntp.UDP,), 137: (nbns.UDP,), 161: (engine.UDP,),
    389: (ldap.CLDAP,),
    623: (ipmi.UDP,), 1434: (mssql.BROWSER,), 1900: (ssdp.UDP,), 3702: wsd.UDP,
    5060: (sip.UDP,), 5353: mdns.UDP, 10001: (ubiquiti.UDP,), 11211: (memcached.UDP,),
}  # fmt: skip

PROBES: Mapping[str, Probe] = {
    probe.name: probe
    for probe in itertools.chain(
        TCP.values(), SECOND.values(), WRAPPED.values(), [tls.PROBE, kerberos.REALM]
    )
}
# Of a port that named another protocol than it was asked: that one's own question, once.
BY_PROTOCOL: Mapping[str, Probe] = {
    name: PROBES[name] for name in ("ssh", "redis", "memcached", "sip", "rtsp", "amqp", "rdp")
}

# Of hosts that are spared: what a port's own protocol answers without doing anything, and is asked
# by UDP as well. OPTIONS rings nowhere.
OF_SPARED: Mapping[int, Probe] = {5060: sip.PROBE}


def beside(said: Mapping[str, bytes]) -> Probe | None:
    """Return what a service is asked beside, once, that left something open."""
    return kerberos.REALM if kerberos.keeps_its_realm(said.get("kerberos", b"")) else None


def recognise(said: bytes) -> Mapping[str, str]:
    """Return what words say that answer nothing, or another question than was put."""
    for parse in (
        ssh.parse,
        mysql.parse,
        greetings.parse,
        http.parse,
        rtsp.parse,
        redis.parse,
        amqp.parse,
    ):
        found = parse(said)
        if found:
            return found
    return {"protocol": "memcached"} if said == b"ERROR\r\n" * (said.count(b"\n") or 1) else {}


PARSERS: Mapping[str, Parse] = {
    **{name: probe.parse for name, probe in PROBES.items()},
    **{page.name: page.parse for page in (*wellknown.PAGES, wellknown.ICON)},
    "http-moved": http.parse,
    "greeting": recognise,
    "help": recognise,
    "upnp": ssdp.description,
}
