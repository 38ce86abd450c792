"""Check requests to Microsoft Graph, and answers, against Microsoft's own description (CSDL).

``contract()`` gives the description, or skips the test where the file is absent::

    assert contract().faults_of(practice.graph_log) == []      # requests and answers
    assert contract().request_faults(method, path, query, headers, body) == []

``path`` and ``query`` begin behind ``/v1.0``, as they are in ``GraphExchange``.
"""

from functools import cache

import pytest

from tests.graph_contract.contract import Contract
from tests.graph_contract.model import FILE, read_model

__all__ = ["FILE", "Contract", "contract"]


def contract() -> Contract:
    """Return Microsoft's description of Graph; skip the test where this clone stands alone."""
    if not FILE.is_file():
        pytest.skip(f"Microsoft's description of Graph is not at {FILE}.")
    return _contract()


@cache
def _contract() -> Contract:
    return Contract(read_model(FILE.read_text(encoding="utf-8")))
