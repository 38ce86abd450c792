"""Whom a saved setup writes to, and through which mail server."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparkwizard.errors import ProfileError
from sparkwizard.setup.addresses import address_problem, split_addresses
from sparkwizard.setup.places import Places
from sparkwizard.setup.profile import Notifications, Profile, SmtpSettings
from sparkwizard.setup.store import load_profile, save_profile
from sparkwizard.values import replace

WITH_MAIL = """\
version = 1
name = "Contoso"
[notifications]
email = "it@contoso.example, boss@contoso.example"
every_run = true
# our relay
[notifications.smtp]
host = "mail.contoso.example"
port = 2525
security = "tls"
username = "sparkwizard"
from = "sparkwizard@contoso.example"
"""
SERVER = SmtpSettings(
    "mail.contoso.example", 2525, "tls", "sparkwizard", "sparkwizard@contoso.example"
)
WANTED = Notifications("it@contoso.example, boss@contoso.example", True, True, SERVER)


@pytest.fixture
def places(tmp_path: Path) -> Places:
    places = Places.in_folder(tmp_path / "data")
    places.create()
    return places


def loaded(places: Places, text: str) -> Profile:
    (places.profiles_dir / "Contoso.toml").write_text(text, encoding="utf-8")
    return load_profile("Contoso", places).profile


def test_a_mail_server_is_read(places: Places) -> None:
    assert loaded(places, WITH_MAIL).notifications == WANTED


def test_a_mail_server_is_saved_and_keeps_its_comments(places: Places) -> None:
    profile = loaded(places, WITH_MAIL)
    other = replace(WANTED, smtp=replace(SERVER, port=0))
    path = save_profile(replace(profile, notifications=other), places)
    text = path.read_text("utf-8")
    assert "# our relay" in text
    assert "port" not in text
    assert load_profile("Contoso", places).profile.notifications == other


def test_a_setup_without_a_mail_server_is_saved_as_before(places: Places) -> None:
    text = save_profile(Profile("Contoso"), places).read_text("utf-8")
    assert "smtp" not in text
    assert "every_run" not in text


def test_no_plan_rests_on_the_mail_server() -> None:
    bare = Profile("Contoso")
    assert replace(bare, notifications=WANTED).digest == bare.digest


def test_the_usual_ports_go_without_saying() -> None:
    assert [SmtpSettings("m", security=s).real_port for s in ("starttls", "tls", "none")] == [
        587,
        465,
        25,
    ]
    assert SERVER.real_port == 2525


def test_a_password_in_a_setup_is_refused_by_name(places: Places) -> None:
    with pytest.raises(ProfileError, match="password looks like a secret"):
        loaded(places, WITH_MAIL + 'password = "hunter2"\n')


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("port = 2525", "port = 70000", "port in .notifications.smtp. must be a port"),
        ("port = 2525", "port = 0", "whole number from 1"),
        ('security = "tls"', 'security = "ssl"', '"starttls" or "tls" or "none"'),
        ("host =", "server =", "server in .notifications.smtp. is not known"),
        ("every_run = true", 'every_run = "yes"', "true or false"),
    ],
)
def test_a_slip_of_the_pen_is_told(places: Places, before: str, after: str, told: str) -> None:
    with pytest.raises(ProfileError, match=told):
        loaded(places, WITH_MAIL.replace(before, after))


def test_addresses_are_told_apart_by_commas_each_once() -> None:
    assert split_addresses(" a@b.example ,c@d.example;; a@b.example,") == (
        "a@b.example",
        "c@d.example",
    )


@given(st.text(max_size=60))
def test_no_address_that_passes_can_end_a_header(text: str) -> None:
    if not address_problem(text):
        assert text.isascii()
        assert text.isprintable()
        assert not set(text) & set(' ,;<>()"\\')
