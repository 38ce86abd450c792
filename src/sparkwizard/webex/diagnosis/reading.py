"""The layers about SCIM, none of which writes: reading, look-up, filter, paging, Bulk."""

from uuid import uuid4

from sparkwizard.errors import Forbidden, NotFound
from sparkwizard.net.answer import Answer
from sparkwizard.net.errors_of import check
from sparkwizard.webex.diagnosis.subject import Subject, Verdict
from sparkwizard.webex.scim import ScimClient
from sparkwizard.webex.scim_read import ListPage, page_in
from sparkwizard.webex.scim_write import filter_text
from sparkwizard.webex.types import Role, Standing

__all__ = ["check_bulk", "check_filter", "check_lookup", "check_paging", "check_reading"]

# What a server says that knows no filter, or not this one.
_UNSUPPORTED = (400, 404, 405, 501)

_IGNORED = Verdict(
    Standing.FAIL,
    "The search was ignored: other users came back",
    "Microsoft Entra would take a wrong user for a match here. Tell whoever runs the server.",
)


async def check_reading(subject: Subject) -> Verdict:
    """Read one user."""
    answer = await subject.ask_scim("/Users", count=1)
    if answer.status == 400:
        subject.count_refused = True
        answer = await subject.ask_scim("/Users")
    try:
        page = _page(answer)
    except Forbidden:
        return _not_allowed(subject)
    except NotFound:
        return Verdict(
            Standing.FAIL,
            "No users at this address",
            "Check the organization ID in the Tenant URL: here it is the UUID that Control Hub "
            "shows.",
        )
    subject.users_total = page.total
    subject.first_user = page.users[0] if page.users else None
    if page.total is None:
        return Verdict(Standing.PASS, "Users can be read")
    return Verdict(Standing.PASS, f"Users can be read: {page.total} in all")


async def check_lookup(subject: Subject) -> Verdict:
    """Do what Entra's Test Connection does: look for a user name that nobody has."""
    answer = await subject.ask_scim("/Users", filter=filter_text("userName", str(uuid4())))
    if answer.status in _UNSUPPORTED:
        return Verdict(
            Standing.WARN,
            "Looking for an unknown user name is refused",
            "Microsoft Entra's own Test Connection would fail here. From this computer people "
            "are matched by reading the whole list.",
        )
    if _page(answer).arrived:
        return _IGNORED
    return Verdict(Standing.PASS, "An unknown user name is answered with an empty list")


async def check_filter(subject: Subject) -> Verdict:
    """Look for a user who is there, as written and in capitals."""
    user = subject.first_user
    if user is None or not user.user_name:
        return Verdict(Standing.SKIPPED, "Not checked: there is no user to look for")
    answer = await subject.ask_scim("/Users", filter=filter_text("userName", user.user_name))
    if answer.status in _UNSUPPORTED:
        return Verdict(
            Standing.WARN,
            "Users can't be searched by user name",
            "From this computer people are matched by reading the whole list.",
        )
    page = _page(answer)
    if any(one.user_name.casefold() != user.user_name.casefold() for one in page.users):
        return _IGNORED
    if not any(one.id == user.id for one in page.users):
        return Verdict(
            Standing.FAIL,
            "A user who is there was not found by user name",
            "Microsoft Entra would create that person a second time. Wait a minute and test "
            "again; if it stays so, tell whoever runs the server.",
        )
    other = user.user_name.swapcase()
    again = await subject.ask_scim("/Users", filter=filter_text("userName", other))
    if again.ok and not _page(again).arrived and other != user.user_name:
        return Verdict(
            Standing.WARN,
            "Users are found by user name only in the same capitals",
            "Microsoft Entra may create a person twice whose name differs in capitals. From "
            "this computer capitals don't matter.",
        )
    return Verdict(Standing.PASS, "A user is found by user name")


async def check_paging(subject: Subject) -> Verdict:
    """Read two pages of one user and see whether the second goes on."""
    if subject.users_total is not None and subject.users_total < 2:
        return Verdict(Standing.SKIPPED, "Not checked: that takes two users")
    if subject.count_refused:
        return Verdict(
            Standing.WARN, "The server refuses a page size", "Reading goes on without one."
        )
    first = _page(await subject.ask_scim("/Users", startIndex=1, count=1))
    answer = await subject.ask_scim("/Users", startIndex=2, count=1)
    if subject.users_total is not None and first.arrived >= subject.users_total:
        return Verdict(
            Standing.WARN,
            "All users come at once, whatever page is asked for",
            "Reading works; in a large organization it takes more memory and time.",
        )
    second = _page(answer)
    known = {user.id for user in first.users}
    if second.arrived and all(user.id in known for user in second.users):
        return Verdict(
            Standing.FAIL,
            "The second page repeats the first",
            "Not every user can be read here, so nobody would be disabled or deleted. Tell "
            "whoever runs the server.",
        )
    if not second.arrived:
        return Verdict(
            Standing.WARN,
            "The second page is empty, though the server counts more users",
            "Reading may end early; nobody is disabled or deleted then.",
        )
    return Verdict(Standing.PASS, "The second page goes on after the first")


async def check_bulk(subject: Subject) -> Verdict:
    """Say whether many changes fit in one request, without trying one."""
    is_webex = subject.tenant.is_webex
    scim = ScimClient(subject.http, subject.tenant.scim_base, is_webex=is_webex)
    offered = await scim.capabilities()
    subject.note("Documented by Webex, not asked" if is_webex else "GET …/ServiceProviderConfig")
    if not offered.bulk_operations:
        return Verdict(Standing.PASS, "Not offered: users are written one by one")
    return Verdict(Standing.PASS, f"Up to {offered.bulk_operations} changes fit in one request")


def _not_allowed(subject: Subject) -> Verdict:
    if subject.role is Role.NO_ADMIN:
        fix = "Its owner is not an administrator of people; use a full administrator's token."
    else:
        fix = (
            "It was most likely made without the permission “identity:people_rw”. Sign in at the "
            "administrator link, which asks for it, and paste the new token. Nothing else has "
            "to change."
        )
    return Verdict(Standing.FAIL, "Not allowed with this token", fix)


def _page(answer: Answer) -> ListPage:
    return page_in(check(answer).object(), answer.host)
