"""Check requests to Microsoft Graph, and answers, against Microsoft's own description (CSDL).

``contract()`` gives the description, or skips the test where the file is absent::

    assert contract().faults_of_answers(practice.graph_log) == []
    assert contract().request_faults(method, path, query, headers, body) == []

``path`` and ``query`` begin behind ``/v1.0``, as they are in ``GraphExchange``. Requests of the
product are held to it in every test: see ``watching``.
"""

from functools import cache

import pytest

from tests.graph_contract.contract import Contract
from tests.graph_contract.model import FILE, read_model

__all__ = ["FILE", "Contract", "contract", "contract_there"]


def contract() -> Contract:
    """Return Microsoft's description of Graph; skip the test where this clone stands alone."""
    if not FILE.is_file():
        pytest.skip(f"Microsoft's description of Graph is not at {FILE}.")
    return _contract()


def contract_there() -> Contract | None:
    """Return Microsoft's description of Graph, None where this clone stands alone."""
    return _contract() if FILE.is_file() else None


@cache
def _contract() -> Contract:
    return Contract(read_model(FILE.read_text(encoding="utf-8")))
