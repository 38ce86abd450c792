"""The pages of the Entra admin centre that have an address of their own.

Sources: the page of an enterprise application (``ManagedAppMenuBlade``) as Microsoft's own Zero
Trust Assessment links to it; the gallery (``AppGalleryBladeV2``) as Microsoft's page on
provisioning partners does (entra-docs, partner-driven-integrations). Provisioning has no
address that a source vouches for: from the application's page the way is told in words.
"""

from sparkwizard.entra.provisioning_job.types import Application

__all__ = ["PORTAL", "application_page", "gallery_page"]

PORTAL = "https://entra.microsoft.com/"

_BLADE = f"{PORTAL}#view/Microsoft_AAD_IAM"


def gallery_page() -> str:
    """Return the address of the application gallery."""
    return f"{_BLADE}/AppGalleryBladeV2"


def application_page(application: Application | None) -> str:
    """Return the address of an enterprise application, the admin centre's own without one."""
    if application is None or not application.app_id:
        return PORTAL
    where = f"objectId/{application.id}/appId/{application.app_id}"
    return f"{_BLADE}/ManagedAppMenuBlade/~/Overview/{where}"
