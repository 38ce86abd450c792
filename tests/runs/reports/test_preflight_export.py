"""The fix list of a pre-flight on disk: for a spreadsheet, and for nobody else's eyes."""

import csv
from datetime import UTC, datetime
from pathlib import Path

from sparkwizard.provisioning.slices import finished
from sparkwizard.provisioning.types import Person, Population
from sparkwizard.runs.services import Services
from sparkwizard.setup.places import Places
from sparkwizard.setup.profile import Profile
from sparkwizard.setup.secrets import MemoryStore

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def test_the_fix_list_opens_in_a_spreadsheet_without_a_formula(tmp_path: Path) -> None:
    services = Services(
        places=Places.in_folder(tmp_path / "data"),
        secrets=MemoryStore(),
        environ={},
        clock=lambda: NOW,
    )
    guest = Person(
        "id-eve",
        {"userPrincipalName": "eve@x.example", "displayName": "=1+1", "userType": "Guest"},
        row=4,
    )
    report = finished(services.preflight(Profile(name="T"), Population((guest,)), None))
    services.export_preflight(report, tmp_path / "fixes.csv")
    services.close()
    with (tmp_path / "fixes.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    (row,) = (row for row in rows if row["Finding"] == "Guests")
    assert (row["Person"], row["Row"]) == ("'=1+1", "4")
    assert row["What to do"]
    assert row["Who usually does it"]
