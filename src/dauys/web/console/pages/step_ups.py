"""Step-ups as the console shows them."""

from dataclasses import dataclass

from django.utils.translation import gettext

from dauys.response.step_up import StepUp
from dauys.store.figures import Figures
from dauys.web.console import saying
from dauys.web.console.pages.cases import network_words
from dauys.wiring import Services


@dataclass(frozen=True, slots=True)
class StepUpLine:
    """A step-up. `may_confirm` only for a second person, `may_lift` while it is in force."""

    number: int
    network: str
    hours: int
    reason: str
    asked_by: str
    confirmed_by: str
    standing: str
    ends: str
    may_confirm: bool
    may_lift: bool


def step_up_lines(services: Services, who: str) -> tuple[StepUpLine, ...]:
    """All, the newest first, as `who` sees them."""
    zone = services.journal.state().manifest.zone
    now = services.clock.now()
    return tuple(
        StepUpLine(
            number=one.number,
            network=one.network,
            hours=one.hours,
            reason=one.reason,
            asked_by=one.asked_by,
            confirmed_by=one.confirmed_by,
            standing=_standing(one, in_force=one.is_in_force(now)),
            ends=saying.when(one.ends, zone) if one.ends else "",
            may_confirm=one.begins is None and one.asked_by != who,
            may_lift=one.is_in_force(now),
        )
        for one in services.step_ups.store.find()
    )


def networks(services: Services) -> list[tuple[str, str]]:
    """Networks that requests of this election came through, the busiest first, for a form."""
    found = Figures(services.election).networks()
    words = gettext("%(network)s – ballots: %(n)s")
    return [
        (name, words % {"network": network_words(name, kind), "n": count})
        for name, kind, count in found
    ]


def _standing(one: StepUp, *, in_force: bool) -> str:
    if in_force:
        return gettext("in force")
    return gettext("over") if one.begins else gettext("waits for a second person")
