"""Fill the practice directory with the company's people, groups and managers."""

from sparkwizard.practice.company.people import Person
from sparkwizard.practice.entra.directory import Directory
from sparkwizard.practice.entra.people import as_row
from sparkwizard.practice.entra.world import EntraWorld

# who signs in as administrator: the head of IT in the hand-made company
_ADMINISTRATOR = 2
_SPAN_OF_CONTROL = 8


class DirectorySeeder:
    """Put people into a directory one at a time, then what connects them."""

    def __init__(self, world: EntraWorld) -> None:
        self._world = world
        self._departments: dict[str, list[str]] = {}
        self._people: list[str] = []
        self._guests: list[str] = []

    def meet(self, person: Person) -> None:
        """Add one person."""
        identifier = self._world.directory.add_row(as_row(person))
        if person["userType"] == "Guest":
            self._guests.append(identifier)
        else:
            self._people.append(identifier)
            if person["department"]:
                self._departments.setdefault(person["department"], []).append(identifier)

    def finish(self) -> None:
        """Add managers and groups, and let the directory look as if it had always been so."""
        people = list(self._world.directory.users)
        self._world.administrator = people[min(_ADMINISTRATOR, len(people) - 1)] if people else ""
        self._appoint_managers()
        self._form_groups()
        self._world.directory.settle()

    def _appoint_managers(self) -> None:
        managers = self._world.directory.managers
        for staff in self._departments.values():
            for place, person in enumerate(staff[1:], 1):
                managers[person] = staff[(place - 1) // _SPAN_OF_CONTROL]
        heads = [staff[0] for staff in self._departments.values()]
        for head in heads[1:]:
            managers[head] = heads[0]

    def _form_groups(self) -> None:
        directory = self._world.directory
        by_name = {
            name: directory.add_group(name, staff, description=f"Everyone in {name}")["id"]
            for name, staff in self._departments.items()
        }
        directory.add_group("All departments", by_name.values())
        directory.add_group("Partners", self._guests)
        office = [by_name[name] for name in ("IT", "Sales") if name in by_name]
        pilots = self._people[:5]
        pilot = directory.add_group("Webex pilot", pilots, description="First users of Webex")
        # nested on purpose: Entra's provisioning sees direct members only
        directory.add_group("Webex users", [*self._people[5:20], pilot["id"], *office[:1]])
        directory.add_group("Empty group")
        _add_other_kinds(directory, self._people[:3])


def _add_other_kinds(directory: Directory, members: list[str]) -> None:
    """Add groups that are no assignable security groups."""
    directory.add_group(
        "Newsletter",
        members,
        mail=f"newsletter@{directory.domain}",
        mailEnabled=True,
        securityEnabled=False,
    )
    directory.add_group(
        "Project Aurora",
        members,
        groupTypes=["Unified"],
        mail=f"aurora@{directory.domain}",
        mailEnabled=True,
        securityEnabled=False,
        visibility="Private",
    )
