"""Switch on the failures of Microsoft's side that are worth rehearsing, while it runs."""

import msgspec


class EntraFaults(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Hold every switch of Microsoft's side; no failure is on at first, all may change any time.

    ``*_next`` counts down and stops at zero, ``*_every`` hits each Nth request. Times are in
    seconds unless the name says otherwise.
    """

    latency_ms: float = 0
    """Wait this long before each answer of Graph."""
    throttle_next: int = 0
    """Answer the next N requests to Graph with 429."""
    throttle_every: int = 0
    """Answer each Nth request to Graph with 429."""
    throttle_items_next: int = 0
    """Answer the next N requests inside of batches with 429."""
    requests_per_second: float = 0
    """Answer 429 to whatever exceeds this number of Graph requests within one second."""
    retry_after: float = 1
    """Put this many seconds, rounded up, into Retry-After; below 0 leaves the header out."""
    unavailable_next: int = 0
    """Answer the next N requests to Graph with 503."""
    unavailable_every: int = 0
    """Answer each Nth request to Graph with 503."""
    drop_after_next: int = 0
    """Cut the connection of the next N writes after they were done, in place of the answer."""
    html_next: int = 0
    """Answer the next N requests to Graph with a web page."""
    token_life: float = 3599
    """Let access tokens live this long from their issue."""
    tokens_expired: bool = False
    """Treat every access token as expired; a renewed one as well."""
    sessions_revoked: bool = False
    """Refuse refresh tokens (AADSTS50173), as after a change of password."""
    second_factor_needed: bool = False
    """Let no renewal succeed before the person has signed in anew (AADSTS50076)."""
    consent_withdrawn: tuple[str, ...] = ()
    """Take these permissions away: Graph refuses what needs them, and renewal must ask again."""
    admin_consent_needed: bool = False
    """Let nobody but an administrator consent, and let the signed-in one not be one."""
    conditional_access: bool = False
    """Refuse every sign-in by Conditional Access (AADSTS53003)."""
    device_code_blocked: bool = False
    """Refuse sign-ins by device code by Conditional Access (AADSTS53003)."""
    device_code_life: float = 900
    """Let device codes live this long."""
    device_code_interval: int = 1
    """Ask clients to wait this long between two questions; Entra says 5."""
    slow_down_next: int = 0
    """Answer the next N questions about a device code with slow_down."""
    delta_expired: bool = False
    """Refuse delta links with 410 Gone, and the address of a full read."""
    delta_empty_pages: int = 0
    """Put this many empty pages in front of each page of a delta query."""
    delta_repeats: bool = False
    """Repeat the last object of a page of a delta query at the start of the next one."""
    roles_missing: tuple[str, ...] = ()
    """Take these directory roles of the administrator away: ``Application Administrator``."""
    application_lag: float = 0.2
    """Show a new application's service principal when it is this old; 404 before."""
    cycle_seconds: float = 5
    """Run a cycle of each started job this often; 0 runs them only when told to."""
    quarantine_failures: int = 5000
    """Put a job into quarantine from this many failed entries, if they are over 40 %."""
