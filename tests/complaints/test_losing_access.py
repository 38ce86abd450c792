"""People who lost access, or their account, because a tool like this one went wrong."""

import pytest

from tests.complaints.conftest import HEADER, Firm, row, rows


def settled(firm: Firm, number: int = 20) -> None:
    """Let everybody be there and managed."""
    firm.employs(rows(range(number)))
    assert firm.sync().json["applied"] == number


def codes(stops: list[dict[str, object]]) -> list[object]:
    return [stop["code"] for stop in stops]


# awslabs/ssosync #278
@pytest.mark.parametrize(
    "damage",
    ['p019@contoso.example,"never closed\n', "p019@contoso.example,too,few\n", "\x00\x00\n"],
)
def test_a_partial_read_is_never_taken_for_deletion(firm: Firm, damage: str) -> None:
    settled(firm)
    firm.employs(rows(range(19)), damage)
    ran = firm.sync()
    assert firm.active == 20, ran
    assert ran.json["disable"] == 0


# awslabs/ssosync #278, #236
@pytest.mark.parametrize("every", [2, 3])
def test_a_passing_503_while_users_are_read_never_makes_leavers(firm: Firm, every: int) -> None:
    settled(firm)
    firm.employs(rows(range(19)), row(30))
    firm.practice.faults.server_error_every = every
    firm.sync("--full")
    firm.practice.faults.server_error_every = 0
    off = [name for name, user in firm.users.items() if name[1:4].isdigit() and not user["active"]]
    assert off in ([], ["p019@contoso.example"]), "nobody but who left"
    firm.sync("--full")
    assert firm.active == 20
    assert firm.writes_of(firm.sync) == []


# awslabs/ssosync #278
def test_a_lasting_503_while_users_are_read_never_ends_in_a_write(firm: Firm) -> None:
    settled(firm)
    firm.employs(rows(range(19)))
    firm.practice.faults.server_error_every = 1
    assert firm.writes_of(firm.sync) == []
    assert firm.active == 20


# awslabs/ssosync #234
@pytest.mark.parametrize(
    "fault",
    [
        {"total_results_offset": 3},
        {"most_on_a_page": 10, "paging_ignored": True},  # always the first ten
        {"total_results_offset": 3, "most_on_a_page": 7},
    ],
)
def test_users_that_a_list_leaves_out_never_get_a_second_account(
    firm: Firm, fault: dict[str, int]
) -> None:
    settled(firm)
    for name, value in fault.items():
        setattr(firm.practice.faults, name, value)
    # one left, and one got another name: looked for by name alone they would be new
    firm.employs(rows(range(18)), row(18, name="married@contoso.example"))
    ran = firm.sync("--full").json
    assert ran["stopped"] or ran["problem"], "whoever is left out is told"
    for name in fault:
        setattr(firm.practice.faults, name, 0)
    assert firm.active == 20
    ids = [one["externalId"] for one in firm.users.values() if one.get("externalId")]
    assert len(ids) == len(set(ids))


# goauthentik/authentik #19295
def test_a_filter_that_matches_nobody_never_turns_everybody_off(firm: Firm) -> None:
    settled(firm)
    firm.edit(
        '[[scope.filters]]\nname = "Typo"\n[[scope.filters.clauses]]\n'
        'attribute = "department"\noperator = "EQUALS"\nvalues = ["Saels"]\n'
    )
    planned = firm.preview()
    assert codes(planned["stopped"]) == ["too-many-removals"]
    assert firm.sync().code == 3
    assert firm.active == 20


# awslabs/ssosync #88, slashdevops/idp-scim-sync #70
def test_an_emptied_source_never_turns_everybody_off(firm: Firm) -> None:
    settled(firm)
    firm.csv.write_text(HEADER, encoding="utf-8")
    assert firm.sync().code in (1, 3)
    assert firm.active == 20


# awslabs/ssosync #105
def test_a_limit_on_removals_never_has_to_be_asked_for(firm: Firm) -> None:
    settled(firm, 30)
    assert "safeguards" not in firm.profile.read_text("utf-8")
    firm.employs(rows(range(26)))
    ran = firm.sync()
    assert (ran.code, firm.active) == (3, 30)
    assert codes(ran.json["stopped"]) == ["too-many-removals"]


# awslabs/ssosync #179, pocket-id/pocket-id #1296
def test_accounts_made_by_hand_are_never_removed(firm: Firm) -> None:
    firm.make("scanner@contoso.example")
    firm.make("board.room@contoso.example", externalId="somebody-elses-id")
    settled(firm)
    before = firm.users
    firm.employs(rows(range(19)))
    firm.edit("[actions]\ndelete = true\n")
    assert firm.sync().code == 0
    after = firm.users
    assert not after["p019@contoso.example"]["active"]
    for name, user in before.items():
        if not name.startswith("p0"):
            assert after[name] == user


# awslabs/ssosync #291, #194
def test_a_renamed_person_is_never_deleted_and_made_again(firm: Firm) -> None:
    settled(firm, 5)
    old = firm.users["p004@contoso.example"]
    firm.employs(rows(range(4)), row(4, name="married@contoso.example"))
    assert firm.sync().code == 0
    assert firm.users["married@contoso.example"]["id"] == old["id"]
    assert "p004@contoso.example" not in firm.users


# awslabs/ssosync #291
def test_a_person_who_comes_back_never_gets_another_account(firm: Firm) -> None:
    settled(firm, 10)
    old = firm.users["p009@contoso.example"]
    firm.employs(rows(range(9)))
    assert firm.sync().code == 0
    assert not firm.users["p009@contoso.example"]["active"]
    firm.employs(rows(range(10)))
    assert firm.sync().code == 0
    back = firm.users["p009@contoso.example"]
    assert (back["id"], back["active"]) == (old["id"], True)


# adobe-apiplatform/user-sync.py #744
def test_too_many_leavers_never_hold_back_anybody_else(firm: Firm) -> None:
    settled(firm)
    firm.employs(rows(range(10)), row(10, label="Dr. Ten"), rows(range(30, 35)))
    ran = firm.sync()
    assert ran.code == 3
    assert (ran.json["create"], ran.json["applied"]) == (5, 6)
    assert firm.active == 25


# adobe-apiplatform/user-sync.py #744, group_removals_only of v2.10
def test_people_who_left_long_ago_never_use_up_the_limit(firm: Firm) -> None:
    settled(firm)
    for left in (18, 17, 16, 15):
        firm.employs(rows(range(left)))
        assert firm.sync().code == 0
        assert firm.active == left


# cloudflare/cloudflare-docs #30543
def test_somebody_who_left_the_scope_never_keeps_access_unseen(firm: Firm) -> None:
    firm.edit(
        '[[scope.filters]]\nname = "Sales"\n[[scope.filters.clauses]]\n'
        'attribute = "department"\noperator = "EQUALS"\nvalues = ["Sales"]\n'
    )
    settled(firm, 10)
    firm.employs(rows(range(9)), row(9, department="Law"))
    assert firm.sync().code == 0
    assert not firm.users["p009@contoso.example"]["active"]


# Unleash/unleash #9336, jelhub/scimgateway #114
@pytest.mark.parametrize("said", ["False", "false", "FALSE", "No", "0"])
def test_a_false_in_words_never_leaves_anybody_active(firm: Firm, said: str) -> None:
    settled(firm, 10)
    firm.employs(rows(range(9)), row(9, enabled=said))
    firm.sync()
    user = firm.users["p009@contoso.example"]
    if user["active"] is not False:
        problems = [one for one in firm.preview()["actions"] if one["source_id"] == "id-009"]
        assert [one["action"] for one in problems] == ["problem"], "unknown words must be told"


# Unleash/unleash #9336
def test_active_is_never_sent_as_a_text(firm: Firm) -> None:
    settled(firm, 3)
    assert all(one["active"] is True for n, one in firm.users.items() if "contoso" in n)
