"""The ports we look at: what an engineer must know of in an office network, each with its reason.

nmap's top 1000 misses many of these (Proxmox, WinRM, Redis, 1C, Dahua …) and spends most of its
packets on ports no office has. Services by IANA's registry and vendors' manuals.
"""

TCP: dict[int, str] = {
    20: "ftp-data", 21: "ftp", 22: "ssh", 23: "telnet", 25: "smtp", 37: "time", 49: "tacacs",
    53: "domain", 79: "finger", 80: "http", 81: "http cameras", 82: "http cameras",
    88: "kerberos: domain controller", 102: "s7: Siemens PLC", 104: "dicom", 110: "pop3",
    111: "rpcbind", 113: "ident", 119: "nntp", 135: "msrpc: Windows", 139: "netbios-ssn",
    143: "imap", 161: "snmp over tcp", 179: "bgp", 264: "checkpoint topology", 389: "ldap",
    427: "slp: VMware", 443: "https", 444: "https", 445: "smb", 464: "kpasswd", 465: "smtps",
    502: "modbus", 512: "rexec", 513: "rlogin", 514: "rsh", 515: "lpd", 541: "fortinet fgfm",
    543: "klogin", 544: "kshell", 548: "afp", 554: "rtsp: cameras", 587: "submission",
    593: "rpc over http", 623: "ipmi redirection", 631: "ipp", 636: "ldaps", 646: "ldp",
    664: "amt", 830: "netconf", 873: "rsync", 902: "vmware", 903: "vmware", 990: "ftps",
    992: "telnets", 993: "imaps", 995: "pop3s", 1080: "socks", 1194: "openvpn", 1311: "dell omsa",
    1433: "mssql", 1494: "citrix", 1521: "oracle", 1540: "1c agent", 1541: "1c cluster",
    1560: "1c worker", 1561: "1c worker", 1580: "tsm", 1720: "h323", 1723: "pptp", 1801: "msmq",
    1883: "mqtt", 1935: "rtmp", 2000: "cisco sccp or mikrotik btest", 2049: "nfs",
    2082: "cpanel", 2083: "cpanel", 2121: "ftp", 2179: "hyper-v", 2222: "ssh", 2323: "telnet",
    2375: "docker", 2376: "docker tls", 2379: "etcd", 2404: "iec-104", 2480: "orientdb",
    2598: "citrix", 2638: "sybase", 3000: "grafana and others", 3050: "firebird",
    3128: "proxy", 3260: "iscsi", 3268: "global catalogue", 3269: "global catalogue tls",
    3306: "mysql", 3389: "rdp", 3493: "nut", 3551: "apcupsd", 3690: "svn", 4028: "miner",
    4343: "trend micro", 4369: "epmd", 4443: "https", 4444: "kesl or shells", 4505: "salt",
    4506: "salt", 4786: "cisco smart install", 4899: "radmin", 5000: "synology, upnp",
    5001: "synology tls", 5060: "sip", 5061: "sips", 5222: "xmpp", 5432: "postgresql",
    5500: "vnc", 5555: "adb, hp data protector", 5631: "pcanywhere", 5666: "nrpe",
    5672: "amqp", 5800: "vnc http", 5900: "vnc", 5901: "vnc", 5938: "teamviewer",
    5984: "couchdb", 5985: "winrm", 5986: "winrm tls", 6000: "x11", 6379: "redis",
    6443: "kubernetes", 6666: "irc", 6881: "bittorrent", 7000: "cassandra", 7001: "weblogic",
    7070: "anydesk", 7547: "tr-069", 7777: "oracle", 8000: "http, hikvision", 8006: "proxmox",
    8007: "proxmox backup", 8008: "http", 8009: "ajp", 8010: "xmpp, veeam", 8080: "http",
    8081: "http, kaspersky", 8086: "influxdb", 8088: "http", 8089: "splunk", 8123: "clickhouse",
    8139: "puppet", 8181: "http", 8200: "dlna", 8291: "winbox", 8333: "vmware", 8383: "http",
    8443: "https", 8530: "wsus", 8531: "wsus tls", 8728: "mikrotik api", 8729: "mikrotik api tls",
    8834: "nessus", 8880: "unifi", 8883: "mqtt tls", 8888: "http", 9000: "http, php-fpm",
    9001: "tor, hp", 9042: "cassandra", 9080: "http", 9090: "cockpit, prometheus",
    9091: "transmission", 9100: "jetdirect", 9101: "bacula", 9102: "bacula", 9103: "bacula",
    9200: "elasticsearch", 9300: "elasticsearch", 9392: "veeam", 9401: "veeam", 9443: "https",
    9999: "http, scada", 10000: "webmin", 10050: "zabbix agent", 10051: "zabbix server",
    10080: "amanda", 10443: "https vpn", 11112: "dicom", 11211: "memcached", 12345: "trend micro",
    13000: "kaspersky agent", 14000: "kaspersky", 15672: "rabbitmq", 16992: "intel amt",
    16993: "intel amt tls", 17988: "ilo media", 19999: "netdata", 20000: "dnp3",
    21116: "rustdesk", 22222: "ssh", 27017: "mongodb", 32400: "plex", 32764: "router backdoor",
    34567: "dvr", 37777: "dahua", 44818: "ethernet/ip", 47001: "winrm", 49152: "upnp, ipmi",
    50000: "sap, db2", 50070: "hadoop", 51413: "bittorrent", 55443: "vendor https",
    62078: "iphone sync",
}  # fmt: skip

# Devices behind these print, move or measure what they are sent: no byte is ever written to them.
FRAGILE = frozenset({102, 104, 502, 515, 2404, 11112, 20000, 44818, *range(9100, 9108)})

# Services of a private protocol that answer nothing but it: asking them in every other costs a
# minute a port and gives no name, so the table's own word must do.
SILENT = frozenset({1540, 1541, 1560, 1561, 8291, 8728, 10050, 10051, 34567, 37777})

# Ports where TLS speaks first.
TLS_FIRST = frozenset(
    {443, 444, 465, 636, 990, 992, 993, 995, 2083, 2376, 3269, 4343, 4443, 5001, 5061, 5986,
     6443, 8006, 8007, 8333, 8443, 8531, 8729, 8834, 8883, 9443, 10443, 16993, 55443}
)  # fmt: skip


def wanted(extra: tuple[int, ...]) -> list[int]:
    """Return the ports to look at, our own and the profile's, in order."""
    return sorted({*TCP, *extra})
