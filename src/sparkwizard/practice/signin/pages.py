"""Draw the pages of a sign-in: what a person sees, and what a test can click by HTTP."""

from collections.abc import Iterable, Mapping
from html import escape

from starlette.responses import HTMLResponse

from sparkwizard.practice.signin.permissions import PERMISSIONS
from sparkwizard.practice.signin.tokens import Account

_STYLE = (
    "body{font:16px system-ui,sans-serif;max-width:32rem;margin:4rem auto;padding:0 1rem;"
    "color:#1b1f24;background:#fff}button{font:inherit;padding:.5rem 1.2rem;margin-right:.5rem}"
    "input[type=text]{font:inherit;padding:.4rem;letter-spacing:.1em}"
    "@media(prefers-color-scheme:dark){body{color:#e6e8eb;background:#16181c}}"
)


def code_page(action: str, *, message: str = "") -> HTMLResponse:
    """Ask for the code that the program shows."""
    told = f"<p role=alert>{escape(message)}</p>" if message else ""
    return _page(
        "Enter code",
        f"{told}<form method=post action='{escape(action)}'>"
        "<p><label>Enter the code that your program shows: "
        "<input type=text name=user_code autofocus autocomplete=off></label></p>"
        "<button>Next</button></form>",
        status=400 if message else 200,
    )


def consent_page(
    action: str,
    *,
    hidden: Mapping[str, str],
    client_id: str,
    permissions: Iterable[str],
    accounts: Iterable[Account],
) -> HTMLResponse:
    """Name the permissions and ask whether to grant them, and as whom."""
    items = "".join(
        f"<li><b>{escape(PERMISSIONS[name].title)}</b> <code>{escape(name)}</code></li>"
        for name in permissions
    )
    people = "".join(
        f"<p><label><input type=radio name=account value='{escape(one.id)}'"
        f"{' checked' if place == 0 else ''}> {escape(one.display_name)}"
        f" ({escape(one.name)}){', administrator' if one.administrator else ''}</label></p>"
        for place, one in enumerate(accounts)
    )
    fields = "".join(
        f"<input type=hidden name='{escape(name)}' value='{escape(value)}'>"
        for name, value in hidden.items()
    )
    return _page(
        "Permissions requested",
        f"<p>The program <code>{escape(client_id)}</code> would like to:</p><ul>{items}</ul>"
        f"<form method=post action='{escape(action)}'>{fields}{people}"
        "<button name=answer value=accept>Accept</button>"
        "<button name=answer value=cancel>Cancel</button></form>",
    )


def message_page(title: str, message: str, *, status: int = 200) -> HTMLResponse:
    """Say one thing."""
    return _page(title, f"<p>{escape(message)}</p>", status=status)


def posting_page(address: str, fields: Mapping[str, str]) -> HTMLResponse:
    """Send the browser back to the program, with the answer in a form (response_mode=form_post)."""
    inputs = "".join(
        f"<input type=hidden name='{escape(name)}' value='{escape(value)}'>"
        for name, value in fields.items()
    )
    return _page(
        "Back to the program",
        f"<form method=post action='{escape(address)}'>{inputs}<button>Continue</button></form>"
        "<script>document.forms[0].submit()</script>",
    )


def _page(title: str, body: str, *, status: int = 200) -> HTMLResponse:
    return HTMLResponse(
        f"<!doctype html><html lang=en><head><meta charset=utf-8><title>{escape(title)}</title>"
        f"<style>{_STYLE}</style></head><body><p><small>Practice tenant: nothing here reaches"
        f" Microsoft.</small></p><h1>{escape(title)}</h1>{body}</body></html>",
        status,
        {"cache-control": "no-store", "x-frame-options": "DENY"},
    )
