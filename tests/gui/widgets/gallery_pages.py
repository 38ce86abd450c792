"""The pages of the gallery: likenesses of the pages of the wizard, with invented people."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from sparkwizard.gui import widgets as w
from sparkwizard.gui.frame.page import ExtraButton, PageButtons, WizardPage

NAMES = (
    "Adele Vance",
    "Alex Wilber",
    "Diego Siciliani",
    "Grady Archie",
    "Henrietta Mueller",
    "Isaiah Langer",
    "Johanna Lorenz",
    "Lee Gu",
    "Lidia Holloway",
    "Miriam Graham",
    "Nestor Wilke",
    "Patti Fernandez",
)


def token_page() -> WizardPage:
    """Build the likeness of page 2."""
    page = WizardPage(
        "Paste your Webex access token",
        "SparkWizard uses it to find your organization and to read and write its users.",
    )
    field = w.SecretField("Access token")
    field.set_text("x" * 43)
    label = w.Label("Access token", role="strong")
    box = QVBoxLayout()
    box.setSpacing(8)
    box.addWidget(label)
    box.addWidget(field)
    page.body.addLayout(box)
    card = w.Card()
    head = QHBoxLayout()
    head.addWidget(
        w.IconText(
            "success", "Personal access token recognized", tone="success", role="heading", size=20
        )
    )
    head.addStretch(1)
    head.addWidget(w.Label("Checked just now", role="note", tone="muted"))
    card.body.addLayout(head)
    card.body.addWidget(
        w.KeyValueRows(
            [
                ("Belongs to", "Megan Bowen, full administrator of Contoso"),
                ("Lifetime", "12 hours. Ends today at 23:34, in 9 hours 12 minutes"),
                ("Cleaned", "Removed the word “Bearer” and one line break"),
            ]
        )
    )
    page.body.addWidget(card)
    strip = w.MessageStrip(
        w.Message(
            w.MessageKind.WARNING,
            "This token ends today at 23:34",
            "It is enough to try things out. A schedule would stop tonight, and so would Microsoft"
            " Entra: for those, use the administrator link.",
        )
    )
    page.body.addWidget(strip)
    section = w.Section("Where to get one")
    section.body.addWidget(
        w.Columns(
            _source(
                "clock",
                "For a first try",
                "Your personal token, on the Webex developer site. It lives 12 hours.",
                "Open developer.webex.com",
            ),
            _source(
                "key",
                "To keep it going",
                "Sign in at the administrator link. Its last page"
                " looks like an error: paste that whole address above.",
                "Open the administrator link",
            ),
            spacing=12,
        )
    )
    page.body.addWidget(section)
    page.body.addStretch(1)
    keep = QHBoxLayout()
    keep.setSpacing(20)
    keep.addWidget(w.Label("Keep the token", role="strong"))
    first = w.RadioButton("In the computer's &keyring")
    first.setChecked(True)
    keep.addWidget(first)
    keep.addWidget(w.RadioButton("For this &run only"))
    keep.addStretch(1)
    page.body.addLayout(keep)
    page.initial_focus = lambda: field.edit  # type: ignore[method-assign]  # a page in one function
    return page


def _source(icon: str, title: str, text: str, link: str) -> QWidget:
    card = w.Card()
    row = QHBoxLayout()
    row.setSpacing(12)
    column = QVBoxLayout()
    column.setSpacing(3)
    mark = w.IconLabel(icon, tone="accent")
    row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
    column.addWidget(w.Label(title, role="section"))
    column.addWidget(w.WrapLabel(text, tone="muted"))
    column.addWidget(w.LinkButton(link, "https://developer.webex.com/"))
    column.addStretch(1)
    row.addLayout(column, 1)
    card.body.addLayout(row)
    card.body.addStretch(1)
    return card


def connection_page() -> WizardPage:
    """Build the likeness of page 4."""
    page = WizardPage(
        "Test the connection",
        "Each layer rests on the one above it. One of them needs you before the setup can go on.",
    )
    top = QHBoxLayout()
    top.setSpacing(16)
    top.addWidget(w.IconText("success", "5 passed", tone="success"))
    top.addWidget(w.IconText("warning", "1 warning", tone="warning"))
    top.addWidget(w.IconText("fail", "1 failed", tone="danger", role="strong"))
    top.addStretch(1)
    top.addWidget(w.CopyButton("diagnosis", what="the diagnosis", text="Copy diagnosis"))
    top.addWidget(w.SecondaryButton("Test again", icon_name="refresh"))
    page.body.addLayout(top)
    state = w.LayerState
    more = "Nothing to do."
    rows = [
        w.LayerRow("Name", state.PASSED, "webexapis.com is known to this network", 18, more),
        w.LayerRow("Connection", state.PASSED, "Reached through proxy.contoso.example", 64, more),
        w.LayerRow("Certificate", state.PASSED, "Trusted by this computer", 71, more),
        w.LayerRow("Token", state.PASSED, "Accepted for Megan Bowen", 212, more),
        w.LayerRow("Token lifetime", state.WARNING, "Ends today at 23:34", None, more),
        w.LayerRow("Organization", state.PASSED, "Contoso, same as in the Tenant URL", 188, more),
        w.LayerRow(
            "Reading users",
            state.FAILED,
            "Not allowed with this token",
            231,
            "Webex answered, but this token may not read users. It was most likely made without"
            " the permission “identity:people_rw”.",
            "GET …/identity/scim/…/v2/Users?count=1\n403 Forbidden  ·  insufficient scope\n"
            "Tracking ID ROUTER_65F1A2C4-01BB",
            "Sign in at the administrator link, which asks for this permission, and paste the new"
            " token. Nothing else has to change.",
            (
                w.LayerFix("Paste a new token", run=lambda: None, icon="key"),
                w.LayerFix("Administrator link", url="https://developer.webex.com/"),
            ),
            "What Webex said",
        ),
    ]
    page.body.addWidget(w.LayerList(rows), 1)
    return page


def preview_page() -> WizardPage:
    """Build the likeness of page 9."""
    page = WizardPage(
        "See what would happen",
        "Nothing has been changed yet. Choose a number to see who it is, and a person to see why.",
    )
    tiles = w.TileRow()
    for key, number, icon, tone in (
        ("Create", "187", "person-plus", "success"),
        ("Update", "25", "pencil", "accent"),
        ("Disable", "2", "person-minus", "danger"),
        ("Unchanged", "1,806", "equals", "muted"),
        ("Skipped", "395", "skip", "muted"),
        ("Problems", "3", "warning", "warning"),
    ):
        tiles.add(key, w.StatTile(number, key, icon, tone=tone, checkable=True))
    tiles.choose("Update")
    page.body.addWidget(tiles)
    row = QHBoxLayout()
    search = w.SearchField("Search 25 people")
    search.setMaximumWidth(220)
    row.addWidget(search, 1)
    row.addStretch(1)
    row.addWidget(w.SecondaryButton("Save plan", icon_name="download"))
    row.addWidget(w.SecondaryButton("Export", icon_name="export"))
    page.body.addLayout(row)
    table = people_table()
    table.selectRow(4)
    page.body.addWidget(w.FoldingPanel(w.TableCard(table), change_panel(), side_width=262), 1)
    foot = QHBoxLayout()
    foot.setSpacing(20)
    foot.addWidget(w.IconText("key", "187 licences needed, 240 free", tone="muted"))
    foot.addWidget(w.IconText("clock", "About 1 minute, 221 requests", tone="muted"))
    foot.addStretch(1)
    page.body.addLayout(foot)
    page.set_buttons(
        PageButtons(next="&Apply 214 changes", extras=(ExtraButton("Start with &1 person", int),))
    )
    return page


def people_table() -> w.DataTable[str]:
    """Build a table of people."""
    model = w.RowsModel(
        [
            w.Column[str](
                "Person", str, icon=lambda _n: ("pencil", "accent"), strong=True, width=156
            ),
            w.Column[str](
                "User name", lambda n: n.lower().replace(" ", "."), tone="muted", width=124
            ),
            w.Column[str]("What changes", lambda n: n[:3] + " Department, title", stretch=True),
        ],
        NAMES,
    )
    return w.DataTable(model, name="People with changes")


def change_panel() -> QWidget:
    """Build the panel of one person."""
    card = w.Card(flush=True)
    head = QWidget()
    column = QVBoxLayout(head)
    column.setContentsMargins(14, 11, 10, 11)
    row = QHBoxLayout()
    row.addWidget(w.ElidedLabel("Henrietta Mueller", role="heading"), 1)
    row.addWidget(w.CopyButton("x", what="this change", text=""))
    column.addLayout(row)
    column.addWidget(
        w.IconText("pencil", "2 attributes are updated", tone="accent", text_tone="muted")
    )
    card.body.addWidget(head)
    card.body.addWidget(w.HLine())
    inner = QWidget()
    column = QVBoxLayout(inner)
    column.setContentsMargins(14, 9, 14, 9)
    column.addWidget(
        w.DiffRows(
            [
                w.Change("Family name", "Müller", "Mueller"),
                w.Change("Display name", "Henrietta Müller", "Henrietta Mueller"),
            ],
            why="In scope by “Germany, no contractors”. The mapping now removes diacritics.",
        )
    )
    card.body.addWidget(inner, 1)
    return card


def applying_page() -> WizardPage:
    """Build the likeness of the applying page."""
    page = WizardPage(
        "Applying 214 changes",
        "You can leave this window in the background. Every change is written down before it is"
        " sent.",
    )
    progress = w.ProgressCard()
    progress.set_progress(136, 214, text="Updating Henrietta Mueller", seconds_left=22)
    page.body.addWidget(progress)
    tiles = w.TileRow()
    tiles.add("a", w.StatTile("118", "of 187 created", "person-plus", tone="success"))
    tiles.add("b", w.StatTile("16", "of 25 updated", "pencil", tone="accent"))
    tiles.add("c", w.StatTile("0", "of 2 disabled", "person-minus"))
    tiles.add("d", w.StatTile("2", "failed", "fail", tone="danger"))
    page.body.addWidget(tiles)
    section = w.Section("Failures so far", "The others go on. You can try these again afterwards.")
    model = w.RowsModel(
        [
            w.Column[str](
                "Person", str, icon=lambda _n: ("fail", "danger"), strong=True, width=150
            ),
            w.Column[str]("Outcome", lambda _n: "Not created", width=110),
            w.Column[str]("Why", lambda _n: "Webex did not answer in time", stretch=True),
            w.Column[str]("At", lambda _n: "14:23:07", tone="muted", numeric=True, width=80),
        ],
        ["Irvin Sayers", "Pradeep Gupta"],
    )
    table = w.DataTable(model, name="Failures")
    section.body.addWidget(w.TableCard(table), 1)
    page.body.addWidget(section, 1)
    page.body.addWidget(
        w.IconText(
            "info",
            "Cancel stops after the requests under way; nothing is half done.",
            tone="muted",
            text_tone="muted",
        )
    )
    page.set_buttons(PageButtons(next="", back="", extras=(ExtraButton("&Pause", int, "pause"),)))
    return page


def result_page() -> WizardPage:
    """Build the likeness of the result page."""
    page = WizardPage("214 people are in Webex", "Predicted against actual, and what to do next.")
    page.body.addWidget(
        w.MessageStrip(
            w.Message(
                w.MessageKind.SUCCESS,
                "Everything that was planned has happened",
                "212 went through at once, 2 after a second try. It took 58 seconds and used 187 of"
                " 240 licences.",
                (
                    w.StripAction("Open report", int, "document"),
                    w.StripAction("Undo", int, "undo"),
                ),
            ),
            large=True,
        )
    )
    section = w.Section("Keep it going")
    group = w.ChoiceGroup(beside=True)
    group.add(
        "entra",
        w.ChoiceCard(
            "cloud",
            "Let Microsoft Entra do it",
            "Runs in the cloud about every 40 minutes. Needs a token that lives longer than 12"
            " hours.",
            stacked=True,
        ),
    )
    group.add(
        "here",
        w.ChoiceCard(
            "calendar",
            "Schedule on this computer",
            "Runs while this computer is on and you are signed in.",
            stacked=True,
        ),
    )
    group.add(
        "no", w.ChoiceCard("clock", "Not now", "The setup is saved.", badge="Later", stacked=True)
    )
    group.choose("entra")
    section.body.addWidget(group)
    page.body.addWidget(section)
    page.body.addStretch(1)
    page.set_buttons(PageButtons(next="&Close", back="", cancel=""))
    return page
