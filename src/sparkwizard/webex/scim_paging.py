"""Read a whole list page by page from servers that may miscount, repeat or ignore what is asked.

Pure: it is fed pages and says where to go on. A read that may have missed somebody is marked
incomplete, because people who seem to be missing could be taken for leavers.
"""

from collections.abc import Sequence

import msgspec

from sparkwizard.provisioning.types import Reason, User, UsersRead
from sparkwizard.webex.scim_read import ListPage

__all__ = ["ListReading"]

# A server that invents users for ever is left after two million of them at Webex's page size.
PAGE_LIMIT = 20_000


class ListReading(msgspec.Struct):
    """Collect pages until the list has ended.

    ``start`` is the index to ask for next, ``finished`` whether to stop. ``probe`` asks for one
    page more than the server's count says is there: a count that is too small must not hide
    anybody.
    """

    probe: bool = True
    start: int = 1
    finished: bool = False
    total: int | None = None
    users: dict[str, User] = msgspec.field(default_factory=dict)
    _pages: int = 0
    _junk: int = 0
    _repeated: bool = False
    _shrank: bool = False
    _capped: bool = False

    @property
    def reached_total(self) -> bool:
        """Return whether as many entries arrived as the server says there are."""
        return self.total is not None and len(self.users) + self._junk >= self.total

    def came_in_pages_of(self, size: int) -> bool:
        """Return whether every page so far was full, so that it is known where the next begin."""
        return self._pages > 0 and self.start == self._pages * size + 1

    @property
    def must_read_again(self) -> bool:
        """Return whether users were removed meanwhile: later ones moved up, one may be missed."""
        return self._shrank and not self._miscounted

    @property
    def _miscounted(self) -> bool:
        return self.total is not None and len(self.users) > self.total

    def feed(self, page: ListPage, *, asked: int | None) -> None:
        """Take one page in; ``asked`` is the page size that was asked for, None for none."""
        self._pages += 1
        known = len(self.users)
        self._add(page.users)
        self._junk += page.junk
        self._count(page.total)
        self.start += page.arrived
        new = len(self.users) > known or page.junk > 0
        if page.arrived == 0 or not new:
            self._repeated = page.arrived > 0
            self.finished = True
        elif self.reached_total and not self._miscounted:
            # A page larger than asked for is everything there is; asking again costs it again.
            self.finished = not self.probe or (asked is not None and page.arrived > asked)
        elif self._pages >= PAGE_LIMIT:
            self._capped = self.finished = True

    def _add(self, users: Sequence[User]) -> None:
        """Take users in; the first of an id counts."""
        ids = [user.id for user in users]
        if len(set(ids)) == len(ids) and self.users.keys().isdisjoint(ids):
            self.users.update(zip(ids, users, strict=True))
            return
        for user in users:
            self.users.setdefault(user.id, user)

    def end_of_probe(self) -> bool:
        """Return whether a refused page was only the probe beyond the end; then finish."""
        self.finished = self.finished or (self._pages > 0 and self.reached_total)
        return self.finished

    def result(self) -> UsersRead:
        """Return the users with everything that was odd about reading them."""
        findings = tuple(self._findings())
        harmless = ("list-miscounted",)
        complete = all(finding.code in harmless for finding in findings)
        return UsersRead(tuple(self.users.values()), complete, findings)

    def _count(self, total: int | None) -> None:
        if total is None:
            return
        if self.total is not None and total < self.total and not self._miscounted:
            self._shrank = True
        self.total = total

    def _findings(self) -> list[Reason]:
        read, total = len(self.users), self.total
        found = []
        if self._repeated and not self.reached_total:
            found.append(_reason("paging-repeats", _REPEATS))
        elif total is not None and read + self._junk < total:
            found.append(_reason("list-short", _SHORT, read=read, total=total))
        if self._capped:
            found.append(_reason("list-endless", _ENDLESS, read=read))
        if self._junk:
            found.append(_reason("list-junk", _JUNK, junk=self._junk))
        if self.must_read_again:
            found.append(_reason("list-changed", _CHANGED))
        if self._miscounted:
            found.append(_reason("list-miscounted", _MISCOUNTED, read=read, total=total))
        return found


_REPEATS = "The server sends the same page of users again and again, so some were not read."
_SHORT = "The server counts {total} users but listed only {read}."
_ENDLESS = "The server's list of users did not end; reading stopped after {read}."
_JUNK = "{junk} entries of the server's list have no id and could not be read."
_CHANGED = "Users were removed while the list was read, so others may have been missed."
_MISCOUNTED = "The server counts {total} users but listed {read}; all listed ones were read."


def _reason(code: str, text: str, **values: int | None) -> Reason:
    return Reason(code, text.format(**values))
