"""How many examples a property sees, and which.

By default each property sees the same examples as the time before, in any order and on any machine,
so that no build fails by what it changed nothing about. ``--hypothesis-profile=search`` looks for
new ones, ten times as many (or as many times as ``SPARKWIZARD_SEARCH`` says): by hand, and each
week on GitHub.
"""

import os

from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants

__all__ = ["examples", "register_profiles"]

_USUAL = 100  # examples where a property names no number, as Hypothesis has it
_SLOW = [HealthCheck.too_slow]  # speed is for the benchmarks, and machines are busy


def examples(number: int) -> int:
    """Return how many examples a property that usually sees ``number`` sees in this run."""
    profile = settings.get_profile(settings.get_current_profile_name())
    return number * profile.max_examples // _USUAL


def register_profiles() -> None:
    """Make both profiles known, and choose the one without surprises."""
    usual = settings.get_profile("default")  # not that of a CI: Hypothesis has its own for it
    times = int(os.environ.get("SPARKWIZARD_SEARCH", "10"))
    settings.register_profile(
        "repeatable",
        usual,
        deadline=None,
        derandomize=True,
        max_examples=_USUAL,
        print_blob=True,
        suppress_health_check=_SLOW,
    )
    settings.register_profile(
        "search",
        usual,
        deadline=None,
        max_examples=_USUAL * times,
        print_blob=True,
        suppress_health_check=_SLOW,
    )
    settings.load_profile("repeatable")
    _draw_nothing_from_our_source()


def _draw_nothing_from_our_source() -> None:
    """Let no repeated example depend on the program's constants, and on what of it is imported.

    One draw in twenty is of such a constant (Hypothesis, ``providers._get_local_constants``), so an
    edit anywhere, or the tests that ran before in this process, would change all examples.
    """
    searching, nothing = providers._get_local_constants, Constants()

    def constants() -> Constants:
        return searching() if settings.get_current_profile_name() == "search" else nothing

    providers._get_local_constants = constants
