"""Reads the draft of an election from its tables, as sealing wants it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from dauys.board.draft import ContestDraft, ElectionDraft
from dauys.conduct.ceremony import Stage
from dauys.conduct.helping import HelpRules
from dauys.conduct.methods import EDS
from dauys.conduct.setting_up import Surroundings
from dauys.conduct.weaknesses import Chosen, weaker_rules
from dauys.core.contests import CategoryCount
from dauys.core.entries import Member, RevotePolicy
from dauys.core.errors import RefusedError
from dauys.core.ids import ContestId, ElectionId, MethodId
from dauys.crypto import belenios_json
from dauys.crypto.trustees import TrusteePublicKey
from dauys.identity.numbering import Numbering
from dauys.identity.register import RegisterRules
from dauys.store.ballot_papers import contests_of, question_of, text_of
from dauys.store.ceremonies import CeremonyBook
from dauys.store.models import (
    CommissionSeat,
    ContestRow,
    ElectionRow,
    TrusteeSeat,
)
from dauys.store.voters import DatabaseVoters

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""Stands for a time that is not set yet; sealing refuses it."""


@dataclass(frozen=True, slots=True)
class DatabaseDrafts:
    """The draft of one election."""

    election: ElectionId
    voters: DatabaseVoters

    def read(self, around: Surroundings) -> ElectionDraft:
        """The draft as it stands; what is missing is empty, for sealing to name."""
        row = self._row()
        counts = self.voters.counts()
        ceremonies = [ceremony for _, ceremony in CeremonyBook(self.election).all()]
        finished = [one.group() for one in ceremonies if one.stage is Stage.DONE]
        return ElectionDraft(
            election=self.election,
            name=text_of(row, "name"),
            organiser=text_of(row, "organiser"),
            contests=tuple(
                _contest(contest, counts.get(ContestId(contest.word), ()))
                for contest in contests_of(row)
            ),
            methods=tuple(MethodId(method) for method in row.methods),
            policy=RevotePolicy(row.policy),
            stratum_minimum=row.stratum_minimum,
            quorum=row.quorum,
            commission=tuple(map(_member, row.commission.all())),
            registrar=around.registrar,
            log_origin=around.log_origin,
            log_key=around.log_key,
            opens=row.opens or NEVER,
            closes=row.closes or NEVER,
            zone=row.zone,
            clock_step=row.clock_step,
            register=row.register_sha256,
            monitor=around.monitor,
            warnings=(
                *weaker_rules(self.chosen()),
                *(around.warnings if EDS in row.methods else ()),
            ),
            trustees=(*map(_trustee, row.trustees.all()), *finished),
            booth=around.booth,
            signed=tuple(MethodId(method) for method in row.methods if method == EDS),
            unfinished=tuple(
                ", ".join(one.plan.members) for one in ceremonies if one.stage is not Stage.DONE
            ),
        )

    def register_rules(self, numbering: Numbering) -> RegisterRules:
        """Regions of the contests, under any of their names, and the rule of phones."""
        row = self._row()
        regions = {
            name: ContestId(contest.word)
            for contest in row.contests.all()
            for name in (contest.region, contest.name_kk, contest.name_ru, contest.name_en)
        }
        return RegisterRules(regions, numbering, one_phone_one_voter=row.one_phone_one_voter)

    def help_rules(self) -> HelpRules:
        """What the help desk is held to."""
        row = self._row()
        return HelpRules(timedelta(hours=row.phone_freeze_hours), row.one_phone_one_voter)

    def chosen(self) -> Chosen:
        """What may be weaker than it could be."""
        row = self._row()
        return Chosen(
            methods=tuple(row.methods),
            policy=row.policy,
            one_phone=row.one_phone_one_voter,
            shared_phones=self.voters.shared_phones(),
            shared_emails=self.voters.shared_emails(),
            quorum=row.quorum,
            phone_freeze_hours=row.phone_freeze_hours,
        )

    def days(self) -> int:
        """Days of voting, begun ones counted whole; 1 while no times are set."""
        row = self._row()
        if row.opens is None or row.closes is None:
            return 1
        return max(1, -(-(row.closes - row.opens) // timedelta(days=1)))

    def slug(self) -> str:
        """The short name."""
        return self._row().slug

    def require_unsealed(self) -> None:
        """Raise RefusedError `sealed` once the draft is on the board."""
        if self._row().sealed:
            raise RefusedError("sealed")

    def keep_register(self, salt: str, sha256: str) -> None:
        """Keep the commitment to the register."""
        rows = ElectionRow.objects.filter(pk=self.election)
        rows.update(register_salt=salt, register_sha256=sha256)

    def mark_sealed(self) -> None:
        """Lock the draft; in the transaction that writes it to the board."""
        ElectionRow.objects.filter(pk=self.election).update(sealed=True)

    def _row(self) -> ElectionRow:
        return ElectionRow.objects.get(pk=self.election)


def _contest(row: ContestRow, counts: tuple[CategoryCount, ...]) -> ContestDraft:
    return ContestDraft(
        id=ContestId(row.word),
        name=text_of(row, "name"),
        questions=tuple(map(question_of, row.questions.all())),
        registered=counts,
        uuid=ElectionId(row.uuid),
    )


def _member(row: CommissionSeat) -> Member:
    return Member(id=row.word, name=text_of(row, "name"), key=row.key)


def _trustee(row: TrusteeSeat) -> TrusteePublicKey:
    return TrusteePublicKey.parse(belenios_json.load(row.public_key, "trustee public key"))
