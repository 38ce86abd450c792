"""List the applications of the gallery that a provisioning tool could meet."""

from dataclasses import dataclass

from sparkwizard.practice.json_values import JsonObject

# the id of the real template of Webex is not public; this one is the practice tenant's own
WEBEX_TEMPLATE = "5e1d2c7a-40b7-4c0e-9d3f-0c6f1b2a9e58"
# what non-gallery applications are made from: GD, "applicationTemplate: instantiate"
OWN_TEMPLATE = "8adf8e6e-67b2-4cf2-a259-e3dc5476c621"


@dataclass(frozen=True, slots=True)
class GalleryEntry:
    """Describe one entry; ``job_template`` is what its provisioning jobs are made from."""

    id: str
    name: str
    publisher: str
    job_template: str
    categories: tuple[str, ...] = ()

    def shown(self) -> JsonObject:
        """Return the entry as Graph shows an applicationTemplate."""
        return {
            "id": self.id,
            "displayName": self.name,
            "homePageUrl": None,
            "supportedSingleSignOnModes": [],
            "supportedProvisioningTypes": ["sync"] if self.job_template else [],
            "logoUrl": None,
            "categories": list(self.categories),
            "publisher": self.publisher,
            "description": None,
        }


GALLERY = {
    entry.id: entry
    for entry in (
        GalleryEntry(
            WEBEX_TEMPLATE, "Cisco Webex", "Cisco Systems", "CiscoWebex", ("collaboration",)
        ),
        GalleryEntry(
            "6a2f8f52-33d7-4b8b-8e27-2a0c5d6a4b11", "Cisco Webex Meetings", "Cisco Systems", ""
        ),
        GalleryEntry(
            "0f7c1e80-8b6c-4f57-9b1a-7b1f6f3a2d94", "Cisco Umbrella", "Cisco Systems", "scim"
        ),
        GalleryEntry(OWN_TEMPLATE, "Custom", "Fabrikam", "scim"),
    )
}
