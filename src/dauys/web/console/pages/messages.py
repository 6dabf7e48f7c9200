"""How messages fare: gateways, deliveries, codes entered by network and prefix, the bill."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from dauys.conduct.code_watch import KEPT, LOOK_BACK
from dauys.conduct.methods import SMS
from dauys.identity.code_limits import DAY, Count, Key
from dauys.identity.messages.cost import Cost, Expectation, estimate
from dauys.identity.messages.courier import Health
from dauys.identity.messages.message import MessageState
from dauys.store.messages import Delivery
from dauys.web.console import saying
from dauys.wiring import Services, office

STATES: Final = {
    MessageState.WAITING: _("waiting to be sent"),
    MessageState.HANDING: _("being sent"),
    MessageState.UNCERTAIN: _("perhaps sent: the gateway did not say"),
    MessageState.SENT: _("taken by the gateway"),
    MessageState.DELIVERED: _("delivered"),
    MessageState.UNDELIVERED: _("not delivered"),
    MessageState.FAILED: _("no gateway takes it"),
    MessageState.EXPIRED: _("too late to be sent"),
}
REASONS: Final = {
    "bad_phone": _("there is no such phone"),
    "recipient": _("there is no such mailbox"),
    "sender": _("the sender is refused"),
    "data": _("the mail server refuses the letter"),
    "refused": _("the mail server refuses the letter"),
    "not_encrypted": _("the mail server does not encrypt, or proves to be another"),
    "no_money": _("no money in the account"),
    "operation_refused": _("the gateway refuses: its own account says why"),
    "account": _("the account is refused"),
    "login_refused": _("the account is refused"),
    "address_blocked": _("the gateway blocks this server"),
    "unreachable": _("the gateway cannot be reached"),
    "timeout": _("the gateway did not answer in time"),
    "connection_lost": _("the connection broke"),
    "server_ended": _("the server was stopped meanwhile"),
    "too_many_requests": _("too many messages at once"),
    "duplicate_or_too_many": _("too many messages at once"),
    "text_or_sender_forbidden": _("the text or the sender is forbidden"),
}
"""What the help desk is told of a gateway's own word."""


def delivery_words(delivery: Delivery | None) -> str:
    """What became of a message: "not delivered (there is no such phone)"."""
    if delivery is None:
        return ""
    words = gettext(STATES[delivery.state])
    reason = delivery.reason.rstrip("0123456789").rstrip("_")
    if not reason:
        return words
    return f"{words} ({gettext(REASONS[reason]) if reason in REASONS else reason})"


@dataclass(frozen=True, slots=True)
class GatewayLine:
    """A gateway, and since when and why it rests, if it does."""

    name: str
    rests: bool
    reason: str


@dataclass(frozen=True, slots=True)
class ShareLine:
    """Codes of one network, range of phones or domain; `astray` when too few were entered."""

    name: str
    asked: int
    entered: int
    share: str
    astray: bool


@dataclass(frozen=True, slots=True)
class BudgetLine:
    """A budget; `bar` is the share used, 0 to 100."""

    words: str
    used: int
    budget: int
    bar: int


@dataclass(frozen=True, slots=True)
class CostLine:
    """What a gateway would cost."""

    gateway: str
    messages: int
    expected: str
    most: str


@dataclass(frozen=True, slots=True)
class MessagesPage:
    """The page as a whole."""

    gateways: tuple[GatewayLine, ...]
    states: tuple[tuple[str, int], ...]
    blocks: tuple[ShareLine, ...]
    networks: tuple[ShareLine, ...]
    budgets: tuple[BudgetLine, ...]
    by_phone: bool
    """Whether messages go to phones, which costs money."""
    costs: tuple[CostLine, ...]
    voters: int
    days: int
    share: int
    per_voter: str


def messages_page(services: Services, share: int, per_voter: Decimal) -> MessagesPage:
    """Numbers as they are now; the cost for `share` percent who ask for `per_voter` codes."""
    now, outbox, settings = services.clock.now(), office().outbox, office().messages
    health, counts = outbox.health(), outbox.counts(now - KEPT)
    conversions = services.code_watch.codes.conversions(now - LOOK_BACK, now)
    lines: dict[Key, list[ShareLine]] = {Key.BLOCK: [], Key.NETWORK: []}
    for one in sorted(conversions, key=lambda one: (not one.astray, -one.asked)):
        name = _block(one.value) if one.key is Key.BLOCK else _network(one.value)
        percent = saying.percent(one.entered, one.asked)
        lines[one.key].append(ShareLine(name, one.asked, one.entered, percent, one.astray))
    voters, days = services.voters.with_phone(), services.set_up.drafts.days()
    expected = Expectation(voters, Decimal(share) / 100, per_voter)
    costs = estimate(expected, settings.prices, settings.limits.budget_day, days)
    return MessagesPage(
        gateways=tuple(
            _gateway(name, health.get(name), now)
            for names in office().gateways.values()
            for name in names
        ),
        states=tuple(
            (gettext(words), counts[state]) for state, words in STATES.items() if state in counts
        ),
        blocks=tuple(lines[Key.BLOCK][:20]),
        networks=tuple(lines[Key.NETWORK][:20]),
        budgets=_budgets(services),
        by_phone=SMS in services.set_up.drafts.chosen().methods,
        costs=tuple(_cost(cost, settings.currency) for cost in costs),
        voters=voters,
        days=days,
        share=share,
        per_voter=str(per_voter),
    )


def _gateway(name: str, health: Health | None, now: datetime) -> GatewayLine:
    rests = health is not None and health.resting_until is not None and now < health.resting_until
    reason = health.reason if health is not None and rests else ""
    return GatewayLine(name, rests, gettext(REASONS[reason]) if reason in REASONS else reason)


def _budgets(services: Services) -> tuple[BudgetLine, ...]:
    now, limits = services.clock.now(), office().messages.limits
    spans = (timedelta(hours=1), DAY)
    used = services.code_watch.codes.usage([Count(Key.ALL, "", now - span) for span in spans])
    words = gettext("in the last hour"), gettext("in the last 24 hours")
    budgets = limits.budget_hour, limits.budget_day
    return tuple(
        BudgetLine(said, one.asked, budget, min(100, round(100 * one.asked / budget)))
        for said, one, budget in zip(words, used, budgets, strict=True)
    )


def _block(value: str) -> str:
    """How a range of phones begins, or a domain."""
    return f"{value[:5]}…" if value.startswith("+") else f"@{value}"


def _network(block: str) -> str:
    """Whose network it is, and never an address."""
    found = office().address_book.find(block.partition("/")[0]) if block else None
    return found.label if found and found.asn else gettext("unknown network")


def _cost(cost: Cost, currency: str) -> CostLine:
    return CostLine(
        cost.gateway,
        cost.messages,
        f"{cost.expected:.0f} {currency}",
        f"{cost.most:.0f} {currency}",
    )
