"""The version, read from the source without importing it, and in the forms that installers want."""

import re

from bundling.paths import ROOT

__all__ = ["VERSION", "four_numbers", "version_info"]


def _read() -> str:
    text = (ROOT / "src" / "sparkwizard" / "__init__.py").read_text(encoding="utf-8")
    found = re.search(r'^__version__ = "([^"]+)"$', text, re.MULTILINE)
    if not found:
        raise ValueError("src/sparkwizard/__init__.py states no __version__")
    return found[1]


VERSION = _read()


def four_numbers(version: str) -> tuple[int, int, int, int]:
    """Return the four numbers that Windows compares; a pre-release counts as its release."""
    numbers = [int(number) for number in re.findall(r"\d+", version.partition("+")[0])[:3]]
    major, minor, patch = (*numbers, 0, 0, 0)[:3]
    return major, minor, patch, 0


def version_info(version: str) -> str:
    """Return the file that PyInstaller's ``version=`` reads: what Properties shows on Windows."""
    numbers = four_numbers(version)
    words = {
        "CompanyName": "SparkWizard",
        "FileDescription": "SparkWizard",
        "FileVersion": version,
        "InternalName": "sparkwizard",
        "LegalCopyright": "MIT licence",
        "OriginalFilename": "sparkwizard.exe",
        "ProductName": "SparkWizard",
        "ProductVersion": version,
    }
    strings = ",\n      ".join(f"StringStruct({name!r}, {text!r})" for name, text in words.items())
    return f"""\
VSVersionInfo(
  ffi=FixedFileInfo(filevers={numbers}, prodvers={numbers}, mask=0x3F, flags=0x0, OS=0x40004,
                    fileType=0x1, subtype=0x0, date=(0, 0)),
  kids=[
    StringFileInfo([StringTable('040904B0', [
      {strings}])]),
    VarFileInfo([VarStruct('Translation', [1033, 1200])]),
  ],
)
"""


if __name__ == "__main__":
    print(VERSION)
