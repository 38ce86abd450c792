"""Saved setups: read, written, listed.

What takes files apart is imported where one is read: a list of runs often reads none.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from sparkwizard.runs.services.data_folder import DataFolder
from sparkwizard.values import replace

if TYPE_CHECKING:
    from sparkwizard.setup.profile import Profile
    from sparkwizard.setup.store import LoadedProfile, ProfileEntry

__all__ = ["Setups"]


class Setups(DataFolder):
    """Read, write and list the setups of a data folder."""

    def load(self, ref: str) -> "LoadedProfile":
        """Read a saved setup by name or path, its organization as a UUID. Raises ProfileError."""
        from sparkwizard.runs.naming import with_organization  # noqa: PLC0415 -- see above
        from sparkwizard.setup.store import load_profile  # noqa: PLC0415

        loaded = load_profile(ref, self.places)
        return replace(loaded, profile=with_organization(loaded.profile))

    def save(self, profile: "Profile") -> Path:
        """Write a setup to the profiles of this data folder, return where. Raises StorageError."""
        from sparkwizard.setup.store import save_profile  # noqa: PLC0415 -- see above

        return save_profile(profile, self.places)

    def save_again(self, profile: "Profile", file: str, before: str) -> Path:
        """Write a setup back to the ``file`` it was opened from, return where.

        Without one that is the file of the setup that was called ``before``; a new setup goes to
        the profiles of this data folder. A file that holds another setup by now is left alone.
        Raises ProfileError and StorageError.
        """
        from sparkwizard.setup.store import load_profile, save_profile  # noqa: PLC0415 -- see above

        if file and before and load_profile(file, self.places).profile.name == before:
            return save_profile(profile, self.places, Path(file))
        same = [entry.path for entry in self.saved() if before and entry.name == before]
        return save_profile(profile, self.places, same[0] if len(same) == 1 else None)

    def saved(self) -> "tuple[ProfileEntry, ...]":
        """Return the saved setups."""
        from sparkwizard.setup.store import list_profiles  # noqa: PLC0415 -- see above

        return list_profiles(self.places)
