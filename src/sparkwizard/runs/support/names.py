"""Find the names of people wherever the product keeps them, so that they can be hidden."""

from collections.abc import Iterable, Iterator, Mapping

from sparkwizard.errors import StorageError
from sparkwizard.provisioning.groups.types import members_in
from sparkwizard.provisioning.types import Person
from sparkwizard.runs.journal import Journal

__all__ = ["names_of_journal", "names_of_people"]

# of the source (Entra's names) and of the target (Webex's paths, their last part)
_NAMING = frozenset(
    name.casefold()
    for name in (
        *("userPrincipalName", "displayName", "givenName", "surname", "mail", "mailNickname"),
        *("userName", "nickName", "familyName", "formatted", "middleName", "value", "manager"),
        *("proxyAddresses", "otherMails", "employeeId"),
    )
)


def names_of_people(people: Iterable[Person]) -> Iterator[str]:
    """Yield every name and address of people of the source."""
    for person in people:
        for attribute, value in person.attributes.items():
            if attribute.casefold() in _NAMING:
                yield from _texts(value)


def names_of_journal(journal: Journal) -> Iterator[str]:
    """Yield every name and address that the journal's actions hold; a journal that fails, none.

    A run's before-images and changes are looked through as well as its labels.
    """
    try:
        for run in journal.runs():
            for record in (*journal.actions(run.id), *journal.group_actions(run.id)):
                action = record.action
                yield action.label
                yield action.user_name
                for member in (one for some in members_in(action) for one in some):
                    yield member.label
                for change in action.changes:
                    if _naming(change.attribute):
                        yield from _texts(change.before)
                        yield from _texts(change.after)
                yield from _naming_values(action.before)
    except StorageError:
        return


def _naming_values(values: Mapping[str, object]) -> Iterator[str]:
    for path, value in values.items():
        if _naming(path):
            yield from _texts(value)


def _naming(path: str) -> bool:
    return path.rpartition(".")[2].casefold() in _NAMING or path.casefold().startswith("name")


def _texts(value: object) -> Iterator[str]:
    """Yield the texts in a value of any depth."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _texts(part)
