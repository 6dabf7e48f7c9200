"""The in-memory stores keep the contracts that the tests of the stage rely on."""

from collections.abc import Callable

import pytest

from dauys.response.cases import CaseStore
from dauys.response.proposals import ProposalStore
from tests.unit.response import contracts
from tests.unit.response.memory import MemoryCases, MemoryProposals


@pytest.mark.parametrize(
    "promise", [*contracts.CASE_STORE, contracts.two_writers_at_once_get_different_numbers]
)
def test_case_store(promise: Callable[[Callable[[], CaseStore]], None]) -> None:
    promise(MemoryCases)


@pytest.mark.parametrize("promise", contracts.PROPOSAL_STORE)
def test_proposal_store(promise: Callable[[Callable[[], ProposalStore]], None]) -> None:
    promise(MemoryProposals)
