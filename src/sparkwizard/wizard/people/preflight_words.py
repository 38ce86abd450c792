"""Say in one line what a pre-flight found."""

from collections import Counter

from sparkwizard.provisioning.preflight import Finding, PreflightReport, Severity

__all__ = ["gravest", "summary", "values_words"]

_NOUNS = {
    Severity.ERROR: ("error", "errors"),
    Severity.WARNING: ("warning", "warnings"),
    Severity.NOTE: ("note", "notes"),
}
_SHOWN_VALUES = 4


def summary(report: PreflightReport) -> str:
    """Return "Pre-flight: 2 errors and 1 warning", or that all is well."""
    counts = Counter(finding.severity for finding in report.findings)
    told = [
        f"{counts[severity]} {one if counts[severity] == 1 else many}"
        for severity, (one, many) in _NOUNS.items()
        if counts[severity]
    ]
    if not told:
        return "Pre-flight: nothing to mend."
    words = told[0] if len(told) == 1 else f"{', '.join(told[:-1])} and {told[-1]}"
    return f"Pre-flight: {words}."


def gravest(report: PreflightReport) -> Severity | None:
    """Return how grave the gravest finding is, or None without any."""
    return report.findings[0].severity if report.findings else None


def values_words(finding: Finding) -> str:
    """Return the most frequent values with their numbers, where people share them."""
    values = finding.values
    if not values or values[0][1] < 2:
        return ""
    shown = ", ".join(f"{value} ({number:,})" for value, number in values[:_SHOWN_VALUES])
    more = len(values) - _SHOWN_VALUES
    return f"{shown} and {more:,} more" if more > 0 else shown
