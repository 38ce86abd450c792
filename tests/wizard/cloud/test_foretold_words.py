"""What Entra's service will do, and what this computer would, as sentences."""

from sparkwizard.provisioning.types import Action, ActionKind, Counts, Reason
from sparkwizard.wizard.cloud.foretold_words import foretold_words, here_words


def test_one_person_is_told_as_one() -> None:
    counts = Counts(create=1, update=1, disable=1, unchanged=55, problem=1)
    assert foretold_words(counts) == (
        "By Entra's service 1 gets a new Webex user, 1 is changed, 1 loses access, 55 stay as they"
        " are, 1 fails."
    )


def test_whom_this_computer_means_stands_apart_from_what_it_would_do() -> None:
    here = Action(
        kind=ActionKind.PROBLEM,
        source_id="1",
        webex_id="w1",
        label="Grace Kim",
        user_name="grace.kim@fabrikam.example",
        reasons=(Reason("inactive", "Not active in Webex."),),
    )
    assert here_words(here) == (
        "This computer would leave them alone (grace.kim@fabrikam.example): Not active in Webex."
    )
