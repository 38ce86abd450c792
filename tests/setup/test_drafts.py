"""The draft of a setup: kept, found again, and its owner's alone."""

import os

import pytest

from sparkwizard.setup.places import Places
from sparkwizard.setup.store import (
    Draft,
    discard_draft,
    list_profiles,
    load_draft,
    save_draft,
)
from sparkwizard.values import replace
from tests.setup.contoso import CONTOSO

# Drafts


def test_a_draft_without_name_is_kept(places: Places) -> None:
    draft = Draft(replace(CONTOSO, name=""), step="mapping", editing="Contoso")
    save_draft(draft, places)
    assert load_draft(places) == draft


def test_no_draft_is_no_error(places: Places) -> None:
    assert load_draft(places) is None


def test_a_discarded_draft_is_gone(places: Places) -> None:
    save_draft(Draft(CONTOSO), places)
    discard_draft(places)
    assert load_draft(places) is None


def test_a_draft_is_no_profile(places: Places) -> None:
    save_draft(Draft(CONTOSO), places)
    assert list_profiles(places) == ()


@pytest.mark.skipif(os.name != "posix", reason="permissions of this kind are POSIX")
def test_only_its_owner_may_read_a_draft(places: Places) -> None:
    save_draft(Draft(CONTOSO), places)
    assert places.draft_path.stat().st_mode & 0o777 == 0o600
