"""Take a picture of every page, by hand: ``uv run python tests/gui/screenshots.py OUT_DIR``.

Walks the real wizard through practice, at 960 by 680 and 800 by 600, light and dark. Pictures are
named by step, state, size and scheme.
"""

import asyncio
import os
import sys
import tempfile
from pathlib import Path
from typing import Literal

from sparkwizard.values import replace

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["SPARKWIZARD_TEST_PACE"] = "0.05"

import httpx
from PySide6.QtCore import QPoint, QSize
from PySide6.QtGui import QFont, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget, QWizard
from test_whole_wizard import (  # type: ignore[import-not-found]  # beside a script, not in a package
    Road,
    opened,
    slow,
)

from sparkwizard.entra.provisioning_job.job_types import RestartKind
from sparkwizard.gui import aio
from sparkwizard.gui.cloud.watching.restart_dialog import RestartDialog
from sparkwizard.gui.editors.explain_dialog import ExplainDialog
from sparkwizard.gui.editors.function_dialog import FunctionDialog
from sparkwizard.gui.editors.import_dialog import ImportDialog
from sparkwizard.gui.look.theme import apply_theme, set_scheme
from sparkwizard.gui.pages.mapping.rule_editor import RuleEditor
from sparkwizard.gui.pages.preview.rings_dialog import RingsDialog
from sparkwizard.gui.signing_in.dialog import SignInDialog
from sparkwizard.provisioning.entra_schema import import_schema
from sparkwizard.wizard.mapping.rule_text import RuleKind
from sparkwizard.wizard.mapping.schema_exchange import export_profile
from sparkwizard.wizard.steps import Step

SIZES = {"960": QSize(960, 680), "800": QSize(800, 600)}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


class Camera:
    """Draw a window in every size and scheme at two pixels per point."""

    def __init__(self, app: QApplication, out: Path) -> None:
        self.app, self.out = app, out

    async def take(self, window: QWidget, name: str) -> None:
        for word, size in SIZES.items():
            window.resize(size)
            for scheme in SCHEMES:
                set_scheme(self.app, scheme)
                await asyncio.sleep(0.12)
                self.now(window, f"{name}-{word}-{scheme}")
        set_scheme(self.app, "light")
        window.resize(SIZES["960"])
        await asyncio.sleep(0.05)

    async def dialog(self, dialog: QDialog, name: str) -> None:
        """Draw a dialog as large as it wishes and as small as it may be, light and dark."""
        dialog.open()
        for word, size in (("wide", dialog.size()), ("small", QSize(760, 540))):
            dialog.resize(size)
            for scheme in SCHEMES:
                set_scheme(self.app, scheme)
                await asyncio.sleep(0.12)
                self.now(dialog, f"{name}-{word}-{scheme}")
        set_scheme(self.app, "light")

    def now(self, window: QWidget, name: str) -> None:
        pixmap = QPixmap(window.size() * 2)
        pixmap.setDevicePixelRatio(2)
        window.render(pixmap, QPoint())
        pixmap.save(str(self.out / f"{name}.png"))


def faults(way: Road, **values: object) -> None:
    """Switch failures of the simulated Webex on or off."""
    base = way.state.practice.api_url.removesuffix("/v1")
    httpx.put(f"{base}/practice/faults", json=values).raise_for_status()


async def first_five(way: Road, camera: Camera) -> None:
    window = way.window
    await asyncio.sleep(0.3)
    await camera.take(window, "01-start")
    await way.practise()
    await camera.take(window, "02-token-empty")
    await way.paste_token()
    await camera.take(window, "02-token")
    await way.next(Step.ORGANIZATION)
    await camera.take(window, "03-organization")
    slow(way, 150)
    await way.next(Step.CONNECTION)
    await asyncio.sleep(0.4)
    camera.now(window, "04-connection-busy")
    slow(way, 0)
    await aio.until(lambda: bool(way.state.layers), within=90)
    await camera.take(window, "04-connection")
    await way.next(Step.PEOPLE)
    await camera.take(window, "05-people-empty")
    await way.click("Use the practice company")
    await aio.until(lambda: way.state.population is not None)
    await camera.take(window, "05-people")


async def six_to_nine(way: Road, camera: Camera) -> None:
    window = way.window
    await way.next(Step.MAPPING)
    await camera.take(window, "06-mapping")
    await the_editors(way, camera)
    await way.next(Step.SCOPE)
    await camera.take(window, "07-scope")
    await way.next(Step.LIMITS)
    await camera.take(window, "08-limits")
    slow(way, 700)
    await way.next(Step.PREVIEW)
    await asyncio.sleep(0.6)
    camera.now(window, "09-preview-busy")
    slow(way, 0)
    await aio.until(lambda: way.state.preview is not None)
    await camera.take(window, "09-preview")
    page = window.currentPage()
    for kind in ("create", "update", "unchanged"):
        await way.click(page.tiles.tile(kind))
        await camera.take(window, f"09-preview-{kind}")
    faults(way, html=True)
    await way.click(page.again)
    await aio.until(lambda: bool(page.strip.isVisible()), within=60)
    await camera.take(window, "09-preview-failed")
    faults(way, html=False)
    await way.click("Preview again")
    await aio.until(lambda: way.state.preview is not None and page.isComplete())


async def the_editors(way: Road, camera: Camera) -> None:
    """Take the rule editor in its states, the groups, the import and why."""
    page = way.window.currentPage()
    page.table.selectRow(3)
    page.edit_rule()
    editor = page.findChild(RuleEditor)
    await camera.dialog(editor, "06-rule-attribute")
    editor.kind.setCurrentIndex(editor.kind.findData(RuleKind.EXPRESSION.value))
    field, edit = editor.expression, editor.expression.edit
    edit.setFocus()
    edit.selectAll()
    QTest.keyClicks(edit, 'Join(" ", [giv')
    await camera.dialog(editor, "06-rule-offers")
    edit.close_offers()
    for name, text in _EXPRESSIONS.items():
        field.set_text(text)
        await asyncio.sleep(0.4)
        await camera.dialog(editor, f"06-rule-{name}")
    field.build_it.click()
    await camera.dialog(editor, "06-rule-builder")
    field.builder.slots[0].inside.click()
    await camera.dialog(editor, "06-rule-builder-condition")
    field.builder.open_place(())
    field.builder.another.click()
    await camera.dialog(editor.findChild(FunctionDialog), "06-rule-functions")
    editor.reject()
    page.tools.groups.click()
    await camera.take(way.window, "06-groups")
    page.tools.users.click()
    exported = export_profile(replace(way.state.profile, mapping=page.rules[1:]))
    imported = import_schema(exported.document)
    await camera.dialog(ImportDialog(way.state.profile, imported, "schema.json", page), "06-import")
    page.person.why.click()
    await asyncio.sleep(1)
    await camera.dialog(page.findChild(ExplainDialog), "06-why")
    page.findChild(ExplainDialog).reject()


_EXPRESSIONS = {
    "fault": 'Jion(" ", [givenName], ToUpper([surname]))',
    "warning": "ToLower([maill])",
    "invalid": 'Split([displayName], " ")',
    "live": 'IIF([department] = "Sales", ToUpper([displayName]), [displayName])',
}


async def the_run(way: Road, camera: Camera) -> None:
    window = way.window
    await way.click(way.button("Apply in rings"))
    rings = window.currentPage().findChildren(RingsDialog)[-1]
    await camera.dialog(rings, "09-rings")
    rings.reject()
    faults(way, latency_ms=400, names_taken_elsewhere=True)
    await way.click(window.button(QWizard.WizardButton.CommitButton))
    await way.at(Step.APPLYING)
    page = window.currentPage()
    await aio.until(lambda: page.progress.bar.share() > 0.2, within=90)
    await way.click("Pause")
    await asyncio.sleep(1)
    await camera.take(window, "10-applying")
    faults(way, latency_ms=0, names_taken_elsewhere=False)
    await way.click("Resume")
    await way.at(Step.RESULT)
    await camera.take(window, "11-result-failures")
    await way.click("Try these again")
    await way.at(Step.RESULT)
    await camera.take(window, "11-result")
    await way.click("Journal")
    await asyncio.sleep(0.2)
    (dialog,) = (top for top in QApplication.topLevelWidgets() if "Journal" in top.windowTitle())
    camera.now(dialog, "11-journal")
    dialog.close()
    window.jump_to(Step.PREVIEW)
    await aio.until(lambda: way.state.preview is not None)
    await camera.take(window, "09-preview-nothing")


async def the_overview(way: Road, camera: Camera) -> None:
    way.window.jump_to(Step.START)
    await asyncio.sleep(0.5)
    await way.click(way.button("A saved setup"))
    await camera.take(way.window, "01-start-saved")
    name = way.shell.desk.services.saved()[0]
    way.shell.pages[Step.START].setup_chosen.emit(getattr(name, "name", name))
    await aio.until(lambda: way.shell.overview is not None and way.shell.overview.isVisible())
    await asyncio.sleep(0.5)
    await camera.take(way.shell.overview, "00-overview")


async def the_cloud(way: Road, camera: Camera) -> None:
    """Set Microsoft Entra up from the overview, and take every face of that in its states."""
    await way.click(way.shell.overview.page.entra.set_up)
    window = way.shell.cloud.window
    page = window.permissions
    await aio.until(page.sign_in.isVisible)
    await camera.take(window, "20-permissions")
    await way.click(page.sign_in)
    dialog = page.findChildren(SignInDialog)[-1]
    await way.click(dialog.ask.code)
    await aio.until(dialog.code.here.isVisible)
    await way.click(dialog.code.here)
    await aio.until(lambda: not page.sign_in.isVisible())
    await camera.take(window, "20-permissions-signed-in")
    await the_cloud_set_up(way, camera)
    await the_cloud_at_work(way, camera)


async def the_cloud_set_up(way: Road, camera: Camera) -> None:
    window = way.shell.cloud.window
    kinds = QWizard.WizardButton
    await way.click(window.button(kinds.NextButton))
    token = window.token
    await aio.until(lambda: token.choice.count() > 0 and token.isComplete())
    await camera.take(window, "21-token")
    token.choice.setCurrentIndex(token.choice.findData("pasted"))
    token.secret.set_text("x" * 64)
    token.application.kind.setCurrentIndex(1)
    await asyncio.sleep(0.5)
    await camera.take(window, "21-token-pasted")
    token.application.kind.setCurrentIndex(0)
    token.choice.setCurrentIndex(token.choice.findData("same"))
    await way.click(window.button(kinds.NextButton))
    await aio.until(lambda: window.currentPage() is window.people, within=30)
    await asyncio.sleep(0.05)
    camera.now(window, "22-people-busy")
    await aio.until(lambda: bool(window.people.model.rows), within=60)
    await aio.until(window.people.isComplete)
    await camera.take(window, "22-people")
    await way.click(window.button(kinds.NextButton))
    await aio.until(lambda: window.currentPage() is window.changes, within=30)
    await aio.until(lambda: bool(window.changes.model.rows), within=60)
    await aio.until(window.changes.isComplete)
    await camera.take(window, "22-changes")
    await way.click(window.button(kinds.CommitButton))
    await asyncio.sleep(0.3)
    camera.now(window, "22-changes-busy")
    await aio.until(lambda: "is set up" in window.changes.title_label.text(), within=60)
    await camera.take(window, "22-changes-made")
    await way.click(window.button(kinds.CommitButton))
    await aio.until(lambda: window.currentPage() is window.watch)


async def the_cloud_at_work(way: Road, camera: Camera) -> None:
    window = way.shell.cloud.window
    watch = window.watch
    await aio.until(lambda: watch.state.watch is not None, within=30)
    await aio.until(lambda: watch.state.watch.status.last is not None, within=60)
    await camera.take(window, "23-watch")
    watch.state.ask_restart(RestartKind.FORGET_LINKS)
    dialog = watch.findChildren(RestartDialog)[-1]
    await camera.dialog(dialog, "23-restart")
    dialog.reject()
    for key, part in (("log", watch.log), ("hand-off", watch.hand_off), ("person", watch.person)):
        watch.show_part(key)
        await aio.until(lambda: watch.tasks.idle, within=60)
        if key == "hand-off":
            await way.click(part.check)
        if key == "person":
            part.who.setText(watch.log.model.rows[0].source_id)
            await way.click(part.button)
        await asyncio.sleep(0.2)
        await aio.until(lambda: watch.tasks.idle, within=60)
        await camera.take(window, f"23-watch-{key}")
    watch.show_part("upkeep")
    await camera.take(window, "23-watch-upkeep")
    window.go_back_to(5)
    await aio.until(lambda: window.by_hand.tasks.idle, within=30)
    await camera.take(window, "24-by-hand")
    window.by_hand.table.selectRow(3)
    await camera.take(window, "24-by-hand-credentials")
    window.close()
    await aio.until(way.shell.overview.isVisible)
    await asyncio.sleep(0.5)
    await camera.take(way.shell.overview, "00-overview-both")


async def main(app: QApplication, out: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with opened(Path(folder)) as way:
            camera = Camera(app, out)
            await first_five(way, camera)
            await six_to_nine(way, camera)
            await the_run(way, camera)
            await the_overview(way, camera)
            await the_cloud(way, camera)


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    application = QApplication([])
    font = QFont("Inter")
    font.setPixelSize(13)
    application.setFont(font)
    apply_theme(application)
    aio.run(application, lambda: main(application, target))
