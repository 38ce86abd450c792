"""The pages of the Entra admin centre that have an address of their own.

Sources: the page of an enterprise application (``ManagedAppMenuBlade``) as Microsoft's own Zero
Trust Assessment links to it; the gallery (``AppGalleryBladeV2``) as Microsoft's page on
provisioning partners does (entra-docs, partner-driven-integrations); the hosts of the clouds as
Microsoft lists them for firewalls. Provisioning has no address that a source vouches for: from the
application's page the way is told in words.
"""

from sparkwizard.entra.clouds import cloud_of
from sparkwizard.entra.provisioning_job.types import Application

__all__ = ["application_page", "gallery_page", "portal"]

_HOSTS = {
    "https://graph.microsoft.com": "entra.microsoft.com",
    "https://graph.microsoft.us": "entra.microsoft.us",
    "https://dod-graph.microsoft.us": "entra.microsoft.us",
    "https://microsoftgraph.chinacloudapi.cn": "entra.microsoftonline.cn",
}
_BLADES = "#view/Microsoft_AAD_IAM"


def portal(graph_url: str = "") -> str:
    """Return the admin centre of a Graph's cloud, "" where there is none, as in practice."""
    cloud = cloud_of(graph_url)
    return f"https://{_HOSTS[cloud.graph_origin]}/" if cloud else ""


def gallery_page(graph_url: str = "") -> str:
    """Return the address of the application gallery, "" for none."""
    home = portal(graph_url)
    return f"{home}{_BLADES}/AppGalleryBladeV2" if home else ""


def application_page(application: Application | None, graph_url: str = "") -> str:
    """Return the address of an enterprise application, the admin centre's own without one."""
    home = portal(graph_url)
    if not home or application is None or not application.app_id:
        return home
    where = f"objectId/{application.id}/appId/{application.app_id}"
    return f"{home}{_BLADES}/ManagedAppMenuBlade/~/Overview/{where}"
