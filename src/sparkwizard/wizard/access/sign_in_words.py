"""What a page says around a sign-in to Microsoft Entra ID. Pure: whoever shows it has the clock."""

from collections.abc import Collection
from datetime import timedelta

import msgspec

from sparkwizard.entra.permissions import NEEDS, needed
from sparkwizard.entra.types import Account, PermissionNeed, Purpose, SignedIn
from sparkwizard.wizard.moments import count_words

__all__ = [
    "BeforeSignIn",
    "before_sign_in",
    "code_shown",
    "heading_of",
    "signed_in_words",
    "time_left_words",
]


class BeforeSignIn(msgspec.Struct, frozen=True):
    """Hold what is said before a browser opens: each permission with its reason, and the role."""

    intro: str
    permissions: tuple[PermissionNeed, ...]
    role: str = ""


def heading_of(purposes: Collection[Purpose]) -> str:
    """Return what a sign-in is for: "Sign in to read people"."""
    doing = [NEEDS[purpose].doing for purpose in Purpose if purpose in purposes]
    return f"Sign in to {' and '.join(doing)}"


def before_sign_in(purposes: Collection[Purpose]) -> BeforeSignIn:
    """Return what is asked for, so that nobody is surprised by the page of consent."""
    permissions = needed(purposes)
    number = count_words(len(permissions), "permission")
    # who may set it up may watch it too
    asking = (Purpose.CLOUD_SETUP,) if Purpose.CLOUD_SETUP in purposes else purposes
    roles = dict.fromkeys(
        role for purpose in Purpose if purpose in asking for role in NEEDS[purpose].roles
    )
    role = f"Your account needs the role {' or '.join(roles)}." if roles else ""
    these = "these" if len(permissions) > 1 else "this"
    return BeforeSignIn(
        f"Microsoft will ask you for {number}, and for no more than {these}:", permissions, role
    )


def code_shown(user_code: str) -> str:
    """Return a code in groups that can be read aloud: "KXT HNV LKR"."""
    code = user_code.strip().upper()
    if len(code) <= 4 or not code.isalnum():
        return code
    size = 3 if len(code) % 3 == 0 else 4
    return " ".join(code[at : at + size] for at in range(0, len(code), size))


def time_left_words(expires_in: int, since: timedelta) -> str:
    """Return how long a code is good for yet; ``since`` is how long ago it came."""
    left = expires_in - since.total_seconds()
    if left <= 0:
        return "The code is too old by now. Start again for another one."
    if left < 60:
        return "The code is good for less than a minute."
    return f"The code is good for {count_words(int(left // 60), 'more minute')}."


def signed_in_words(done: SignedIn | Account | None) -> str:
    """Return who is signed in, and what is to be known about keeping it."""
    if done is None:
        return "Nobody is signed in to Microsoft Entra ID."
    if isinstance(done, Account):
        return f"Signed in as {done.label}."
    note = f" {done.note.text}" if done.note else ""
    return f"Signed in as {done.account.label}.{note}"
