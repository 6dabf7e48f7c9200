"""What an election's messages will cost, before it is held."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from dauys.identity.messages.message import segments
from dauys.identity.messages.settings import Price
from dauys.identity.texts import all_texts


@dataclass(frozen=True, slots=True)
class Expectation:
    """`share` of the voters with a phone use codes; each asks for `per_voter` of them."""

    voters: int
    share: Decimal
    per_voter: Decimal


@dataclass(frozen=True, slots=True)
class Cost:
    """At one gateway, if it sends everything. `most` is what the budget of codes allows."""

    gateway: str
    messages: int
    segments: int
    expected: Decimal
    most: Decimal


def estimate(
    expected: Expectation, prices: Sequence[Price], budget_day: int, days: int
) -> tuple[Cost, ...]:
    """Messages times segments times price, for each gateway in turn."""
    messages = int(-(-expected.voters * expected.share * expected.per_voter // 1))
    longest = max(map(segments, all_texts()))
    return tuple(
        Cost(
            price.gateway,
            messages,
            longest,
            messages * longest * price.per_segment,
            budget_day * days * longest * price.per_segment,
        )
        for price in prices
    )
