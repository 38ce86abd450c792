"""What makes one state of the wizard another."""

from sparkwizard.provisioning.types import Person, Population
from sparkwizard.setup.profile import Profile
from sparkwizard.values import replace
from sparkwizard.wizard.state import PracticeTenant, WizardState, differ


class Uncomparable(tuple[Person, ...]):
    """A company so large that nobody may go through it on the window's thread."""

    __slots__ = ()
    __hash__ = tuple.__hash__

    def __eq__(self, other: object) -> bool:
        raise AssertionError("people were compared")


def state() -> WizardState:
    return WizardState(profile=Profile(name="Contoso"), population=Population(Uncomparable()))


def test_people_who_were_read_anew_are_other_people_without_a_look_at_each() -> None:
    assert differ(state(), replace(state(), population=Population(Uncomparable())))


def test_the_same_people_make_no_other_state() -> None:
    one = state()
    assert not differ(one, replace(one))


def test_another_setup_makes_another_state() -> None:
    one = state()
    assert differ(one, replace(one, profile=replace(one.profile, name="Fabrikam")))
    assert not differ(one, replace(one, profile=replace(one.profile)))


def test_neither_a_token_nor_what_a_link_was_opened_with_is_shown() -> None:
    tenant = PracticeTenant("http://127.0.0.1/v2", "http://127.0.0.1", "org", "a.csv", "tok-en")
    secretive = replace(state(), practice=tenant, link_state="op-ened")
    assert "tok-en" not in repr(tenant) + repr(secretive)
    assert "op-ened" not in repr(secretive)
