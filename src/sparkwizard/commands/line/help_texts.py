"""What ``--help`` and the man page tell beyond the options: examples, variables, exit codes.

Imports nothing that argparse does not: scripts ask for a version or a help text, and wait.
"""

import textwrap

__all__ = ["EXAMPLES", "EXIT_CODES", "FILES", "VARIABLES", "epilog"]

EXIT_CODES = (
    ("0", "done"),
    ("1", "an error, told in one sentence with its fix"),
    ("2", "wrong usage"),
    ("3", "stopped by a safeguard, nothing of that class written"),
    ("4", "done, but some actions failed or were left alone"),
    ("130", "cancelled, the journal is complete"),
)

VARIABLES = {
    "SPARKWIZARD_TOKEN": "the Webex token for this run, in place of the one in the keyring",
    "SPARKWIZARD_GRAPH_TOKEN": "a Microsoft Graph access token for this run, in place of the"
    " sign-in",
    "SPARKWIZARD_ENTRA_SECRET_TOKEN": "the Secret Token that is handed to Entra, in place of the"
    " one in the keyring",
    "SPARKWIZARD_SMTP_PASSWORD": "the mail server's password, in place of the one in the keyring",
    "HTTPS_PROXY, NO_PROXY": "the proxy, and what is reached without it, unless one is set in the"
    " window under Help and settings",
}

FILES = (
    ("<name>.toml", "a setup, in the user's configuration folder; without secrets"),
    ("journal.sqlite3", "what was done, in the user's data folder; needed for undo"),
    ("network.toml", "the proxy, in the user's data folder; its password is in the keyring"),
    ("sparkwizard.log", "the log, rotated, in the user's log folder; without secrets"),
)

_TOKEN = ("SPARKWIZARD_TOKEN", "HTTPS_PROXY, NO_PROXY")
_MAIL = (*_TOKEN, "SPARKWIZARD_SMTP_PASSWORD")
_GRAPH = ("SPARKWIZARD_GRAPH_TOKEN", "HTTPS_PROXY, NO_PROXY")

# what a command reads from the environment; one that is not named here reads no token
_READS = {
    "": tuple(VARIABLES),
    "check": (*_TOKEN, "SPARKWIZARD_GRAPH_TOKEN"),
    "preview": (*_TOKEN, "SPARKWIZARD_GRAPH_TOKEN"),
    "apply": (*_MAIL, "SPARKWIZARD_GRAPH_TOKEN"),
    "sync": (*_MAIL, "SPARKWIZARD_GRAPH_TOKEN"),
    "explain": (*_TOKEN, "SPARKWIZARD_GRAPH_TOKEN"),
    "sign-in": ("HTTPS_PROXY, NO_PROXY",),
    "undo": _TOKEN,
    "schedule": _TOKEN,
    "notify": ("SPARKWIZARD_SMTP_PASSWORD",),
    "cloud": (*_GRAPH, "SPARKWIZARD_ENTRA_SECRET_TOKEN"),
}

EXAMPLES: dict[str, tuple[tuple[str, str], ...]] = {
    "": (
        ("sparkwizard", "open the wizard"),
        ("sparkwizard --practice", "the same with a simulated company and Webex"),
        ("sparkwizard --profile Contoso", "open a saved setup"),
        ("sparkwizard preview --profile Contoso --out plan.json", "see first"),
        ("sparkwizard apply plan.json --profile Contoso", "then do exactly that"),
    ),
    "check": (
        ("sparkwizard check --profile Contoso", "test the connection of a saved setup"),
        (
            "sparkwizard check --tenant-url https://webexapis.com/identity/scim/ORG/v2 --json",
            "before there is a setup, for a script",
        ),
    ),
    "preview": (
        ("sparkwizard preview --profile Contoso", "numbers and reasons on the screen"),
        ("sparkwizard preview --profile Contoso --out plan.json", "keep the plan for apply"),
    ),
    "apply": (
        ("sparkwizard apply plan.json --profile Contoso --pilot 10", "begin with ten people"),
        ("sparkwizard apply plan.json --profile Contoso", "the rest, or go on after a stop"),
    ),
    "sync": (
        ("sparkwizard sync --profile Contoso", "what changed since the last time"),
        ("sparkwizard sync --profile Contoso --full --json", "read everything, for a script"),
        ("sparkwizard sync --profile Contoso --release", "go on after an undo"),
    ),
    "explain": (("sparkwizard explain --profile Contoso megan@contoso.example", "step by step"),),
    "sign-in": (
        ("sparkwizard sign-in --profile Contoso", "in the browser of this computer"),
        ("sparkwizard sign-in --profile Contoso --device-code", "on any other device"),
        ("sparkwizard sign-in --profile Contoso --cloud", "for setting Entra's own service up"),
    ),
    "sign-out": (("sparkwizard sign-out --profile Contoso", "leave no token on this computer"),),
    "undo": (
        ("sparkwizard undo 12 --profile Contoso --out undo.json", "plan the inverse of run 12"),
        ("sparkwizard apply undo.json --profile Contoso", "carry it out"),
    ),
    "schedule": (
        ("sparkwizard schedule --profile Contoso", "sync every 40 minutes"),
        ("sparkwizard schedule --profile Contoso --show", "the next run and the last result"),
        ("sparkwizard schedule --profile Contoso --remove", "no more"),
    ),
    "notify": (
        ("sparkwizard notify --profile Contoso", "send a test mail"),
        ("sparkwizard notify --profile Contoso --save-password", "and keep the password"),
    ),
    "runs": (
        ("sparkwizard runs", "of every setup"),
        ("sparkwizard runs --profile Contoso --json", "of one, for a script"),
    ),
    "report": (
        ("sparkwizard report 12 --out run-12.html", "to read and to print"),
        ("sparkwizard report 12 --format pack --out run-12.zip", "for change control"),
    ),
    "practice": (
        ("sparkwizard practice --port 8931", "a Webex to rehearse against"),
        ("sparkwizard practice --port 0 --people 5000 --json", "a large one on any port"),
    ),
    "forget": (
        ("sparkwizard forget", "list what is kept, remove nothing"),
        ("sparkwizard forget --secrets --yes", "remove tokens and passwords from the keyring"),
    ),
    "cloud": (
        ("sparkwizard cloud plan --profile Contoso", "see every change in the tenant first"),
        ("sparkwizard cloud apply HASH --profile Contoso", "then do exactly those"),
        ("sparkwizard cloud start --profile Contoso", "and switch it on"),
        ("sparkwizard cloud watch --profile Contoso", "how it stands"),
    ),
    "cloud plan": (
        ("sparkwizard cloud plan --profile Contoso", "see every change first"),
        ("sparkwizard cloud plan --profile Contoso --on", "with switching it on"),
    ),
    "cloud apply": (("sparkwizard cloud apply HASH --profile Contoso", "do what was listed"),),
    "cloud start": (("sparkwizard cloud start --profile Contoso", "switch it on"),),
    "cloud stop": (("sparkwizard cloud stop --profile Contoso", "switch it off"),),
    "cloud restart": (
        ("sparkwizard cloud restart end-quarantine --profile Contoso", "after mending the cause"),
    ),
    "cloud on-demand": (
        ("sparkwizard cloud on-demand megan@contoso.example --profile Contoso", "one person, now"),
    ),
    "cloud renew-token": (
        (
            "sparkwizard cloud renew-token --profile Contoso --expires 2027-11-28",
            "before the old one ends",
        ),
    ),
    "cloud restore-schema": (
        ("sparkwizard cloud restore-schema --profile Contoso", "list what was saved"),
        ("sparkwizard cloud restore-schema 3 --profile Contoso", "put one back"),
    ),
    "cloud foretell": (
        ("sparkwizard cloud foretell --profile Contoso", "whom Entra's service will change"),
    ),
    "cloud watch": (("sparkwizard cloud watch --profile Contoso --json", "for monitoring"),),
    "cloud logs": (
        (
            "sparkwizard cloud logs --profile Contoso --status failure --days 7 --out failed.csv",
            "who failed last week",
        ),
    ),
    "cloud check": (("sparkwizard cloud check --profile Contoso", "did it do what was foretold"),),
    "cloud checklist": (
        ("sparkwizard cloud checklist --profile Contoso", "for who may not write in the tenant"),
    ),
    "support": (
        ("sparkwizard support --out support.zip", "nobody's name in it"),
        ("sparkwizard support --profile Contoso --out support.zip", "with a setup"),
    ),
}


def epilog(command: str = "") -> str:
    """Return what stands below the options of a command; of the program for ""."""
    parts = [_block("examples", EXAMPLES.get(command, ()))]
    reads = _READS.get(command) or _READS.get(command.partition(" ")[0], ())
    parts.append(_block("environment", [(name, VARIABLES[name]) for name in reads]))
    parts.append(_block("exit codes", EXIT_CODES))
    return "\n\n".join(part for part in parts if part)


def _block(title: str, rows: "tuple[tuple[str, str], ...] | list[tuple[str, str]]") -> str:
    if not rows:
        return ""
    wide = max(len(name) for name, _ in rows)
    if title == "exit codes":
        return "\n".join([f"{title}:", *(f"  {name:<{wide}}  {tells}" for name, tells in rows)])
    lines = (f"  {name}\n{_wrapped(tells)}" for name, tells in rows)
    return "\n".join([f"{title}:", *lines])


def _wrapped(text: str) -> str:
    indent = " " * 6
    return textwrap.fill(text, 78, initial_indent=indent, subsequent_indent=indent)
