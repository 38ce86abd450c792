"""What quarantine reasons, error codes and kinds of restart mean, and what to do. Pure.

Sources: facts, entra.md §4 (Quarantine), §6 (resetScope), §8 (Error codes).
"""

import msgspec

from sparkwizard.entra.provisioning_job.job_types import RestartKind

__all__ = ["ERROR_CODES", "QUARANTINE", "RESTARTS", "Remedy", "error_remedy", "quarantine_remedy"]


class Remedy(msgspec.Struct, frozen=True):
    """Say what something means (``text``) and what to do (``fix``).

    ``restart`` is the restart that belongs to it, None where a restart does not help.
    """

    text: str
    fix: str
    restart: RestartKind | None = None


_MANY_FAILED = "Look at the failed people in the logs and correct what they have in common."

QUARANTINE: dict[str, Remedy] = {
    "EncounteredBaseEscrowThreshold": Remedy(
        "Too many people failed: the number at which Entra slows down was reached.",
        f"{_MANY_FAILED} Then end the quarantine.",
        RestartKind.END_QUARANTINE,
    ),
    "EncounteredTotalEscrowThreshold": Remedy(
        "More than 60,000 entries failed, references among them.",
        f"{_MANY_FAILED} Then restart from the start.",
        RestartKind.FROM_THE_START,
    ),
    "EncounteredEscrowProportionThreshold": Remedy(
        "More than 40% of the people failed, of at least 5,000 failures.",
        f"{_MANY_FAILED} Then end the quarantine.",
        RestartKind.END_QUARANTINE,
    ),
    "EncounteredQuarantineException": Remedy(
        "Webex refused the sign-in, or answered in a way that Entra does not understand.",
        "Mostly the Secret Token has expired or was revoked: renew it, then end the quarantine.",
        RestartKind.END_QUARANTINE,
    ),
    "QuarantinedOnDemand": Remedy(
        "Somebody at Microsoft or in your organization put the job into quarantine.",
        "Ask who did it and why before you end it.",
        RestartKind.END_QUARANTINE,
    ),
    "TooManyDeletes": Remedy(
        "A cycle would have taken the access of more people than the guard against accidental"
        " deletions allows, so none of them was touched.",
        "Look in the logs at whom it concerns (StagedDelete). If they shall go, allow the removals;"
        " else correct scope or assignments and restart.",
        RestartKind.ALLOW_DELETES,
    ),
    "IngestionInterrupted": Remedy(
        "Entra could not read the changes of your directory to the end.",
        "It mostly passes by itself. If it stays for a day, restart from the start.",
        RestartKind.FROM_THE_START,
    ),
    "Unknown": Remedy(
        "Entra does not say why.",
        "Look at the failed people in the logs and test the connection.",
        RestartKind.END_QUARANTINE,
    ),
}


def quarantine_remedy(reason: str) -> Remedy:
    """Return what a quarantine means; a reason that is not known is told as it stands."""
    known = QUARANTINE.get(reason)
    if known is not None:
        return known
    unknown = QUARANTINE["Unknown"]
    return Remedy(f"Entra calls the reason {reason[:80]}.", unknown.fix, unknown.restart)


RESTARTS: dict[RestartKind, Remedy] = {
    RestartKind.FROM_THE_START: Remedy(
        "Everybody is read and compared again; whom Entra knows in Webex stays known. Ends a"
        " quarantine and tries failed people again.",
        "What the portal's Restart provisioning does. It may take hours.",
    ),
    RestartKind.FAILED_ENTRIES: Remedy(
        "People who failed are tried again at once, instead of when their turn comes.",
        "After what made them fail was corrected.",
    ),
    RestartKind.END_QUARANTINE: Remedy(
        "The quarantine ends, and the next cycle comes as usual.",
        "After its cause was removed; else it comes back.",
    ),
    RestartKind.ALLOW_DELETES: Remedy(
        "The removals that were held back are carried out: those people lose access.",
        "Only after you have looked at whom it concerns.",
    ),
    RestartKind.FORGET_LINKS: Remedy(
        "Entra forgets which Webex user belongs to whom and looks everybody up anew. Who left since"
        " is no longer turned off.",
        "Only if Microsoft's support asks for it.",
    ),
}

_TOKEN = "Renew the Secret Token, with a full administrator's rights."  # noqa: S105  words
_DUPLICATE = "Find both of them by the value in the log, and correct or remove one."

ERROR_CODES: dict[str, Remedy] = {
    "entryconflict": Remedy(
        "Somebody in Webex has this name or value already.",
        "Find who has it; a Webex user name is unique across all organizations.",
    ),
    "toomanyrequests": Remedy(
        "Webex asked Entra to slow down.", "Nothing: Entra tries again by itself."
    ),
    "internalservererror": Remedy(
        "Webex had a problem of its own.",
        "Nothing: Entra tries again. If it stays for a day, ask Cisco's support.",
    ),
    "insufficientrights": Remedy("The Secret Token may not do this in Webex.", _TOKEN),
    "unauthorized": Remedy("Webex did not accept the Secret Token.", _TOKEN),
    "unprocessableentity": Remedy(
        "Webex understood the request and found a value it can't take.",
        "Look at the attributes in the log, and correct the mapping or the person.",
    ),
    "invalidanchor": Remedy(
        "The Webex user that Entra knew for this person is gone or was replaced.",
        "Restart from the start, so that Entra looks the person up again.",
        RestartKind.FROM_THE_START,
    ),
    "mandatoryfieldsmissing": Remedy(
        "The person lacks a value that Webex needs.",
        "Fill it in the directory, or give the rule a default.",
    ),
    "schemaattributenotfound": Remedy(
        "A rule fills an attribute that the target does not have.",
        "Take the rule out of the mapping, or choose another target.",
    ),
    "invaliddomain": Remedy(
        "The domain of the person's address is not one of this Webex organization.",
        "Claim or verify the domain in Control Hub.",
    ),
    "timeout": Remedy("Webex did not answer in time.", "Nothing: Entra tries again by itself."),
    "licenselimitexceeded": Remedy(
        "There is no free licence left.", "Free or buy licences in Control Hub."
    ),
    "duplicatetargetentries": Remedy("More than one Webex user matches this person.", _DUPLICATE),
    "duplicatesourceentries": Remedy(
        "More than one person matches the same Webex user.", _DUPLICATE
    ),
    "importskipped": Remedy(
        "Entra did not take the person in: a value it needs is missing.",
        "Look at the import step in the log.",
    ),
    "entrysynchronizationskipped": Remedy(
        "Entra left the person out: the scope or the mapping says so.",
        "Look at the scoping step in the log.",
    ),
    "noteffectivelyentitled": Remedy(
        "The person is not in scope, or may not sign in in Microsoft Entra.",
        "Assign them, correct the scoping filter, or enable them there.",
    ),
    "redundantexport": Remedy(
        "Nothing was to be changed: Webex has these values already.", "Nothing."
    ),
}


def error_remedy(code: str) -> Remedy | None:
    """Return what an error code means, without its prefix and regard to case; None if unknown."""
    key = "".join(char for char in code.lower() if char.isalnum())
    known = next((name for name in ERROR_CODES if key.endswith(name)), "")
    return ERROR_CODES.get(known)
