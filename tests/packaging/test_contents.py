"""Whose works lie in the bundle, and what is said about them."""

import importlib.metadata
import json
import sys
from pathlib import Path

import msgspec
import pytest

from bundling.contents import Contents, SystemLibrary
from bundling.materials import materials, write_materials
from bundling.notices import notices, write_licences


def contents(*modules: str) -> Contents:
    found = (sys.modules.get(name) or __import__(name) for name in modules)
    return Contents(tuple(str(module.__file__) for module in found))


def test_a_distribution_is_found_by_any_of_its_files() -> None:
    assert [found.name for found in contents("msgspec", "tomlkit").distributions] == [
        "msgspec",
        "tomlkit",
    ]


def test_a_tool_of_ours_in_the_bundle_is_a_stranger() -> None:
    assert contents("msgspec", "pytest").strangers() == ["pytest"]


def test_what_libraries_depend_on_by_an_extra_is_none() -> None:
    # msal asks for PyJWT[crypto], and that for cryptography
    assert contents("cryptography", "jwt").strangers() == []


def test_the_notices_hold_each_licence_and_what_the_lgpl_asks_for() -> None:
    text = notices(contents("msgspec"))
    version = importlib.metadata.version("PySide6-Essentials")
    for words in (
        f"Qt {version}",
        "Lesser General Public License",
        "You may replace them",
        "https://download.qt.io/official_releases/qt/",
        "Jim Crist-Harif",  # the author of msgspec, from its own licence
        "PYTHON SOFTWARE FOUNDATION LICENSE",
    ):
        assert words in text, words


def test_the_licences_lie_beside_the_program(tmp_path: Path) -> None:
    write_licences(tmp_path, contents("msgspec"))
    assert sorted(file.name for file in (tmp_path / "licences").iterdir()) == [
        "GPL-3.0.txt",
        "LGPL-2.1.txt",
        "LGPL-3.0.txt",
        "NOTICES.txt",
        "SparkWizard.txt",
    ]


def test_the_bill_of_materials_names_everything_with_its_version(tmp_path: Path) -> None:
    write_materials(tmp_path / "bill.json", "1.2.3", contents("msgspec", "tomlkit"))
    bill = json.loads((tmp_path / "bill.json").read_text(encoding="utf-8"))
    named = {part["name"]: part.get("purl") for part in bill["components"]}
    assert named["msgspec"] == f"pkg:pypi/msgspec@{msgspec.__version__}"
    assert set(named) == {"CPython", "msgspec", "tomlkit"}
    assert bill["metadata"]["component"]["version"] == "1.2.3"
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")


def test_a_library_of_the_system_is_told_with_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    library = SystemLibrary("libz.so.1", "zlib1g", "1:1.2.13")
    monkeypatch.setattr(Contents, "system_libraries", (library,))
    (part,) = (
        part for part in materials("1", contents("msgspec")).components if "libz" in part.name
    )
    assert str(part.purl) == "pkg:deb/debian/zlib1g@1:1.2.13"
