"""Print the changelog's section of this version: ``python -m bundling.release_text``."""

import re

from bundling.paths import ROOT
from bundling.version import VERSION

__all__ = ["release_text"]


def release_text(changelog: str, version: str) -> str:
    """Return the section of a version, or what is unreleased where it has none yet.

    Raises ``ValueError`` where both are missing: a release without a text is a mistake.
    """
    parts = re.split(r"^## ", changelog, flags=re.MULTILINE)[1:]
    sections = {part.split()[0]: part.partition("\n")[2].strip() for part in parts}
    for name in (version, "Unreleased"):
        if sections.get(name):
            return sections[name] + "\n"
    raise ValueError(f"CHANGELOG.md has no section for {version}")


if __name__ == "__main__":
    print(release_text((ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), VERSION))
