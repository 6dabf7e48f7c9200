"""Ten thousand codes asked for by fifty addresses: the bill is bounded, voters still vote."""

import os
import random
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from dauys.conduct.people import Visit, Voter
from dauys.core.errors import RefusedError
from dauys.core.ids import ContestId, RegisterNumber
from dauys.identity.code_limits import CodeLimits
from dauys.identity.messages.settings import MessageSettings
from dauys.identity.register import RegisterVoter
from dauys.store.models import CodeRow
from dauys.store.signals.models import SignalRow
from tests.integration.test_helping import Hall

pytestmark = pytest.mark.slow

REQUESTS, ADDRESSES, NUMBERS = 10_000, 50, 2_000
LIMITS = CodeLimits(budget_hour=1_500, budget_day=6_000)


def crowd(hall: Hall, size: int) -> list[Voter]:
    """Put `size` voters on the register."""
    contest = hall.voter().contest
    hall.services.voters.replace(
        (
            RegisterVoter(
                register_number=RegisterNumber(line),
                number=f"{line:012d}",
                name=f"Voter {line}",
                category="company",
                region=str(contest),
                contest=ContestId(contest),
                phone=f"+7701{line:07d}",
                precinct=None,
                household=None,
                weight=1,
            )
            for line in range(1, size + 1)
        ),
        os.urandom,
    )
    return list(hall.services.voters.all())


def test_a_flood_costs_the_budget_and_locks_nobody_out(database: str, tmp_path: Path) -> None:
    if database != "sqlite":
        pytest.skip("the limits are the same on both; tests/integration/test_store_promises.py")
    hall = Hall(tmp_path, MessageSettings(limits=LIMITS))
    chance = random.Random(5)
    hall.open()
    voters = crowd(hall, NUMBERS + 100)
    targets, honest = voters[:NUMBERS], voters[NUMBERS:]
    voting, clock = hall.services.voting, hall.clock
    early, late = honest[:50], honest[50:]
    home = {voter.number: Visit(f"10.{n}.1.1", f"{n:032x}") for n, voter in enumerate(honest)}

    def vote(voter: Voter, visit: Visit) -> bool:
        """Ask for a code and enter it; whether that was possible."""
        try:
            sent = voting.request_code(voter.number, visit, "ru")
        except RefusedError:
            return False
        code = hall.told(voter.phone)[-1].split()[0]
        voting.enter_code(sent.request_id, code, visit)
        return True

    assert all(vote(voter, home[voter.number]) for voter in early)
    begun, refusals = clock.now(), Counter[str]()
    for place in range(REQUESTS):  # in forty minutes
        clock.advance(begun + timedelta(seconds=place * 2400 / REQUESTS))
        address = f"198.51.{place % ADDRESSES}.7"
        target = targets[chance.randrange(NUMBERS)]
        try:
            voting.request_code(target.number, Visit(address, ""), "ru")
        except RefusedError as error:
            refusals[error.detail if error.code == "too_many_codes" else error.code] += 1
    assert CodeRow.objects.exclude(sent_to="").count() <= LIMITS.budget_hour
    assert sum(refusals.values()) > REQUESTS / 2
    noted = SignalRow.objects.filter(kind="code_requested", ip__startswith="198.51.").count()
    assert noted == REQUESTS - refusals["too_soon"]
    # Whoever voted before is let in on the same device, wherever they are, in the flood.
    assert all(vote(voter, Visit("203.0.113.5", home[voter.number].device)) for voter in early[:20])
    # A newcomer at an address of their own is let in too: a flood has not so many addresses.
    assert all(vote(voter, home[voter.number]) for voter in late)
    # One who shares an address with the flood waits no longer than the policy says.
    clock.advance(clock.now() + LIMITS.longest_wait)
    assert all(vote(voter, Visit(f"198.51.{n}.7", "")) for n, voter in enumerate(targets[:50]))
