"""The card on the People page that reads people from Microsoft Entra ID after a sign-in."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from sparkwizard.entra.clouds import CLOUDS, cloud_of
from sparkwizard.entra.types import Account
from sparkwizard.gui.look.theme import SPACE, Tone
from sparkwizard.gui.widgets import (
    Card,
    ElidedLabel,
    IconLabel,
    Label,
    LinkButton,
    PrimaryButton,
    SecondaryButton,
    Select,
    WrapLabel,
)
from sparkwizard.setup.profile import SourceSettings
from sparkwizard.values import replace

__all__ = ["EntraCard", "TenantDialog"]

_NOBODY = "Read straight from your organization. No file is needed, now or later."


class EntraCard(Card):
    """Offer to sign in, then to read; say who is signed in."""

    sign_in_wanted = Signal()
    read_wanted = Signal()
    sign_out_wanted = Signal()
    tenant_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        head = QHBoxLayout()
        head.setSpacing(SPACE.s)
        head.addWidget(IconLabel("cloud", tone=Tone.ACCENT))
        head.addWidget(Label("Microsoft Entra ID", role="heading"), 1)
        self.words = WrapLabel(_NOBODY, tone=Tone.MUTED)
        self.who = ElidedLabel(role="strong")
        self.sign_in = PrimaryButton("&Sign in…", icon_name="key")
        self.read = PrimaryButton("&Read the people", icon_name="people")
        self.tenant = LinkButton(
            "Another organization or application…", on_click=self.tenant_wanted.emit
        )
        self.sign_out = LinkButton("Sign out", on_click=self.sign_out_wanted.emit)
        self.sign_in.clicked.connect(self.sign_in_wanted)
        self.read.clicked.connect(self.read_wanted)
        self.body.addLayout(head)
        self.body.addWidget(self.words)
        self.body.addWidget(self.who)
        self.body.addStretch(1)
        self.body.addWidget(self.sign_in)
        self.body.addWidget(self.read)
        self.body.addWidget(self.tenant)
        self.body.addWidget(self.sign_out)
        self.show_account(None)

    def show_account(self, account: Account | None) -> None:
        """Say who is signed in, and offer what fits."""
        signed_in = account is not None
        self.words.setText("Signed in as" if signed_in else _NOBODY)
        self.who.set_text(account.label if account else "")
        self.who.setVisible(signed_in)
        for widget, there in (
            (self.sign_in, not signed_in),
            (self.tenant, not signed_in),
            (self.read, signed_in),
            (self.sign_out, signed_in),
        ):
            widget.setVisible(there)

    @property
    def first(self) -> QWidget:
        """Return the button that goes on."""
        return self.sign_in if self.sign_in.isVisibleTo(self) else self.read


class TenantDialog(QDialog):
    """Name the organization, the application that signs in, and Microsoft's cloud.

    ``chosen`` comes with the source settings. Empty fields are what nearly everybody needs.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget, source: SourceSettings) -> None:
        super().__init__(parent)
        self._source = source
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Organization and application")
        self.setMinimumWidth(520)
        self.tenant, self.client = QLineEdit(source.tenant), QLineEdit(source.client_id)
        self.cloud = Select("Cloud")
        self.tenant.setPlaceholderText("That of the account which signs in")
        self.client.setPlaceholderText("Microsoft Graph Command Line Tools")
        for cloud in CLOUDS:
            self.cloud.addItem(cloud.name, cloud.graph_origin)
        now = cloud_of(source.graph_url)
        self.cloud.setCurrentIndex(CLOUDS.index(now) if now else -1)
        self.cloud.setEnabled(now is not None)
        self._build()
        self.tenant.setFocus()

    def _build(self) -> None:
        column, grid, foot = QVBoxLayout(self), QGridLayout(), QHBoxLayout()
        column.setContentsMargins(SPACE.xl, SPACE.l, SPACE.xl, SPACE.l)
        column.setSpacing(SPACE.m)
        grid.setSpacing(SPACE.s)
        rows: tuple[tuple[str, QWidget], ...] = (
            ("&Organization (tenant)", self.tenant),
            ("&Application (client) ID", self.client),
            ("C&loud", self.cloud),
        )
        for row, (words, field) in enumerate(rows):
            label = Label(words)
            label.setBuddy(field)
            field.setAccessibleName(words.replace("&", ""))
            grid.addWidget(label, row, 0)
            grid.addWidget(field, row, 1)
        column.addWidget(
            WrapLabel(
                "Leave these empty unless your organization has its own application registration"
                " for SparkWizard, or you administer several organizations. A registration needs"
                " http://localhost as its redirect address and public client flows allowed.",
                tone=Tone.MUTED,
            )
        )
        column.addLayout(grid)
        foot.addStretch(1)
        self.use = PrimaryButton("&Use these", on_click=self._choose)
        self.use.setDefault(True)
        foot.addWidget(self.use)
        foot.addWidget(SecondaryButton("Cancel", on_click=self.reject))
        column.addLayout(foot)

    def _choose(self) -> None:
        origin = self.cloud.currentData()
        graph = self._source.graph_url
        if isinstance(origin, str) and self.cloud.isEnabled():
            graph = "" if origin == CLOUDS[0].graph_origin else f"{origin}/v1.0"
        self.chosen.emit(
            replace(
                self._source,
                tenant=self.tenant.text().strip(),
                client_id=self.client.text().strip(),
                graph_url=graph,
            )
        )
        self.accept()
