"""Two people of the help desk give a voter without a phone a one-time link.

`python -m tests.web.portal_link NUMBER`, with the site's environment, prints its secret.
"""

import sys

from dauys.store.startup import start

if __name__ == "__main__":
    start()
    from dauys.store.models import VoterRow
    from dauys.wiring import office
    from tests.web.portal_site import SLUG

    VoterRow.objects.filter(number=sys.argv[1]).update(phone="")
    services = office().by_slug(SLUG)
    voter = services.voters.by_number(sys.argv[1])
    if voter is None:
        raise SystemExit("no such voter")
    desk = services.voting.help
    print(desk.approve(desk.ask_link(voter, "Passport seen.", 1).number, 2))  # noqa: T201 -- the answer
