"""The tables, by what they are about. Repositories beside this folder read and write them."""

from dauys.store.models.ballots import LogEntry, LogHead, PermitRow
from dauys.store.models.ceremonies import CeremonyMessage, TrusteeGroup
from dauys.store.models.elections import (
    BallotQuestionRow,
    CandidateListRow,
    CandidateRow,
    CommissionSeat,
    ContestRow,
    ElectionRow,
    TrusteeSeat,
)
from dauys.store.models.identification import (
    CodeRow,
    EvidenceRow,
    HelpRow,
    KnownDevice,
    NonceRow,
    OutboxMessage,
    RemoteSigningRow,
    VoterRow,
)
from dauys.store.models.messages import GatewayRow, MessageRow
from dauys.store.models.response import (
    AlertRow,
    CaseRow,
    ProposalRow,
    QuestionRow,
    QueueRow,
    ScanRow,
    StepUpRow,
)
from dauys.store.models.staff import AccessRecord, RoleGrant, Staff

__all__ = [
    "AccessRecord",
    "AlertRow",
    "BallotQuestionRow",
    "CandidateListRow",
    "CandidateRow",
    "CaseRow",
    "CeremonyMessage",
    "CodeRow",
    "CommissionSeat",
    "ContestRow",
    "ElectionRow",
    "EvidenceRow",
    "GatewayRow",
    "HelpRow",
    "KnownDevice",
    "LogEntry",
    "LogHead",
    "MessageRow",
    "NonceRow",
    "OutboxMessage",
    "PermitRow",
    "ProposalRow",
    "QuestionRow",
    "QueueRow",
    "RemoteSigningRow",
    "RoleGrant",
    "ScanRow",
    "Staff",
    "StepUpRow",
    "TrusteeGroup",
    "TrusteeSeat",
    "VoterRow",
]
