"""The report of a day on paper."""

from django.utils.translation import gettext

from dauys.store.elections import ElectionSummary
from dauys.web.console import saying
from dauys.web.console.pages.daily import Daily
from dauys.web.console.paper import Paper


def daily_paper(report: Daily, election: ElectionSummary) -> bytes:
    """A PDF that says what the page says."""
    name = saying.say(election.name)
    title = f"{gettext('Report of the day')}: {report.title}"
    paper = Paper(title, saying.locale(), f"{name} · {report.made}")
    paper.heading(name, 11)
    paper.heading(title, 17)
    if not report.is_over:
        paper.paragraph(gettext("The day is not over: these are the numbers so far."))
    paper.heading(gettext("Ballots by hour"))
    paper.bars([(hour.words[:2], hour.ballots) for hour in report.hours])
    head = (
        gettext("Contest (district)"),
        gettext("This day"),
        gettext("So far"),
        gettext("On the register"),
        gettext("Turnout"),
    )
    rows = [
        (c.name, str(c.ballots), str(c.so_far), str(c.registered), c.share) for c in report.contests
    ]
    paper.grid(head, rows)
    facts = [(words, str(number)) for words, number in report.facts]
    paper.grid((gettext("What happened"), gettext("This day")), facts)
    paper.heading(gettext("Groups of ballots that the monitor found"))
    groups = [
        f"{line.contest}: {line.voters} ({line.share}), {gettext('evidence')}: {line.strength}; "
        f"{', '.join(line.families)}. {line.standing}. {gettext('First found')}: {line.found}"
        for line in report.clusters
    ]
    paper.lines(groups or [gettext("none")])
    paper.paragraph(report.promise)
    paper.heading(gettext("Alerts"))
    paper.lines(report.alerts or [gettext("none")])
    paper.heading(gettext("Decisions of the commission"))
    paper.lines(report.decisions or [gettext("none")])
    return paper.data()
