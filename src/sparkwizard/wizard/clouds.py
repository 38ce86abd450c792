"""The clouds of Webex: what they are called, whom to ask about a token, where to get one."""

from dataclasses import dataclass

from sparkwizard.wizard.state import WizardState

__all__ = ["CLOUDS", "CloudFacts", "api_url_to_ask", "cloud_label"]


@dataclass(frozen=True, slots=True)
class CloudFacts:
    """Hold what differs between the clouds.

    ``has_admin_link`` is False where no sign-in page of this kind is documented.
    """

    label: str
    api_url: str
    developer_url: str
    has_admin_link: bool = True


CLOUDS = {
    "commercial": CloudFacts(
        "Commercial (almost everybody)",
        "https://webexapis.com/v1",
        "https://developer.webex.com/docs/getting-your-personal-access-token",
    ),
    # developer.webex.com/docs/api/guides/create-a-fedramp-integration
    "government": CloudFacts(
        "US government (FedRAMP)",
        "https://api-usgov.webex.com/v1",
        "https://developer-usgov.webex.com",
        has_admin_link=False,
    ),
}


def api_url_to_ask(state: WizardState) -> str:
    """Return where to ask whose token it is: practice, the setup's own address, or its cloud's."""
    if state.practice:
        return state.practice.api_url
    return state.profile.webex.api_url or CLOUDS[state.cloud].api_url


def cloud_label(state: WizardState) -> str:
    """Return the name of the cloud that the setup is for."""
    if state.practice:
        return "Practice, on this computer"
    return CLOUDS[state.cloud].label
