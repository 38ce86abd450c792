"""How many requests a plan takes, and about how long, told before anything is written.

The requests are those of an apply in which nothing goes wrong: the look at whom it is about to
change, the writes, and reading back what Bulk wrote. Asking whose token it is comes on top; the
time has it in. What the other side's limits cost is known from an earlier run (``known_pace``).
"""

import math
from collections import Counter
from collections.abc import Mapping

import msgspec

from sparkwizard.net.pace import rounds_of
from sparkwizard.provisioning.groups.types import members_in
from sparkwizard.provisioning.plan import Plan
from sparkwizard.provisioning.types import Action, ActionKind
from sparkwizard.runs.applying.lanes import ORDER, REREAD_ALL_FROM, batch_size, widths_for
from sparkwizard.runs.types import Estimate, KnownPace
from sparkwizard.runs.writing.verifying import EACH_UP_TO, WIDTH
from sparkwizard.webex.scim import page_size_of
from sparkwizard.webex.types import Capabilities

__all__ = ["Work", "estimate", "hidden", "work_on_people"]

# Opening the way out and the journal, once.
FIRST_SECONDS = 0.015
# Up to here an answer is work on the same computer more than a way to go.
NEAR_SECONDS = 0.01
LOOKS_AT_ONCE = 8
GROUPS_AT_ONCE = 4
# Whose token it is, and how long it lasts.
TOKEN_ROUNDS = 2
PAGES_AT_ONCE = 2


class Work(msgspec.Struct):
    """Hold requests, how many of them after one another, and how many of those while we work."""

    requests: int = 0
    rounds: int = 0
    rounds_beside: int = 0


def estimate(plan: Plan, can: Capabilities, pace: KnownPace) -> Estimate:
    """Return what it takes to carry out ``plan`` at a pace."""
    kinds = Counter(action.kind for action in plan.to_write)
    of_groups = _groups(plan)
    if not kinds:
        return Estimate(of_groups, round(of_groups * pace.latency, 3))
    work = work_on_people(kinds, plan.users_read, can)
    asked = 0 if can.serial_creates else 1  # what it can do is documented for Webex alone
    others = asked + TOKEN_ROUNDS + math.ceil(of_groups / GROUPS_AT_ONCE)
    own = kinds.total() * pace.seconds_each - hidden(work, pace.latency)
    seconds = FIRST_SECONDS + (work.rounds + others) * pace.latency + max(own, 0.0)
    return Estimate(work.requests + asked + of_groups, round(seconds, 3))


def hidden(work: Work, latency: float) -> float:
    """Return the seconds of our own work that pass while answers are on their way.

    What a near server takes is work on the same computer: nothing passes beside it.
    """
    return work.rounds_beside * max(latency - NEAR_SECONDS, 0.0)


def work_on_people(kinds: Mapping[ActionKind, int], users: int, can: Capabilities) -> Work:
    """Return the requests about people: a look before, the writes, a look after."""
    creates, page = kinds.get(ActionKind.CREATE, 0), page_size_of(can)
    changing = sum(kinds.values()) - creates
    requests, rounds = _reading(changing, REREAD_ALL_FROM, users, page, LOOKS_AT_ONCE)
    work, in_bulk = Work(requests, rounds), 0
    for kind in ORDER:
        sent, waits, grouped = _writing(kinds.get(kind, 0), kind, can)
        work.requests += sent
        work.rounds += waits
        work.rounds_beside += waits
        in_bulk += grouped if kind is not ActionKind.DELETE else 0
    back, waits = _reading_back(in_bulk, users + creates, page, newest_first=can.newest_first)
    return Work(work.requests + back, work.rounds + waits, work.rounds_beside)


def _groups(plan: Plan) -> int:
    """Return the requests for groups: a look at each, the writes, and who is in it afterwards."""
    by_group: dict[str, list[Action]] = {}
    for action in plan.groups_to_write:
        by_group.setdefault(action.source_id, []).append(action)
    requests = 0
    for actions in by_group.values():
        made = actions[0].kind is ActionKind.CREATE
        moving = any(any(members_in(one)) for one in actions)
        # who is in a group made just now is known, and nobody is asked
        requests += 1 + len(actions) + (moving and not made) + moving
    return requests


def _reading(number: int, each_up_to: int, users: int, page: int, width: int) -> tuple[int, int]:
    """Return requests, and how many after one another, to read so many: each, or a whole list.

    A list takes one page more than it has: a server's count that is too small hides nobody.
    """
    if number <= each_up_to:
        return number, math.ceil(number / width)
    pages = math.ceil(users / page) + 1
    return pages, 1 + math.ceil(max(pages - 2, 0) / PAGES_AT_ONCE) + 1


def _reading_back(number: int, users: int, page: int, *, newest_first: bool) -> tuple[int, int]:
    """Return what ``_reading`` does for so many who were just written: the list ends with them."""
    if number <= EACH_UP_TO:
        return number, math.ceil(number / WIDTH)
    pages = math.ceil((number if newest_first else users) / page)
    return pages, 1 + math.ceil((pages - 1) / PAGES_AT_ONCE)


def _writing(number: int, kind: ActionKind, can: Capabilities) -> tuple[int, int, int]:
    """Return requests, how many after one another, and how many of the changes go in Bulk."""
    size = batch_size(number, can.bulk_operations)
    sent = math.ceil(number / size)
    rounds = rounds_of(sent, *widths_for(kind, can))
    # the last of a batch of its own goes alone, and its answer shows what was kept
    grouped = 0 if size == 1 else number - (number % size == 1)
    return sent, rounds, grouped
