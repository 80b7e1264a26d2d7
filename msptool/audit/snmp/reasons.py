"""Why an agent was not read, or not to the end: a closed list, and what each means for people."""

from collections.abc import Mapping

REASONS: Mapping[str, str] = {
    "silent": "nothing answered: no agent there, another community, or a filter on the way",
    "lost": "the agent stopped answering in the middle",
    "garbled": "the agent's answers cannot be read: broken BER or another version",
    "other-question": "the agent answers with numbers that were not asked with",
    "wrong-object": "the agent answers with objects that were not asked for",
    "unauthentic": "the answers are not vouched for: a wrong digest, or somebody else's",
    "stale": "the answers are older than the time window allows",
    "rows": "the limit of rows was reached",
    "bytes": "the limit of bytes was reached",
    "seconds": "the limit of time was reached",
    "not-increasing": "the agent's objects do not increase: it would go on for ever",
    "refused": "the agent ended the answer with an error status",
    "wrong-user": "the agent does not know this user",
    "wrong-auth-key": "wrong authentication password or protocol: the agent refuses the digest",
    "wrong-privacy-key": "wrong privacy password or protocol: the user is known, encrypted "
    "questions stay without an answer",
    "unsupported-level": "the agent does not offer this user's security level",
    "time-window": "the agent's clock jumps: each answer is outside of its time window",
    "restarted": "the agent restarted again and again while it was read",
}
# Reasons for which there is no agent to speak of: nothing is recorded of it.
NOBODY = frozenset({"silent"})
