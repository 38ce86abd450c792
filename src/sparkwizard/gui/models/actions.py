"""Rows of a plan for the table: who, under which name, and what changes."""

from collections.abc import Iterable, Mapping, Sequence
from typing import override

import msgspec

from sparkwizard.gui.look.theme import Tone
from sparkwizard.gui.widgets import Column, RowsModel
from sparkwizard.provisioning.plan import Plan
from sparkwizard.provisioning.portions import sorted_by
from sparkwizard.provisioning.types import Action, ActionKind
from sparkwizard.wizard.plan.changes import what_changes

__all__ = ["KIND_ICONS", "ActionRow", "ActionsModel", "rows_of", "rows_of_actions"]

KIND_ICONS: Mapping[ActionKind, tuple[str, str]] = {
    ActionKind.CREATE: ("person-plus", Tone.SUCCESS),
    ActionKind.UPDATE: ("pencil", Tone.ACCENT),
    ActionKind.DISABLE: ("person-minus", Tone.DANGER),
    ActionKind.DELETE: ("trash", Tone.DANGER),
    ActionKind.UNCHANGED: ("equals", Tone.MUTED),
    ActionKind.SKIPPED: ("skip", Tone.MUTED),
    ActionKind.PROBLEM: ("warning", Tone.WARNING),
}
"""The icon and tone of each kind of action, everywhere it is shown."""

# what takes access away stands first, what stays as it is last
_ORDER = (
    ActionKind.DELETE,
    ActionKind.DISABLE,
    ActionKind.PROBLEM,
    ActionKind.CREATE,
    ActionKind.UPDATE,
    ActionKind.SKIPPED,
    ActionKind.UNCHANGED,
)

# one figure each, so that rank and name make one text to sort by
_RANK = {kind: str(rank) for rank, kind in enumerate(_ORDER)}


class ActionRow(msgspec.Struct, frozen=True, eq=False):
    """Hold one action with the words of its cells and what the search looks through."""

    action: Action
    what: str
    key: str


def rows_of(plan: Plan) -> list[ActionRow]:
    """Return the rows of a plan in the order in which they deserve attention; slow for many.

    What a plan works out once is worked out with them, so that no window waits for it later.
    """
    _ = plan.counts, plan.to_write
    return rows_of_actions(plan.actions)


def rows_of_actions(actions: Iterable[Action]) -> list[ActionRow]:
    """Return the rows of actions in that order."""
    rows = [_row(action) for action in actions]
    return sorted_by(rows, lambda row: _RANK[row.action.kind] + row.action.label.casefold())


def _row(action: Action) -> ActionRow:
    what = what_changes(action)
    return ActionRow(action, what, f"{action.label}\n{action.user_name}\n{what}".casefold())


class ActionsModel(RowsModel[ActionRow]):
    """Show the rows of a plan; what is searched was put together when the rows were made."""

    def __init__(self, rows: Sequence[ActionRow] = ()) -> None:
        super().__init__(
            [
                Column(
                    "Person",
                    lambda row: row.action.label,
                    icon=lambda row: KIND_ICONS[row.action.kind],
                    strong=True,
                    width=140,
                ),
                Column("User name", lambda row: row.action.user_name, tone=Tone.MUTED, width=156),
                Column("What changes", lambda row: row.what, width=126, stretch=True),
            ],
            rows,
        )

    @override
    def _keys_of(self, rows: Sequence[ActionRow]) -> list[str]:
        return [row.key for row in rows]
