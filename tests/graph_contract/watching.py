"""Hold every request that the product sends to a Graph of this process to Microsoft's description.

That is each practice tenant's, whichever test or window starts it, and the little ones of
``tests/entra``. Requests that tests send by hand don't count: some of them have to be wrong.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from sparkwizard.practice.graph.exchange import ExchangeLog, GraphExchange
from sparkwizard.practice.graph.gate import EntraGate
from tests.graph_contract.checking import contract_there
from tests.graph_contract.contract import Recorded

__all__ = ["faults_so_far", "note_request", "watching"]

_faults: list[str] = []


def note_request(asked: Recorded) -> None:
    """Remember what of a request is not as Microsoft describes it, if the product sent it."""
    there = contract_there()
    agent = {name.lower(): value for name, value in asked.headers.items()}.get("user-agent", "")
    if there is not None and agent.startswith("SparkWizard/"):
        _faults.extend(there.faults_of_requests([asked]))


def faults_so_far() -> list[str]:
    """Return the faults since this was last asked."""
    found, _faults[:] = _faults[:], []
    return found


@contextmanager
def watching() -> Iterator[None]:
    """Watch every practice tenant that is started inside."""
    make = EntraGate.__init__

    def make_watched(gate: EntraGate, *given: Any) -> None:
        make(gate, *given)
        gate.log = _WatchedLog()

    with mock.patch.object(EntraGate, "__init__", make_watched):
        yield


class _WatchedLog(ExchangeLog):
    def add(self, exchange: GraphExchange) -> None:
        super().add(exchange)
        note_request(exchange)
