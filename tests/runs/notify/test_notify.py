"""After a run the right people get a mail that says how it ended, or it is told why not."""

import asyncio
import email
import email.policy
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparkwizard.errors import Cancelled, InputError, NetError, RemoteError
from sparkwizard.net.redact import forget_secrets, register_secret
from sparkwizard.provisioning.types import Action, ActionKind, Counts, Reason, Stop
from sparkwizard.runs.notify import Ended, Notifier
from sparkwizard.runs.notify.words import compose, run_mail
from sparkwizard.runs.types import ActionState, Outcome, RunResult, RunState
from sparkwizard.setup.profile import Notifications, Profile, SmtpSettings, WebexSettings
from sparkwizard.setup.secrets import MemoryStore, SecretName
from sparkwizard.values import replace
from tests.net.mail_server import PASSES, Inbox, certificate_for, serving

pytestmark = PASSES

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
PASSWORD = "korrekt horse pa55"
REPORT = "sparkwizard report 7"
DONE = RunResult(7, RunState.DONE, Counts(create=2), 2, 0, 0)


def failed(message: str = "The name is taken.", label: str = "Adele Vance") -> RunResult:
    action = Action(ActionKind.CREATE, "0-1", label, "adele@contoso.example")
    outcome = Outcome(1, action, ActionState.FAILED, "taken", message, "ROUTER_1")
    return replace(DONE, applied=1, failed=1, outcomes=(outcome,))


STOPPED = replace(
    DONE, not_attempted=3, stops=(Stop(ActionKind.DISABLE, 3, Reason("limit", "Too many leave.")),)
)


@pytest.fixture(scope="module")
def ca(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return certificate_for(tmp_path_factory.mktemp("ca"))


@pytest.fixture
def trusted(ca: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(ca))


def setup_for(inbox: Inbox, **smtp: str) -> Profile:
    server = SmtpSettings("localhost", inbox.port, **{"security": "none", **smtp})  # type: ignore[arg-type]  # the tests name fields
    return Profile(
        "Contoso",
        webex=WebexSettings(organization_id="org-1"),
        notifications=Notifications("it@contoso.example, boss@contoso.example", smtp=server),
    )


def notifier(store: MemoryStore | None = None, **environ: str) -> Notifier:
    return Notifier(store or MemoryStore(), environ, lambda: NOW, seconds=5)


def received(inbox: Inbox, number: int = 0) -> EmailMessage:
    parsed = email.message_from_string(inbox.texts[number], policy=email.policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


async def test_a_failed_run_is_mailed_with_counts_reasons_and_the_way_to_the_report(
    ca: Path,
) -> None:
    with serving(ca, "none") as inbox:
        sent = await notifier().after_run(setup_for(inbox), Ended(failed()), REPORT)
    assert sent is not None
    assert (sent.sent, sent.reason) == (True, "")
    mail = received(inbox)
    assert mail["Subject"] == "SparkWizard: Contoso: 1 of 2 changes failed"
    assert mail["To"] == "it@contoso.example, boss@contoso.example"
    assert mail["From"] == "it@contoso.example"
    assert mail["Auto-Submitted"] == "auto-generated"
    text = mail.get_content()
    for words in ("Run 7", "failed                1", "Adele Vance", "The name is taken.", REPORT):
        assert words in text
    assert mail.get_content_type() == "text/plain"


async def test_a_run_that_went_well_is_mailed_only_where_every_run_is_asked_for(ca: Path) -> None:
    with serving(ca, "none") as inbox:
        profile = setup_for(inbox)
        assert await notifier().after_run(profile, Ended(DONE), REPORT) is None
        wanted = replace(profile.notifications, every_run=True)
        sent = await notifier().after_run(
            replace(profile, notifications=wanted), Ended(DONE), REPORT
        )
    assert sent is not None
    assert received(inbox)["Subject"] == "SparkWizard: Contoso: all 2 changes were made"


@pytest.mark.parametrize("changes", [{"on_failure": False}, {"email": " "}])
async def test_nobody_is_written_to_who_did_not_ask(changes: dict[str, str]) -> None:
    profile = setup_for(Inbox())
    quiet = replace(profile, notifications=replace(profile.notifications, **changes))  # type: ignore[arg-type]  # the tests name fields
    assert await notifier().after_run(quiet, Ended(failed()), REPORT) is None


@pytest.mark.parametrize(
    ("ended", "subject"),
    [
        (Ended(STOPPED), "held back by a safeguard, 2 of 5 changes made"),
        (Ended(replace(DONE, not_attempted=1)), "1 of 3 changes left alone"),
        (
            Ended(replace(DONE, state=RunState.CANCELLED, not_attempted=1)),
            "stopped after 2 of 3 changes",
        ),
        (Ended(DONE, NetError("The line was cut.")), "ended early after 2 of 2 changes"),
        (Ended(error=NetError("No way.")), "the run failed"),
        (Ended(error=Cancelled("Stopped.")), "the run was stopped"),
        (Ended(replace(DONE, applied=0)), "there was nothing to change"),
    ],
)
def test_the_subject_says_the_outcome_in_words(ended: Ended, subject: str) -> None:
    said, text = run_mail("Contoso", ended, computer="here", report=REPORT)
    assert said == f"SparkWizard: Contoso: {subject}"
    if ended.error:
        assert ended.error.message in text


def test_what_a_safeguard_holds_back_is_told() -> None:
    assert "Held back: Too many leave." in run_mail("C", Ended(STOPPED), computer="", report="")[1]


@pytest.mark.usefixtures("trusted")
async def test_the_password_comes_from_the_environment_or_the_secrets(ca: Path) -> None:
    with serving(ca, "starttls", password=PASSWORD) as inbox:
        profile = setup_for(inbox, security="starttls", username="wizard")
        await asyncio.to_thread(notifier(SPARKWIZARD_SMTP_PASSWORD=PASSWORD).send_test, profile)
        kept = notifier(MemoryStore())
        with pytest.raises(InputError, match="There is no password for wizard"):
            await asyncio.to_thread(kept.send_test, profile)
        kept.keep_password(profile, PASSWORD)
        await asyncio.to_thread(kept.send_test, profile)
    assert len(inbox.mails) == 2
    assert "arrives here" in received(inbox).get_content()


async def test_a_saved_password_goes_to_no_other_server() -> None:
    store = MemoryStore()
    profile = setup_for(Inbox(port=2525), username="wizard")
    notifier(store).keep_password(profile, PASSWORD)
    other = replace(profile.notifications.smtp, host="mail.evil.example")
    moved = replace(profile, notifications=replace(profile.notifications, smtp=other))
    with pytest.raises(InputError, match=r"no password .* mail\.evil\.example"):
        await asyncio.to_thread(notifier(store).send_test, moved)
    assert store.load("org-1", SecretName.SMTP) is not None


@pytest.mark.parametrize(
    ("trouble", "reason"),
    [("password", "did not accept"), ("certificate", "is not trusted"), ("port", "can't be")],
)
async def test_a_mail_that_cannot_be_sent_is_told_and_never_raised(
    ca: Path, monkeypatch: pytest.MonkeyPatch, trouble: str, reason: str
) -> None:
    if trouble != "certificate":
        monkeypatch.setenv("SSL_CERT_FILE", str(ca))
    with serving(ca, "starttls", password=PASSWORD) as inbox:
        profile = setup_for(inbox, security="starttls", username="wizard")
        given = "wrong one" if trouble == "password" else PASSWORD
        if trouble == "port":
            smtp = replace(profile.notifications.smtp, host="127.0.0.1", port=1)
            profile = replace(profile, notifications=replace(profile.notifications, smtp=smtp))
        sent = await notifier(SPARKWIZARD_SMTP_PASSWORD=given).after_run(
            profile, Ended(failed()), REPORT
        )
    assert sent is not None
    assert not sent.sent
    assert reason in sent.reason
    assert sent.code


async def test_a_refused_address_is_named_and_the_others_get_the_mail(ca: Path) -> None:
    with serving(ca, "none", refuses="boss@contoso.example") as inbox:
        profile = setup_for(inbox)
        sent = await notifier().after_run(profile, Ended(failed()), REPORT)
        with pytest.raises(RemoteError, match=r"boss@contoso\.example"):
            await asyncio.to_thread(notifier().send_test, profile)
    assert sent is not None
    assert (sent.sent, sent.to) == (True, ("it@contoso.example",))
    assert "boss@contoso.example" in sent.reason


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"email": ""}, "nobody to write to"),
        ({"email": "it@contoso.example\nBcc: all@contoso.example"}, "can't be written to"),
        ({"email": ",".join(f"a{n}@b.example" for n in range(21))}, "more than 20"),
        ({"smtp": SmtpSettings()}, "no mail server"),
        ({"smtp": SmtpSettings("m", sender="x\r\nBcc: a@b.example")}, "can't be written to"),
    ],
)
async def test_what_a_setup_lacks_for_mail_is_told(changes: dict[str, str], told: str) -> None:
    profile = setup_for(Inbox(port=1))
    broken = replace(profile, notifications=replace(profile.notifications, **changes))  # type: ignore[arg-type]  # the tests name fields
    with pytest.raises(InputError, match=told):
        await asyncio.to_thread(notifier().send_test, broken)


def test_no_secret_gets_into_a_mail() -> None:
    register_secret(PASSWORD)
    try:
        ended = Ended(failed(f"Said: {PASSWORD}, Bearer abcdefghijklmnop"), NetError(PASSWORD))
        subject, text = run_mail(f"C {PASSWORD}", ended, computer="here", report=REPORT)
        message = compose(subject, text, sender="a@b.example", to=("a@b.example",), now=NOW)
    finally:
        forget_secrets()
    shown = str(message["Subject"]) + message.get_content()
    assert PASSWORD not in shown
    assert "abcdefghijklmnop" not in shown


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=60))
def test_no_name_can_add_a_header_or_hide_in_a_mail(name: str, label: str, why: str) -> None:
    subject, text = run_mail(name, Ended(failed(why, label)), computer="here", report=REPORT)
    message = compose(subject, text, sender="a@b.example", to=("c@d.example",), now=NOW)
    parsed = email.message_from_bytes(message.as_bytes(), policy=email.policy.default)
    assert isinstance(parsed, EmailMessage)
    assert parsed.keys() == message.keys()
    assert parsed["To"] == "c@d.example"
    assert parsed.get_content() == text
    assert all(line.isprintable() for line in text.splitlines())
    assert len(text.splitlines()) == len(
        run_mail("", Ended(failed()), computer="", report=REPORT)[1].splitlines()
    )
