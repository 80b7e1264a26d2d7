"""nmap: which words we start it with. Pure but for asking its version. Written for 7.80 to 7.9x.

What it says is read by nmap_xml.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from msptool import process
from msptool.errors import ToolMissing

MINIMUM = (7, 80)
# Hosts that nmap looks at together; each group's are told when the whole of it is done.
GROUP = 64

# Rates per pace. `gentle` keeps to 40 packets a second to a host and 1,000 in all, with a margin
# for what is sent beside the probes: the kernel's reset after each open port (measured on the
# demo site, greatest second to one host: 26 ms gave 43, 29 ms gives 39; 560 to all).
# Where a whole group drops all it is sent, nmap by itself sends 10 packets a second, and gives the
# group up with what it found: so the others have a least rate, and `gentle` many probes under way.
# A least rate would break its manners, as it overrules the delay: 500 a second to the last 12
# hosts of a group were 74 to one; so are 588 to 64 silent hosts, and 36 to one.
_UNDER_WAY = (
    "--min-parallelism", "128", "--initial-rtt-timeout", "200ms", "--max-rtt-timeout", "300ms",
)  # fmt: skip
PACES: Mapping[str, tuple[str, ...]] = {
    "gentle": (
        "--scan-delay", "29ms", "--max-rate", "865", "--max-retries", "1", *_UNDER_WAY,
    ),
    "normal": (
        "-T4", "--min-rate", "500", "--max-rate", "3000", "--max-retries", "2",
        "--max-rtt-timeout", "300ms",
    ),
    "fast": ("-T4", "--max-retries", "1", "--max-rtt-timeout", "100ms", "--min-parallelism", "64"),
}  # fmt: skip
# The least packets a second that these come to, and how often a port is asked.
LEAST_PPS = {"gentle": 400, "normal": 500, "fast": 640}
TRIES = {"gentle": 2, "normal": 3, "fast": 2}
# Finding hosts behind a router: a host gets 21 probes and as many once more after a second, so no
# delay is needed for its sake; without a least rate nmap waits long for addresses nobody has: 50
# packets a second at -T4, more than an hour for 4,096 of them.
SEARCH_PACES: Mapping[str, tuple[str, ...]] = {
    **PACES,
    "gentle": ("--min-rate", "300", "--max-rate", "950", "--max-retries", "1"),
    "normal": (
        "-T4", "--min-rate", "1000", "--max-rate", "3000", "--max-retries", "2",
        "--max-rtt-timeout", "300ms",
    ),
}  # fmt: skip
# Before it asks, nmap connects to every port of the call, of each host also those that only another
# has open: with the questions that follow at once, `gentle` leaves eight of these a second.
# The grab goes on beside.
NAME_PACES: Mapping[str, tuple[str, ...]] = {
    "gentle": ("--scan-delay", "120ms", "--max-rate", "50", "--max-retries", "1"),
    "normal": ("--max-rate", "950"), "fast": ("--max-rate", "950"),
}  # fmt: skip
# Ports that some client machine nearly always answers on, for networks behind a router.
PING_PORTS = "22,23,53,80,135,139,443,445,554,631,3389,5060,8000,8006,8080,8291,8443,9100"

_BEHIND = ("--initial-rtt-timeout", "100ms", "--max-rtt-timeout", "300ms")
# Packets a second in all while whole networks are searched port by port.
SEARCH_PPS = {"gentle": 800, "normal": 2500, "fast": 8000}
# Where a network is too large for every port of our list: what single-port hosts mostly have.
COMMON_PORTS = (
    22, 23, 25, 53, 80, 81, 88, 102, 110, 135, 139, 143, 389, 443, 445, 502, 515, 554, 587, 631,
    902, 993, 1433, 1521, 1723, 2049, 3050, 3306, 3389, 4899, 5000, 5001, 5060, 5432, 5900, 5985,
    6379, 7547, 8000, 8006, 8080, 8081, 8291, 8443, 8728, 9100, 10000, 10050, 37777, 44818,
)  # fmt: skip
# Those that only some kind of server or device answers on, for the few hosts that are hinted at.
MORE_PING_PORTS = "21,25,81,88,102,110,111,389,502,515,548,587,873,902,1433,1521,1723,2049,3128"


def program() -> tuple[str, str]:
    """Return nmap's absolute path and version; raise ToolMissing where absent or too old."""
    path = process.find("nmap")
    told = process.run([path, "-V"], timeout_s=20).stdout.decode(errors="replace")
    found = re.search(r"Nmap version (\d+)\.(\d+)", told)
    if not found or (int(found[1]), int(found[2])) < MINIMUM:
        raise ToolMissing(
            "tool.too-old",
            f"nmap {'.'.join(map(str, MINIMUM))} or newer is needed",
            hint="apt install nmap; then: msptool doctor",
        )
    return path, f"{found[1]}.{found[2]}"


def discovery_argv(
    path: str, *, pace: str, v6: bool, raw: bool, thorough: bool = False
) -> list[str]:
    """Return argv for finding hosts behind a router, or anywhere without raw sockets.

    `thorough` is for the few that are hinted at: more ports, though never at once more than the
    pace allows.
    """
    ports = f"{PING_PORTS},{MORE_PING_PORTS}" if thorough else PING_PORTS
    kinds = ["-PE", f"-PS{ports}", "-PA80,443"] if raw else [f"-PS{ports}"]
    return [path, "-n", "-sn", *kinds, *SEARCH_PACES[pace], *_common(v6, raw)]


def ports_argv(
    path: str, ports: Sequence[int], *, pace: str, v6: bool, raw: bool, host_timeout_s: float
) -> list[str]:
    """Return argv for looking at ports of hosts that are known to be there."""
    listed = ",".join(str(port) for port in ports)
    groups = ["--min-hostgroup", str(GROUP), "--max-hostgroup", str(GROUP)]
    limit = ["--host-timeout", f"{int(host_timeout_s)}s", *groups, "--stats-every", "2s"]
    kind = "-sS" if raw else "-sT"
    return [path, "-n", "-Pn", kind, "-p", listed, *PACES[pace], *limit, *_common(v6, raw)]


def search_pps(hosts: int, *, pace: str) -> int:
    """Return how many packets a second a search of some hosts comes to: `gentle` keeps under 30
    to each of them.
    """
    return min(SEARCH_PPS[pace], 30 * hosts if pace == "gentle" else SEARCH_PPS[pace])


def search_argv(path: str, ports: Sequence[int], hosts: int, *, pace: str, raw: bool) -> list[str]:
    """Return argv for looking at many ports of addresses that nobody answered for.

    nmap by itself waits long for addresses that nobody has: see PACES. `gentle` asks once only.
    """
    listed = ",".join(str(port) for port in ports)
    rate = search_pps(hosts, pace=pace)
    words = (
        ("--scan-delay", "29ms", *_UNDER_WAY, "--max-retries", "0")
        if pace == "gentle"
        else ("-T4", "--min-rate", str(max(1, rate - rate // 8)), *_BEHIND, "--max-retries", "2")
    )
    groups = ["--max-rate", str(rate), "--min-hostgroup", "256", "--stats-every", "2s"]
    kind = "-sS" if raw else "-sT"
    return [
        path, "-n", "-Pn", kind, "-p", listed, *words, *groups, *_common(v6=False, raw=raw),
    ]  # fmt: skip


def probes_of(path: str) -> bytes:
    """Return nmap's own questions (nmap-service-probes), b"" where they are not where they are
    with a usual installation.
    """
    found = Path(path).resolve().parents[1] / "share/nmap/nmap-service-probes"
    return found.read_bytes() if found.is_file() else b""


def impatient(probes: bytes, wait_ms: int) -> bytes:
    """Return nmap's questions with one wait for each answer: by itself it waits 5 to 7.5 s for
    what keeps silent (`totalwaitms`, `tcpwrappedms`; nmap's "Version detection" chapter).
    """
    bare = re.sub(rb"(?m)^(?:totalwaitms|tcpwrappedms) \d+\n", b"", probes)
    return re.sub(rb"(?m)^(Probe .*\n)", rb"\g<1>totalwaitms %d\n" % wait_ms, bare)


def services_argv(
    path: str,
    ports: Sequence[int],
    *,
    v6: bool,
    pace: str,
    how: Sequence[str] = ("--version-light",),
    probes: str = "",
) -> list[str]:
    """Return argv for asking ports that our own grab could not name; `how` many questions, out of
    a file of `probes` if it is not nmap's own.
    """
    listed = ",".join(str(port) for port in ports)
    questions = ["--versiondb", probes] if probes else []
    asked = ["-sV", *how, *questions, *NAME_PACES[pace]]
    limit = ["--host-timeout", "60s", "--min-hostgroup", str(GROUP)]
    return [path, "-n", "-Pn", "-sT", "-p", listed, *asked, *limit, *_common(v6, raw=False)]


def _common(v6: bool, raw: bool) -> list[str]:
    """Return what every call has: XML on stdout, targets from stdin.

    Whether raw sockets are ours is said, never left to nmap, which asks for the user alone: root
    in a container may lack them, another user may have them.
    """
    may = "--privileged" if raw else "--unprivileged"
    return [*(["-6"] if v6 else []), may, "-oX", "-", "-iL", "-"]
