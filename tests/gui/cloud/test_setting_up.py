"""Permissions, token, changes: nothing is written unseen, and what goes wrong says what to do."""

from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from PySide6.QtWidgets import QWidget

from sparkwizard.gui.aio import until
from sparkwizard.gui.desk import Desk
from sparkwizard.gui.signing_in.dialog import SignInDialog
from sparkwizard.gui.widgets import SecondaryButton
from sparkwizard.practice.server import PracticeServer
from sparkwizard.setup.secrets import SecretName
from sparkwizard.wizard.cloud.checklist import ItemState
from sparkwizard.wizard.cloud.set_up_words import ChangeState
from sparkwizard.wizard.cloud.steps import CloudStep
from tests.gui.cloud.conftest import Way
from tests.gui.pages.conftest import click

type Aio = Callable[[Callable[[], Coroutine[Any, Any, Any]]], Any]


def writes(tenant: PracticeServer) -> list[str]:
    reads = ("GET", "HEAD")
    return [one.path for one in tenant.graph_log if one.method not in reads]


class TestPermissions:
    @pytest.fixture
    def environ(self) -> dict[str, str]:
        """Bring no token along."""
        return {}

    def test_each_is_named_with_its_reason_and_nobody_goes_on_without_signing_in(
        self, aio: Aio, way: Way, tenant: PracticeServer
    ) -> None:
        async def main() -> None:
            page = way.open(CloudStep.SIGN_IN).permissions
            await way.idle()
            named = [one.accessibleName() for one in page.findChildren(QWidget)]
            told = "to write its mapping, scope and credentials, and to start it"
            assert f"Synchronization.ReadWrite.All, {told}" in named
            way.forward()
            assert "Nobody is signed in" in way.said()
            assert way.window.current_step() == CloudStep.SIGN_IN.name
            assert not tenant.sign_in_log

        aio(main)

    def test_who_signed_in_by_clicks_goes_on_to_the_token(self, aio: Aio, way: Way) -> None:
        async def main() -> None:
            page = way.open(CloudStep.SIGN_IN).permissions
            await way.idle()
            click(page.sign_in)
            dialog = page.findChildren(SignInDialog)[-1]
            click(dialog.ask.code)
            await until(dialog.code.here.isVisible)
            click(dialog.code.here)
            await until(lambda: not page.sign_in.isVisible(), within=15)
            assert "Signed in as" in page.who.full_text()
            way.forward()
            await way.at(CloudStep.TOKEN)

        aio(main)

    def test_whoever_may_not_write_is_given_the_checklist(self, aio: Aio, way: Way) -> None:
        async def main() -> None:
            page = way.open(CloudStep.SIGN_IN).permissions
            page.page_buttons.extras[0].press()
            await way.at(CloudStep.BY_HAND)
            await way.idle()
            assert way.window.by_hand.items
            assert "Nobody is signed in" in way.said()

        aio(main)

    def test_for_the_checklist_one_signs_in_to_read_and_is_asked_for_nothing_more(
        self, aio: Aio, way: Way, tenant: PracticeServer
    ) -> None:
        async def main() -> None:
            page = way.open(CloudStep.BY_HAND).by_hand
            await way.idle()
            click(page.strip.findChildren(SecondaryButton)[0])
            dialog = page.findChildren(SignInDialog)[-1]
            click(dialog.ask.code)
            await until(dialog.code.here.isVisible)
            click(dialog.code.here)
            await until(lambda: page.items[0].state is ItemState.OPEN, within=15)
            assert not page.strip.isVisible()
            assert not writes(tenant)
            asked = b" ".join(one.request_body for one in tenant.sign_in_log)
            assert b"Synchronization.Read.All" in asked
            assert b"ReadWrite" not in asked

        aio(main)


class TestToken:
    def test_one_that_ends_tonight_is_warned_about_and_can_be_taken_nevertheless(
        self, aio: Aio, way: Way, tenant: PracticeServer
    ) -> None:
        async def main() -> None:
            page = way.open(CloudStep.TOKEN).token
            await way.idle()
            page.choice.setCurrentIndex(page.choice.findData("pasted"))
            way.forward()
            assert "No Secret Token was pasted" in way.said()
            page.secret.set_text(tenant.tokens["personal"])
            way.forward()
            await until(lambda: "12 hours" in way.said(), within=10)
            click(page.strip.findChildren(SecondaryButton)[0])
            await way.at(CloudStep.PEOPLE)
            await way.idle()
            assert page.secret.text() == ""

        aio(main)

    def test_one_that_webex_refuses_goes_nowhere(
        self, aio: Aio, way: Way, tenant: PracticeServer
    ) -> None:
        async def main() -> None:
            page = way.open(CloudStep.TOKEN).token
            await way.idle()
            page.choice.setCurrentIndex(page.choice.findData("pasted"))
            page.secret.set_text("B" * 64)
            way.forward()
            await until(page.strip.isVisible, within=10)
            assert way.window.current_step() == CloudStep.TOKEN.name
            assert not writes(tenant)

        aio(main)

    def test_an_application_of_ones_own_needs_a_name_which_the_setup_keeps(
        self, aio: Aio, way: Way, desk: Desk
    ) -> None:
        async def main() -> None:
            page = way.open(CloudStep.TOKEN).token
            await way.idle()
            page.application.kind.setCurrentIndex(2)
            way.forward()
            assert "no name" in way.said()
            page.application.name.setText("Webex of Fabrikam")
            way.forward()
            await way.at(CloudStep.PEOPLE)
            await way.idle()
            saved = desk.services.load("Fabrikam").profile.cloud
            assert (saved.application, saved.name) == ("non-gallery", "Webex of Fabrikam")

        aio(main)


class TestChanges:
    def test_exactly_the_list_is_made_and_the_setup_keeps_the_job(
        self, aio: Aio, way: Way, desk: Desk, tenant: PracticeServer
    ) -> None:
        async def main() -> None:
            await way.listed()
            assert not writes(tenant)
            assert len(way.window.changes.model.rows) > 5
            assert all(row.change.sentence for row in way.window.changes.model.rows)
            way.forward()
            page = way.window.changes
            await until(lambda: "set up" in page.title_label.text(), within=30)
            states = {row.state for row in page.model.rows}
            assert states <= {ChangeState.DONE, ChangeState.ALREADY}
            saved = desk.services.load("Fabrikam").profile.cloud
            assert saved.application_id
            assert saved.job_id
            assert saved.renew_by
            organization = desk.profile.webex.organization_id
            assert desk.services.secrets.load(organization, SecretName.ENTRA) is not None

        aio(main)

    def test_a_second_time_nothing_would_be_changed(
        self, aio: Aio, way: Way, tenant: PracticeServer
    ) -> None:
        async def main() -> None:
            await way.set_up()
            before = len(writes(tenant))
            await way.foretold()
            way.forward()
            await way.at(CloudStep.CHANGES)
            await until(lambda: "Nothing would be" in way.window.changes.title_label.text())
            assert way.window.changes.page_buttons.next == "&Watch"
            sent = writes(tenant)[before:]
            assert not [path for path in sent if "secrets" in path or "schema" in path], sent

        aio(main)

    def test_consent_withdrawn_midway_is_told_and_it_goes_on_from_there(
        self, aio: Aio, way: Way, tenant: PracticeServer
    ) -> None:
        async def main() -> None:
            await way.listed()
            page = way.window.changes
            tenant.entra_faults.consent_withdrawn = ("Synchronization.ReadWrite.All",)
            way.forward()
            await until(page.strip.isVisible, within=20)
            assert "Synchronization.ReadWrite.All" in way.said()
            assert "Stopped after" in page.title_label.text()
            words = [one.text() for one in page.strip.findChildren(SecondaryButton)]
            assert "Sign &in" in words
            tenant.entra_faults.consent_withdrawn = ()
            await until(page.isComplete)
            way.forward()
            await until(lambda: "set up" in page.title_label.text(), within=30)
            assert len(tenant.entra.applications.principals) == 1

        aio(main)

    def test_a_burst_of_refusals_is_waited_out(
        self, aio: Aio, way: Way, tenant: PracticeServer
    ) -> None:
        async def main() -> None:
            await way.listed()
            tenant.entra_faults.throttle_next = 2
            way.forward()
            page = way.window.changes
            await until(lambda: "set up" in page.title_label.text(), within=30)

        aio(main)

    def test_leaving_while_changes_are_made_asks_first(self, aio: Aio, way: Way) -> None:
        async def main() -> None:
            await way.listed()
            way.forward()
            page = way.window.changes
            assert page.running
            question = page.leave_question()
            assert question is not None
            assert "being made" in question.text
            await until(lambda: "set up" in page.title_label.text(), within=30)
            assert page.leave_question() is None

        aio(main)
