"""What is to be done once a year or after a mishap: renew the Secret Token, put a schema back."""

from datetime import date

from PySide6.QtWidgets import QHBoxLayout

from sparkwizard.gui.cloud.face import CloudFace
from sparkwizard.gui.cloud.watching.part import WatchPart
from sparkwizard.gui.look.theme import SPACE, Tone
from sparkwizard.gui.widgets import (
    Card,
    CheckBox,
    Column,
    DataTable,
    EmptyState,
    IconText,
    MessageKind,
    PrimaryButton,
    RowsModel,
    SecondaryButton,
    SecretField,
    Section,
    SectionLabel,
    StripAction,
    TableCard,
    WrapLabel,
)
from sparkwizard.runs.cloud.types import RENEW_WITHIN, SavedSchema
from sparkwizard.runs.cloud.watching import days_to_renew
from sparkwizard.webex.identity import clean_token
from sparkwizard.webex.types import Identity
from sparkwizard.wizard.cloud.set_up_words import TokenChoice, short_token
from sparkwizard.wizard.cloud.watch_words import token_words
from sparkwizard.wizard.moments import since_words

__all__ = ["UpkeepPart"]

_RENEW = "Paste a new one. Entra tests it first; one that is refused changes nothing."


class UpkeepPart(WatchPart):
    """Renew the token in one step, and put a schema back that was replaced."""

    def __init__(self, page: CloudFace) -> None:
        super().__init__(page)
        self._accepted = ""
        self.left = IconText("key", "", tone=Tone.MUTED, role="strong")
        self.field = SecretField("New Secret Token")
        self.field.submitted.connect(self._renew)
        self.keep = CheckBox("&Keep it in the keyring, for Entra only")
        self.keep.setChecked(True)
        self.renew = PrimaryButton("Rene&w", on_click=self._renew)
        self.model = RowsModel[SavedSchema](
            (
                Column("Number", lambda one: str(one.id), width=84),
                Column("Kept", self._when, strong=True, stretch=True),
                Column("Job", lambda one: one.job_id, tone=Tone.MUTED, width=220),
            )
        )
        self.table = DataTable(self.model, name="Former schemas")
        self.back = SecondaryButton("Put &back", icon_name="undo", on_click=self._put_back)
        self.back.setEnabled(False)
        self.table.row_selected.connect(lambda one: self.back.setEnabled(one is not None))
        self.column.addWidget(self._token())
        self.column.addWidget(self._schemas(), 1)

    def _token(self) -> Card:
        card, head, foot = Card(), QHBoxLayout(), QHBoxLayout()
        head.addWidget(SectionLabel("&Secret Token given to Entra", buddy=self.field), 1)
        head.addWidget(self.left)
        foot.setSpacing(SPACE.s)
        foot.addWidget(self.keep)
        foot.addStretch(1)
        foot.addWidget(self.renew)
        card.body.addLayout(head)
        card.body.addWidget(WrapLabel(_RENEW, tone=Tone.MUTED))
        card.body.addWidget(self.field)
        card.body.addLayout(foot)
        return card

    def _schemas(self) -> Section:
        section, row = Section("Former schemas"), QHBoxLayout()
        empty = EmptyState("document", "No schema was replaced yet", "One is kept before each.")
        section.body.addWidget(TableCard(self.table, empty=empty), 1)
        row.addWidget(self.back)
        row.addStretch(1)
        section.body.addLayout(row)
        return section

    def on_show(self) -> None:
        """Show how long the token lasts, and which schemas are kept."""
        days = days_to_renew(self.cloud.desk.profile, self.cloud.services.clock())
        soon = days is not None and days <= RENEW_WITHIN
        self.left.set("key", token_words(days), Tone.WARNING if soon else Tone.MUTED)
        self.model.set_rows(self.cloud.services.saved_schemas(self.cloud.profile))
        self.table.select_first()

    def put_away(self) -> None:
        """Leave no pasted token in the field."""
        self.field.clear()

    # The token

    def _renew(self) -> None:
        self.page.clear_message()
        if not self.field.text().strip():
            self.page.show_message(MessageKind.WARNING, "No token was pasted.", "Paste one first.")
            self.field.setFocus()
            return
        self.page.start(self._renewed(), words="Entra tests the new token")

    async def _renewed(self) -> None:
        token = clean_token(self.field.text()).token
        identity = await self.cloud.identity_of(token)
        if identity is not None and identity.lifetime_short and token != self._accepted:
            self._warn(token)
            return
        await self.cloud.renew(token, _ends(identity), keep=self.keep.isChecked())
        self.field.clear()
        self.on_show()
        day = self.cloud.desk.profile.cloud.renew_by
        self.page.show_message(
            MessageKind.SUCCESS, "Entra has the new Secret Token", f"Renew it again by {day}."
        )

    def _warn(self, token: str) -> None:
        def accept() -> None:
            self._accepted = token
            self._renew()

        self.page.show_message(
            MessageKind.WARNING,
            short_token(TokenChoice.PASTED),
            "Get one by the administrator link, which lasts a year.",
            (StripAction("Take it nevertheless", accept),),
        )

    # The schemas

    def _put_back(self) -> None:
        schema = self.table.selected_row()
        if schema is not None:
            self.page.clear_message()
            self.page.start(self._restored(schema), words="Putting the schema back")

    async def _restored(self, schema: SavedSchema) -> None:
        services, profile = self.cloud.services, self.cloud.profile
        before = await services.restore_schema(profile, schema.id)
        self.on_show()
        self.page.show_message(
            MessageKind.SUCCESS,
            f"Schema {schema.id} is back",
            f"The one that was there is kept as number {before}.",
        )

    def _when(self, schema: SavedSchema) -> str:
        return since_words(schema.saved_at, self.cloud.services.clock())


def _ends(identity: Identity | None) -> date | None:
    return identity.expires.date() if identity is not None and identity.expires else None
