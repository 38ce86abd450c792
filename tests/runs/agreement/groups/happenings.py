"""What can happen to groups of a directory and to groups of a Webex."""

from dataclasses import dataclass

__all__ = [
    "Assigned",
    "GroupChange",
    "GroupDeleted",
    "GroupMade",
    "GroupOfAnother",
    "GroupRenamed",
    "MemberAdded",
    "MemberRemoved",
    "Team",
    "TeamComes",
    "TeamLeaves",
]


@dataclass(frozen=True, slots=True)
class Team:
    """A security group of the source; ``members`` are numbers of people.

    ``inside`` is the number of a team that is a member as a whole.
    """

    number: int
    name: str
    members: frozenset[int] = frozenset()
    inside: int | None = None

    @property
    def object_id(self) -> str:
        return f"00000000-0000-4000-9000-{self.number:012d}"


# -- in the source -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TeamComes:
    """A group is new in the source, has another name, or others in it."""

    team: Team


@dataclass(frozen=True, slots=True)
class TeamLeaves:
    """A group is no longer in the source."""

    number: int


@dataclass(frozen=True, slots=True)
class Assigned:
    """The setup is about the members of exactly these groups from now on."""

    numbers: tuple[int, ...]


# -- what others do in Webex ---------------------------------------------------------------------
# ``which`` and ``who`` are names of a group and of a user, or numbers that pick one


@dataclass(frozen=True, slots=True)
class GroupMade:
    """Somebody else makes a group of these users."""

    name: str
    who: tuple[str | int, ...] = ()


@dataclass(frozen=True, slots=True)
class GroupRenamed:
    which: str | int
    name: str


@dataclass(frozen=True, slots=True)
class GroupDeleted:
    which: str | int


@dataclass(frozen=True, slots=True)
class MemberAdded:
    which: str | int
    who: str | int


@dataclass(frozen=True, slots=True)
class MemberRemoved:
    which: str | int
    who: str | int


@dataclass(frozen=True, slots=True)
class GroupOfAnother:
    """Another setup on this computer manages this group, unless this one does already."""

    which: str | int


type InSource = TeamComes | TeamLeaves | Assigned
type InWebex = (
    GroupMade | GroupRenamed | GroupDeleted | MemberAdded | MemberRemoved | GroupOfAnother
)
type GroupChange = InSource | InWebex
