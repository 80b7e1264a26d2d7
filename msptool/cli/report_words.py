"""What `msptool report build` says: how bad it is, how much was seen, what is missing."""

from typing import TYPE_CHECKING

from msptool.cli.speech import _

if TYPE_CHECKING:
    from msptool.report.summary import Summary


def lines(told: "Summary") -> list[str]:
    """Return a few raw lines."""
    counts = ", ".join(f"{n} {severity}" for severity, n in told.severities.items() if n)
    seen = told.coverage
    return [
        _("findings: {0}", _("unknown") if told.blind else counts or _("none")),
        _(
            "seen: {0} ({1} of {2} attempts ended in a verdict)",
            _("nothing was asked") if seen.percent is None else f"{seen.percent} %",
            *(seen.decided, seen.asked),
        ),
        *(_("no complete run yet: {0}", kind) for kind in told.missing),
        *(_("a later run was not finished or cannot be read: {0}", kind) for kind in told.cut),
    ]
