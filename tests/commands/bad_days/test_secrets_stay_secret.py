"""After the main job with every kind of failure, no token is in anything written or said."""

import base64
import contextlib
import http.server
import json
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest

from sparkwizard.net.redact import forget_secrets
from sparkwizard.net.retry import set_waiting
from sparkwizard.practice.server import PracticeServer
from tests.commands.conftest import Cli, Ran, write_profile
from tests.commands.in_process import Run, run

__all__ = ["run"]

ECHOED = "ZmFrZSB0b2tlbiBmb3IgdGVzdHM+Pz8/YWJj_PF84_7f0c3a52-0000-4000-8000-00000000abcd"
PLAIN = "short but secret: 1234+/="


def forms(secret: str) -> set[bytes]:
    """Return a secret as it may stand in a file: plain, escaped, encoded, in pieces of base64."""
    raw = secret.encode()
    found = {
        raw,
        quote(secret).encode(),
        quote(secret, safe="").encode(),
        quote_plus(secret).encode(),
        json.dumps(secret)[1:-1].encode(),
        secret.encode("utf-16-le"),
        raw.hex().encode(),
    }
    for shift in range(3):
        # the inner part of base64 is the same wherever the secret starts in a longer text
        encoded = base64.b64encode(b"\x00" * shift + raw)
        found |= {encoded[4 * bool(shift) : len(raw) // 3 * 4]}
        found |= {base64.urlsafe_b64encode(b"\x00" * shift + raw)[4 * bool(shift) : -4]}
    return {form for form in found if len(form) >= 12}


def leaks(secret: str, texts: Iterable[tuple[str, bytes]]) -> list[str]:
    wanted = forms(secret)
    return [name for name, content in texts if any(form in content for form in wanted)]


def files(*folders: Path) -> Iterator[tuple[str, bytes]]:
    for folder in folders:
        for path in folder.rglob("*"):
            if path.is_file():
                yield str(path), path.read_bytes()


def journal_text(path: Path) -> bytes:
    with contextlib.closing(sqlite3.connect(path)) as journal:
        return "\n".join(journal.iterdump()).encode()


def said(*ran: Ran) -> Iterator[tuple[str, bytes]]:
    for number, one in enumerate(ran):
        yield f"output {number}", one.out.encode()
        yield f"errors {number}", one.err.encode()


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    """Redact only what this test's commands register, as a new process would."""
    forget_secrets()
    set_waiting(False)
    yield
    set_waiting(True)
    forget_secrets()


def test_the_search_would_find_a_token_in_every_form(tmp_path: Path) -> None:
    shown = f"authorization: Bearer {ECHOED}"
    for number, form in enumerate(
        (
            shown.encode(),
            base64.b64encode(shown.encode()),
            base64.b64encode(ECHOED.encode()),
            quote(shown).encode(),
            shown.encode("utf-16"),
        )
    ):
        (tmp_path / f"{number}.txt").write_bytes(form)
    assert len(leaks(ECHOED, files(tmp_path))) == 5


def test_no_token_is_in_anything_after_the_main_job_with_failures(
    run: Run,
    practice: PracticeServer,
    profile: Path,
    tmp_path: Path,
    data_dir: Path,
) -> None:
    plan = tmp_path / "plan.json"
    ran = list(_a_bad_day(run, practice, profile, plan))
    number = run("runs").json["runs"][0]["run"]
    for form in ("html", "csv", "json"):
        ran.append(run("report", number, "--format", form, text=True))
        ran.append(run("report", number, "--format", form, "--out", tmp_path / f"report.{form}"))
    assert {one.code for one in ran} >= {0, 1, 4}

    for secret in practice.tokens.values():
        assert leaks(secret, said(*ran)) == []
        assert leaks(secret, files(tmp_path)) == []
        assert leaks(secret, [("journal", journal_text(data_dir / "journal.sqlite3"))]) == []
    written = {path.name for path in tmp_path.rglob("*") if path.is_file()}
    assert written >= {"journal.sqlite3", "sparkwizard.log", "plan.json", "report.html"}


def _a_bad_day(run: Run, practice: PracticeServer, profile: Path, plan: Path) -> Iterator[Ran]:
    faults = practice.faults
    yield run("check", "--profile", profile)
    yield run("preview", "--profile", profile, "--out", plan)
    faults.names_taken_elsewhere = True
    faults.drop_after_every = 3
    faults.values_not_kept = ("displayName",)
    yield run("apply", plan, "--profile", profile)
    faults.drop_after_every = 0
    faults.server_error_every = 2
    yield run("apply", plan, "--profile", profile, text=True)
    faults.server_error_every = 0
    faults.html = True
    yield run("check", "--profile", profile)
    yield run("sync", "--profile", profile)
    faults.html = False
    faults.token_expired = True
    yield run("check", "--profile", profile, text=True)
    yield run("sync", "--profile", profile, text=True)
    faults.token_expired = False
    yield run("sync", "--profile", profile)


@pytest.mark.parametrize("token", [ECHOED, PLAIN])
@pytest.mark.parametrize("form", ["json", "scim", "html", "redirect", "tracking"])
def test_a_server_that_repeats_the_token_in_its_errors_does_not_bring_it_to_light(
    run: Run,
    tmp_path: Path,
    data_dir: Path,
    monkeypatch: pytest.MonkeyPatch,
    token: str,
    form: str,
) -> None:
    monkeypatch.setenv("SPARKWIZARD_TOKEN", token)
    people = tmp_path / "people.csv"
    people.write_text("userPrincipalName\nadele@contoso.example\n", encoding="utf-8")
    with echoing(ANSWERS[form]) as address:
        profile = write_profile(
            tmp_path,
            tenant_url=f"{address}/v2",
            organization_id="7f0c3a52-0000-4000-8000-000000000001",
            api_url=f"{address}/v1",
            csv=people,
        )
        ran = [
            run(*words, text=text)
            for words in (
                ("check", "--profile", profile),
                ("preview", "--profile", profile, "--out", tmp_path / "plan.json"),
                ("sync", "--profile", profile),
            )
            for text in (True, False)
        ]
    assert leaks(token, said(*ran)) == []
    assert leaks(token, files(tmp_path)) == []


def test_a_server_that_repeats_the_token_in_refused_writes_does_not_bring_it_to_light(
    run: Run, tmp_path: Path, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPARKWIZARD_TOKEN", ECHOED)
    people = tmp_path / "people.csv"
    people.write_text(
        "userPrincipalName,displayName,objectId\nadele@contoso.example,Adele,1\n", encoding="utf-8"
    )
    with echoing(_empty_then_refusing) as address:
        profile = write_profile(
            tmp_path,
            tenant_url=f"{address}/v2",
            organization_id="7f0c3a52-0000-4000-8000-000000000001",
            csv=people,
        )
        synced = run("sync", "--profile", profile)
    assert (synced.code, synced.json["failed"]) == (4, 1)
    assert "refused because of" in synced.json["outcomes"][0]["message"]
    reports = [run("report", 1, "--format", form, text=True) for form in ("html", "csv", "json")]
    assert leaks(ECHOED, said(synced, *reports)) == []
    assert leaks(ECHOED, files(tmp_path)) == []
    assert leaks(ECHOED, [("journal", journal_text(data_dir / "journal.sqlite3"))]) == []


def test_a_token_in_a_profile_is_refused_without_repeating_it(
    run: Run, practice: PracticeServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SPARKWIZARD_TOKEN", raising=False)
    profile = write_profile(
        tmp_path,
        tenant_url=practice.tenant_url,
        organization_id=practice.organization_id,
        csv=practice.csv,
        more=f'tenant = "{practice.token}"\n',
    )
    ran = [run("preview", "--profile", profile, text=text) for text in (True, False)]
    assert {one.code for one in ran} == {1}
    assert leaks(practice.token, said(*ran)) == []


def test_an_address_with_a_password_is_refused_without_repeating_it(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPARKWIZARD_TOKEN", PLAIN)
    url = "https://admin:hunter2-and-more@webexapis.com/identity/scim/x/v2"
    ran = [run("check", "--tenant-url", url, text=text) for text in (True, False)]
    assert {one.code for one in ran} == {1}
    assert leaks("hunter2-and-more", said(*ran)) == []


def test_an_unforeseen_error_shows_no_token_in_the_log(
    cli: Cli, practice: PracticeServer, tmp_path: Path, data_dir: Path
) -> None:
    profile = write_profile(
        tmp_path,
        tenant_url=practice.tenant_url,
        organization_id=practice.organization_id,
        api_url=practice.api_url,
        csv=practice.csv,
    )
    env = {"SPARKWIZARD_TOKEN": practice.token}
    assert cli("preview", "--profile", profile, env=env).code == 0
    with contextlib.closing(sqlite3.connect(data_dir / "journal.sqlite3")) as journal:
        journal.execute("DROP TABLE plans")
        journal.execute("CREATE TABLE plans (digest TEXT)")
        row = (practice.token, practice.organization_id)
        journal.execute(
            "INSERT INTO runs (plan_digest, profile_id, profile_name, organization_id, tenant_url,"
            " started_at, state, counts, stops) VALUES ('d', 'p', 'n', ?, 'u', ?, 's', '{}', '[]')",
            row[::-1],
        )
        journal.commit()
    ran = [cli("runs", env=env), cli("sync", "--profile", profile, env=env)]
    assert {one.code for one in ran} == {1}
    assert leaks(practice.token, said(*ran)) == []
    assert leaks(practice.token, files(data_dir / "logs")) == []


# -- a server that repeats what it hears ----------------------------------------------------------


type Answering = Callable[[http.server.BaseHTTPRequestHandler, str], None]


def _answer(
    handler: http.server.BaseHTTPRequestHandler,
    status: int,
    kind: str,
    body: str,
    **headers: str,
) -> None:
    content = body.encode()
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    handler.send_header("Content-Length", str(len(content)))
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(content)


def _json(handler: http.server.BaseHTTPRequestHandler, heard: str) -> None:
    body = {"message": f"Not for {heard}", "errors": [{"description": heard}], "trackingId": "T"}
    _answer(handler, 400, "application/json", json.dumps(body))


def _scim(handler: http.server.BaseHTTPRequestHandler, heard: str) -> None:
    body = {"detail": f"Bad token {heard} {base64.b64encode(heard.encode()).decode()}"}
    _answer(handler, 403, "application/scim+json", json.dumps(body))


def _html(handler: http.server.BaseHTTPRequestHandler, heard: str) -> None:
    _answer(handler, 200, "text/html", f"<html><h1>{heard}</h1></html>")


def _redirect(handler: http.server.BaseHTTPRequestHandler, heard: str) -> None:
    _answer(
        handler,
        302,
        "text/html",
        "",
        Location=f"https://login.example/?access_token={quote(heard)}",
    )


def _tracking(handler: http.server.BaseHTTPRequestHandler, heard: str) -> None:
    _answer(handler, 404, "application/json", "{}", trackingid=f"ROUTER_{heard}")


def _empty_then_refusing(handler: http.server.BaseHTTPRequestHandler, heard: str) -> None:
    if handler.command == "GET":
        _answer(handler, 200, "application/json", '{"totalResults": 0, "Resources": []}')
    else:
        body = json.dumps({"detail": f"refused because of {heard}"})
        _answer(handler, 400, "application/json", body, trackingid=f"ROUTER_{heard}")


ANSWERS: dict[str, Answering] = {
    "json": _json,
    "scim": _scim,
    "html": _html,
    "redirect": _redirect,
    "tracking": _tracking,
}


@contextlib.contextmanager
def echoing(answer: Answering) -> Iterator[str]:
    """Serve answers that repeat the token of each request."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def _reply(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            answer(self, self.headers.get("Authorization", "").removeprefix("Bearer "))

        do_GET = do_POST = do_PATCH = _reply  # noqa: N815 -- the names http.server asks for

        def log_message(self, *_: object) -> None:
            """Say nothing on the screen."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_rotated_logs_hold_no_token_either(tmp_path: Path) -> None:
    import logging

    from sparkwizard.net.redact import register_secret
    from sparkwizard.runs.logs.log import BYTES_EACH, log_to
    from sparkwizard.setup.places import Places

    register_secret(PLAIN)
    logger = logging.getLogger("sparkwizard.test")
    with log_to(Places.in_folder(tmp_path)):
        for _ in range(BYTES_EACH // 100_000 + 2):
            logger.warning("asked with %s and %s %s", PLAIN, {"token": ECHOED}, "x " * 50_000)
    logs = [path.name for path in (tmp_path / "logs").iterdir()]
    assert len(logs) == 2
    assert leaks(PLAIN, files(tmp_path)) == []
    assert leaks(ECHOED, files(tmp_path)) == []
