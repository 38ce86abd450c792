"""The source that a profile names."""

import asyncio
from pathlib import Path

import pytest

from sparkwizard.directory.sources import open_source
from sparkwizard.directory.types import ReadProgress
from sparkwizard.errors import SourceError
from sparkwizard.setup.profile import SourceSettings


async def test_a_relative_path_starts_at_the_folder_of_the_profile(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("userPrincipalName\na@b.example\n")
    source = open_source(SourceSettings(path="people.csv"), tmp_path)
    assert [person.source_id for person in (await source.read()).people] == ["a@b.example"]


async def test_a_path_of_its_own_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("userPrincipalName\na@b.example\n")
    source = open_source(SourceSettings(path=str(path)), tmp_path / "elsewhere")
    assert (await source.read()).people


async def test_progress_arrives_in_the_loop_of_the_caller(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("userPrincipalName\na@b.example\n")
    loops: set[object] = set()

    def note(_: ReadProgress) -> None:
        loops.add(asyncio.get_running_loop())

    await open_source(SourceSettings(path="people.csv"), tmp_path).read(note)
    assert loops == {asyncio.get_running_loop()}


async def test_what_is_wrong_with_the_file_reaches_the_caller(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="There is no file"):
        await open_source(SourceSettings(path="gone.csv"), tmp_path).read()


async def test_reading_can_be_cancelled(tmp_path: Path) -> None:
    rows = "".join(f"p{number}@b.example\n" for number in range(20_000))
    (tmp_path / "people.csv").write_text(f"userPrincipalName\n{rows}")
    started = asyncio.Event()
    source = open_source(SourceSettings(path="people.csv"), tmp_path)
    reading = asyncio.create_task(source.read(lambda _: started.set()))
    await started.wait()
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading


def test_a_profile_without_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="names no file"):
        open_source(SourceSettings(), tmp_path)


def test_entra_as_a_source_needs_a_sign_in(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="sparkwizard sign-in"):
        open_source(SourceSettings(kind="entra"), tmp_path)
