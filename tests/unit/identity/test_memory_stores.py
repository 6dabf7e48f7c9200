"""The stores of these tests keep the contracts that they stand in for."""

from collections.abc import Callable

import pytest

from tests.unit.identity import contracts
from tests.unit.identity.memory import MemoryCodeStore, MemoryNonceStore, MemoryPermitStore


def _named(prefix: str) -> list[Callable[..., None]]:
    return [
        function
        for name, function in vars(contracts).items()
        if name.startswith(prefix) and name != "permit_store_cancels_the_earlier_permit"
    ]


@pytest.mark.parametrize("contract", _named("code_store_"))
def test_code_store(contract: Callable[..., None]) -> None:
    contract(MemoryCodeStore)


@pytest.mark.parametrize("contract", _named("nonce_store_"))
def test_nonce_store(contract: Callable[..., None]) -> None:
    contract(MemoryNonceStore)


@pytest.mark.parametrize("contract", _named("permit_store_"))
def test_permit_store(contract: Callable[..., None]) -> None:
    contract(MemoryPermitStore)


def test_permit_store_cancels() -> None:
    contracts.permit_store_cancels_the_earlier_permit(
        MemoryPermitStore,
        lambda store, permit: isinstance(store, MemoryPermitStore) and store.is_live(permit),
    )
