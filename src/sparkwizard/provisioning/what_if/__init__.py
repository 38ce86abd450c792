"""What an edit of the rules would mean for everybody, told in slices that hold nobody up."""

from sparkwizard.provisioning.what_if.difference import Affected, Difference, Effect
from sparkwizard.provisioning.what_if.engine import WhatIf

__all__ = ["Affected", "Difference", "Effect", "WhatIf"]
