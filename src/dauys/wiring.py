"""Joins the stages to the store: the one file that knows what is behind every port.

An `Office` serves all elections of an installation; for each it builds the services once.
Web and command line use `office()`; a simulation makes an office of its own, with its
own clock.
"""

import hashlib
import hmac
import logging
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from pathlib import Path
from threading import RLock

from django.conf import settings
from django.db import close_old_connections

from dauys.ballotbox.admission import Admission
from dauys.ballotbox.box import BallotBox
from dauys.board.journal import Journal
from dauys.conduct import words
from dauys.conduct.caretaking import Caretaker, Charge
from dauys.conduct.casting import BallotSlot, CastingDesk
from dauys.conduct.code_watch import CodeWatch
from dauys.conduct.counting import CountingDesk
from dauys.conduct.delivering import Delivery
from dauys.conduct.evidence_audit import EvidenceAudit
from dauys.conduct.helping import HelpDesk
from dauys.conduct.keeping import SignalKeeper
from dauys.conduct.methods import BY_CODE, EDS, EMAIL, SMS
from dauys.conduct.patrol import Patrol
from dauys.conduct.recheck import RecheckDesk, RecheckRounds
from dauys.conduct.remote_signing import RemoteSigningDesk
from dauys.conduct.rounds import Rounds
from dauys.conduct.setting_up import SetUpDesk, Surroundings
from dauys.conduct.stepping_up import SteppedUpNetworks
from dauys.conduct.voting import VoterDesk
from dauys.conduct.watching import Scanner, Watch
from dauys.core.entries import BoothFile
from dauys.core.errors import RefusedError
from dauys.core.forms import Text
from dauys.core.ids import ElectionId, MethodId
from dauys.core.ports import Clock, RandomSource
from dauys.core.state import Phase
from dauys.crypto.signing import verify_signature
from dauys.identity.code_limits import CodeLimits
from dauys.identity.code_ports import Channel as CodeChannel
from dauys.identity.code_ports import Messenger
from dauys.identity.codes import CodeDesk
from dauys.identity.email import EmailChannel, limits_of_email
from dauys.identity.generic import certificates as generic
from dauys.identity.kazakhstan import certificates as national
from dauys.identity.kazakhstan import gateways as national_gateways
from dauys.identity.kazakhstan.numbering import NationalNumbers
from dauys.identity.messages.courier import Courier
from dauys.identity.messages.settings import KINDS, MessageSettings, read_settings
from dauys.identity.numbering import Numbering
from dauys.identity.permits import Registrar
from dauys.identity.settings import IdentitySettings
from dauys.identity.settings import read_settings as read_identity
from dauys.identity.sign_in.desk import SignInDesk
from dauys.identity.sign_in.provider import Provider
from dauys.identity.sign_in.web import HttpWeb
from dauys.identity.signature.desk import SignatureDesk, SignatureRules
from dauys.identity.signature.fetching import HttpFetch
from dauys.identity.signature.profile import Profile
from dauys.identity.signature.revocation import OnlineRevocation
from dauys.identity.signature.trust import RevocationPolicy, RevocationSource, Trust
from dauys.identity.sms import SmsChannel
from dauys.identity.texts import require_one_segment
from dauys.monitor.network import AddressBook, FileAddressBook
from dauys.monitor.policy import Policy, read_policy
from dauys.monitor.retention import Retention
from dauys.response.alerts import AlertDesk, Channel
from dauys.response.cases import CaseDesk
from dauys.response.channels import AlertsByEmail, AlertsByWebhook
from dauys.response.decisions import DecisionDesk
from dauys.response.queue import ClusterQueue
from dauys.response.step_up import StepUpDesk
from dauys.response.verification import VerificationDesk
from dauys.store.alerts import DatabaseAlerts
from dauys.store.cases import DatabaseCases
from dauys.store.codes import DatabaseCodes, DemonstrationOutbox
from dauys.store.drafts import DatabaseDrafts
from dauys.store.elections import DatabaseElections
from dauys.store.entries import DatabaseEntries
from dauys.store.evidence import DatabaseEvidence
from dauys.store.evidence_keys import EvidenceKeys
from dauys.store.helping import DatabaseHelp
from dauys.store.keys import ElectionKeys
from dauys.store.messages import DatabaseMessenger, DatabaseOutbox
from dauys.store.nonces import DatabaseNonces
from dauys.store.permits import DatabasePermits
from dauys.store.proposals import DatabaseProposals
from dauys.store.questions import DatabaseQuestions
from dauys.store.queue import DatabaseQueue
from dauys.store.remote_signings import DatabaseRemoteSignings
from dauys.store.scans import DatabaseScans
from dauys.store.signals.keeping import SignalKeeping
from dauys.store.signals.repository import DatabaseSignals
from dauys.store.signals.scan_process import ScanProcess
from dauys.store.step_ups import DatabaseStepUps
from dauys.store.voters import DatabaseVoters

log = logging.getLogger("dauys.wiring")
PATROL_EVERY_S = 20.0

# Permits are checked on admission and again when they are written: the second is free.
verify_once = lru_cache(maxsize=4096)(verify_signature)


class NoMessenger:
    """Refuses to send: a code that can only be read in the database must not be made."""

    def send(self, address: str | None, text: str, expires: datetime) -> str:
        """Raise RefusedError `no_gateway`, for voters and strangers alike."""
        del address, text, expires
        raise RefusedError("no_gateway")


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Current time in UTC."""
        return datetime.now(UTC)


@dataclass(slots=True)
class Services:
    """Everything one election needs, joined."""

    election: ElectionId
    keys: ElectionKeys
    journal: Journal
    voters: DatabaseVoters
    permits: DatabasePermits
    signals: DatabaseSignals
    cases: CaseDesk
    decisions: DecisionDesk
    voting: VoterDesk
    step_ups: StepUpDesk
    set_up: SetUpDesk
    counting: CountingDesk
    watch: Watch
    queue: ClusterQueue
    verification: VerificationDesk
    alerts: AlertDesk
    box: BallotBox
    evidence: DatabaseEvidence
    remote: RemoteSigningDesk
    recheck: RecheckDesk
    recheck_rounds: RecheckRounds
    code_watch: CodeWatch
    profile: Profile
    numbering: Numbering
    clock: Clock
    _casting: CastingDesk | None = None

    def evidence_audit(self, source: RevocationSource | None = None) -> EvidenceAudit:
        """Who looks at the voters' signatures; asks `source`, or whom the operator named."""
        return EvidenceAudit(
            self.election,
            self.evidence,
            self.permits,
            self.voters,
            self.journal,
            self.recheck.trust,
            self.profile,
            source or self.recheck.source,
        )

    @property
    def casting(self) -> CastingDesk:
        """The casting desk. Raises VerificationError while the election is a draft."""
        if self._casting is None:
            admission = Admission.of(self.journal.state(), verify_once, self.journal.glimpse)
            self._casting = CastingDesk(admission, self.box, self.voters, self.signals, self.clock)
        return self._casting


@dataclass(slots=True)
class Office:
    """All elections of one installation. `data` holds keys, anchors and published files.

    Codes go out by the gateways of `messages` and the mail servers of `identity`, or by `messenger`
    in a demonstration; without any of them nobody can ask for a code. Whether certificates
    were revoked is asked of `revocation_hosts` only, as `revocation` says. Signals are kept as
    `retention` says, those of elections `held` (by their short names) until they no longer are.
    `scanner` scans signals; this process, if None.
    `profile` is the PKI whose signatures voters use, `numbering` what the register calls them.
    """

    data: Path
    clock: Clock
    host: str = "localhost"
    random: RandomSource = os.urandom
    messenger: Messenger | None = None
    messages: MessageSettings = field(default_factory=MessageSettings)
    revocation: RevocationPolicy = RevocationPolicy.NOT_ASKED
    revocation_hosts: frozenset[str] = frozenset()
    retention: Retention = field(default_factory=Retention)
    held: frozenset[str] = frozenset()
    channels: Callable[[str], tuple[Channel, ...]] = field(default=lambda _slug: ())
    profile: Profile = field(default_factory=national.profile)
    numbering: Numbering = field(default_factory=NationalNumbers)
    identity: IdentitySettings = field(default_factory=IdentitySettings)
    scanner: Scanner | None = None
    sign_ins: Mapping[MethodId, SignInDesk] = field(init=False)
    elections: DatabaseElections = field(default_factory=DatabaseElections)
    _services: dict[ElectionId, Services] = field(default_factory=dict)
    _since: datetime = field(init=False)
    _revocation_source: RevocationSource | None = field(init=False)
    _lock: RLock = field(default_factory=RLock)

    def __post_init__(self) -> None:
        """One memory of revocation answers for all elections."""
        self._since = self.clock.now()
        self.sign_ins = {
            one.method: SignInDesk(Provider(one.registration, HttpWeb()), self.clock, self.random)
            for one in self.identity.sign_ins
        }
        self._revocation_source = (
            OnlineRevocation(
                HttpFetch(), self.revocation_hosts, self.random, self.profile.algorithms
            )
            if self.revocation_hosts
            else None
        )

    def services(self, election: ElectionId) -> Services:
        """Services of `election`, built the first time. Raises LookupError for a stranger."""
        with self._lock:
            if election not in self._services:
                self.elections.require(election)
                self._services[election] = self._build(election)
            return self._services[election]

    def by_slug(self, slug: str) -> Services:
        """Services of the election with this short name. Raises LookupError."""
        return self.services(self.elections.by_slug(slug))

    @property
    def address_book(self) -> AddressBook:
        """Networks of addresses, from `networks.csv` in the data folder; empty without it."""
        return _address_book(self.data / "networks.csv")

    def certificates(self, folder: str) -> tuple[bytes, ...]:
        """Every certificate in a folder of the data: `anchors` (roots), `intermediates`."""
        path = self.data / folder
        files = sorted(path.glob("*")) if path.is_dir() else []
        return tuple(file.read_bytes() for file in files)

    @property
    def warnings(self) -> tuple[Text, ...]:
        """What is weaker than could be in how signatures are checked here."""
        if self.revocation is RevocationPolicy.REQUIRED:
            return ()
        asked = self.revocation is RevocationPolicy.IF_KNOWN and self._revocation_source
        return (words.ASKED_LATER,) if asked else (words.UNASKED,)

    @property
    def policies(self) -> dict[str, Policy]:
        """Every policy of the monitor that is here, by its SHA-256: the files of `monitor/`.

        The standard one is always among them. Raises MalformedError for a file that is none.
        """
        folder = self.data / "monitor"
        files = sorted(folder.glob("*.json")) if folder.is_dir() else []
        found = [Policy(), *(read_policy(file.read_bytes()) for file in files)]
        return {policy.sha256(): policy for policy in found}

    def policy_of(self, slug: str) -> Policy:
        """The policy that sealing publishes: that of `monitor/<slug>.json`, or the standard one."""
        file = self.data / "monitor" / f"{slug}.json"
        return read_policy(file.read_bytes()) if file.exists() else Policy()

    def public_folder(self, slug: str) -> Path:
        """Where the board of an election is published as static files."""
        return self.data / "public" / slug

    def charges(self) -> Iterator[Charge]:
        """Every sealed election, for the caretaker."""
        for one in self.elections.all():
            if one.sealed:
                services = self.services(one.id)
                folder = self.public_folder(one.slug)
                chores = (
                    self.signal_keeper(one.slug, one.id),
                    self.patrol(one.slug, one.id).check,
                    services.recheck_rounds,
                    services.code_watch,
                )
                yield Charge(one.slug, services.counting, services.decisions, folder, chores)

    def patrol(self, slug: str, election: ElectionId) -> Patrol:
        """Who looks at an election's signals while people vote."""
        services = self.services(election)
        return Patrol(
            name=slug,
            watch=services.watch,
            scans=DatabaseScans(election),
            queue=services.queue,
            alerts=services.alerts,
            since=self._since,
            channels=self.channels(slug),
        )

    def look_around(self) -> None:
        """Look at the signals of every sealed election whose turn it is."""
        for one in self.elections.all():
            if one.sealed:
                self.patrol(one.slug, one.id).look()

    def signal_keeper(self, slug: str, election: ElectionId) -> SignalKeeper:
        """Who sees to it that an election's signals go when they must."""
        keeping = SignalKeeping(election, self.random)
        return SignalKeeper(slug, keeping, self.retention, held=slug in self.held)

    @property
    def outbox(self) -> DatabaseOutbox:
        """Messages of all elections."""
        return DatabaseOutbox(lambda election: _message_key(self.services(election).keys))

    @property
    def gateways(self) -> Mapping[MethodId, tuple[str, ...]]:
        """Names of the gateways that codes of each method go by, in the order they are tried."""
        return {SMS: self.messages.names, EMAIL: tuple(one.name for one in self.identity.mail)}

    @property
    def offered(self) -> tuple[MethodId, ...]:
        """Methods that elections here may have beside links of the help desk, the weakest first."""
        sending = {method for method in BY_CODE if self.messenger or self.gateways[method]}
        if self.identity.national_keys:
            sending.add(SMS)  # gateways of the country may still be set up
        codes = tuple(method for method in BY_CODE if method in sending)
        found = (*codes, *self.sign_ins, *((EDS,) if self.identity.signs else ()))
        return found or BY_CODE

    def courier(self) -> Courier:
        """Hands messages to the gateways, which it opens."""
        gateways = (*self.messages.gateways(), *self.identity.mail)
        return Courier(self.outbox, gateways, self.clock)

    def take_report(self, gateway: str, fields: Mapping[str, str]) -> None:
        """Believe a delivery report that `gateway` signed.

        Raises LookupError for a gateway that is not ours, ReportRefusedError.
        """
        found = next((one for one in self.messages.gateways() if one.name == gateway), None)
        if found is None:
            raise LookupError(gateway)
        reference, state = found.read_report(fields)
        self.outbox.report(gateway, reference, state, self.clock.now())

    def _messenger(self, election: ElectionId, keys: ElectionKeys, method: MethodId) -> Messenger:
        if self.messenger is not None:
            return self.messenger
        if not self.gateways[method]:
            return NoMessenger()
        return DatabaseMessenger(election, method, _message_key(keys), self.clock)

    def _build(self, election: ElectionId) -> Services:
        keys = ElectionKeys.load_or_create(self.data / "keys", election, self.random)
        journal = Journal(DatabaseEntries(election), keys.log, verify_once)
        voters = DatabaseVoters(election)
        permits = DatabasePermits(election, self.clock)
        signals = DatabaseSignals(election, self.address_book)
        drafts = DatabaseDrafts(election, voters)
        cases = CaseDesk(DatabaseCases(election), self.clock)
        evidence = DatabaseEvidence(
            election, EvidenceKeys(self.data / "keys", election, keys.evidence, self.random)
        )
        trust = Trust(
            self.certificates("anchors"),
            self.certificates("intermediates"),
            self.profile.algorithms,
        )
        decisions = DecisionDesk(
            DatabaseProposals(election), cases, journal, self.clock, verify_signature
        )
        queue = ClusterQueue(DatabaseQueue(election), self.clock)
        step_ups = StepUpDesk(DatabaseStepUps(election), journal, self.clock)
        messengers = {method: self._messenger(election, keys, method) for method in BY_CODE}
        channels: Mapping[MethodId, tuple[CodeChannel, CodeLimits]] = {
            SMS: (SmsChannel(self.numbering.phones), self.messages.limits),
            EMAIL: (EmailChannel(voters.emails), limits_of_email(self.messages.limits)),
        }
        voting = VoterDesk(
            election=election,
            journal=journal,
            register=voters,
            codes={
                method: CodeDesk(
                    DatabaseCodes(election),
                    messengers[method],
                    channel,
                    self.clock,
                    self.random,
                    limits,
                    keys.codes,
                )
                for method, (channel, limits) in channels.items()
            },
            signatures=SignatureDesk(
                trust,
                self.profile,
                SignatureRules(revocation=self.revocation),
                DatabaseNonces(election),
                self.clock,
                self.random,
                self._revocation_source,
            ),
            registrar=Registrar(keys.registrar, permits),
            permits=permits,
            evidence=evidence,
            signals=signals,
            cases=cases,
            help=HelpDesk(
                journal,
                voters,
                DatabaseHelp(election),
                drafts,
                messengers,
                self.clock,
                self.random,
            ),
            clock=self.clock,
            stepped_up=SteppedUpNetworks(step_ups, self.address_book),
        )
        alerts = AlertDesk(DatabaseAlerts(election), self.clock)
        recheck = RecheckDesk(
            evidence, trust, self._revocation_source, permits, journal, cases, self.clock
        )
        return Services(
            election=election,
            keys=keys,
            journal=journal,
            voters=voters,
            permits=permits,
            signals=signals,
            cases=cases,
            decisions=decisions,
            voting=voting,
            step_ups=step_ups,
            set_up=SetUpDesk(
                journal,
                drafts,
                voters,
                lambda: Surroundings(
                    registrar=keys.registrar.public_hex,
                    log_key=keys.log.public_hex,
                    log_origin=f"{self.host}/log/{drafts.slug()}",
                    monitor=self.policy_of(drafts.slug()).sha256(),
                    booth=booth_files(),
                    warnings=self.warnings,
                ),
                self.random,
                self.numbering,
            ),
            counting=CountingDesk(journal, permits, self.clock),
            watch=Watch(
                election,
                journal,
                signals,
                self.scanner or signals,
                cases,
                self.policies,
                self.clock,
            ),
            queue=queue,
            verification=VerificationDesk(
                DatabaseQuestions(election), queue, self.clock, self.random
            ),
            alerts=alerts,
            code_watch=CodeWatch(
                DatabaseCodes(election),
                DatabaseNonces(election),
                self.outbox,
                self.messages.limits,
                self.address_book,
                alerts,
            ),
            box=BallotBox(journal, permits, self.clock),
            evidence=evidence,
            remote=RemoteSigningDesk(
                voting, DatabaseRemoteSignings(election), self.clock, self.random
            ),
            recheck=recheck,
            recheck_rounds=RecheckRounds(recheck),
            profile=self.profile,
            numbering=self.numbering,
            clock=self.clock,
        )


def _message_key(keys: ElectionKeys) -> bytes:
    """What seals the texts of messages: derived, so that no other use shares it."""
    return hmac.digest(keys.codes, b"dauys message texts v1", hashlib.sha256)


@cache
def booth_files() -> tuple[BoothFile, ...]:
    """The scripts of the voter's page and their hashes, by path."""
    static = Path(__file__).parent / "web" / "static"
    files = sorted(
        file for folder in ("booth", "portal", "vendor") for file in (static / folder).rglob("*.js")
    )
    return tuple(
        BoothFile(
            path=file.relative_to(static).as_posix(),
            sha256=hashlib.sha256(file.read_bytes()).hexdigest(),
        )
        for file in files
    )


def _address_book(file: Path) -> AddressBook:
    if file.exists():
        return FileAddressBook.load(file)
    return FileAddressBook(["prefix,asn,name,class,region"])


@cache
def scan_process() -> ScanProcess:
    """The process in which this installation's signals are scanned; the first scan starts it."""
    return ScanProcess()


@cache
def office() -> Office:
    """The office of this installation."""
    clock = SystemClock()
    require_one_segment()
    identity = _identity_settings(settings.IDENTITY)
    numbering = identity.numbering or NationalNumbers()
    return Office(
        settings.DATA,
        clock,
        settings.ALLOWED_HOSTS[0],
        messenger=DemonstrationOutbox(clock) if settings.DEMO else None,
        messages=_message_settings(settings.MESSAGES),
        revocation=RevocationPolicy(settings.REVOCATION),
        revocation_hosts=frozenset(settings.REVOCATION_HOSTS),
        retention=Retention(
            whole=timedelta(days=settings.SIGNALS_WHOLE_DAYS),
            pseudonymous=timedelta(days=settings.SIGNALS_PSEUDONYMOUS_DAYS),
        ),
        held=frozenset(settings.SIGNALS_HELD),
        channels=_channels,
        scanner=scan_process(),
        identity=identity,
        numbering=numbering,
        profile=_profile(identity, numbering),
    )


def _profile(identity: IdentitySettings, numbering: Numbering) -> Profile:
    """Whose certificates sign: of the authority in `identity.toml`, else of the country's."""
    if identity.certificates is not None:
        return generic.profile(identity.certificates, numbering)
    return national.profile(
        organisation_roles=frozenset(map(national.Role, settings.ORGANISATION_ROLES)),
        numbers=national.NumberRule(settings.CERTIFICATE_NUMBERS),
    )


def _identity_settings(file: Path) -> IdentitySettings:
    """What the operator's `identity.toml` says; nothing without it."""
    if not file.exists():
        return IdentitySettings()
    return read_identity(file.read_text(encoding="utf-8"), os.environ, file.parent)


def _channels(slug: str) -> tuple[Channel, ...]:
    """Ways by which alerts of an election leave the house, as the operator set them."""
    ways: list[Channel] = []
    if settings.MAIL_SERVER is not None and settings.ALERT_EMAILS:
        recipients = tuple(settings.ALERT_EMAILS)
        ways.append(AlertsByEmail(slug, settings.MAIL_SERVER, settings.MAIL_SENDER, recipients))
    if settings.ALERT_WEBHOOK:
        ways.append(AlertsByWebhook(slug, settings.ALERT_WEBHOOK, settings.ALERT_SECRET))
    return tuple(ways)


def _message_settings(file: Path) -> MessageSettings:
    """What the operator's file says; without one there are no gateways. Raises MalformedError."""
    if not file.exists():
        return MessageSettings()
    kinds = {**KINDS, **national_gateways.KINDS}
    return read_settings(file.read_text(encoding="utf-8"), os.environ, file.parent, kinds)


def slot(election: ElectionId) -> BallotSlot:
    """A slot of the ballot box of `election`, for one event loop.

    Raises RefusedError `unknown_election`, `not_open`.
    """
    try:
        services = office().services(election)
    except LookupError as error:
        raise RefusedError("unknown_election") from error
    if services.journal.state().phase is Phase.DRAFT:
        raise RefusedError("not_open")
    return BallotSlot(services.casting)


def caretaker() -> Caretaker:
    """The caretaker of this installation, not yet started."""
    return Caretaker(office().charges, close_old_connections)


def patrol() -> Rounds:
    """The thread that looks at signals, not yet started."""
    return Rounds(
        "patrol", PATROL_EVERY_S, office().look_around, close_old_connections, scan_process().stop
    )


def delivery() -> Delivery:
    """What sends messages, not yet started."""
    if not any(office().gateways.values()) and not settings.DEMO:
        log.warning("no gateway: votes by code are refused (docs/operating.md)")
    return Delivery(office().courier, close_old_connections)
