"""Find the person that somebody asks about, by any of their names."""

import difflib
from collections.abc import Iterator, Sequence

from sparkwizard.errors import InputError
from sparkwizard.provisioning.types import Person

__all__ = ["find_person", "nearest_names", "nobody"]

_SHOWN = 5
# Better names first: what is unique in a directory, then what may be shared.
_NAMES = (
    ("userPrincipalName", "objectId", "originalUserPrincipalName"),
    ("mail",),
    ("displayName",),
)


def find_person(people: Sequence[Person], asked: str) -> Person | None:
    """Return who is called so, without regard to case, or None.

    userPrincipalName and objectId come before mail, and that before displayName. Raises
    ``InputError`` where several people are called so.
    """
    wanted = asked.strip().casefold()
    if not wanted:
        return None
    by_id = [person for person in people if person.source_id.casefold() == wanted]
    levels = (_called(people, names, wanted) for names in _NAMES)
    for found in (by_id, *levels):
        usable = [person for person in found if person.problem is None] or found
        if len(usable) == 1:
            return usable[0]
        if usable:
            raise _several(asked, usable)
    return None


def nobody(asked: str, names: Sequence[str]) -> InputError:
    """Return the error that nobody is called so; ``names`` are the nearest that there are."""
    return InputError(
        f"Nobody in the source is called “{asked.strip()[:200]}”.",
        fix=f"Did you mean {_listed(names)}?"
        if names
        else "Give the userPrincipalName, objectId, e-mail address or display name.",
        code="person-not-found",
    )


def nearest_names(people: Sequence[Person], asked: str) -> tuple[str, ...]:
    """Return what the people most like a name are called: those with it in their name first."""
    wanted = asked.strip().casefold()[:100]
    if not wanted:
        return ()
    names = {name.casefold(): name for person in people for name in _names(person)}
    inside = [name for key, name in names.items() if wanted in key]
    if inside:
        return tuple(sorted(inside, key=len)[:_SHOWN])
    similar = difflib.get_close_matches(wanted, names, n=_SHOWN, cutoff=0.7)
    return tuple(names[key] for key in similar)


def _called(people: Sequence[Person], names: Sequence[str], wanted: str) -> list[Person]:
    return [
        person
        for person in people
        if any(str(person.attributes.get(name) or "").casefold() == wanted for name in names)
    ]


def _names(person: Person) -> Iterator[str]:
    for level in _NAMES:
        for name in level:
            value = person.attributes.get(name)
            if isinstance(value, str) and value:
                yield value


def _several(asked: str, found: Sequence[Person]) -> InputError:
    names = [person.user_principal_name or person.source_id for person in found]
    return InputError(
        f"{len(found)} people are called “{asked.strip()[:200]}”.",
        fix=f"Say which one by the userPrincipalName: {_listed(names)}.",
        code="person-ambiguous",
    )


def _listed(names: Sequence[str]) -> str:
    shown = [name[:200] for name in names[:_SHOWN]]
    if len(names) > _SHOWN:
        return f"{', '.join(shown)} or {len(names) - _SHOWN} more"
    return " or ".join(filter(None, (", ".join(shown[:-1]), shown[-1])))
