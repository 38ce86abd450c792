"""What ``preview`` tells about licences: how many new users there are, and what is free."""

from collections.abc import Iterator

from sparkwizard.provisioning.plan import Plan
from sparkwizard.webex.types import Licences
from sparkwizard.wizard.plan.licences import HOW_LICENSED, licence_need

__all__ = ["licences_document", "licences_lines"]


def licences_document(plan: Plan, licences: Licences | None) -> dict[str, object] | None:
    """Return the licences as JSON; None where nobody could be asked.

    ``unread`` is None where Webex told them; ``total`` and ``free`` are None where there is no
    limit.
    """
    need = licence_need(plan, licences)
    if need is None:
        return None
    return {
        "needed": need.needed,
        "enough": need.enough if need.licences.kinds else None,
        "unread": need.licences.unread or None,
        "kinds": [
            {
                "id": licence.id,
                "name": licence.name,
                "site": licence.site,
                "total": licence.total,
                "used": licence.used,
                "free": licence.free,
            }
            for licence in need.licences.kinds
        ],
    }


def licences_lines(plan: Plan, licences: Licences | None) -> Iterator[str]:
    """Say how many new users there are, and what is free of each licence."""
    need = licence_need(plan, licences)
    if need is None or not need.needed:
        return
    if need.licences.unread:
        yield f"Licences: not known. {need.licences.unread}"
    if need.words:
        yield f"Licences: {need.words}. {HOW_LICENSED}"
        for licence in need.licences.kinds:
            free = "no limit" if licence.free is None else f"{licence.free:,} free"
            few = ", fewer than new users" if licence in need.short else ""
            yield f"  {licence.name}: {free}{few}"
