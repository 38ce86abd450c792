"""The set-up by hand: each point with its values to copy and its page, checked or ticked off."""

from typing import override

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from sparkwizard.entra.provisioning_job.desired import desired_of
from sparkwizard.entra.provisioning_job.types import TenantState
from sparkwizard.entra.types import Purpose, SignedIn
from sparkwizard.errors import Forbidden, NotAuthorized, SparkWizardError
from sparkwizard.gui.cloud.cloud_desk import CloudDesk
from sparkwizard.gui.cloud.face import CloudFace
from sparkwizard.gui.frame.page import ExtraButton, PageButtons
from sparkwizard.gui.look.theme import SPACE, Tone, tooltip_text
from sparkwizard.gui.signing_in.dialog import SignInDialog
from sparkwizard.gui.widgets import (
    Card,
    CheckBox,
    Column,
    CopyButton,
    DataTable,
    ElidedLabel,
    LinkButton,
    MessageKind,
    RowsModel,
    ScrollColumn,
    StripAction,
    TableCard,
    WrapLabel,
)
from sparkwizard.gui.widgets.cards import clear_layout
from sparkwizard.provisioning.types import Reason
from sparkwizard.wizard.cloud.checklist import (
    ChecklistItem,
    CopyValue,
    ItemState,
    checklist,
    done_count,
)
from sparkwizard.wizard.cloud.steps import CloudStep

__all__ = ["ByHandPage"]

_MARKS: dict[ItemState, tuple[str, str]] = {
    ItemState.DONE: ("success", Tone.SUCCESS),
    ItemState.TICKED: ("check", Tone.SUCCESS),
    ItemState.OPEN: ("arrow-right", Tone.ACCENT),
    ItemState.UNKNOWN: ("help", Tone.MUTED),
}
_STATES: dict[ItemState, str] = {
    ItemState.DONE: "Done, as Microsoft Entra says.",
    ItemState.TICKED: "Ticked off by hand.",
    ItemState.OPEN: "Still open, as Microsoft Entra says.",
    ItemState.UNKNOWN: "This can't be read from here. Tick it off when it is done.",
}
_LIST = 216


class ByHandPage(CloudFace):
    """Lead through the portal; nothing is written from here."""

    def __init__(self, cloud: CloudDesk) -> None:
        super().__init__(cloud, CloudStep.BY_HAND)
        self._state = TenantState()
        self._token = ""
        self.items: tuple[ChecklistItem, ...] = ()
        self.model = RowsModel[ChecklistItem](
            (Column("Point", lambda one: one.title, icon=_mark, stretch=True),)
        )
        self.table = DataTable(self.model, name="Points")
        self.table.row_selected.connect(self._select)
        self.point, self.text = WrapLabel(role="section"), WrapLabel()
        self.way, self.state = WrapLabel(tone=Tone.MUTED), WrapLabel(tone=Tone.MUTED)
        self.left = WrapLabel(tone=Tone.WARNING)
        self.tick = CheckBox("&Done")
        self.tick.clicked.connect(self._tick)
        self._link, self._values = QVBoxLayout(), QGridLayout()
        list_ = TableCard(self.table)
        list_.setFixedWidth(_LIST)
        row = QHBoxLayout()
        row.setSpacing(SPACE.m)
        row.addWidget(list_)
        row.addWidget(self._detail(), 1)
        self.body.addLayout(row, 1)
        again = ExtraButton("&Check again", self.look, "refresh")
        self.set_buttons(PageButtons(next="&Close", back="", cancel="", extras=(again,)))

    def _detail(self) -> Card:
        card, inner = Card(), ScrollColumn(spacing=SPACE.s)
        self._values.setHorizontalSpacing(SPACE.s)
        self._values.setVerticalSpacing(SPACE.xs)
        self._values.setColumnStretch(0, 1)
        for part in (self.point, self.text):
            inner.column.addWidget(part)
        inner.column.addLayout(self._values)
        inner.column.addWidget(self.way)
        inner.column.addLayout(self._link)
        for last in (self.left, self.state, self.tick):
            inner.column.addWidget(last)
        inner.column.addStretch(1)
        card.body.addWidget(inner)
        return card

    # What the frame calls

    @override
    def on_enter(self) -> None:
        """List the points, then check them as far as Entra can be read."""
        self._show(TenantState(unreadable=_UNREAD))
        self.table.select_first()
        self.look()

    @override
    def initial_focus(self) -> QWidget | None:
        """Begin in the list."""
        return self.table

    def look(self) -> None:
        """Check every point through Graph, as far as reading allows."""
        self.clear_message()
        self.start(self._look(), words="Asking Microsoft Entra")

    async def _look(self) -> None:
        cloud = self.cloud
        self._token = cloud.wish.token or await cloud.kept_token() or cloud.desk.state.token
        self._show_values(self._chosen())
        try:
            state = await cloud.services.read_cloud(cloud.profile)
        except SparkWizardError as error:
            self._show_unread(error)
            return
        self._show(state)

    def _show_unread(self, error: SparkWizardError) -> None:
        """Offer to sign in for reading alone: who comes here may often not write."""
        told = "Tick each point off by hand, or sign in to have them checked."
        barred = isinstance(error, NotAuthorized | Forbidden)
        sign_in = StripAction("Sign in to &read…", self._sign_in, "key")
        self.show_message(MessageKind.INFO, error.message, told, (sign_in,) if barred else ())

    def _sign_in(self) -> None:
        dialog = SignInDialog(self, self.cloud.desk, self.cloud.source, (Purpose.WATCHING,))
        dialog.signed_in.connect(self._signed_in)
        dialog.open()

    def _signed_in(self, event: SignedIn) -> None:
        self.cloud.account = event.account
        self.look()

    # Showing

    def _show(self, state: TenantState) -> None:
        self._state = state
        cloud = self.cloud
        profile = cloud.profile
        self.items = checklist(
            desired_of(profile, on=True),
            state,
            cloud.services.ticks(profile),
            profile.source.graph_url,
        )
        at = max(0, self.table.currentIndex().row())
        self.model.set_rows(self.items)
        self.table.selectRow(at)
        done = done_count(self.items)
        self.set_heading(
            f"{done} of {len(self.items)} points are done", CloudStep.BY_HAND.text.sentence
        )

    def _chosen(self) -> ChecklistItem | None:
        return self.table.selected_row()

    def _select(self, item: ChecklistItem | None) -> None:
        if item is None:
            return
        self.point.setText(item.title)
        self.text.setText(item.text)
        self.way.setText(" › ".join(item.way))  # noqa: RUF001  the sign of a way through menus
        self.state.setText(_STATES[item.state])
        self.left.setText("\n".join(item.left))
        self.left.setVisible(bool(item.left))
        self.tick.setVisible(item.by_hand)
        self.tick.setChecked(item.state is ItemState.TICKED)
        clear_layout(self._link)
        if item.link:
            self._link.addWidget(LinkButton("Open the page in Entra", item.link))
        self._show_values(item)

    def _show_values(self, item: ChecklistItem | None) -> None:
        clear_layout(self._values)
        for number, value in enumerate(item.values if item else ()):
            label = ElidedLabel(value.label, tone=Tone.MUTED)
            self._values.addWidget(label, 2 * number, 0, 1, 2)
            for column, widget in enumerate(self._value(value)):
                self._values.addWidget(widget, 2 * number + 1, column)

    def _value(self, value: CopyValue) -> tuple[QWidget, QWidget]:
        shown = QLineEdit(self._token if value.secret else value.value)
        shown.setReadOnly(True)
        shown.setAccessibleName(value.label)
        shown.setCursorPosition(0)
        if value.secret:
            shown.setEchoMode(QLineEdit.EchoMode.Password)
            shown.setPlaceholderText("No token is at hand")
        else:
            shown.setProperty("role", "mono")
            shown.setPlaceholderText("Leave this empty")
            shown.setToolTip(tooltip_text(value.value))
        copy = CopyButton(shown.text, what=value.label, text="")
        copy.setEnabled(bool(shown.text()))
        return shown, copy

    def _tick(self) -> None:
        item = self._chosen()
        if item is not None:
            ticked = self.tick.isChecked()
            self.cloud.services.tick(self.cloud.profile, item.key, ticked=ticked)
            self._show(self._state)
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)


_UNREAD = tuple(
    Reason("unread", f"{what} was not read yet.")
    for what in ("The application", "Who is assigned", "The provisioning")
)


def _mark(item: ChecklistItem) -> tuple[str, str]:
    return _MARKS[item.state]
