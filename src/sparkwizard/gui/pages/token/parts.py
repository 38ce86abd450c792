"""The parts of the Access token page: what was recognized, where to get one, where to keep it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QVBoxLayout, QWidget

from sparkwizard.gui.look.theme import SPACE, Tone
from sparkwizard.gui.widgets import (
    Card,
    Columns,
    IconLabel,
    KeyValueRows,
    Label,
    LinkButton,
    RadioButton,
    Section,
    Select,
    Spinner,
    WrapLabel,
)
from sparkwizard.wizard.access.clouds import CLOUDS, CloudFacts
from sparkwizard.wizard.access.token_words import TokenSummary

__all__ = ["CloudChoice", "KeepChoice", "RecognizedCard", "WhereToGetOne"]


class RecognizedCard(Card):
    """Say that Webex is being asked, and then whose token it is; hidden while there is none."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("What was recognized")
        head = QHBoxLayout()
        head.setSpacing(SPACE.m)
        self.mark = IconLabel("success", tone=Tone.SUCCESS)
        self.spinner = Spinner()
        self.title = Label(role="section")
        self.when = Label(tone=Tone.MUTED)
        head.addWidget(self.mark)
        head.addWidget(self.spinner)
        head.addWidget(self.title, 1)
        head.addWidget(self.when)
        self.rows = KeyValueRows()
        self.body.addLayout(head)
        self.body.addWidget(self.rows)
        self.hide()

    def show_asking(self) -> None:
        """Say that Webex is being asked."""
        self._show("Asking Webex whose token this is", "", busy=True)

    def show_summary(self, summary: TokenSummary, when: str) -> None:
        """Say what Webex answered."""
        self._show(summary.title, when, busy=False)
        rows = [("Belongs to", summary.owner), ("Lifetime", summary.lifetime)]
        self.rows.set_rows(rows + ([("Cleaned", summary.cleaned)] if summary.cleaned else []))

    def _show(self, title: str, when: str, *, busy: bool) -> None:
        self.spinner.setVisible(busy)
        self.mark.setVisible(not busy)
        self.rows.setVisible(not busy)
        self.title.setText(title)
        self.when.setText(when)
        self.show()


class WhereToGetOne(Section):
    """Offer the two places that hand out tokens; compact shows the links alone.

    Both links are made anew for each cloud.
    """

    def __init__(self) -> None:
        super().__init__("Where to get one")
        self._compact = False
        self._first = _Place(
            "clock",
            "For a first try",
            "Your personal token, on the Webex developer site. It lives 12 hours.",
        )
        self._lasting = _Place(
            "key",
            "To keep it going",
            "Sign in at the administrator link. Its last page looks like an error: paste that"
            " page's whole address above.",
        )
        self._missing = "Webex documents no administrator link for this cloud."
        self.body.addWidget(Columns(self._first, self._lasting, stack_below=440, spacing=SPACE.m))

    def set_links(self, facts: CloudFacts, administrator_link: str) -> None:
        """Lead to the pages of one cloud."""
        host = facts.developer_url.removeprefix("https://").split("/")[0]
        self._first.set_link(f"Open {host}", facts.developer_url)
        if facts.has_admin_link:
            self._lasting.set_link("Open the administrator link", administrator_link)
        else:
            self._lasting.set_link("", "", instead=self._missing)

    def set_compact(self, *, compact: bool) -> None:
        """Show or hide the words around the links."""
        if compact != self._compact:
            self._compact = compact
            self._first.set_compact(compact=compact)
            self._lasting.set_compact(compact=compact)

    def links(self) -> list[LinkButton]:
        """Return the links that are offered."""
        return [place.link for place in (self._first, self._lasting) if place.link is not None]


class _Place(Card):
    def __init__(self, icon_name: str, title: str, text: str) -> None:
        super().__init__()
        row = QHBoxLayout()
        row.setSpacing(SPACE.m)
        column = QVBoxLayout()
        column.setSpacing(3)
        self._mark = IconLabel(icon_name, tone=Tone.ACCENT)
        self._title = Label(title, role="section")
        self._words = text
        self._text = WrapLabel(text, tone=Tone.MUTED)
        self.link: LinkButton | None = None
        column.addWidget(self._title)
        column.addWidget(self._text)
        self._foot = QHBoxLayout()
        column.addLayout(self._foot)
        column.addStretch(1)
        row.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(column, 1)
        self.body.addLayout(row)

    def set_link(self, words: str, url: str, *, instead: str = "") -> None:
        if self.link is not None:
            self._foot.removeWidget(self.link)
            self.link.deleteLater()
            self.link = None
        self._text.setText(instead or self._words)
        if url:
            self.link = LinkButton(words, url)
            self._foot.addWidget(self.link, 0, Qt.AlignmentFlag.AlignLeft)

    def set_compact(self, *, compact: bool) -> None:
        self._text.setVisible(not compact)


class KeepChoice(QWidget):
    """Choose where the token is kept, or say why there is no choice."""

    chosen = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE.l)
        self.title = Label("Keep the token", role="section")
        self.keyring = RadioButton("In this computer's &keyring")
        self.run_only = RadioButton("For this &run only")
        self.why = WrapLabel(tone=Tone.MUTED)
        self._group = QButtonGroup(self)
        for button in (self.keyring, self.run_only):
            self._group.addButton(button)
        for widget in (self.title, self.keyring, self.run_only):
            row.addWidget(widget)
        row.addWidget(self.why, 1)
        row.addStretch(0)
        self.keyring.setChecked(True)
        self.explain("")
        self.keyring.toggled.connect(self.chosen)

    def choose(self, *, keep: bool) -> None:
        """Show a choice without saying so."""
        self.blockSignals(True)
        (self.keyring if keep else self.run_only).setChecked(True)
        self.blockSignals(False)

    def explain(self, why: str) -> None:
        """Say why there is nothing to choose; an empty text offers the choice."""
        self.why.setText(why)
        self.why.setVisible(bool(why))
        self.keyring.setVisible(not why)
        self.run_only.setVisible(not why)


class CloudChoice(QWidget):
    """Choose the cloud of Webex, for the few who are not in the commercial one."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE.m)
        label = Label("Webex &cloud")
        self.select = Select("Webex cloud")
        self.select.setMinimumWidth(260)
        for key, facts in CLOUDS.items():
            self.select.addItem(facts.label, key)
        label.setBuddy(self.select)
        row.addWidget(label)
        row.addWidget(self.select)
        row.addStretch(1)
        self.select.activated.connect(lambda at: self.chosen.emit(self.select.itemData(at)))

    def choose(self, key: str) -> None:
        """Show a choice without saying so."""
        self.select.setCurrentIndex(max(0, self.select.findData(key)))
