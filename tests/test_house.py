"""The house stays easy to find one's way in: no file is long, no folder is crowded."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LINES = 400
ROOMS = {"src": 15, "packaging": 15, "tests": 20}
"""How many modules a folder may hold; those of tests hold helpers beside them."""

FILES = sorted(path for part in ROOMS for path in (ROOT / part).rglob("*.py"))


def test_no_file_is_longer_than_can_be_read_at_once() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in FILES
        if (lines := path.read_text(encoding="utf-8").count("\n")) > LINES
    }
    assert not long, "split by subject"


@pytest.mark.parametrize("part", ROOMS)
def test_no_folder_is_crowded(part: str) -> None:
    folders = [path.parent for path in FILES if path.name != "__init__.py"]
    crowded = {
        str(folder.relative_to(ROOT)): folders.count(folder)
        for folder in set(folders)
        if folder.is_relative_to(ROOT / part) and folders.count(folder) > ROOMS[part]
    }
    assert not crowded, "give a subject a folder of its own"
