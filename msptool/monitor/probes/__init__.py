"""Each probe looks at one source within a time limit, and says why when it sees nothing."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Unseen:
    """Why a probe has no answer: a key of model.REASONS."""

    reason: str
