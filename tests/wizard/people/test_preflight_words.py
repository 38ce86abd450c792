"""The pre-flight in one line."""

from sparkwizard.provisioning.preflight import Finding, Hit, PreflightReport, Severity
from sparkwizard.provisioning.types import Person
from sparkwizard.wizard.people.preflight_words import gravest, summary, values_words


def finding(severity: Severity, *values: str) -> Finding:
    hits = tuple(Hit(Person(f"id-{at}", {}), value) for at, value in enumerate(values))
    return Finding("code", severity, "Title", "Text.", "Fix.", "Owner", hits, len(hits))


def report(*findings: Finding) -> PreflightReport:
    return PreflightReport(findings, 9, users_known=True)


def test_nothing_found_is_said_in_words() -> None:
    assert summary(report()) == "Pre-flight: nothing to mend."
    assert gravest(report()) is None


def test_findings_are_counted_by_how_grave_they_are() -> None:
    kinds = [Severity.ERROR, Severity.WARNING, Severity.WARNING, Severity.NOTE]
    found = report(*(finding(kind) for kind in kinds))
    assert summary(found) == "Pre-flight: 1 error, 2 warnings and 1 note."
    assert gravest(found) is Severity.ERROR


def test_shared_values_are_told_with_their_numbers() -> None:
    shared = finding(Severity.WARNING, "a.example", "b.example", "a.example")
    assert values_words(shared) == "a.example (2), b.example (1)"


def test_values_that_nobody_shares_are_left_to_the_list() -> None:
    assert values_words(finding(Severity.WARNING, "one", "two")) == ""


def test_more_than_four_values_are_only_counted() -> None:
    many = finding(Severity.NOTE, *("abcdef" + "a"))
    assert values_words(many) == "a (2), b (1), c (1), d (1) and 2 more"
