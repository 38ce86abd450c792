"""What the preview tells about licences before anything is written."""

from pathlib import Path

from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from sparkwizard.practice.server import PracticeServer
from tests.commands.in_process import Run, edit, people, profile, run, served

__all__ = ["people", "profile", "run", "served"]


def test_a_preview_tells_how_many_licences_new_users_may_need_and_how_many_are_free(
    run: Run, profile: Path
) -> None:
    told = run("preview", "--profile", profile).json["licences"]
    assert told["needed"] == 1
    assert (told["enough"], told["unread"]) == (True, None)
    assert {"Messaging - Basic", "Webex Events 1000"} <= {one["name"] for one in told["kinds"]}
    assert all(one["free"] == one["total"] - one["used"] for one in told["kinds"])


def test_a_preview_says_in_words_that_creating_a_user_gives_no_licence(
    run: Run, profile: Path
) -> None:
    said = run("preview", "--profile", profile, text=True).out
    assert "Licences: 1 licence needed, " in said
    assert "gives no licence by itself" in said


def test_where_nobody_can_be_asked_the_licences_are_null(
    run: Run, profile: Path, served: PracticeServer
) -> None:
    edit(profile, f'api_url = "{served.api_url}"\n', "")
    assert run("preview", "--profile", profile).json["licences"] is None


def test_licences_that_webex_refuses_to_tell_do_not_fail_a_preview(
    run: Run, profile: Path, served: PracticeServer
) -> None:
    gate = served._running.gate
    inner = gate._app

    async def refusing(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"].endswith("/licenses"):
            await JSONResponse({"message": "Not for you."}, 403)(scope, receive, send)
        else:
            await inner(scope, receive, send)

    gate._app = refusing
    try:
        previewed = run("preview", "--profile", profile)
        said = run("preview", "--profile", profile, text=True).out
    finally:
        gate._app = inner
    assert previewed.code == 0
    told = previewed.json["licences"]
    assert (told["needed"], told["kinds"], told["enough"]) == (1, [], None)
    assert told["unread"]
    assert "Licences: not known." in said
