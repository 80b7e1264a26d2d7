"""Pages that makers keep for such questions: read without a login, asked only where the first page
or the certificate suggests the maker.

Sources: DMTF DSP0266 (Redfish service root); VMware's vSphere Web Services `/sdk/vimServiceVersions
.xml`; HPE iLO `/xmldata?item=All`; QNAP `/cgi-bin/authLogin.cgi`; the APIs' own manuals.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from msptool.audit.probes import http, markup
from msptool.audit.probes.probe import Ask, Probe, Talk, told


@dataclass(frozen=True)
class Page:
    """A page: when to ask for it, where it is, and how it is read."""

    name: str
    suggested_by: re.Pattern[str]
    path: str
    parse: Callable[[bytes], Mapping[str, str]]

    def probe(self) -> Probe:
        """Return the probe that asks for it."""
        return Probe(self.name, self.parse, getting(self.path))


def getting(path: str) -> Callable[[str], Talk]:
    """Return the conversation that asks for a page."""

    def talk(host: str) -> Talk:
        yield Ask(http.request(path, host), http.whole)

    return talk


def _json(said: bytes) -> dict[str, Any]:
    """Return an answer's object; {} for anything else, and for what is nested too deep to read."""
    try:
        read = json.loads(http.body_of(said))
    except (ValueError, RecursionError):
        return {}
    return read if isinstance(read, dict) else {}


def _word(value: object) -> str:
    return value if isinstance(value, str) else ""


def _part(read: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    inner = read.get(name)
    return inner if isinstance(inner, dict) else {}


def redfish(said: bytes) -> Mapping[str, str]:
    """The service root: product, vendor, UUID, and of Dell and HPE the model and the serial."""
    read = _json(said)
    if not _word(read.get("RedfishVersion")):
        return {}
    oem = _part(read, "Oem")
    dell = _part(oem, "Dell")
    managers = _part(oem, "Hpe").get("Manager")
    hpe = managers[0] if isinstance(managers, list) and managers else {}
    hpe = hpe if isinstance(hpe, dict) else {}
    vendor = _word(read.get("Vendor")) or next((name for name in oem if name != "Public"), "")
    return told(
        "redfish",
        version=_word(read.get("RedfishVersion")),
        product=_word(read.get("Product")),
        vendor=vendor,
        uuid=_word(read.get("UUID")),
        serial=_word(dell.get("ServiceTag")),
        mac=_word(dell.get("ManagerMACAddress")),
        manager=_word(hpe.get("ManagerType")),
        firmware=_word(hpe.get("ManagerFirmwareVersion")),
        name=_word(hpe.get("HostName")),
    )


def esxi(said: bytes) -> Mapping[str, str]:
    """The version of the API that an ESXi or a vCenter offers."""
    page = http.body_of(said).decode("utf-8", "replace")
    if "urn:vim25" not in page:
        return {}
    return told("vmware", version=markup.element(page, "version"))


def ilo(said: bytes) -> Mapping[str, str]:
    """HPE iLO: the server's serial, product and UUID, and the board's firmware."""
    page = http.body_of(said).decode("utf-8", "replace")
    if not re.search(r"<RIMP[\s>]", page[:4096]):
        return {}
    read = {
        name: markup.element(page, name) for name in ("SBSN", "SPN", "UUID", "PN", "FWRI", "SN")
    }
    return told(
        "ilo",
        vendor="HPE",
        serial=read["SBSN"],
        model=read["SPN"],
        uuid=read["UUID"],
        manager=read["PN"],
        firmware=read["FWRI"],
        manager_serial=read["SN"],
    )


def qnap(said: bytes) -> Mapping[str, str]:
    """QNAP: model, firmware and host name in front of its login."""
    page = http.body_of(said).decode("utf-8", "replace").replace("<![CDATA[", "").replace("]]>", "")
    if "</QDocRoot>" not in page:
        return {}
    return told(
        "qnap",
        vendor="QNAP",
        model=markup.element(page, "displayModelName") or markup.element(page, "modelName"),
        version=markup.element(page, "version"),
        firmware_build=markup.element(page, "build"),
        name=markup.element(page, "hostname"),
    )


def elasticsearch(said: bytes) -> Mapping[str, str]:
    """The root of Elasticsearch and OpenSearch, which needs no further question."""
    read = _json(said)
    version = _part(read, "version")
    if "lucene_version" not in version:
        return {}
    return told(
        "elasticsearch",
        product=_word(version.get("distribution")) or "elasticsearch",
        version=_word(version.get("number")),
        node=_word(read.get("name")),
        cluster=_word(read.get("cluster_name")),
    )


def couchdb(said: bytes) -> Mapping[str, str]:
    """The root of CouchDB."""
    read = _json(said)
    return (
        told("couchdb", product="CouchDB", version=_word(read.get("version")))
        if read.get("couchdb") == "Welcome"
        else {}
    )


def docker(said: bytes) -> Mapping[str, str]:
    """The version of a Docker daemon that anybody may command."""
    read = _json(said)
    if not (read.get("ApiVersion") and read.get("Version")):
        return {}
    return told(
        "docker",
        product="Docker",
        version=_word(read.get("Version")),
        os=_word(read.get("Os")),
        kernel=_word(read.get("KernelVersion")),
    )


def etcd(said: bytes) -> Mapping[str, str]:
    """The version of etcd."""
    read = _json(said)
    version = _word(read.get("etcdserver"))
    return told("etcd", product="etcd", version=version) if version else {}


def kubernetes(said: bytes) -> Mapping[str, str]:
    """The version of a Kubernetes API server, where it is told to anybody."""
    version = _word(_json(said).get("gitVersion"))
    return told("kubernetes", product="Kubernetes", version=version) if version else {}


def prometheus(said: bytes) -> Mapping[str, str]:
    """The build of Prometheus."""
    read = _part(_json(said), "data")
    version = _word(read.get("version"))
    return (
        told("prometheus", product="Prometheus", version=version) if read.get("goVersion") else {}
    )


def grafana(said: bytes) -> Mapping[str, str]:
    """The health of Grafana tells its version."""
    read = _json(said)
    return (
        told("grafana", product="Grafana", version=_word(read.get("version")))
        if read.get("database")
        else {}
    )


# The text that is looked at is `seen_of`: `port=…`, then title, server, realm, place, certificate.
_BOARDS = (
    r"idrac|\bilo\b|integrated lights|redfish|xclarity|\bxcc\b|supermicro|megarac|\bbmc\b|openbmc"
    r"|irmc|cisco integrated management"
)
_QNAP = r"qnap|\bqts\b|/cgi-bin/(?:QTS\.cgi|login\.html)|server=http server 1\.0"
_GRAFANA = r"title=grafana|port=3000 (?=.*location=/login\b)"
PAGES = (
    Page("redfish", re.compile(_BOARDS, re.I), "/redfish/v1/", redfish),
    Page("ilo", re.compile(r"\bilo\b|integrated lights", re.I), "/xmldata?item=All", ilo),
    Page("esxi", re.compile(r"vmware|esxi|vsphere", re.I), "/sdk/vimServiceVersions.xml", esxi),
    Page("qnap", re.compile(_QNAP, re.I), "/cgi-bin/authLogin.cgi", qnap),
    Page("docker", re.compile(r"port=237[56] |server=docker/", re.I), "/version", docker),
    Page("etcd", re.compile(r"port=2379 "), "/version", etcd),
    Page("kubernetes", re.compile(r"port=6443 "), "/version", kubernetes),
    Page(
        "prometheus",
        re.compile(r"title=prometheus|location=/(?:graph|query)\b", re.I),
        "/api/v1/status/buildinfo",
        prometheus,
    ),
    Page("grafana", re.compile(_GRAFANA, re.I | re.S), "/api/health", grafana),
)
ICON = Page("icon", re.compile(r"(?!)"), "/favicon.ico", http.icon)
# Read from the first page itself.
ROOTS = {"elasticsearch": elasticsearch, "couchdb": couchdb}
MOST = 3


def suggested(port: int, page: Mapping[str, str], certificate: Mapping[str, str]) -> Iterator[Page]:
    """Yield the pages that are worth a question, at most three; an icon where nothing names it."""
    seen = seen_of(port, page, certificate)
    found = [known for known in PAGES if known.suggested_by.search(seen)][:MOST]
    yield from found
    unnamed = not (page.get("title") or page.get("realm"))
    if not found and unnamed and page.get("status") == "200":
        yield ICON


def seen_of(port: int, page: Mapping[str, str], certificate: Mapping[str, str]) -> str:
    """Return what was seen, a line each, for the patterns above."""
    keys = ("title", "server", "realm", "location", "powered-by")
    lines = [f"port={port} "]
    lines += [f"{key}={page[key]}" for key in keys if key in page]
    lines += [
        f"certificate={certificate[key]}" for key in ("subject", "issuer") if key in certificate
    ]
    return "\n".join(lines)
