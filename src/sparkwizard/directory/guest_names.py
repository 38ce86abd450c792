"""The names of guests, as Entra hands them to applications."""

__all__ = ["GUEST_MARK", "presented_user_principal_name"]

GUEST_MARK = "#EXT#"


def presented_user_principal_name(raw: str) -> str:
    """Return the userPrincipalName as Entra hands it to applications.

    For a guest that is the address in the guest's own organization:
    ``mo_example.org#EXT#@contoso.com`` becomes ``mo@example.org`` (Entra, "How application
    provisioning works", B2B users).
    """
    start = raw.upper().find(GUEST_MARK)
    name, underscore, domain = raw[: max(start, 0)].rpartition("_")
    return f"{name}@{domain}" if name and underscore and domain else raw
