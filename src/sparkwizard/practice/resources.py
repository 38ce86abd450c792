"""Find the practice company's files."""

from pathlib import Path


def resource_folder() -> Path:
    """Return the folder with the practice company, in a checkout or an installed wheel.

    Raises FileNotFoundError where neither place has it.
    """
    here = Path(__file__).resolve()
    installed = here.parents[1] / "_resources" / "practice"
    checkout = here.parents[3] / "resources" / "practice"
    for folder in (installed, checkout):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"The practice company is neither in {installed} nor in {checkout}.")
