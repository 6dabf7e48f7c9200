"""The simulated trustees hold a key ceremony: everybody honest, everything by the real steps."""

from dataclasses import dataclass

from dauys.conduct.ceremony import Ceremony, Plan, Stage, make_plan
from dauys.core.ports import RandomSource
from dauys.crypto.ceremony import (
    make_certificate,
    make_polynomial,
    make_voutput,
    open_share,
    vinput,
)
from dauys.crypto.pki import MemberKeys
from dauys.crypto.trustees import TrusteeKey


@dataclass(frozen=True, slots=True)
class HeldCeremony:
    """What came of it: the messages in the order in which they were sent, and the keys."""

    plan: Plan
    messages: tuple[tuple[Stage, int, str], ...]
    trustees: tuple[TrusteeKey, ...]


def hold(threshold: int, members: tuple[str, ...], random: RandomSource) -> HeldCeremony:
    """Make a key of which any `threshold` of `members` hold enough."""
    plan = make_plan(threshold, members, random)
    standing = Ceremony.read(plan, {})
    places = range(1, len(members) + 1)
    keys = {place: MemberKeys.generate(random) for place in places}
    messages: list[tuple[Stage, int, str]] = []

    def send(stage: Stage, place: int, text: str) -> None:
        nonlocal standing
        standing = standing.take(stage, place, text)
        messages.append((stage, place, text))

    for place in places:
        certificate = make_certificate(keys[place], place, threshold, len(members), random)
        send(Stage.CERTIFICATE, place, certificate.to_json())
    certificates, _ = standing.in_order()
    for place in places:
        polynomial = make_polynomial(keys[place], certificates, random)
        send(Stage.POLYNOMIAL, place, polynomial.to_json())
    _, polynomials = standing.in_order()
    for place in places:
        given = vinput(certificates, polynomials, place)
        name = members[place - 1]
        voutput = make_voutput(keys[place], certificates, given, random, name)
        send(Stage.VOUTPUT, place, voutput.to_json())
    trustees = tuple(open_share(keys[place], standing.voutputs[place]) for place in places)
    return HeldCeremony(plan, tuple(messages), trustees)
