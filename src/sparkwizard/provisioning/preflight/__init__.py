"""Look over everybody before any plan: what is odd, with whom, and how to mend it.

``preflight`` does it at once, ``preflight_in_slices`` without holding anybody up. People out of
scope are left out: a filter is one way of mending a finding.
"""

from sparkwizard.provisioning.preflight.report import (
    FIX_LIST_HEADER,
    Finding,
    Hit,
    PreflightReport,
    Severity,
    fix_list,
)
from sparkwizard.provisioning.preflight.survey import preflight, preflight_in_slices

__all__ = [
    "FIX_LIST_HEADER",
    "Finding",
    "Hit",
    "PreflightReport",
    "Severity",
    "fix_list",
    "preflight",
    "preflight_in_slices",
]
