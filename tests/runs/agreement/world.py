"""A directory and a Webex that others edit too."""

from datetime import datetime, timedelta
from typing import Literal

from sparkwizard.errors import SparkWizardError
from sparkwizard.provisioning.types import MappingRule, RemovalLimit
from sparkwizard.runs.control import RunControl
from sparkwizard.setup.profile import GroupSettings, Safeguards
from sparkwizard.values import replace
from tests.runs.agreement.groups.happenings import Team
from tests.runs.agreement.groups.sides import GroupSides
from tests.runs.agreement.happenings import Employee
from tests.runs.agreement.patience import Patience
from tests.runs.agreement.records import Off, Users
from tests.runs.agreement.sources import CsvSide, Side
from tests.runs.agreement.webexes import as_it_is
from tests.runs.tenant import MAPPING, NOW, Company

__all__ = ["ENTERPRISE", "EVERYBODY", "World"]

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
EVERYBODY = RemovalLimit(100, percent=True)


class World:
    """Let both sides change, and remember who did what."""

    def __init__(
        self, company: Company, side: Side | None = None, webex: str = "with Bulk"
    ) -> None:
        self.company = company
        self.side = side or CsvSide(company)
        self.always = as_it_is(company, webex)
        """What is the matter with this Webex all the time."""
        self.staff: dict[int, Employee] = {99: Employee(99)}  # a file without anybody is refused
        self.people: dict[int, Employee] = {}
        """Those of the staff whom the setup is about."""
        self.groups = GroupSides(company, self.side, self.find, self._count_edit)
        self.groups.teams[99] = Team(99, "Everybody", frozenset({99}))
        self.now = NOW
        self.off: dict[str, Off] = {}
        self.edits = 0
        self.made: set[str] = set()
        """The users that this setup created."""
        self.listed: dict[str, object] = {}
        """The external ids that the last initial cycle saw; Webex can't be asked for them."""
        self.deleted: set[str] = set()
        """Those that it deleted."""
        self.ended: list[tuple[str, datetime]] = []
        """Plans of which a run ended, and when."""
        self.begun: list[tuple[str, datetime]] = []
        self.unread: SparkWizardError | None = None
        """Why the last plan that could not be made was not."""
        self.patience = Patience()
        self.domains: tuple[str, ...] = ()
        """Webex refuses new names outside of these domains; of none, no name."""
        company.services.clock = self._clock
        manager = MappingRule(f"{ENTERPRISE}:manager.value", "[manager]")
        mapping = (*MAPPING, manager)
        self.other_side = CsvSide(company, "another.csv")
        self.another = replace(
            company.profile,
            name="Another",
            safeguards=Safeguards(EVERYBODY),
            mapping=MAPPING,
            source=self.other_side.settings,
        )
        company.profile = replace(
            company.profile,
            mapping=mapping,
            source=self.side.settings,
            scope=self.side.scope,
            groups=GroupSettings(provision=self.side.with_groups),
        )
        self.operator = _operator(company)
        world = company.server.world
        for record in [one for one in world.users if one.id != self.operator][2:]:
            world.users.remove(record.id)
        for record in list(world.groups)[1:]:
            world.groups.remove(record.id)

    def _count_edit(self) -> None:
        self.edits += 1

    def _clock(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now

    @property
    def users(self) -> Users:
        return {user["id"]: user for user in self.company.all_users}

    @property
    def linked_elsewhere(self) -> frozenset[str]:
        profile = self.company.profile
        organization = profile.webex.organization_id
        return self.company.services.journal.linked_elsewhere(profile.id, organization)

    def find(self, who: str | int) -> str | None:
        """Return the id of a user by name, or of some user that is not the administrator."""
        if isinstance(who, str):
            found = self.company.users.get(who.casefold())
            return found["id"] if found else None
        ids = [one for one in self.users if one != self.operator]
        return ids[who % len(ids)] if ids else None

    # -- what others do in Webex ------------------------------------------------------------------

    async def edited_by_others(self, webex_id: str, values: dict[str, object] | None) -> None:
        """Let somebody else edit a user; no values delete it, a name that is taken does nothing."""
        user = self.users[webex_id]
        name = user["userName"].casefold()
        self.edits += 1
        if values is None:
            await self.company.delete(name)
            return
        if str(values.get("userName", "")) in self.company.users:
            return
        await self.company.patch(name, values)
        if values.get("active", user["active"]) != user["active"]:
            self.turned(webex_id, "others", on=bool(values["active"]))

    async def created_by_others(self, name: str, external_id: str, *, active: bool) -> None:
        refused = self.domains and not name.endswith(self.domains)
        if refused or name.casefold() in self.company.users:
            return
        self.edits += 1
        known = set(self.users)
        marked = {"externalId": external_id} if external_id else {}
        await self.company.create(name, displayName="By hand", active=active, **marked)
        (new,) = set(self.users) - known
        self.turned(new, "others", on=active)

    async def run_another_setup(self, numbers: tuple[int, ...]) -> None:
        """Let another setup of this computer provision exactly these people; ours it leaves on."""
        company, another = self.company, self.another
        self.other_side.holds({number: Employee(number) for number in (98, *numbers)})
        ours = {link.webex_id for link in company.links.values()}
        before = self.users
        self.edits += 1
        token = company.server.token
        made = await company.services.preview(another, company.folder, token)
        async for _ in company.services.apply(made.plan, another, token, control=RunControl()):
            pass
        for webex_id, user in self.users.items():
            was = before.get(webex_id, {}).get("active", True)
            if was != user["active"]:
                assert user["active"] or webex_id not in ours, ("taken from this setup", user)
                self.turned(webex_id, "others", on=user["active"])

    def turned(self, webex_id: str, who: Literal["us", "others"], *, on: bool) -> None:
        if on:
            self.off.pop(webex_id, None)
        else:
            self.off[webex_id] = Off(who, self.now)


def _operator(company: Company) -> str:
    """Return the id of the user that the token belongs to."""
    world = company.server.world
    token = world.tokens.find(company.server.token, world.clock())
    assert token
    assert token.user
    return token.user
