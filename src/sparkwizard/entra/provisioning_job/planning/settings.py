"""The settings of a job, which Graph calls its secrets. Pure.

A *PUT* replaces them all: what is not sent is lost, and passwords can't be read back. So all of
them are sent each time, and nothing is sent where one would get lost (facts: entra.md §6, Secrets).
"""

import json
from collections.abc import Iterator, Mapping

from sparkwizard.entra.provisioning_job.types import (
    Desired,
    Problem,
    Step,
    TenantChange,
    TenantState,
)
from sparkwizard.errors import InputError

__all__ = [
    "BASE_ADDRESS",
    "SECRET_TOKEN",
    "is_masked",
    "narrows",
    "settings_body",
    "settings_changes",
    "settings_problems",
]

BASE_ADDRESS = "BaseAddress"
SECRET_TOKEN = "SecretToken"  # noqa: S105  the name of a setting
SYNC_ALL = "SyncAll"
NOTIFICATION = "SyncNotificationSettings"

type Settings = Mapping[str, str]


def is_masked(value: object) -> bool:
    """Return whether Graph hides a value: none, or nothing but asterisks."""
    return not isinstance(value, str) or (bool(value) and not value.strip("*"))


def wanted_settings(desired: Desired, now: Settings) -> dict[str, str]:
    """Return all settings as they should be, but for the Secret Token; others stay."""
    wanted = {key: value for key, value in now.items() if key != SECRET_TOKEN}
    wanted[BASE_ADDRESS] = desired.tenant_url
    if desired.sync_all or SYNC_ALL in now:
        wanted[SYNC_ALL] = "true" if desired.sync_all else "false"
    if NOTIFICATION in now or _wants_notification(desired):
        wanted[NOTIFICATION] = _notification(desired, now.get(NOTIFICATION, ""))
    return wanted


def settings_changes(desired: Desired, state: TenantState) -> tuple[TenantChange, ...]:
    """Return what of the settings would change; none where they can't be sent."""
    if not desired.token_at_hand or _lost(state):
        return ()
    return tuple(_changes(desired, state))


def settings_problems(desired: Desired, state: TenantState) -> Iterator[Problem]:
    """Yield why settings are left alone."""
    open_changes = tuple(_changes(desired, state))
    if open_changes and not desired.token_at_hand:
        yield Problem(
            "token-missing",
            "Tenant URL, scope and notification are left as they are: Entra keeps them together"
            " with the Secret Token, and that can't be read back.",
            "Enter the Secret Token for Entra.",
            blocking=desired.on is True and state.credentials_work is not True,
        )
    elif open_changes and (lost := _lost(state)):
        yield Problem(
            "other-secret",
            f"The settings are left as they are: {', '.join(lost)} of this application can't be"
            " read back and would get lost.",
            "Change them in the Entra admin centre.",
            blocking=desired.on is True and state.credentials_work is not True,
        )


def settings_body(desired: Desired, state: TenantState, token: str) -> list[dict[str, str]]:
    """Return all settings to be sent. Raises InputError where one would get lost."""
    if lost := _lost(state):
        raise InputError(
            f"{', '.join(lost)} of this application can't be read back and would get lost.",
            fix="Change the settings in the Entra admin centre.",
            code="other-secret",
        )
    wanted = {**wanted_settings(desired, state.settings), SECRET_TOKEN: token}
    return [{"key": key, "value": value} for key, value in wanted.items()]


def narrows(desired: Desired, state: TenantState) -> bool:
    """Return whether everybody was provisioned and now only who is assigned.

    Entra turns the others off only after a restart (facts: entra.md §4, Limits).
    """
    return not desired.sync_all and _is_true(state.settings.get(SYNC_ALL, ""))


# -- what changes ------------------------------------------------------------------------------


def _changes(desired: Desired, state: TenantState) -> Iterator[TenantChange]:
    now = state.settings
    address = now.get(BASE_ADDRESS)
    if address != desired.tenant_url:
        yield _change(
            "tenant-url",
            f"Set the Tenant URL to {desired.tenant_url}.",
            address,
            desired.tenant_url,
        )
    if desired.new_token or address != desired.tenant_url or state.credentials_work is not True:
        before = "another" if SECRET_TOKEN in state.masked or SECRET_TOKEN in now else None
        yield _change(
            "secret-token",
            "Save the Secret Token, after Entra has tested it against Webex.",
            before,
            "yours",
            undo="Enter the former token again; nobody can read it back.",
        )
    yield from _scope_change(desired, now)
    yield from _notification_changes(desired, now)


def _scope_change(desired: Desired, now: Settings) -> Iterator[TenantChange]:
    everybody = _is_true(now.get(SYNC_ALL, ""))
    if everybody == desired.sync_all:
        return
    words = {True: "everybody in the directory", False: "only who is assigned"}
    yield _change(
        "scope",
        f"Provision {words[desired.sync_all]}.",
        words[everybody],
        words[desired.sync_all],
    )


def _notification_changes(desired: Desired, now: Settings) -> Iterator[TenantChange]:
    there = _parsed(now.get(NOTIFICATION, ""))
    then = _parsed(wanted_settings(desired, now).get(NOTIFICATION, ""))
    before, after = _mail_words(there), _mail_words(then)
    if before != after:
        yield _change("notification", _sentence("notification", after), before, after)
    before, after = _threshold_words(there), _threshold_words(then)
    if before != after:
        yield _change("delete-threshold", _sentence("delete-threshold", after), before, after)


def _sentence(key: str, after: str) -> str:
    if key == "notification":
        return "Send no e-mail." if after == "off" else f"Send an e-mail to {after} on failure."
    if after == "off":
        return "Switch the guard against accidental deletions off."
    return f"Hold back the removals of a cycle that removes {after} or more."


def _change(
    key: str, sentence: str, before: str | None, after: str, *, undo: str = ""
) -> TenantChange:
    back = f"Set it back to {before}." if before else "Change it in the Entra admin centre."
    return TenantChange(
        Step.SETTINGS,
        f"setting:{key}",
        sentence,
        "Admin credentials and settings of provisioning",
        before,
        after,
        undo or back,
    )


# -- the notification, a text of JSON ----------------------------------------------------------


def _notification(desired: Desired, now: str) -> str:
    there = _parsed(now)
    content = dict(there)
    content["Enabled"] = desired.notify
    if desired.email:
        content["Recipients"] = desired.email
    if desired.delete_threshold is not None:
        on = desired.delete_threshold > 0
        content["DeleteThresholdEnabled"] = on
        if on:
            content["DeleteThresholdValue"] = desired.delete_threshold
    return now if content == there else json.dumps(content, separators=(",", ":"))


def _wants_notification(desired: Desired) -> bool:
    return desired.notify or bool(desired.delete_threshold)


def _parsed(text: str) -> dict[str, object]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _mail_words(content: Mapping[str, object]) -> str:
    on = _is_true(str(content.get("Enabled", "")))
    return str(content.get("Recipients") or "") or "nobody" if on else "off"


def _threshold_words(content: Mapping[str, object]) -> str:
    on = _is_true(str(content.get("DeleteThresholdEnabled", "")))
    return str(content.get("DeleteThresholdValue") or 500) if on else "off"


def _is_true(text: str) -> bool:
    return text.strip().lower() == "true"


def _lost(state: TenantState) -> tuple[str, ...]:
    return tuple(sorted(state.masked - {SECRET_TOKEN}))
