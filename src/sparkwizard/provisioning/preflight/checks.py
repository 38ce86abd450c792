"""The checks of a pre-flight: each looks at one person and yields code and value."""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from sparkwizard.provisioning.mapping.filling import Wanted
from sparkwizard.provisioning.planning.matching import Match
from sparkwizard.provisioning.source.attributes import truth
from sparkwizard.provisioning.target.path import read_path
from sparkwizard.provisioning.target.schema import label
from sparkwizard.provisioning.types import Person, User

__all__ = ["PERSON_CHECKS", "Found", "Looked", "domain_of"]

type Found = Iterator[tuple[str, str]]
"""Code of the finding, and the value concerned."""


class Looked(NamedTuple):
    """Hold what is known of one person in scope.

    ``matching`` are the targets that find users, ``always`` those whose rules apply to existing
    users too. ``linked`` tells whether this setup manages the person's user.
    """

    person: Person
    wanted: Wanted
    match: Match
    matching: tuple[str, ...]
    always: tuple[str, ...]
    linked: bool

    @property
    def user(self) -> User | None:
        """Return the Webex user that would be matched."""
        return self.match.user

    @property
    def disabled(self) -> bool:
        """Return whether the person should not be able to sign in."""
        if self.wanted.values.get("active") is False:
            return True
        attributes = self.person.attributes
        if truth(attributes.get("IsSoftDeleted")) is True:
            return True
        return truth(attributes.get("accountEnabled", True)) is False


def domain_of(name: object) -> str:
    """Return the domain of a user name in lower case, or an empty text."""
    return name.rpartition("@")[2].lower() if isinstance(name, str) and "@" in name else ""


def _is_guest(person: Person) -> bool:
    attributes = person.attributes
    if str(attributes.get("userType") or "").casefold() == "guest":
        return True
    names = (attributes.get("originalUserPrincipalName"), attributes.get("userPrincipalName"))
    return any("#ext#" in str(name or "").casefold() for name in names)


def _guest(one: Looked) -> Found:
    if _is_guest(one.person):
        attributes = one.person.attributes
        yield "guest", str(attributes.get("originalUserPrincipalName") or one.person.label)


def _upn_and_mail(one: Looked) -> Found:
    upn, mail = one.person.user_principal_name, one.person.attributes.get("mail")
    if not (upn and mail and isinstance(mail, str)) or upn.casefold() == mail.casefold():
        return
    if not _is_guest(one.person):  # theirs always differ, and they have their own finding
        yield "upn-mail-differ", f"{upn} and {mail}"


_BY_PROBLEM = {
    "missing": "missing-required",
    "not-email": "not-email",
    "unsendable": "refused-characters",
    "too-long": "too-long",
}


def _refused(one: Looked) -> Found:
    for problem in one.wanted.problems:
        yield _BY_PROBLEM.get(problem.code, "refused-value"), problem.text


def _no_display_name(one: Looked) -> Found:
    if one.user is None and not one.disabled and not one.wanted.values.get("displayName"):
        yield "no-display-name", one.person.user_principal_name


_PLAIN = re.compile(r"[A-Za-z0-9._@-]*")


def _special_characters(one: Looked) -> Found:
    """Look at the values that find users (entra.md §4: special characters can fail there)."""
    for target in one.matching:
        value = one.wanted.values.get(target)
        if isinstance(value, str) and not _PLAIN.fullmatch(value):
            odd = " ".join(dict.fromkeys(re.sub(r"[A-Za-z0-9._@-]", "", value)))
            yield "special-characters", f"{label(target)} {value} has {odd.strip() or 'a space'}"


def _somebody_elses(one: Looked) -> Found:
    """Find matches by another attribute to a user whose externalId names somebody else."""
    problem = one.match.problem
    if problem is not None:
        several = problem.code == "several-users"
        yield ("several-accounts" if several else "owned-by-another"), problem.text
    user = one.user
    if user is None or one.match.by in ("link", "externalId") or not user.external_id:
        return
    mine = {str(one.wanted.values.get("externalId") or ""), one.person.source_id}
    mine.add(str(one.person.attributes.get("objectId") or ""))
    if user.external_id.casefold() not in {own.casefold() for own in mine}:
        yield "owned-by-another", f"{user.user_name} belongs to {user.external_id}"


def _stale(one: Looked) -> Found:
    user = one.user
    if user is None or one.wanted.problems:
        return
    for target in one.always:
        if target not in one.wanted.values:
            kept = read_path(user.resource, target)
            if kept not in (None, "", []):
                yield "stale-value", f"{label(target)}: {_shown(kept)}"


def _inactive(one: Looked) -> Found:
    user = one.user
    if user and not user.active and not one.disabled:
        yield "inactive-match", user.user_name


def _still_active(one: Looked) -> Found:
    user = one.user
    if user and user.active and one.disabled and not one.linked:
        yield "disabled-but-active", user.user_name


def _shown(value: object) -> str:
    text = str(value)
    return text if len(text) <= 80 else f"{text[:80]}…"


PERSON_CHECKS: tuple[Callable[[Looked], Found], ...] = (
    _guest,
    _upn_and_mail,
    _refused,
    _no_display_name,
    _special_characters,
    _somebody_elses,
    _stale,
    _inactive,
    _still_active,
)
"""Every check that needs one person only; the survey adds those that need everybody."""
