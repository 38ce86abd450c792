"""The errors a person may meet, each one sentence of what happened and one of what to do.

::

    SparkWizardError
    ├── InputError                 what was pasted, chosen or passed can't be used
    │   ├── ProfileError           the saved setup
    │   ├── MappingError           a rule of the attribute mapping
    │   ├── ScopeError             a scoping filter
    │   ├── SourceError            the file or directory people come from
    │   └── PlanError              a plan file
    ├── NetError                   no usable answer came back
    │   ├── Unreachable            name, network, proxy, time-out
    │   ├── CertificateProblem     TLS trust
    │   ├── NotSent                the request was refused here (plain http, foreign origin)
    │   └── UnexpectedAnswer       HTML instead of JSON, a broken list
    ├── RemoteError                the other side answered, and said no
    │   ├── NotAuthorized          401: the token
    │   ├── Forbidden              403: role or scope
    │   ├── NotFound               404
    │   ├── Conflict               409: somebody has that name already
    │   └── Throttled              429 after all retries
    ├── SafeguardStop              a limit stopped a class of actions (exit code 3)
    ├── StorageError               disk, journal, keyring
    └── Cancelled                  the person asked to stop (exit code 130)

``code`` is stable: scripts and support depend on it. ``str(error)`` never holds a secret.
"""

from typing import ClassVar

__all__ = [
    "Cancelled",
    "CertificateProblem",
    "Conflict",
    "Forbidden",
    "InputError",
    "MappingError",
    "NetError",
    "NotAuthorized",
    "NotFound",
    "NotSent",
    "PlanError",
    "ProfileError",
    "RemoteError",
    "SafeguardStop",
    "ScopeError",
    "SourceError",
    "SparkWizardError",
    "StorageError",
    "Throttled",
    "UnexpectedAnswer",
    "Unreachable",
]


class SparkWizardError(Exception):
    """Tell a person what happened (``message``) and what to do about it (``fix``)."""

    default_code: ClassVar[str] = "error"
    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, fix: str = "", code: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.fix = fix
        self.code = code or self.default_code

    def __str__(self) -> str:
        return f"{self.message} {self.fix}".strip()


class InputError(SparkWizardError):
    """Report something pasted, chosen or passed that can't be used."""

    default_code = "input"


class ProfileError(InputError):
    """Report a saved setup that can't be read or does not hold together."""

    default_code = "profile"


class MappingError(InputError):
    """Report a rule of the attribute mapping that can't work."""

    default_code = "mapping"


class ScopeError(InputError):
    """Report a scoping filter that can't work."""

    default_code = "scope"


class SourceError(InputError):
    """Report a file or directory that people can't be read from."""

    default_code = "source"


class PlanError(InputError):
    """Report a plan file that is damaged, foreign or out of date."""

    default_code = "plan"


class NetError(SparkWizardError):
    """Report that no usable answer came back; ``sent``: the request may have arrived."""

    default_code = "net"

    def __init__(self, message: str, *, fix: str = "", code: str = "", sent: bool = False) -> None:
        super().__init__(message, fix=fix, code=code)
        self.sent = sent


class Unreachable(NetError):
    """Report a host that can't be found or reached, or did not answer in time."""

    default_code = "unreachable"


class CertificateProblem(NetError):
    """Report a TLS certificate this computer does not trust; ``issuer`` names who made it."""

    default_code = "certificate"

    def __init__(self, message: str, *, fix: str = "", issuer: str = "") -> None:
        super().__init__(message, fix=fix)
        self.issuer = issuer


class NotSent(NetError):
    """Report a request that was refused before it left (plain http, another origin)."""

    default_code = "not-sent"


class UnexpectedAnswer(NetError):
    """Report an answer that is not what the protocol promises (HTML, a list that never ends)."""

    default_code = "unexpected-answer"


class RemoteError(SparkWizardError):
    """Report that the other side said no.

    ``status`` is the HTTP status, ``tracking_id`` what support asks for, ``detail`` its own words,
    ``remote_code`` its own word for it where it has one (Microsoft Graph does). ``service`` is who
    said so, for sentences.
    """

    default_code = "remote"

    def __init__(
        self,
        message: str,
        *,
        fix: str = "",
        code: str = "",
        status: int = 0,
        tracking_id: str = "",
        detail: str = "",
        remote_code: str = "",
        service: str = "Webex",
    ) -> None:
        super().__init__(message, fix=fix, code=code)
        self.status = status
        self.tracking_id = tracking_id
        self.detail = detail
        self.remote_code = remote_code
        self.service = service


class NotAuthorized(RemoteError):
    """Report a token that is wrong, expired or missing (401)."""

    default_code = "not-authorized"


class Forbidden(RemoteError):
    """Report a token without the role or scope for this (403)."""

    default_code = "forbidden"


class NotFound(RemoteError):
    """Report an address or a user that does not exist (404)."""

    default_code = "not-found"


class Conflict(RemoteError):
    """Report a name that somebody already has (409), or a changed version (412)."""

    default_code = "conflict"


class Throttled(RemoteError):
    """Report that the other side still asked to slow down after every retry (429)."""

    default_code = "throttled"


class SafeguardStop(SparkWizardError):
    """Report a limit that stopped everything or a class of actions, nothing of it written."""

    default_code = "safeguard"
    exit_code = 3


class StorageError(SparkWizardError):
    """Report a disk, journal or keyring that can't keep what it was given."""

    default_code = "storage"


class Cancelled(SparkWizardError):
    """Report that the person asked to stop; the journal is complete."""

    default_code = "cancelled"
    exit_code = 130
