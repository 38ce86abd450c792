"""The pages of the Entra admin centre that have an address of their own.

Sources: who is assigned (``ManagedAppMenuBlade/~/Users``) as Microsoft's Zero Trust Assessment
links to it (microsoft/zerotrustassessment, Test-Assessment.25382); provisioning
(``~/ProvisioningActivity``) as PS365's Get-MgApplicationSCIM does, which Microsoft documents
nowhere: an item of that menu that is not known was seen to show the application itself; all
applications (``~/AppAppsPreview``) as Azure Citadel's page on partner admin links does; the
gallery (``AppGalleryBladeV2``) as Microsoft's page on provisioning partners does (entra-docs,
partner-driven-integrations); the hosts of the clouds as Microsoft lists them for firewalls.
Mappings, scope and credentials have no address of their own: from the page of provisioning the way
is told in words.
"""

from sparkwizard.entra.clouds import cloud_of
from sparkwizard.entra.provisioning_job.types import Application

__all__ = [
    "applications_page",
    "assignments_page",
    "gallery_page",
    "portal",
    "provisioning_page",
]

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
    return _page("AppGalleryBladeV2", graph_url)


def applications_page(graph_url: str = "") -> str:
    """Return the address of the list of enterprise applications, "" for none."""
    return _page("StartboardApplicationsMenuBlade/~/AppAppsPreview", graph_url)


def assignments_page(application: Application | None, graph_url: str = "") -> str:
    """Return where people and groups are assigned, the list of applications without one."""
    return _of(application, "Users", graph_url)


def provisioning_page(application: Application | None, graph_url: str = "") -> str:
    """Return the provisioning of an application, the list of applications without one."""
    return _of(application, "ProvisioningActivity", graph_url)


def _of(application: Application | None, menu: str, graph_url: str) -> str:
    if application is None or not application.app_id:
        return applications_page(graph_url)
    where = f"objectId/{application.id}/appId/{application.app_id}"
    return _page(f"ManagedAppMenuBlade/~/{menu}/{where}", graph_url)


def _page(blade: str, graph_url: str) -> str:
    home = portal(graph_url)
    return f"{home}{_BLADES}/{blade}" if home else ""
