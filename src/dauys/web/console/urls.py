"""Addresses of the console."""

from datetime import date

from django.urls import path, register_converter

from dauys.web.console.views import (
    audit,
    ballot_papers,
    cases,
    ceremony,
    conduct,
    contests,
    daily,
    decisions,
    help_acts,
    help_desk,
    home,
    messages,
    monitor,
    register,
    running,
    set_up,
    step_ups,
)

app_name = "console"


class IsoDay:
    """A day in an address, like 2026-08-17."""

    regex = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        """Read it; ValueError, which Django takes for "no such address", if there is none."""
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        """Write it."""
        return value.isoformat()


register_converter(IsoDay, "isoday")

ELECTION = "console/<slug:slug>/"
CONTEST = ELECTION + "set-up/contests/<slug:word>/"
QUESTION = CONTEST + "questions/<slug:question>/"
UPLOAD = ELECTION + "set-up/register/<slug:token>/"
GROUP = ELECTION + "set-up/trustees/groups/<int:number>/"
HELP = ELECTION + "help-desk/voters/<int:line>/"
CASE = ELECTION + "cases/<int:number>/"
CLUSTER = ELECTION + "monitor/<slug:cluster>/"
DECISION = ELECTION + "decisions/<int:number>/"

urlpatterns = [
    path("console/", home.home, name="home"),
    path("console/begin/", home.begin, name="begin"),
    path(ELECTION + "set-up/", set_up.set_up, name="set_up"),
    path(ELECTION + "set-up/texts/", set_up.texts, name="texts"),
    path(ELECTION + "set-up/times/", set_up.times, name="times"),
    path(ELECTION + "set-up/rules/", set_up.rules, name="rules"),
    path(ELECTION + "set-up/contests/", contests.contests, name="contests"),
    path(ELECTION + "set-up/new-contest/", contests.new_contest, name="new_contest"),
    path(CONTEST, contests.contest, name="contest"),
    path(CONTEST + "remove/", contests.remove_contest, name="remove_contest"),
    path(CONTEST + "new-question/", contests.question, name="new_question"),
    path(QUESTION, contests.question, name="ballot_question"),
    path(QUESTION + "new-candidate/", ballot_papers.new_candidate, name="new_candidate"),
    path(QUESTION + "new-list/", ballot_papers.candidate_list, name="new_list"),
    path(QUESTION + "lists/<slug:group>/", ballot_papers.candidate_list, name="list"),
    path(
        QUESTION + "lists/<slug:group>/new-candidate/",
        ballot_papers.new_candidate,
        name="new_candidate",
    ),
    path(QUESTION + "<slug:act>/", contests.arrange_question, name="arrange_question"),
    path(
        CONTEST + "lists/<slug:group>/<slug:act>/", ballot_papers.arrange_list, name="arrange_list"
    ),
    path(CONTEST + "candidates/<slug:candidate>/", ballot_papers.candidate, name="candidate"),
    path(
        CONTEST + "candidates/<slug:candidate>/<slug:act>/", ballot_papers.arrange, name="arrange"
    ),
    path(ELECTION + "set-up/register/", register.register, name="register"),
    path(UPLOAD, register.check, name="register_check"),
    path(UPLOAD + "problems.csv", register.problems, name="register_problems"),
    path(UPLOAD + "accept/", register.accept, name="register_accept"),
    path(ELECTION + "set-up/trustees/", set_up.trustees, name="trustees"),
    path(
        ELECTION + "set-up/trustees/<int:number>/remove/",
        set_up.remove_trustee,
        name="remove_trustee",
    ),
    path(ELECTION + "set-up/trustees/new-group/", ceremony.new_group, name="new_group"),
    path(GROUP + "remove/", ceremony.remove_group, name="remove_group"),
    path(ELECTION + "ceremony/", ceremony.ceremony, name="ceremony"),
    path(ELECTION + "ceremony/<int:number>/", ceremony.hand_in, name="hand_in"),
    path(ELECTION + "ceremony/<int:number>.zip", ceremony.messages_zip, name="ceremony_files"),
    path(ELECTION + "set-up/commission/", set_up.commission, name="commission"),
    path(ELECTION + "set-up/new-seat/", set_up.seat, name="new_seat"),
    path(ELECTION + "set-up/commission/<slug:word>/", set_up.seat, name="commission_seat"),
    path(
        ELECTION + "set-up/commission/<slug:word>/remove/", set_up.remove_seat, name="remove_seat"
    ),
    path(ELECTION + "set-up/seal/", conduct.seal, name="seal"),
    path(ELECTION + "steps/", conduct.conduct, name="conduct"),
    path(ELECTION + "steps/<slug:name>/", conduct.step, name="step"),
    path(ELECTION + "running/", running.running, name="running"),
    path(ELECTION + "running/numbers/", running.numbers, name="numbers"),
    path(ELECTION + "messages/", messages.messages, name="messages"),
    path(ELECTION + "monitor/", monitor.monitor, name="monitor"),
    path(ELECTION + "monitor/look/", monitor.look, name="look"),
    path(ELECTION + "alerts/<int:number>/seen/", monitor.alert_seen, name="alert_seen"),
    path(CLUSTER, monitor.cluster, name="cluster"),
    path(CLUSTER + "addresses/", monitor.cluster_addresses, name="cluster_addresses"),
    path(CLUSTER + "dismiss/", monitor.cluster_dismiss, name="cluster_dismiss"),
    path(CLUSTER + "<slug:act>/", monitor.cluster_act, name="cluster_act"),
    path(ELECTION + "questions/<int:number>/", help_desk.question, name="question"),
    path(ELECTION + "step-ups/", step_ups.step_ups, name="step_ups"),
    path(ELECTION + "step-ups/<int:number>/<slug:act>/", step_ups.step_up_act, name="step_up_act"),
    path(ELECTION + "reports/", daily.reports, name="daily"),
    path(ELECTION + "reports/<isoday:day>/", daily.report, name="report"),
    path(ELECTION + "reports/<isoday:day>.pdf", daily.paper, name="report_pdf"),
    path(ELECTION + "cases/", cases.cases, name="cases"),
    path(ELECTION + "cases/scan/", cases.scan, name="scan"),
    path(ELECTION + "cases/new/", cases.new_case, name="new_case"),
    path(CASE, cases.case, name="case"),
    path(CASE + "addresses/", cases.addresses, name="addresses"),
    path(ELECTION + "decisions/", decisions.decisions, name="decisions"),
    path(ELECTION + "decisions/propose/<slug:kind>/", decisions.propose, name="propose"),
    path(DECISION, decisions.decision, name="decision"),
    path(DECISION + "approve/", decisions.approve, name="approve"),
    path(DECISION + "withdraw/", decisions.withdraw, name="withdraw"),
    path(ELECTION + "my-key/", decisions.seat, name="seat"),
    path(ELECTION + "help-desk/", help_desk.help_desk, name="help_desk"),
    path(HELP + "hold/", help_acts.hold, name="hold_codes"),
    path(HELP + "free/", help_acts.free, name="free_codes"),
    path(HELP + "link/", help_acts.ask_link, name="ask_link"),
    path(HELP + "phone/", help_acts.ask_phone, name="ask_phone"),
    path(
        ELECTION + "help-desk/requests/<int:number>/<slug:verdict>/",
        help_acts.decide,
        name="decide_help",
    ),
    path(ELECTION + "trustee/", conduct.trustee, name="trustee"),
    path(ELECTION + "board.zip", audit.board_files, name="board_files"),
    path(ELECTION + "results/", conduct.results, name="results"),
    path(ELECTION + "audit/", audit.audit, name="audit"),
    path(ELECTION + "audit/access.csv", audit.access_log, name="access_log"),
]
