"""The journal's tables. A new version is one more step in ``MIGRATIONS``; old ones never change."""

import sqlite3
import time

__all__ = ["MIGRATIONS", "migrate", "use_write_ahead_log", "version_of"]

PATIENCE = 10.0
"""Seconds that others, who open the journal at the same time, are waited for."""

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
    """
    CREATE TABLE cloud_plans (
        digest TEXT PRIMARY KEY,
        profile_id TEXT NOT NULL,
        content BLOB NOT NULL,
        made_at TEXT NOT NULL
    ) STRICT;
    CREATE TABLE cloud_writes (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        profile_id TEXT NOT NULL,
        plan_digest TEXT NOT NULL,
        step TEXT NOT NULL,
        sentence TEXT NOT NULL,
        state TEXT NOT NULL,
        message TEXT NOT NULL DEFAULT '',
        request_id TEXT NOT NULL DEFAULT '',
        at TEXT NOT NULL
    ) STRICT;
    CREATE TABLE cloud_schemas (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        profile_id TEXT NOT NULL,
        application_id TEXT NOT NULL,
        job_id TEXT NOT NULL,
        digest TEXT NOT NULL,
        document BLOB NOT NULL,
        saved_at TEXT NOT NULL
    ) STRICT;
    CREATE TABLE cloud_jobs (
        profile_id TEXT NOT NULL,
        organization_id TEXT NOT NULL,
        application_id TEXT NOT NULL,
        job_id TEXT NOT NULL,
        is_on INTEGER NOT NULL,
        seen_at TEXT NOT NULL,
        PRIMARY KEY (profile_id, organization_id)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE cloud_ticks (
        profile_id TEXT NOT NULL,
        item TEXT NOT NULL,
        ticked_at TEXT NOT NULL,
        PRIMARY KEY (profile_id, item)
    ) STRICT, WITHOUT ROWID;
    """,
    """
    ALTER TABLE links ADD COLUMN sign_in TEXT NOT NULL DEFAULT '';
    ALTER TABLE actions ADD COLUMN sign_in TEXT NOT NULL DEFAULT '';
    """,
    """
    CREATE TABLE cloud_foretold (
        profile_id TEXT PRIMARY KEY,
        plan BLOB NOT NULL,
        made_at TEXT NOT NULL
    ) STRICT;
    """,
    """
    CREATE TABLE cycles (
        profile_id TEXT NOT NULL,
        organization_id TEXT NOT NULL,
        kind TEXT NOT NULL,
        watermark BLOB NOT NULL,
        rules_digest TEXT NOT NULL,
        users_total INTEGER NOT NULL,
        at TEXT NOT NULL,
        initial_at TEXT NOT NULL,
        PRIMARY KEY (profile_id, organization_id)
    ) STRICT;
    CREATE TABLE escrow (
        profile_id TEXT NOT NULL,
        organization_id TEXT NOT NULL,
        source_id TEXT NOT NULL,
        user_name TEXT NOT NULL,
        label TEXT NOT NULL,
        code TEXT NOT NULL,
        message TEXT NOT NULL,
        attempts INTEGER NOT NULL,
        first_failed_at TEXT NOT NULL,
        next_try_at TEXT,
        PRIMARY KEY (profile_id, organization_id, source_id)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE quarantines (
        profile_id TEXT NOT NULL,
        organization_id TEXT NOT NULL,
        code TEXT NOT NULL,
        text TEXT NOT NULL,
        since TEXT NOT NULL,
        last_try_at TEXT NOT NULL,
        next_try_at TEXT NOT NULL,
        PRIMARY KEY (profile_id, organization_id)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE strangers (
        profile_id TEXT NOT NULL,
        organization_id TEXT NOT NULL,
        webex_id TEXT NOT NULL,
        user_name TEXT NOT NULL,
        external_id TEXT NOT NULL,
        label TEXT NOT NULL,
        PRIMARY KEY (profile_id, organization_id, webex_id)
    ) STRICT, WITHOUT ROWID;
    """,
    """
    ALTER TABLE actions ADD COLUMN refers_to TEXT NOT NULL DEFAULT '';
    """,
    """
    ALTER TABLE runs ADD COLUMN cycle TEXT NOT NULL DEFAULT '';
    """,
    """
    CREATE TABLE group_links (
        profile_id TEXT NOT NULL,
        organization_id TEXT NOT NULL,
        source_id TEXT NOT NULL,
        webex_id TEXT NOT NULL,
        name TEXT NOT NULL,
        linked_at TEXT NOT NULL,
        PRIMARY KEY (profile_id, organization_id, source_id)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE group_actions (
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
        sign_in TEXT NOT NULL DEFAULT '',
        refers_to TEXT NOT NULL DEFAULT '',
        PRIMARY KEY (run_id, seq)
    ) STRICT, WITHOUT ROWID;
    """,
    """
    CREATE INDEX links_turned_off ON links (profile_id, organization_id)
        WHERE disabled_at IS NOT NULL;
    """,
    """
    ALTER TABLE group_links ADD COLUMN run_id INTEGER NOT NULL DEFAULT 0;
    """,
    """
    CREATE TABLE paces (
        profile_id TEXT NOT NULL,
        organization_id TEXT NOT NULL,
        latency REAL NOT NULL,
        seconds_each REAL NOT NULL,
        PRIMARY KEY (profile_id, organization_id)
    ) STRICT, WITHOUT ROWID;
    """,
    """
    ALTER TABLE links ADD COLUMN run_id INTEGER NOT NULL DEFAULT 0;
    CREATE INDEX links_by_name ON links (profile_id, organization_id, lower(user_name));
    CREATE INDEX links_by_sign_in ON links (profile_id, organization_id, lower(sign_in))
        WHERE sign_in != '';
    ALTER TABLE runs ADD COLUMN group_stop TEXT NOT NULL DEFAULT '';
    """,
    """
    ALTER TABLE plans ADD COLUMN after_run INTEGER;
    ALTER TABLE plans ADD COLUMN running_from INTEGER;
    """,
)


def version_of(db: sqlite3.Connection) -> int:
    """Return the version of a journal's tables, 0 for a new file."""
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def migrate(db: sqlite3.Connection, version: int) -> None:
    """Bring the tables from ``version`` to the newest, within the transaction that is open."""
    for script in MIGRATIONS[version:]:
        # executescript would end the transaction
        for statement in script.split(";"):
            db.execute(statement)
    db.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")


def use_write_ahead_log(db: sqlite3.Connection) -> None:
    """Turn the write-ahead log on; SQLite itself does not wait for others who do the same."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            db.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.02)
        else:
            return
