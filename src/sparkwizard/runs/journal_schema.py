"""The journal's tables. A new version is one more step in ``MIGRATIONS``; old ones never change."""

__all__ = ["MIGRATIONS"]

MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE plans (
        digest TEXT PRIMARY KEY,
        profile_id TEXT NOT NULL,
        organization_id TEXT NOT NULL,
        created_at TEXT NOT NULL
    ) STRICT;
    CREATE TABLE runs (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        plan_digest TEXT NOT NULL,
        profile_id TEXT NOT NULL,
        profile_name TEXT NOT NULL,
        organization_id TEXT NOT NULL,
        tenant_url TEXT NOT NULL,
        started_at TEXT NOT NULL,
        finished_at TEXT,
        state TEXT NOT NULL,
        counts TEXT NOT NULL,
        stops TEXT NOT NULL
    ) STRICT;
    CREATE INDEX runs_by_plan ON runs (plan_digest);
    CREATE TABLE actions (
        run_id INTEGER NOT NULL REFERENCES runs (id),
        seq INTEGER NOT NULL,
        kind TEXT NOT NULL,
        source_id TEXT NOT NULL,
        webex_id TEXT NOT NULL,
        user_name TEXT NOT NULL,
        label TEXT NOT NULL,
        before TEXT NOT NULL,
        changes TEXT NOT NULL,
        reasons TEXT NOT NULL,
        state TEXT NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0,
        code TEXT NOT NULL DEFAULT '',
        message TEXT NOT NULL DEFAULT '',
        tracking_id TEXT NOT NULL DEFAULT '',
        at TEXT,
        PRIMARY KEY (run_id, seq)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE links (
        profile_id TEXT NOT NULL,
        organization_id TEXT NOT NULL,
        source_id TEXT NOT NULL,
        webex_id TEXT NOT NULL,
        user_name TEXT NOT NULL,
        disabled_at TEXT,
        linked_at TEXT NOT NULL,
        PRIMARY KEY (profile_id, organization_id, source_id)
    ) STRICT, WITHOUT ROWID;
    CREATE UNIQUE INDEX links_by_user ON links (profile_id, organization_id, webex_id);
    CREATE TABLE sources (
        profile_id TEXT NOT NULL,
        organization_id TEXT NOT NULL,
        source_digest TEXT NOT NULL,
        PRIMARY KEY (profile_id, organization_id)
    ) STRICT, WITHOUT ROWID;
    """,
    """
    CREATE TABLE pauses (
        profile_id TEXT NOT NULL,
        organization_id TEXT NOT NULL,
        undone_run INTEGER NOT NULL,
        paused_at TEXT NOT NULL,
        PRIMARY KEY (profile_id, organization_id)
    ) STRICT, WITHOUT ROWID;
    """,
    """
    CREATE TABLE papers (
        run_id INTEGER PRIMARY KEY REFERENCES runs (id),
        content BLOB NOT NULL
    ) STRICT;
    CREATE TABLE pruned (
        run_id INTEGER PRIMARY KEY,
        profile_id TEXT NOT NULL,
        started_at TEXT NOT NULL,
        pruned_at TEXT NOT NULL
    ) STRICT;
    """,
)
