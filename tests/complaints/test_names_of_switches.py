"""What takes access away says so, wherever it can be switched on."""

import pytest

from sparkwizard.provisioning.types import Actions, RemovalLimit
from sparkwizard.wizard.limits import action_sentences, removal_sentence
from tests.complaints.conftest import Firm


# bitwarden/server #6173, bitwarden/help #341
def test_a_switch_that_takes_access_away_never_has_an_innocent_name() -> None:
    on = action_sentences(Actions(disable=True, delete=True))
    assert "can no longer sign in" in on["disable"]
    assert "deleted for good" in on["delete"]
    assert "can't be undone" in on["delete"]


# bitwarden/server #6173
def test_a_switch_that_is_off_never_keeps_quiet_about_who_keeps_access() -> None:
    off = action_sentences(Actions(create=False, update=False, disable=False, delete=False))
    assert "keep their access" in off["disable"]
    assert "stay without one" in off["create"]


# bitwarden/help #341
@pytest.mark.parametrize("limit", [RemovalLimit(0, percent=False), RemovalLimit(), RemovalLimit(5)])
def test_a_limit_never_leaves_open_how_many_people_it_means(limit: RemovalLimit) -> None:
    text = removal_sentence(limit, 200, None)
    assert "Nobody may lose access" in text or f"at most {limit.allowed(200)}" in text


# bitwarden/help #341
@pytest.mark.parametrize("command", ["sync", "preview", "undo", "apply"])
def test_an_option_that_lets_people_lose_access_never_hides_it(firm: Firm, command: str) -> None:
    said = " ".join(firm.command(command, "--help", text=True).out.split())
    for option, words in {
        "--confirm-source": "nobody loses access by it",
        "--confirm-removals": "more users lose access",
        "--release": "end the pause that an undo left",
    }.items():
        if f"{option} " in said.partition("exit codes")[0].partition("options:")[2]:
            assert words in said
