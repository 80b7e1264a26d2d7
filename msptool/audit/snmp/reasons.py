"""Why an agent was not read, or not to the end: a closed list. Code, what it means, what to do."""

from collections.abc import Mapping

from msptool.errors import PartDone

REASONS: Mapping[str, tuple[str, str, str]] = {
    "silent": (
        "snmp.silent",
        "no SNMP agent answered: none there, another community, or a filter on the way",
        "audit.snmp in client.yaml; the agent's list of who may ask",
    ),
    "lost": (
        "snmp.lost",
        "the agent stopped answering in the middle",
        "ask again; a smaller --subtree asks for less",
    ),
    "garbled": (
        "snmp.garbled",
        "the agent's answers cannot be read: broken BER, or another version",
        "see whether it has a newer firmware",
    ),
    "other-question": (
        "snmp.other-question",
        "the answers carry numbers that no question had",
        "an agent that is broken, or somebody between us",
    ),
    "wrong-object": (
        "snmp.wrong-object",
        "the agent answers with objects that were not asked for",
        "an agent that is broken, or somebody between us",
    ),
    "unauthentic": (
        "snmp.unauthentic",
        "the answers are not vouched for: their digest is wrong",
        "an agent that is broken, or somebody between us",
    ),
    "stale": (
        "snmp.stale",
        "the answers are older than the time window allows",
        "an agent whose clock is broken, or somebody who sends old answers again",
    ),
    "rows": ("snmp.rows", "the limit of rows was reached", "a smaller --subtree"),
    "bytes": ("snmp.bytes", "the limit of bytes was reached", "a smaller --subtree"),
    "seconds": ("snmp.seconds", "the limit of time was reached", "a smaller --subtree"),
    "not-increasing": (
        "snmp.not-increasing",
        "the agent's objects do not increase: it would go on for ever",
        "see whether it has a newer firmware",
    ),
    "refused": (
        "snmp.refused",
        "the agent ended the answer with an error status",
        "what may be read with this credential, and what the agent can tell",
    ),
    "wrong-user": (
        "snmp.wrong-user",
        "the agent does not know this SNMP user",
        "user of audit.snmp in client.yaml, and the agent's list of users",
    ),
    "wrong-auth-key": (
        "snmp.wrong-auth-key",
        "wrong authentication password or method: the agent refuses the digest",
        "auth and auth_password of audit.snmp in client.yaml",
    ),
    "wrong-privacy-key": (
        "snmp.wrong-privacy-key",
        "wrong privacy password or method: the agent knows the user, and what is encrypted it"
        " cannot read",
        "priv and priv_password of audit.snmp in client.yaml",
    ),
    "unsupported-level": (
        "snmp.unsupported-level",
        "the agent does not offer this user's security level",
        "auth and priv of audit.snmp in client.yaml, and the agent's list of users",
    ),
    "time-window": (
        "snmp.time-window",
        "the agent's clock jumps: every question is outside of its time window",
        "the agent's clock and count of boots",
    ),
    "restarted": (
        "snmp.restarted",
        "the agent restarted again and again while it was read",
        "ask again when it is up; a count of boots that grows is a fault of its own",
    ),
}

# What an attempt that lacks the agent ends with, by the reason why there is nothing of it.
_GAPS: Mapping[str, str] = {
    "silent": "no-snmp",
    "lost": "no-snmp",
    "wrong-user": "snmp-user",
    "wrong-auth-key": "snmp-auth-key",
    "wrong-privacy-key": "snmp-privacy-key",
    "unsupported-level": "snmp-level",
    "refused": "snmp-refused",
}


def gap(error: str) -> str:
    """Return the key of model.REASONS for a record's error: other oddities of an agent leave an
    answer that cannot be read; what is not in the list failed here.
    """
    reason = error.partition(":")[0]
    return _GAPS.get(reason, "unreadable" if reason in REASONS else "probe-failed")


def error(reason: str) -> PartDone:
    """Return the error of a reason; what is not in the list failed here."""
    code, message, hint = REASONS.get(reason.partition(":")[0]) or (
        "snmp.failed",
        f"asking failed: {reason}",
        "run it again with MSPTOOL_LANG=en and tell us what it said",
    )
    return PartDone(code, message, hint=hint)
